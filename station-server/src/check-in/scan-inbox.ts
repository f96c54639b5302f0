import { randomBytes } from 'node:crypto'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'

/** A scan is worth taking up for a minute: longer, and the person may have walked away. */
const scanLifeMs = 60_000

/** Holds what was scanned under a handle until the page takes it up; the text itself never reaches the page. */
export class ScanInbox {
  readonly #scans = new Map<string, { text: string; at: number }>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Keeps a scanned text, forgetting every earlier one, and returns its handle. */
  put(text: string): string {
    this.#scans.clear()
    const scanId = uuidV7(this.#now(), randomBytes(10))
    this.#scans.set(scanId, { text, at: this.#now() })
    return scanId
  }

  /** The scanned text, once; null when it is unknown, taken already, or too old. */
  take(scanId: string): string | null {
    const scan = this.#scans.get(scanId)
    this.#scans.delete(scanId)
    return scan !== undefined && this.#now() - scan.at <= scanLifeMs ? scan.text : null
  }
}
