import type { IncomingMessage } from 'node:http'
import { serveStatic } from '@hono/node-server/serve-static'
import { implement } from '@orpc/server'
import type { RPCHandler } from '@orpc/server/fetch'
import { type StationView, stationContract } from '@yizhan/contracts/station'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { attachmentProcedures } from '../attachment/attachment-procedures.ts'
import type { checkInProcedures } from '../check-in/check-in-procedures.ts'
import type { readinessProcedures } from '../device/readiness-procedures.ts'
import type { StationLog } from '../station/station-log.ts'
import type { LaunchGate } from './launch-token.ts'
import { refuseForeign } from './loopback-guard.ts'

/** What the station serves to its own screens. */
export interface StationAppDeps {
  gate: LaunchGate
  hosts: () => ReadonlySet<string>
  staticFolder: string
  /** Answers the screen's calls under `/rpc`. */
  calls: RPCHandler<Record<never, never>>
  /** Whether a patient can check in: the database takes writes and the hospital is known. */
  isReady: () => boolean
  log: StationLog
}

type Bindings = { Bindings: { incoming: IncomingMessage } }

/** The largest call is a few hundred bytes, but for a part of an attachment: 64 KiB of base64. */
const longestBodyBytes = 16 * 1024
const longestPartBytes = 72 * 1024
const partPath = '/rpc/attachment/append'

/** What the calls of a station are made of. */
interface StationCalls {
  drawView: () => StationView
  checkIn: ReturnType<typeof checkInProcedures>
  readiness: ReturnType<typeof readinessProcedures>
  attachment: ReturnType<typeof attachmentProcedures>
}

/** The station's calls, as the contract has them. */
export function stationRouter({ drawView, checkIn, readiness, attachment }: StationCalls) {
  const os = implement(stationContract)
  return os.router({ station: { view: os.station.view.handler(() => drawView()) }, checkIn, readiness, attachment })
}

/** The station's web server: the kiosk's files, its calls under `/rpc`, and health for the supervisor. */
export function createStationApp(deps: StationAppDeps): Hono<Bindings> {
  const app = new Hono<Bindings>()
  app.use(async (context, next) => {
    const foreign = refuseForeign(context.env.incoming.headers, context.req.method, deps.hosts())
    if (foreign !== null) return context.json({ refusal: foreign.refusal }, foreign.status)
    await next()
    setSecurityHeaders(context)
    return
  })
  app.get('/health/live', (context) => context.json({ live: true }))
  app.get('/health/ready', (context) => {
    const ready = deps.isReady()
    return context.json({ ready }, ready ? 200 : 503)
  })
  mountCalls(app, deps)
  mountFiles(app, deps)
  app.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ refusal: 'request-refused' }, error.status)
    deps.log.error({ error: String(error), path: context.req.path }, 'request failed')
    return context.json({ refusal: 'fault' }, 500)
  })
  return app
}

function mountCalls(app: Hono<Bindings>, deps: StationAppDeps): void {
  const [ofCalls, ofParts] = [bodyLimit({ maxSize: longestBodyBytes }), bodyLimit({ maxSize: longestPartBytes })]
  app.use('/rpc/*', (context, next) => (context.req.path === partPath ? ofParts : ofCalls)(context, next))
  app.post('/rpc/*', async (context) => {
    if (!deps.gate.admits(context.req.header('cookie'))) return context.json({ refusal: 'not-launched' }, 401)
    const { matched, response } = await deps.calls.handle(context.req.raw, { prefix: '/rpc' })
    return matched ? context.newResponse(response.body, response) : context.json({ refusal: 'call-unknown' }, 404)
  })
  app.all('/rpc/*', (context) => context.json({ refusal: 'method-not-allowed' }, 405))
}

function mountFiles(app: Hono<Bindings>, { gate, staticFolder }: StationAppDeps): void {
  app.use('/', async (context, next) => {
    const token = context.req.query('launch')
    const cookie = token === undefined ? null : gate.redeem(token)
    if (cookie !== null) context.header('set-cookie', cookie)
    await next()
  })
  app.use('/*', serveStatic({ root: staticFolder, onFound: setCaching }))
  app.notFound((context) => context.json({ refusal: 'not-found' }, 404))
}

/** Files with a hash in their name never change; every other one is asked for again. */
function setCaching(path: string, context: Context): void {
  const hashed = /\/assets\/[^/]+-[\w-]{8}\.\w+$/.test(path)
  context.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
}

function setSecurityHeaders(context: Context): void {
  const { headers } = context.res
  headers.set(
    'content-security-policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
      "worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  )
  headers.set('x-content-type-options', 'nosniff')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('cross-origin-opener-policy', 'same-origin')
  headers.set('cross-origin-resource-policy', 'same-origin')
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
}
