import { createHmac } from 'node:crypto'
import type { CardIdentity } from './card-news.ts'

/** A keyed hash by which a card is known again without keeping what it says. The key lives as long as the station's process. */
export function cardMark(key: Uint8Array, { profileId, identifiers }: CardIdentity): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([profileId, identifiers]))
    .digest('base64url')
}
