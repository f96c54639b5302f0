import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CardNews } from '../card/card-news.ts'
import { startCardReader } from '../card/supervised-card-reader.ts'
import { patienceMs } from '../device/test-patience.ts'
import { startIdReader } from '../id-reader/supervised-id-reader.ts'
import { startIndicator } from '../indicator/supervised-indicator.ts'
import { startKeypad } from '../keypad/supervised-keypad.ts'
import { startUps } from '../ups/supervised-ups.ts'
import { plainIdCard } from './sim-id-card.ts'

const mainFile = fileURLToPath(new URL('./device-bench-main.ts', import.meta.url))

interface BenchState {
  printer: Record<string, unknown>
  tickets: { ticketId: string; partial: boolean; text: string; pictureUrl: string }[]
  scanner: { path: string; scans: number }
  network: { cut: boolean }
  demo: unknown
  idReader: { attached: boolean; cardIn: boolean }
  cardReaders: { name: string; attached: boolean; card: string | null }[]
  pcscd: { running: boolean }
  keypad: { attached: boolean; presses: number }
  indicator: { attached: boolean; signal: string }
  ups: { mains: boolean; chargePercent: number }
}

let folder = ''
let child: ChildProcess
let origin = ''
let printerPort = 0
let upsPort = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'))
  await mkdir(join(folder, 'page'))
  await writeFile(join(folder, 'page', 'bench.html'), '<title>bench page</title>')
  child = spawn(process.execPath, [mainFile], {
    env: {
      PATH: process.env['PATH'],
      BENCH_SCANNER_LINK: join(folder, 'line'),
      BENCH_ID_READER_LINK: join(folder, 'id-reader'),
      BENCH_KEYPAD_LINK: join(folder, 'keypad'),
      BENCH_INDICATOR_LINK: join(folder, 'indicator'),
      BENCH_PCSCD_SOCKET: join(folder, 'pcscd'),
      BENCH_PROXY_TARGET: '127.0.0.1:9',
      BENCH_STATIC_DIR: join(folder, 'page'),
      BENCH_DEMO_FILE: join(folder, 'demo.json'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (child.stdout === null) throw new Error('the bench has no output')
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const told = JSON.parse(line.toString()) as { http: number; printerPort: number; proxyPort: number; upsPort: number }
  expect(told).toMatchObject({ event: 'listening', scannerPath: join(folder, 'line'), proxyPort: expect.any(Number) })
  origin = `http://127.0.0.1:${told.http}`
  printerPort = told.printerPort
  upsPort = told.upsPort
})

afterAll(async () => {
  child.kill('SIGTERM')
  const [status] = await once(child, 'close')
  expect(status).toBe(0)
  for (const left of ['line', 'id-reader', 'keypad', 'indicator', 'pcscd'])
    expect(existsSync(join(folder, left))).toBe(false)
  await rm(folder, { recursive: true })
})

async function readState(): Promise<BenchState> {
  return (await (await fetch(`${origin}/bench/state`)).json()) as BenchState
}

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

/** Asks with a Host of one's own choice, which fetch does not allow. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}/bench/state`, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    asked.on('error', reject)
    asked.end()
  })
}

test('a printed slip is shown as text and as a picture', async () => {
  const socket = connect(printerPort, '127.0.0.1')
  socket.end(Buffer.from([0x1c, 0x26, 0xd5, 0xc5, 0x0a, 0x1d, 0x56, 0x00]))
  await vi.waitFor(async () => expect((await readState()).tickets).toHaveLength(1), patienceMs)
  const [ticket] = (await readState()).tickets
  expect(ticket).toMatchObject({ ticketId: '1', partial: false, text: '张', pictureUrl: '/bench/tickets/1.svg' })
  const picture = await fetch(origin + ticket?.pictureUrl)
  expect(picture.headers.get('content-type')).toBe('image/svg+xml')
  expect(await picture.text()).toContain('>张</text>')
  expect((await fetch(`${origin}/bench/tickets/999.svg`)).status).toBe(404)
})

test('hands at the printer change what it is', async () => {
  for (const action of ['pull-paper', 'open-cover'] as const)
    expect((await post('/bench/printer', { action })).status).toBe(200)
  expect((await readState()).printer).toMatchObject({ paperMm: 0, coverOpen: true })
  await post('/bench/printer', { action: 'load-paper', mm: 2000 })
  await post('/bench/printer', { action: 'close-cover' })
  await post('/bench/printer', { action: 'set-speed', mmPerS: 300 })
  await post('/bench/printer', { action: 'power-off' })
  expect((await readState()).printer).toMatchObject({
    powered: false,
    paperMm: 2000,
    nearEnd: true,
    coverOpen: false,
    speedMmPerS: 300,
  })
  await post('/bench/printer', { action: 'power-on' })
  expect((await readState()).printer).toMatchObject({ powered: true })
})

test('scans, the cut network and the demo file show in the state', async () => {
  expect((await readState()).demo).toBeNull()
  await writeFile(join(folder, 'demo.json'), '{"codes":["123456789"]}')
  expect((await readState()).demo).toEqual({ codes: ['123456789'] })
  await post('/bench/scanner', { text: '012345678' })
  await post('/bench/scanner', { base64: 'AB0=' })
  expect((await readState()).scanner.scans).toBe(2)
  await post('/bench/network', { cut: true })
  expect((await readState()).network.cut).toBe(true)
  await post('/bench/network', { cut: false })
  expect((await readState()).network.cut).toBe(false)
})

async function act(device: string, ...orders: object[]): Promise<void> {
  for (const order of orders) {
    const answer = await post(`/bench/${device}`, order)
    expect([order, answer.status, await answer.json()]).toEqual([order, 200, { done: true }])
  }
}

async function refusalOf(device: string, order: object): Promise<unknown> {
  const answer = await post(`/bench/${device}`, order)
  expect(answer.status).toBe(422)
  return ((await answer.json()) as { refusal: unknown }).refusal
}

test('cards come and go at the ID reader and at the card readers, which keep them when they are pulled out', async () => {
  await act('id-reader', { action: 'place-card', card: { name: '张䶮', idNumber: '11' } })
  expect(await refusalOf('id-reader', { action: 'place-card' })).toBe('card-lies-there')
  expect((await readState()).idReader).toEqual({ attached: true, cardIn: true })
  await act('id-reader', { action: 'take-card' }, { action: 'unplug' }, { action: 'plug-in' })
  expect(await refusalOf('id-reader', { action: 'place-card', card: { name: '长'.repeat(16) } })).toBe('name-too-long')
  const [contact, contactless] = (await readState()).cardReaders
  if (contact === undefined || contactless === undefined) throw new Error('the bench has no card readers')
  const reader = contact.name
  const card = { kind: 'social-security', name: '张䶮', idNumber: '990000199001010011', cardNumber: 'D00000101' }
  await act('card-readers', { action: 'insert', reader, card }, { action: 'detach', reader })
  expect((await readState()).cardReaders[0]).toEqual({ name: reader, attached: false, card: 'social-security 张䶮' })
  await act('card-readers', { action: 'attach', reader })
  expect(await refusalOf('card-readers', { action: 'insert', reader, card })).toBe('reader-not-empty')
  await act('card-readers', { action: 'remove', reader })
  for (const kind of ['hospital', 'contactless', 'unknown', 'upside-down']) {
    const order = { action: 'insert', reader: contactless.name, card: { kind } }
    await act('card-readers', order, { action: 'remove', reader: contactless.name })
  }
  expect(await refusalOf('card-readers', { action: 'insert', reader, card: { kind: 'library' } })).toBe('card-unknown')
  await act('pcscd', { running: false })
  expect((await readState()).pcscd.running).toBe(false)
  await act('pcscd', { running: true })
})

test('keys, lamps and the mains are in the hands of whoever stands there', async () => {
  await act('keypad', { action: 'press', score: 5 }, { action: 'press', score: 1 })
  expect(await refusalOf('keypad', { action: 'press', score: 6 })).toBe('score-unknown')
  await act('ups', { action: 'battery-low' })
  expect(await readState()).toMatchObject({ keypad: { presses: 2 }, ups: { mains: false, chargePercent: 10 } })
  await act('ups', { action: 'mains-on' }, { action: 'set-charge', percent: 80 })
  expect((await readState()).ups).toEqual({ mains: true, chargePercent: 80 })
})

test('the drivers find their devices on the bench', async () => {
  const deps = { log: () => undefined, now: Date.now }
  const serial = (name: string, baudRate: number) => ({ kind: 'serial' as const, path: join(folder, name), baudRate })
  const keypad = startKeypad({ deviceId: 'keypad-1', link: serial('keypad', 9600), profile: 'framed-sum' }, deps)
  const indicator = startIndicator({ deviceId: 'lamp-1', link: serial('indicator', 9600), profile: 'lcus-4' }, deps)
  const idReader = startIdReader({ deviceId: 'id-1', link: serial('id-reader', 115_200) }, deps)
  const upsLink = { kind: 'tcp', host: '127.0.0.1', port: upsPort } as const
  const ups = startUps({ deviceId: 'ups-1', link: upsLink, upsName: 'ups' }, deps)
  const socketPath = join(folder, 'pcscd')
  const cardReader = startCardReader({ deviceId: 'cards-1', backend: 'direct', socketPath }, deps)
  const all = [keypad, indicator, idReader, ups, cardReader]
  const read: (string | undefined)[] = []
  const note = (news: CardNews) => news.kind === 'card-read' && read.push(news.identity.identifiers[0]?.value)
  idReader.onNews(note)
  cardReader.onCard(note)
  indicator.show('error')
  await vi.waitFor(() => expect(all.map((device) => device.health().phase)).toEqual(all.map(() => 'ready')), patienceMs)
  await vi.waitFor(async () => expect((await readState()).indicator.signal).toBe('error'), patienceMs)
  const [contact] = (await readState()).cardReaders
  const card = { kind: 'hospital', cardNumber: '90000102' }
  await act('card-readers', { action: 'insert', reader: contact?.name, card })
  await vi.waitFor(() => expect(read).toEqual(['90000102']), patienceMs)
  await act('card-readers', { action: 'remove', reader: contact?.name })
  await act('id-reader', { action: 'place-card', card: { name: '张䶮', idNumber: plainIdCard.idNumber } })
  await vi.waitFor(() => expect(read).toEqual(['90000102', plainIdCard.idNumber]), patienceMs)
  await act('id-reader', { action: 'take-card' })
  await Promise.all(all.map((device) => device.stop()))
  expect((await readState()).indicator.signal).toBe('off')
})

test('a change is told to whoever listens', async () => {
  const listening = new AbortController()
  const events = await fetch(`${origin}/bench/events`, { signal: listening.signal })
  const reader = events.body?.getReader()
  const read = async () => Buffer.from((await reader?.read())?.value ?? []).toString()
  expect(await read()).toBe('data: changed\n\n')
  await post('/bench/network', { cut: false })
  expect(await read()).toBe('data: changed\n\n')
  listening.abort()
})

test('the page is served from its folder, and nothing from above it', async () => {
  expect(await (await fetch(origin)).text()).toBe('<title>bench page</title>')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  for (const path of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '//etc/passwd']) {
    expect((await fetch(origin + path)).status).toBe(404)
  }
})

test('another site, another name for this machine, and a form can do nothing', async () => {
  expect(await statusWithHost('bench.example:80')).toBe(421)
  const body = { action: 'pull-paper' }
  expect((await post('/bench/printer', body, { origin: 'http://evil.example' })).status).toBe(403)
  expect((await post('/bench/printer', body, { 'content-type': 'text/plain' })).status).toBe(403)
})

test('no body whatever makes it fail', async () => {
  const paths = fc.constantFrom(
    ...['printer', 'scanner', 'network', 'id-reader', 'card-readers', 'pcscd', 'keypad', 'indicator', 'ups'].map(
      (device) => `/bench/${device}`,
    ),
  )
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.constant('x'.repeat(70_000)),
    fc.constant('{"action":"load-paper","mm":1e309}'),
  )
  await fc.assert(
    fc.asyncProperty(paths, bodies, async (path, body) => {
      expect((await post(path, body)).status).toBeLessThan(500)
    }),
    { numRuns: 200 },
  )
})
