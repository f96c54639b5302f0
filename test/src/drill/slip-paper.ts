import { textOfSlip } from '@yizhan/device-drivers/sim/escpos-decode'
import type { CutSlip } from '@yizhan/device-drivers/sim/sim-printer-body'

/** What a piece of paper is to whoever finds it in the tray. */
export interface PaperSlip {
  /** `torn`: something of a ticket, and nothing that says it is void. */
  kind: 'ticket' | 'reprint' | 'void' | 'torn'
  /** The number of the ticket; empty where none can be read. */
  queueNumber: string
  text: string
}

/** A slip is whole when it has one head and its foot; what is cut off with a void mark claims nothing. */
export function readPaper({ lines, partial }: CutSlip): PaperSlip {
  const text = textOfSlip(lines)
  const heads = text.match(/签到凭条/g)?.length ?? 0
  const queueNumber = /^[A-HJ-NP-Z](?:\d{3,4}|-[A-HJ-NP-Z]\d{2,4})$/m.exec(text)?.[0] ?? ''
  if (text.includes('作废')) return { kind: 'void', queueNumber, text }
  const whole = !partial && heads === 1 && queueNumber !== '' && /第 \d+ 张$/.test(text)
  if (!whole) return { kind: 'torn', queueNumber, text }
  return { kind: text.includes('补打') ? 'reprint' : 'ticket', queueNumber, text }
}
