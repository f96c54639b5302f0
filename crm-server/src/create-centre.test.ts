import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { io } from 'socket.io-client'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CentreConfig, createCentre } from './create-centre.ts'
import { demoTenantId } from './demo/demo-hospital.ts'
import { stationWith } from './fixture/enrolled-station.ts'
import { createTestDatabase, type TestDatabase } from './postgres/test-database.ts'
import { newId } from './tenant/new-id.ts'

let folder: string
let database: TestDatabase
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yizhan-centre-'))
  await chmod(folder, 0o755)
  database = await createTestDatabase('template1')
})
afterEach(async () => {
  await database.drop()
  await rm(folder, { recursive: true })
})

function config(changes: Partial<CentreConfig> = {}): CentreConfig {
  const dataDir = join(folder, 'data')
  const log = pino({ level: 'silent' })
  return { port: 0, host: '127.0.0.1', dataDir, databaseUrl: database.migratorUrl, log, ...changes }
}

test('a centre migrates a given database, answers, works as the bound role, and keeps its keys to itself', async () => {
  const centre = await createCentre(config({ demo: { file: join(folder, 'demo.json') } }))
  expect(await (await fetch(`${centre.url}/health/ready`)).json()).toEqual({ ready: true })
  expect((await fetch(`${centre.url}/rpc/fleet/list`, { method: 'POST' })).status).toBe(401)
  await centre.stop()
  await expect(fetch(`${centre.url}/health/live`)).rejects.toThrow()
  const keysFolder = join(folder, 'data', 'keys')
  for (const name of await readdir(keysFolder)) expect((await stat(join(keysFolder, name))).mode & 0o777).toBe(0o600)
})

test('a second centre on the same data folder is refused by name, and a later one finds it free', async () => {
  const first = await createCentre(config())
  await expect(createCentre(config())).rejects.toThrow(`another centre is running on this folder (pid ${process.pid})`)
  await first.stop()
  await (await createCentre(config())).stop()
})

test('a centre that fails to start lets everything go again', async () => {
  const busy = await createCentre(config())
  const port = Number(new URL(busy.url).port)
  const dataDir = join(folder, 'other')
  await expect(createCentre(config({ dataDir, port }))).rejects.toThrow('EADDRINUSE')
  await busy.stop()
  await (await createCentre(config({ dataDir }))).stop()
})

test('a centre with a database of its own starts, is ready, and starts again on the same rows', async () => {
  const own = config({ databaseUrl: undefined, demo: {} })
  for (const _start of [1, 2]) {
    const centre = await createCentre(own)
    expect((await fetch(`${centre.url}/health/ready`)).status).toBe(200)
    await centre.stop()
  }
})

test('a centre stops while a station is connected to its doorbell', async () => {
  const keyFile = join(folder, 'identity-public.json')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const stationId = newId(Date.now())
  const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  await writeFile(keyFile, JSON.stringify({ stationId, publicKey: spki }))
  const centre = await createCentre(config({ demo: { stationKeyFile: keyFile } }))
  const station = stationWith(demoTenantId, stationId, privateKey)
  const greeting = { appVersion: '0.1.0', epoch: 1, lastSeq: 0, at: 1 }
  expect(await station.client(centre.url).hello(greeting)).toMatchObject({ stationLetter: 'K' })
  const socket = io(centre.url, {
    path: '/doorbell',
    transports: ['websocket'],
    reconnection: false,
    auth: { ...station.handshake() },
  })
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  const cut = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
  await Promise.all([centre.stop(), cut])
})

test('the admin pages are served with their own policy, and nothing outside their folder is', async () => {
  const staticDir = join(folder, 'pages')
  await mkdir(join(staticDir, 'assets'), { recursive: true })
  await writeFile(join(staticDir, 'index.html'), '<title>医站</title>')
  await writeFile(join(staticDir, 'assets', 'a.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'secret')
  const centre = await createCentre(config({ staticDir }))
  const index = await fetch(`${centre.url}/admin/bookings?day=2026-11-22`)
  expect(await index.text()).toBe('<title>医站</title>')
  expect(index.headers.get('content-security-policy')).toContain("script-src 'self';")
  expect(index.headers.get('cache-control')).toBe('no-cache')
  const script = await fetch(`${centre.url}/admin/assets/a.js`)
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(script.headers.get('cache-control')).toContain('immutable')
  for (const path of [
    '/admin/..%2fsecret.txt',
    '/admin/%2e%2e%2fsecret.txt',
    '/admin/assets/%00.js',
    '/admin/none.js',
    '/admin/%ff.js',
  ]) {
    expect((await fetch(`${centre.url}${path}`)).status).toBe(404)
  }
  await centre.stop()
})
