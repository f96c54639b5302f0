import { isContractProcedure } from '@orpc/contract'
import { centreContract } from '@yizhan/contracts/centre'
import { stationPairingContract } from '@yizhan/contracts/pairing'
import { syncContract } from '@yizhan/contracts/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation, goodReport, type StationFixture } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, morningDay, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { newId } from '../tenant/new-id.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let station: StationFixture
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  centre.signIn('administrator')
  station = await enrolFixtureStation(hospital, 'K')
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

/** 5,000 where the whole test run is asked for, as on a build machine; 500 beside one's work. */
const numRuns = Number(process.env.HOSTILE_RUNS ?? (process.env.CI === undefined ? 500 : 5_000))

interface Route {
  method: string
  path: string
  fields: string[]
  wraps: boolean
}

/** Every call of a contract as a route: found by walking the contract, so that a new call is tried by itself. */
function routesOf(contract: object, prefix: string, names: string[] = []): Route[] {
  return Object.entries(contract).flatMap(([name, part]) => {
    if (!isContractProcedure(part)) return routesOf(part, prefix, [...names, name])
    const fields = fieldsOf(part['~orpc'].inputSchema)
    const rpc = { method: 'POST', path: `${prefix}/${[...names, name].join('/')}`, fields, wraps: true }
    const { method = 'POST', path } = part['~orpc'].route
    const plain = path === undefined ? [] : [{ method, path: `/api/v1${path}`, fields, wraps: false }]
    return [rpc, ...plain]
  })
}

function fieldsOf(schema: unknown): string[] {
  const shape = typeof schema === 'object' && schema !== null && 'shape' in schema ? schema.shape : {}
  return Object.keys(shape ?? {})
}

const staffRoutes = routesOf(centreContract, '/rpc')
const syncRoutes = [...routesOf(syncContract, '/sync/v1'), ...routesOf(stationPairingContract, '/pairing/v1')]

const nastyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '__proto__',
    'constructor',
    "'; drop table booking; --",
    '张䶮',
    'x'.repeat(5000),
  ),
  fc.constantFrom(
    morningDay,
    '0000-01-01',
    '2999-12-31',
    '99999-01-01',
    newId(1),
    newId(morningMs),
    'K',
    '13800001234',
  ),
)
const nastyNumber = fc.oneof(
  fc.constantFrom(
    0,
    -1,
    1,
    1.5,
    2 ** 31,
    2 ** 53 - 1,
    2 ** 53,
    1e308,
    253_402_300_799_999,
    253_402_300_740_000,
    morningMs,
  ),
  fc.integer(),
)
const nastyLeaf = fc.oneof(nastyText, nastyNumber, fc.boolean(), fc.constant(null), fc.jsonValue())

/** What a caller would send if all were well, so that single nasty fields get past the others’ checks. */
function goodField(name: string): unknown {
  const [clinic] = hospital.structure.clinics
  const good: Record<string, unknown> = {
    ...hospital.newBooking(),
    bookingId: newId(1),
    stationId: newId(1),
    name: { 'zh-CN': '机', en: 'K' },
    letter: 'L',
    reason: 'test',
    publicKey: `MCowBQYDK2VwAyEA${'A'.repeat(43)}=`,
    day: morningDay,
    clinicId: clinic?.clinicId,
    blockId: newId(1),
    count: 3,
    max: 10,
    cursor: null,
    epoch: 1,
    lastSeq: 0,
    events: [{ eventId: newId(1), seq: 1, type: 'patient-arrived', schemaVersion: 1, occurredAt: morningMs, body: {} }],
    ...goodReport(morningMs),
    currentPassword: 'a',
    newPassword: 'b',
  }
  return good[name]
}

