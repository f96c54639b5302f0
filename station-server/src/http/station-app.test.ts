import { connect } from 'node:net'
import { stationContract } from '@yizhan/contracts/station'
import fc from 'fast-check'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bookingChange, fixtureBooking, fixtureStructure } from '../fixture/demo-rows.ts'
import { type StationFixture, startStationFixture } from '../fixture/station-fixture.ts'

/** More in the long run: every route is asked this many times with something hostile. */
const hostileRuns = Number(process.env['HOSTILE_RUNS'] ?? (process.env['CI'] ? 3000 : 300))
let fixture: StationFixture

beforeAll(async () => {
  fixture = await startStationFixture([...fixtureStructure(), bookingChange(fixtureBooking(Date.now(), 1))])
})
afterAll(() => fixture.stop())

const ask = (path: string, init: RequestInit = {}) => {
  const { url } = fixture.station
  const headers = { cookie: fixture.cookie, origin: url, 'content-type': 'application/json', ...init.headers }
  return fetch(url + path, { method: 'POST', ...init, headers })
}
const calls = [...Object.keys(stationContract.checkIn).map((name) => `/rpc/checkIn/${name}`), '/rpc/station/view']

test('without the launch cookie no call is answered', async () => {
  for (const cookie of ['', 'yz-kiosk=x', `yz-kiosk=${'A'.repeat(22)}.${'A'.repeat(43)}`]) {
    const answer = await ask('/rpc/station/view', { headers: { cookie }, body: '{}' })
    expect([answer.status, await answer.json()]).toEqual([401, { refusal: 'not-launched' }])
  }
})

test('a foreign page can neither call nor listen', async () => {
  const { url } = fixture.station
  const status = async (headers: Record<string, string>) =>
    (await ask('/rpc/station/view', { headers, body: '{}' })).status
  expect(await status({ origin: 'http://evil.example' })).toBe(403)
  expect(await status({ origin: 'null' })).toBe(403)
  expect(await status({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await status({ 'content-type': 'text/plain' })).toBe(415)
  const socket = io(url, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { cookie: fixture.cookie, origin: 'http://evil.example' },
  })
  await expect(
    new Promise((resolve, reject) => socket.on('connect', () => resolve('in')).on('connect_error', reject)),
  ).rejects.toThrow()
})

test('another Host name is refused, so that DNS rebinding gains nothing', async () => {
  const port = Number(new URL(fixture.station.url).port)
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write('GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'),
    )
    socket.on('data', (bytes) => resolve(bytes.toString()))
  })
  expect(answer).toMatch(/^HTTP\/1\.1 421 /)
})

test('a wrong field is named in the refusal', async () => {
  const body = JSON.stringify({ json: { sessionId: 'no', credential: { kind: 'typed', code: '1', secondItem: 'x' } } })
  const answer = await ask('/rpc/checkIn/identify', { body })
  expect(answer.status).toBe(400)
  const text = await answer.text()
  for (const field of ['sessionId', 'code', 'secondItem']) expect(text).toContain(field)
})

test('whatever is sent to whichever call, nothing answers 5xx', async () => {
  const json = fc.jsonValue().map((value) => JSON.stringify({ json: value }))
  const hostile = fc.oneof(
    json,
    fc.json(),
    fc.string({ unit: 'binary', maxLength: 5000 }),
    fc.constantFrom(
      '',
      '{',
      '{"json":{"__proto__":{"x":1}}}',
      '['.repeat(20_000),
      '{"json":1e309}',
      `{"json":"${'字'.repeat(9000)}"}`,
    ),
    fc
      .record({
        sessionId: fc.uuid(),
        bookingId: fc.uuid({ version: 7 }),
        operationId: fc.uuid(),
        locale: fc.constantFrom('en', 'xx'),
      })
      .map((input) => JSON.stringify({ json: input })),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...calls), hostile, async (path, body) => {
      const answer = await ask(path, { body })
      await answer.text()
      expect(answer.status).toBeLessThan(500)
    }),
    { numRuns: hostileRuns },
  )
})

test('whatever path and method are asked for, nothing answers 5xx', async () => {
  const port = Number(new URL(fixture.station.url).port)
  const raw = (line: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`, 'latin1'),
      )
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1')
      })
      socket.on('close', () => resolve(text))
      socket.on('error', () => resolve(text))
    })
  const path = fc.oneof(
    fc.webPath(),
    fc.constantFrom(
      '/%',
      '/%E0%A4%A',
      '/..%2f..%2fstation.db',
      '//etc/passwd',
      '/%00',
      '/index.html/',
      '/rpc/__proto__/toString',
      '/socket.io/?EIO=4&transport=polling',
    ),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'),
      path,
      async (method, where) => {
        const answer = await raw(`${method} ${where}`)
        expect(answer).not.toMatch(/^HTTP\/1\.1 5/)
        expect(answer).not.toContain('root:')
      },
    ),
    { numRuns: hostileRuns },
  )
})

test('every answer carries the headers that keep the page to itself', async () => {
  for (const path of ['/', '/health/ready', '/nowhere', '/rpc/station/view']) {
    const answer = await fetch(fixture.station.url + path)
    await answer.text()
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  }
})
