import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStationMemory } from '../fixture/station-memory.ts'
import type { Sql } from '../storage/sql.ts'
import { readUnsent } from '../sync/outbox.ts'
import { type AttachmentDeps, Attachments } from './attachment.ts'
import { AttachmentDamaged, attachmentPath, readSealedFrom } from './attachment-file.ts'
import { readOldestAttachment } from './attachment-store.ts'

let sql: Sql
let folder: string
const over = new Set<string>()
const disk = { tight: false }

beforeEach(() => {
  sql = openStationMemory(null, randomBytes)
  folder = mkdtempSync(join(tmpdir(), 'yz-attachment-'))
  over.clear()
  disk.tight = false
})
afterEach(() => {
  sql.close()
  rmSync(folder, { recursive: true, force: true })
})

const databaseKey = Buffer.alloc(32, 7)
const open = (quota = { bytes: 10_000, count: 3 }) => new Attachments(deps(quota))
const deps = (quota: AttachmentDeps['quota']): AttachmentDeps => ({
  db: {
    sql,
    transact: async (work) => sql.transaction(() => work(sql))(),
    isFull: () => false,
    close: async () => undefined,
  },
  folder,
  databaseKey,
  quota,
  now: () => 1000,
  isDiskTight: () => disk.tight,
  isSessionOver: (sessionId) => over.has(sessionId),
  onFinished: () => undefined,
})
const png = (length: number) =>
  Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), randomBytes(length - 8)])
const named = () => ({ sessionId: randomUUID(), attachmentId: uuidV7(1000, randomBytes(10)) })

async function make(attachments: Attachments, content: Buffer, who = named()) {
  expect(attachments.begin({ ...who, mediaType: 'image/png' })).toMatchObject({ ok: true })
  const appended = attachments.append({ ...who, offset: 0 }, content)
  return appended.ok ? await attachments.finish(who) : appended
}

test('a full station refuses the next attachment in words and keeps every one that waits', async () => {
  const attachments = open()
  expect(await make(attachments, png(4000))).toEqual({ ok: true, byteLength: 4000 })
  expect(await make(attachments, png(4000))).toEqual({ ok: true, byteLength: 4000 })
  expect(await make(attachments, png(4000))).toEqual({ ok: false, error: 'attachments-full' })
  // The refused one still counts until its session ends.
  expect(attachments.begin({ ...named(), mediaType: 'image/png' })).toEqual({ ok: false, error: 'attachments-full' })
  expect(readUnsent(sql, 'bulk', 9).map(({ type }) => type)).toEqual(['attachment-made', 'attachment-made'])
  attachments.close()
  expect(readdirSync(folder)).toHaveLength(2)
})

test('on a tight disk none begins and none grows', () => {
  const attachments = open()
  const who = named()
  attachments.begin({ ...who, mediaType: 'image/png' })
  disk.tight = true
  expect(attachments.append({ ...who, offset: 0 }, png(100))).toEqual({ ok: false, error: 'attachments-full' })
  expect(attachments.begin({ ...named(), mediaType: 'image/png' })).toEqual({ ok: false, error: 'attachments-full' })
  attachments.close()
})

test('a part that comes twice or too early is told where to go on, and another session cannot reach in', () => {
  const attachments = open()
  const who = named()
  attachments.begin({ ...who, mediaType: 'image/png' })
  expect(attachments.append({ ...who, offset: 0 }, png(100))).toEqual({ ok: true, offset: 100 })
  const wrong = { ok: false, error: 'offset-wrong', offset: 100 }
  expect(attachments.append({ ...who, offset: 0 }, png(100))).toEqual(wrong)
  expect(attachments.append({ ...who, offset: 200 }, png(100))).toEqual(wrong)
  const stranger = { ...who, sessionId: randomUUID() }
  expect(attachments.append({ ...stranger, offset: 100 }, png(100))).toEqual({ ok: false, error: 'session-over' })
  attachments.close()
})

test('what a process did not finish is gone at the next start, what it finished is not, and opens only under its own key', async () => {
  const attachments = open()
  const content = png(3000)
  await make(attachments, content)
  attachments.begin({ ...named(), mediaType: 'image/png' })
  expect(readdirSync(folder)).toHaveLength(2)
  // As a kill leaves it.
  open().close()
  const kept = readOldestAttachment(sql)
  if (kept === null) throw new Error('the finished one is gone')
  expect(readdirSync(folder)).toEqual([`${kept.attachmentId}.sealed`])
  const seal = { databaseKey, attachmentId: kept.attachmentId, salt: Buffer.from(kept.salt, 'base64') }
  const path = attachmentPath(folder, kept.attachmentId)
  expect(readSealedFrom(path, seal, 0).equals(content)).toBe(true)
  expect(readSealedFrom(path, seal, 1000).equals(content.subarray(1000))).toBe(true)
  expect(() => readSealedFrom(path, { ...seal, databaseKey: Buffer.alloc(32, 8) }, 0)).toThrow(AttachmentDamaged)
  attachments.close()
})

test('whoever leaves while an attachment is being finished takes nothing of it along', async () => {
  const committing = Promise.withResolvers<void>()
  const given = deps({ bytes: 10_000, count: 3 })
  const transact = async <T>(work: (sql: Sql) => T) => {
    await committing.promise
    return sql.transaction(() => work(sql))()
  }
  const attachments = new Attachments({ ...given, db: { ...given.db, transact } })
  const who = named()
  attachments.begin({ ...who, mediaType: 'image/png' })
  attachments.append({ ...who, offset: 0 }, png(100))
  const finishing = attachments.finish(who)
  over.add(who.sessionId)
  attachments.sweep()
  attachments.close()
  committing.resolve()
  expect(await finishing).toEqual({ ok: true, byteLength: 100 })
  expect(readdirSync(folder)).toEqual([`${who.attachmentId}.sealed`])
})
