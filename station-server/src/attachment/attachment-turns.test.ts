import { randomBytes } from 'node:crypto'
import type { AttachmentFacts } from '@yizhan/contracts/attachment'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { expect, test } from 'vitest'
import { silentLog } from '../fixture/station-fixture.ts'
import { openStationMemory } from '../fixture/station-memory.ts'
import { insertAttachment, readAttachmentIds } from './attachment-store.ts'
import { type AttachmentUploadDeps, sendAttachmentPart } from './attachment-upload.ts'

test('an attachment that the centre cannot take holds up no other, and is tried again after them', async () => {
  const sql = openStationMemory(null, randomBytes)
  const ids = [1, 2, 3].map((n) => uuidV7(n, randomBytes(10)))
  const facts = { mediaType: 'image/png', byteLength: 10, salt: '', digest: '', sessionId: '' } as const
  for (const [madeAt, attachmentId] of ids.entries()) insertAttachment(sql, { ...facts, attachmentId, madeAt })
  const asked: string[] = []
  const offset = async ({ attachmentId }: AttachmentFacts) => {
    asked.push(attachmentId)
    if (attachmentId === ids[0]) throw new Error('the centre could not do this')
    return { offset: 10, stored: true }
  }
  const deps: AttachmentUploadDeps = {
    db: {
      sql,
      transact: async (work) => sql.transaction(() => work(sql))(),
      isFull: () => false,
      close: async () => undefined,
    },
    centre: { attachment: { offset } } as unknown as AttachmentUploadDeps['centre'],
    attachmentFolder: '/nowhere',
    databaseKey: Buffer.alloc(32),
    now: () => 1,
    log: silentLog,
    isDiskTight: () => false,
    putOff: new Set(),
  }
  const send = () => sendAttachmentPart(deps)
  await expect(send()).rejects.toThrow()
  expect([await send(), await send()]).toEqual(['more', 'more'])
  await expect(send()).rejects.toThrow()
  await expect(send()).rejects.toThrow()
  expect(asked).toEqual([ids[0], ids[1], ids[2], ids[0], ids[0]])
  expect([...readAttachmentIds(sql)]).toEqual([ids[0]])
  sql.close()
})