function inputOf(fields: string[]): fc.Arbitrary<string> {
  const odd = fc.constantFrom('__proto__', 'constructor', 'json', 'meta')
  const fieldName = fields.length === 0 ? odd : fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...fields) }, odd)
  const spoiled = fc.array(fc.tuple(fieldName, nastyLeaf), { maxLength: 3 }).map((changes) => {
    const base = Object.fromEntries(fields.map((name) => [name, goodField(name)]))
    return JSON.stringify({ ...base, ...Object.fromEntries(changes) })
  })
  const deep = fc.integer({ min: 1, max: 12_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`)
  const twice = fc.tuple(fieldName, nastyLeaf, nastyLeaf).map(([name, one, two]) => {
    const key = JSON.stringify(name)
    return `{${key}:${JSON.stringify(one)},${key}:${JSON.stringify(two)},"__proto__":{"x":1}}`
  })
  return fc.oneof(
    { weight: 6, arbitrary: spoiled },
    { weight: 1, arbitrary: deep },
    { weight: 1, arbitrary: twice },
    nastyText,
    fc.json(),
  )
}

const meta = fc.oneof(
  fc.constant('[]'),
  fc.json(),
  fc.constantFrom('[[0,"x"]]', '[[8,"a","b"]]', '[[5,"__proto__"]]', '[[3,["a"]]]'),
)
const contentType = fc.oneof(
  { weight: 5, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'image/png',
    'application/json; charset=utf-7',
    '',
  ),
)

function bodyOf(route: Route): fc.Arbitrary<string> {
  if (!route.wraps) return inputOf(route.fields)
  return fc.tuple(inputOf(route.fields), meta, fc.integer({ min: 0, max: 9 })).map(([input, extra, form]) => {
    if (form === 0) return input
    return form < 4 ? `{"json":${input},"meta":${extra}}` : `{"json":${input}}`
  })
}

const attack = (routes: readonly Route[]) =>
  fc.constantFrom(...routes).chain((route) =>
    fc.record({
      route: fc.constant(route),
      body: bodyOf(route),
      type: contentType,
      id: fc.oneof(fc.constant(newId(1)), nastyText),
      query: nastyText,
    }),
  )

async function send(path: string, method: string, headers: Record<string, string>, body: string): Promise<number> {
  const hasBody = method !== 'GET'
  const answer = await fetch(`${centre.url}${path}`, {
    method,
    headers,
    redirect: 'manual',
    ...(hasBody ? { body } : {}),
  })
  await answer.arrayBuffer()
  return answer.status
}

test('no input to any call of staff or integrators is answered with a fault of ours', async () => {
  const property = fc.asyncProperty(attack(staffRoutes), async ({ route, body, type, id, query }) => {
    const path = route.path.replace(/\{\w+\}/, encodeURIComponent(id.toWellFormed() || 'x'))
    const search =
      route.method === 'GET'
        ? `?day=${encodeURIComponent(query.toWellFormed())}&${encodeURIComponent(query.toWellFormed())}[a][b]=1`
        : ''
    const status = await send(`${path}${search}`, route.method, { 'content-type': type }, body)
    expect(status).toBeLessThan(500)
  })
  await fc.assert(property, { numRuns })
})

test('no input of a station that signs it properly is answered with a fault of ours', async () => {
  const property = fc.asyncProperty(attack(syncRoutes), async ({ route, body, type }) => {
    const bytes = Buffer.from(body)
    const proof = station.prove({ method: 'POST', path: route.path, body: bytes })
    const answer = await fetch(`${centre.url}${route.path}`, {
      method: 'POST',
      headers: { 'content-type': type, ...proof },
      body: bytes,
    })
    await answer.arrayBuffer()
    expect(answer.status).toBeLessThan(500)
  })
  await fc.assert(property, { numRuns })
})

test('no header that a stranger signs with is answered with a fault of ours', async () => {
  const header = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'abc019:;="/-+ ()@,.'), maxLength: 300 }),
    fc.constantFrom(
      'yz=:AAAA:',
      'sha-256=:AAAA:',
      '1',
      '99999999999999999999',
      `yz=("@method" "@path" "content-digest" "yizhan-counter");created=1;keyid="${'-'.repeat(36)}/${'a'.repeat(36)}";alg="ed25519"`,
    ),
  )
  const headers = fc.record({
    'content-digest': header,
    signature: header,
    'signature-input': header,
    'yizhan-counter': header,
  })
  const property = fc.asyncProperty(headers, async (proof) => {
    expect(await send('/sync/v1/hello', 'POST', { 'content-type': 'application/json', ...proof }, '{}')).toBe(401)
  })
  await fc.assert(property, { numRuns: Math.min(numRuns, 300) })
})

test('the walk found every call, in both forms', () => {
  expect(staffRoutes.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/rpc/appointment/create', '/api/v1/bookings/day', '/rpc/access/setOwnPassword']),
  )
  expect(syncRoutes.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/sync/v1/hello', '/sync/v1/upload', '/sync/v1/rotateKey', '/pairing/v1/begin']),
  )
})
