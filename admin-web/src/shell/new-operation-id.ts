import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'

/** A key for one piece of work, repeated on its retries. `crypto.randomUUID` is missing where a hospital serves plain http. */
export function newOperationId(nowMs: number): string {
  return uuidV7(nowMs, crypto.getRandomValues(new Uint8Array(10)))
}
