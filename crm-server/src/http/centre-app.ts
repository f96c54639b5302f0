import { randomUUID } from 'node:crypto'
import { getConnInfo } from '@hono/node-server/conninfo'
import { OpenAPIHandler } from '@orpc/openapi/fetch'
import { ORPCError, onError } from '@orpc/server'
import { RPCHandler } from '@orpc/server/fetch'
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { pino } from 'pino'
import type { AccessPort } from '../access/access-port.ts'
import type { SilenceRule } from '../fleet/standing-alarm.ts'
import { createPairingRouter } from '../pairing/pairing-router.ts'
import type { CentreDb } from '../postgres/database.ts'
import { type Admission, workOfCall } from '../sync/admission.ts'
import { type ArrivedRequest, verifyStationRequest } from '../sync/signed-request.ts'
import { createSyncRouter, type SyncDeps } from '../sync/sync-router.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { apiDocument } from './api-document.ts'
import { referencePage, referenceStyle } from './api-reference.ts'
import { createCentreRouter } from './centre-router.ts'
import { decodeBody } from './encoded-body.ts'
import { faultFields } from './fault-fields.ts'
import { peerAddress } from './peer-address.ts'
import { guardAnswers, guardOrigin, readBody } from './request-guard.ts'
import type { StaffContext } from './staff-calls.ts'
import { staticPage } from './static-pages.ts'

/** What the centre's HTTP side works with. */
export interface CentreAppDeps {
  db: CentreDb
  /** What serves stations: with connections of its own, and only so much at a time. */
  stations: { db: CentreDb; admission: Admission } & Pick<SyncDeps, 'witness' | 'stormWindowMs' | 'onReport'>
  keys: KeyRing
  access: AccessPort
  log: pino.Logger
  now: () => number
  /** The host that people and stations reach the centre by, beside the loopback names. */
  publicHost?: string | undefined
  /** After which silence of a station staff are alarmed; left out, the usual one. */
  silenceRule?: SilenceRule | undefined
  /** Exact addresses of proxies whose X-Forwarded-For is believed; left out, nobody's is. */
  trustedProxies?: readonly string[] | undefined
  /** Folder of the built admin pages. */
  staticDir?: string | undefined
  /** Whether the database answers. */
  isReady: () => Promise<boolean>
}

type CentreEnv = { Variables: { requestId: string } }

/** The largest thing a person sends is a form. */
const mostBytesOfPeople = 64 * 1024
/** 2,000 events of some 500 bytes, as they come and, when they come compressed, decoded. */
const mostBytesOfStations = 1024 * 1024
const mostDecodedBytes = 4 * 1024 * 1024
/** No station waits longer for an answer; until its body is here a request holds one of the places that all of them share. */
const stationBodyWithinMs = 10_000

/** The centre as one web application: calls of staff and integrators, of stations, sign-in, admin pages, health. */
export function createCentreApp(deps: CentreAppDeps): Hono<CentreEnv> {
  const app = new Hono<CentreEnv>()
  app.use(guardAnswers())
  app.use(async (context, next) => {
    const begunAt = performance.now()
    context.set('requestId', randomUUID())
    await next()
    context.header('x-request-id', context.get('requestId'))
    const ms = Math.round(performance.now() - begunAt)
    const { method, path } = context.req
    deps.log.info({ requestId: context.get('requestId'), method, path, status: context.res.status, ms }, 'answered')
  })
  app.use(guardOrigin(deps.publicHost))
  mountHealth(app, deps)
  mountStaff(app, deps)
  mountStations(app, deps)
  mountPairing(app, deps)
  mountPages(app, deps)
  app.notFound((context) => context.json({ code: 'NOT_FOUND', message: 'There is nothing here' }, 404))
  app.onError((error, context) => {
    if (error instanceof HTTPException) {
      return context.json({ code: `HTTP_${error.status}`, message: error.message }, error.status)
    }
    deps.log.error({ requestId: context.get('requestId'), ...faultFields(error) }, 'a request failed')
    return context.json({ code: 'INTERNAL_SERVER_ERROR', message: 'The centre could not do this' }, 500)
  })
  return app
}

function mountHealth(app: Hono<CentreEnv>, { isReady }: CentreAppDeps): void {
  app.get('/health/live', (context) => context.json({ live: true }))
  app.get('/health/ready', async (context) => {
    const ready = await isReady()
    return context.json({ ready }, ready ? 200 : 503)
  })
}

