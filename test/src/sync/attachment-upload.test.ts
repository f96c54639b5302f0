import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type MediaType, mostPartBytes } from '@yizhan/contracts/attachment'
import { enrolStation } from '@yizhan/crm-server/fleet/fleet'
import { inTenant } from '@yizhan/crm-server/postgres/database'
import { applyAll } from '@yizhan/crm-server/sync/projector'
import { newId } from '@yizhan/crm-server/tenant/new-id'
import { type NetworkCutter, startNetworkCutter } from '@yizhan/device-drivers/sim/network-cutter'
import type { KioskClient } from '@yizhan/station-server/fixture/station-fixture'

import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Machine, openStationsAtCentre, type StationsAtCentre } from './station-at-centre.ts'

let hall: StationsAtCentre
let network: NetworkCutter
let machine: Machine
let stationId: string
let screen: KioskClient

beforeAll(async () => {
  hall = await openStationsAtCentre()
  const { hostname: host, port } = new URL(hall.centre.url)
  network = await startNetworkCutter({ port: 0, target: { host, port: Number(port) } })
  machine = hall.machine({ centreUrl: `http://127.0.0.1:${network.port}` })
  stationId = await enrolled(machine)
  screen = await machine.start()
  await patiently(async () => expect((await screen.station.view()).outOfService).toBeNull())
}, 120_000)
afterAll(async () => {
  await hall.stop()
  await network.stop()
}, 60_000)

const patiently = (check: () => Promise<void> | void) => vi.waitFor(check, { timeout: 60_000, interval: 20 })
const attachmentFolder = () => join(machine.folder, 'attachments')
const filesOfStation = () => readdirSync(attachmentFolder())

