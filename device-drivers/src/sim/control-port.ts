import { type ServerType, serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

/**
 * What a hand does to a simulator, by name. It gets the request's JSON body, `undefined` when that was no JSON; a result
 * `{ refusal: word }` says that the arguments make no sense and nothing was done.
 */
export type ControlVerbs = Readonly<Record<string, (args: unknown) => unknown>>

/** A simulator as its control port shows it. */
export interface ControlPortDeps {
  /** 0 picks a free one. */
  port: number
  verbs: ControlVerbs
  /** What the simulator is now. */
  state: () => unknown
  /** What happened at it since its start. */
  journal: () => unknown
}

/** A running control port. */
export interface ControlPort {
  readonly port: number
  stop(): Promise<void>
}

/** A body is a few numbers and names; the largest is a code with every byte escaped. */
const maxBodyBytes = 64 * 1024

/**
 * Opens a simulator's control port on the loopback: `POST /control/<verb>` with a JSON body, `GET /state`, `GET /journal`. Only for
 * this machine's own name, and only JSON, which no form and no other site's page can send.
 */
export async function startControlPort(deps: ControlPortDeps): Promise<ControlPort> {
  let port = deps.port
  const app = makeControlApp(deps, () => port)
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) => {
      port = info.port
      resolve(starting)
    })
    starting.once('error', reject)
  })
  return { port, stop: () => closeServer(server) }
}

function makeControlApp(deps: ControlPortDeps, port: () => number): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    const hosts = [`127.0.0.1:${port()}`, `localhost:${port()}`]
    if (!hosts.includes(c.req.header('host') ?? '')) return c.json({ refusal: 'unknown-host' }, 421)
    return next()
  })
  app.use(bodyLimit({ maxSize: maxBodyBytes }))
  app.get('/state', async (c) => c.json((await deps.state()) ?? null))
  app.get('/journal', async (c) => c.json((await deps.journal()) ?? null))
  app.post('/control/:verb', (c) => runVerb(c, deps.verbs))
  return app
}

async function runVerb(c: Context, verbs: ControlVerbs): Promise<Response> {
  if (!/^application\/json(?:;|$)/.test(c.req.header('content-type') ?? ''))
    return c.json({ refusal: 'only-json' }, 415)
  const name = c.req.param('verb') ?? ''
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  if (verb === undefined) return c.json({ refusal: 'verb-unknown', verbs: Object.keys(verbs) }, 404)
  const result: unknown = await verb(await readJson(c))
  if (isRecord(result) && typeof result['refusal'] === 'string') return c.json({ refusal: result['refusal'] }, 422)
  return c.json({ done: true, ...(result === undefined ? {} : { result }) })
}

async function readJson(c: Context): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Connections that a test keeps open would hold the server for ever, so they are closed, not waited for. */
function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}