function mountStaff(app: Hono<CentreEnv>, deps: CentreAppDeps): void {
  const router = createCentreRouter(deps)
  const rpc = new RPCHandler(router, { interceptors: [onError((error) => logFault(deps.log, error))] })
  const openApi = new OpenAPIHandler(router, { interceptors: [onError((error) => logFault(deps.log, error))] })
  const contextOf = async (context: Context<CentreEnv>): Promise<StaffContext> => ({
    visitor: await deps.access.visitorOf(context.req.raw.headers),
    headers: context.req.raw.headers,
    requestId: context.get('requestId'),
  })
  app.all('/rpc/*', async (context) => {
    const request = await rebuilt(context, mostBytesOfPeople)
    const { response } = await rpc.handle(request, { prefix: '/rpc', context: await contextOf(context) })
    return response ?? context.notFound()
  })
  app.get('/api/v1/openapi.json', async (context) => context.json(await apiDocument()))
  app.get('/api/v1/reference.css', (context) =>
    context.body(referenceStyle, 200, { 'content-type': 'text/css; charset=utf-8' }),
  )
  app.get('/api/v1/reference', async (context) => context.html(referencePage(await apiDocument())))
  app.all('/api/v1/*', async (context) => {
    const request = await rebuilt(context, mostBytesOfPeople)
    const { response } = await openApi.handle(request, { prefix: '/api/v1', context: await contextOf(context) })
    return response ?? context.notFound()
  })
  app.all('/auth/*', async (context) => {
    const request = await rebuilt(context, mostBytesOfPeople)
    return await deps.access.handle(request, {
      peerAddress: peerAddress(connectionOf(context), context.req.header('x-forwarded-for'), deps.trustedProxies ?? []),
      requestId: context.get('requestId'),
    })
  })
}

function mountStations(app: Hono<CentreEnv>, deps: CentreAppDeps): void {
  const { stations } = deps
  const router = createSyncRouter({ ...deps, ...stations })
  const rpc = new RPCHandler(router, { interceptors: [onError((error) => logFault(deps.log, error))] })
  const serve = async (context: Context<CentreEnv>): Promise<Response> => {
    const body = await readBody(context, mostBytesOfStations, stationBodyWithinMs)
    const { req } = context
    const verdict = await verifyStationRequest(stations.db, arrivedRequest(context, body), deps.now())
    noteClock(deps.log, verdict)
    const decoded = await decodeBody(body, req.header('content-encoding'), mostDecodedBytes)
    const request = new Request(req.url, { method: 'POST', headers: req.raw.headers, body: decoded })
    const requestId = context.get('requestId')
    const { response } = await rpc.handle(request, { prefix: '/sync/v1', context: { verdict, requestId } })
    return response ?? context.notFound()
  }
  app.post('/sync/v1/*', async (context) => {
    const entry = stations.admission.enter(workOfCall(context.req.path))
    if (!entry.admitted) return busyAnswer(entry.retryAfterMs)
    try {
      return await serve(context)
    } finally {
      entry.leave()
    }
  })
}

/** The refusal `busy` of the sync contract, made without reading the request: that is what there is no room for. */
function busyAnswer(retryAfterMs: number): Response {
  const refusal = { defined: true, code: 'busy', status: 503, message: 'Come back later', data: { retryAfterMs } }
  const headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }
  return Response.json({ json: refusal }, { status: 503, headers })
}

/** Stations that nobody knows yet: their requests prove only that they hold the key that they bring. */
function mountPairing(app: Hono<CentreEnv>, deps: CentreAppDeps): void {
  const rpc = new RPCHandler(createPairingRouter(deps), {
    interceptors: [onError((error) => logFault(deps.log, error))],
  })
  app.post('/pairing/v1/*', async (context) => {
    const body = await readBody(context, mostBytesOfPeople)
    const { req } = context
    const request = new Request(req.url, { method: 'POST', headers: req.raw.headers, body })
    const handled = await rpc.handle(request, {
      prefix: '/pairing/v1',
      context: { arrived: arrivedRequest(context, body) },
    })
    return handled.response ?? context.notFound()
  })
}

function arrivedRequest({ req }: Context, body: Uint8Array): ArrivedRequest {
  return {
    method: req.method,
    path: req.path,
    body,
    contentDigest: req.header('content-digest'),
    signatureInput: req.header('signature-input'),
    signature: req.header('signature'),
    counter: req.header('yizhan-counter'),
  }
}

function mountPages(app: Hono<CentreEnv>, { staticDir }: CentreAppDeps): void {
  app.get('/', (context) => context.redirect('/admin/'))
  app.get('/admin', (context) => context.redirect('/admin/'))
  app.get('/admin/*', async (context) => {
    const page = staticDir === undefined ? null : await staticPage(staticDir, pathBelow(context.req.path, '/admin'))
    return page ?? context.notFound()
  })
}

/** More than this and the station's own clock is worth a look; its requests are served all the same. */
const notableSkewS = 300

function noteClock(log: pino.Logger, verdict: Awaited<ReturnType<typeof verifyStationRequest>>): void {
  if (!verdict.ok || Math.abs(verdict.clockSkewS) <= notableSkewS) return
  log.warn({ stationId: verdict.station.stationId, clockSkewS: verdict.clockSkewS }, 'the clock of a station is wrong')
}

async function rebuilt(context: Context, mostBytes: number): Promise<Request> {
  const { method, url, raw } = context.req
  const body = await readBody(context, mostBytes)
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.byteLength > 0
  return new Request(url, { method, headers: raw.headers, ...(hasBody ? { body } : {}) })
}

function pathBelow(path: string, prefix: string): string {
  const below = path.slice(prefix.length)
  try {
    return decodeURIComponent(below)
  } catch (error) {
    if (error instanceof URIError) return below
    throw error
  }
}

function connectionOf(context: Context): string | undefined {
  // Requests made within the process, as tests do, have no connection.
  return context.env?.incoming === undefined ? undefined : getConnInfo(context).remote.address
}

function logFault(log: pino.Logger, error: unknown): void {
  if (error instanceof ORPCError && error.status < 500) return
  log.error(faultFields(error), 'a call failed')
}
