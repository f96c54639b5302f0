import { randomBytes } from 'node:crypto'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'

/** A new UUIDv7 of a moment, random enough that no two are ever equal. */
export function newId(nowMs: number): string {
  return uuidV7(nowMs, randomBytes(10))
}
