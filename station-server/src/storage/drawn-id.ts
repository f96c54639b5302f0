import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import type { Sql } from './sql.ts'

/**
 * A new id of a moment, a UUIDv7. Its random part comes from the generator of the database (ChaCha20, seeded by the system),
 * which a simulation replaces by a seeded one: the same seed then writes the same rows.
 */
export function drawId(sql: Sql, now: number): string {
  const drawn = sql.prepare<[], { random: Buffer }>('SELECT randomblob(10) AS random').get()
  if (drawn === undefined) throw new Error('the database drew no random bytes')
  return uuidV7(now, drawn.random)
}