async function enrolled({ folder }: Machine, letter = 'K'): Promise<string> {
  const { stationId: ownId, publicKey } = publicIdentity(loadOrMakeIdentity(folder, Date.now))
  const siteId = hall.hospital.structure.sites[0]?.siteId ?? ''
  const place = {
    stationId: ownId,
    siteId,
    name: { 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` },
    letter,
    publicKey,
  }
  const outcome = await enrolStation(hall.hospital.db, hall.hospital.staff(), { operationId: randomUUID(), ...place })
  expect(outcome.ok).toBe(true)
  return ownId
}

/** A voice note of some length: the begin of a WebM file and noise. */
function voiceNote(byteLength: number): Buffer {
  const begin = Buffer.concat([Buffer.from('1a45dfa39f4286810142f7810142f2810442f381084282847765626d', 'hex')])
  return Buffer.concat([begin, randomBytes(byteLength - begin.byteLength)])
}

async function handOver(content: Buffer, sessionId: string = randomUUID()): Promise<string> {
  const attachmentId = newId(Date.now())
  await append({ sessionId, attachmentId }, content)
  await screen.attachment.finish({ sessionId, attachmentId })
  return attachmentId
}

async function append(
  named: { sessionId: string; attachmentId: string },
  content: Buffer,
  mediaType: MediaType = 'audio/webm',
): Promise<void> {
  let { offset } = await screen.attachment.begin({ ...named, mediaType })
  while (offset < content.byteLength) {
    const bytes = content.subarray(offset, offset + mostPartBytes).toString('base64')
    ;({ offset } = await screen.attachment.append({ ...named, offset, bytes }))
  }
}

const atCentre = (attachmentId: string) =>
  inTenant(hall.hospital.db, hall.hospital.tenantId, (tx) =>
    tx
      .selectFrom('attachment')
      .select(['state', 'received_bytes as received', 'byte_length as length', 'salt', 'digest'])
      .where('attachment_id', '=', attachmentId)
      .executeTakeFirst(),
  )
const project = () => applyAll({ db: hall.hospital.db, now: Date.now, onFailure: () => undefined })
const stored = (attachmentId: string) =>
  patiently(async () => expect((await atCentre(attachmentId))?.state).toBe('stored'))

test('a voice note is at the centre byte for byte, though the station is stopped and the network cut in the middle', async () => {
  const content = voiceNote(5_000_000)
  network.setCut(true)
  const attachmentId = await handOver(content)
  expect(readFileSync(join(attachmentFolder(), `${attachmentId}.sealed`)).includes(content.subarray(0, 200))).toBe(
    false,
  )
  network.setCut(false)
  const received = async () => (await atCentre(attachmentId))?.received ?? 0
  await patiently(async () => expect(await received()).toBeGreaterThan(0))
  network.setCut(true)
  const before = await received()
  await machine.stop()
  network.setCut(false)
  screen = await machine.start()
  await stored(attachmentId)
  expect(before).toBeLessThan(content.byteLength)
  const read = await hall.centre.staff.attachment.read({ attachmentId })
  expect(read).toMatchObject({ state: 'stored', mediaType: 'audio/webm', stationId })
  expect(Buffer.from(read.bytes ?? '', 'base64').equals(content)).toBe(true)
  await patiently(() => expect(filesOfStation()).toEqual([]))
  const rows = await inTenant(hall.hospital.db, hall.hospital.tenantId, (tx) =>
    tx.selectFrom('audit').select('action').where('object_id', '=', attachmentId).execute(),
  )
  expect(rows.map(({ action }) => action)).toContain('attachment-read')
}, 180_000)

test('a byte that flipped on the station’s disk is noticed: staff learn that it is lost, and the next one comes', async () => {
  network.setCut(true)
  const damaged = await handOver(voiceNote(120_000))
  const whole = await handOver(voiceNote(60_000))
  const path = join(attachmentFolder(), `${damaged}.sealed`)
  const bytes = readFileSync(path)
  bytes[70_000] = (bytes[70_000] ?? 0) ^ 1
  writeFileSync(path, bytes)
  network.setCut(false)
  await stored(whole)
  await patiently(async () => {
    await project()
    expect((await hall.centre.staff.attachment.read({ attachmentId: damaged })).state).toBe('lost')
  })
  expect(filesOfStation()).toEqual([])
}, 120_000)

test('what is the same said twice has two digests, and content that is not of its type is refused', async () => {
  const content = voiceNote(1000)
  const [one, other] = [await handOver(content), await handOver(content)]
  await stored(one)
  await stored(other)
  expect((await atCentre(one))?.digest).not.toEqual((await atCentre(other))?.digest)
  const named = { sessionId: randomUUID(), attachmentId: newId(Date.now()) }
  await expect(append(named, Buffer.from('<!doctype html><script>'.repeat(3)))).rejects.toMatchObject({
    code: 'media-type-wrong',
  })
  await screen.checkIn.end({ sessionId: named.sessionId })
}, 120_000)

test('a page that was loaded anew goes on where it was; a session that ends takes what was not finished with it', async () => {
  const content = voiceNote(100_000)
  const named = { sessionId: randomUUID(), attachmentId: newId(Date.now()) }
  await append(named, content.subarray(0, mostPartBytes))
  expect(await screen.attachment.begin({ ...named, mediaType: 'audio/webm' })).toEqual({ offset: mostPartBytes })
  expect(filesOfStation()).toEqual([`${named.attachmentId}.sealed`])
  await screen.checkIn.end({ sessionId: named.sessionId })
  expect(filesOfStation()).toEqual([])
  await expect(screen.attachment.finish(named)).rejects.toMatchObject({ code: 'session-over' })
  expect(await atCentre(named.attachmentId)).toBeUndefined()
}, 60_000)

test('an attachment that staff have waited for longer than a day is an alarm, and ends when its bytes are here', async () => {
  network.setCut(true)
  const attachmentId = await handOver(voiceNote(60_000))
  const { db, tenantId } = hall.hospital
  const hear = (heardAt: number, state: 'awaited' | 'stored') =>
    inTenant(db, tenantId, (tx) =>
      tx
        .updateTable('attachment')
        .set({ heard_at: new Date(heardAt), state })
        .where('attachment_id', '=', attachmentId)
        .execute(),
    )
  network.setCut(false)
  await stored(attachmentId)
  const standing = async () =>
    (await hall.centre.staff.fleet.list()).stations
      .filter((station) => station.stationId === stationId)
      .flatMap((station) => station.standing)
      .filter(({ kind }) => kind === 'attachments-overdue')
  await hear(hall.centre.clock.nowMs, 'awaited')
  expect(await standing()).toEqual([])
  await hear(0, 'awaited')
  expect(await standing()).toEqual([{ kind: 'attachments-overdue', count: 1, since: 0 }])
  await hear(0, 'stored')
  expect(await standing()).toEqual([])
}, 120_000)

test('the wipe of a revoked station takes what it had not sent', async () => {
  network.setCut(true)
  await handOver(voiceNote(200_000))
  expect(filesOfStation()).toHaveLength(1)
  await hall.centre.staff.fleet.revoke({ stationId, operationId: randomUUID(), reason: 'stolen', wipe: 'at-once' })
  network.setCut(false)
  await patiently(() => expect(existsSync(attachmentFolder())).toBe(false))
}, 120_000)

test('a wipe after the upload waits for the attachments that patients were told are kept', async () => {
  machine = hall.machine({ centreUrl: `http://127.0.0.1:${network.port}` })
  stationId = await enrolled(machine, 'L')
  screen = await machine.start()
  await patiently(async () => expect((await screen.station.view()).outOfService).toBeNull())
  network.setCut(true)
  const notes = [await handOver(voiceNote(3_000_000)), await handOver(voiceNote(200_000))]
  const order = { stationId, operationId: randomUUID(), reason: 'worn out', wipe: 'after-upload' } as const
  await hall.centre.staff.fleet.revoke(order)
  network.setCut(false)
  await patiently(() => expect(existsSync(attachmentFolder())).toBe(false))
  for (const attachmentId of notes) expect((await atCentre(attachmentId))?.state).toBe('stored')
}, 180_000)
