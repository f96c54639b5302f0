import type { CardHash, CardIdentifier } from '@yizhan/contracts/card'
import type { CardNews } from '@yizhan/device-drivers/card/card-news'
import type { InputTaker } from '../device/credential-routing.ts'
import type { KioskSocket } from '../http/kiosk-socket.ts'
import type { CredentialInbox } from './credential-inbox.ts'

/** What taking in scans and cards needs. */
export interface CredentialIntakeDeps {
  inbox: CredentialInbox
  push: KioskSocket['push']
  /** The keyed hashes of what a card says. */
  hashesOf: (identifiers: readonly CardIdentifier[]) => CardHash[]
}

/**
 * Takes what patients scan and put in: keeps it under a handle and tells the screen; what is no code and what cannot be
 * read is told as such. A key says nothing of a patient here.
 */
export function takeCredentials(deps: CredentialIntakeDeps): InputTaker {
  return (input) => {
    switch (input.kind) {
      case 'scan':
        if (input.scan.ok) {
          deps.push('scan-received', { scanId: deps.inbox.put({ kind: 'scan', text: input.scan.text }) })
        } else deps.push('scan-refused', { refusal: input.scan.refusal })
        return
      case 'card':
        takeCard(deps, input.news)
        return
      case 'key':
        return
    }
  }
}

function takeCard({ inbox, push, hashesOf }: CredentialIntakeDeps, news: CardNews): void {
  const { readingId } = news
  switch (news.kind) {
    case 'card-inserted':
      push('card-inserted', { readingId })
      return
    case 'card-read':
      push('card-read', { readingId, cardId: inbox.put({ kind: 'card', hashes: hashesOf(news.identity.identifiers) }) })
      return
    case 'card-refused':
      push('card-refused', { readingId, problem: news.problem })
      return
    case 'card-removed':
      push('card-removed', { readingId })
      return
  }
}
