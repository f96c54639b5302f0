import type { TicketBlock, TicketDoc } from '@yizhan/contracts/printing'
import type { CheckedPoint, ReadinessReport } from '@yizhan/contracts/readiness'
import { groupReceiptNumber } from '@yizhan/rules/receipt/receipt-number'
import { readinessWords as words } from './readiness-slip-texts.ts'

/** Whose slip it is and when, in the hospital's own words and clock. */
export interface SlipPlace {
  stationName: string
  /** `2026-11-22 08:05` */
  moment: string
}

type Both = readonly [string, string]

/** The readiness report as a slip in both languages: the verdict large, then each device with what was checked. */
export function readinessSlip(report: ReadinessReport, place: SlipPlace): TicketDoc {
  const [verdictZh, verdictEn] = words.verdicts[report.verdict]
  return {
    blocks: [
      ...head(words.title, place),
      { kind: 'text', text: verdictZh, align: 'center', scale: 3, bold: true },
      { kind: 'text', text: verdictEn, align: 'center', scale: 2, bold: true },
      ...receiptBlocks(report),
      { kind: 'rule' },
      ...report.devices.flatMap((device) => [...deviceBlocks(device), { kind: 'rule' as const }]),
      centred(words.noTicket),
    ],
  }
}

/** The number by which the report is found again at the centre; large, for it is read out on the telephone. */
function receiptBlocks({ receiptNumber }: ReadinessReport): TicketBlock[] {
  if (receiptNumber === undefined) return []
  return [
    { kind: 'feed', lines: 1 },
    centred(words.receipt),
    { kind: 'text', text: groupReceiptNumber(receiptNumber), align: 'center', scale: 2, bold: true },
  ]
}

/** A slip that shows whether the printer prints well; it says on its face that it is no ticket. */
export function testSlip(place: SlipPlace): TicketDoc {
  const [hintZh, hintEn] = words.testHint
  return {
    blocks: [
      ...head(words.test, place),
      { kind: 'text', text: '测试 TEST 0123', align: 'center', scale: 2, bold: true },
      { kind: 'text', text: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789', align: 'center' },
      { kind: 'text', text: '挂号签到候诊叫号 龘䶮㼆', align: 'center' },
      { kind: 'feed', lines: 1 },
      { kind: 'qr', data: 'YIZHAN TEST', moduleDots: 5, align: 'center' },
      { kind: 'feed', lines: 1 },
      { kind: 'text', text: hintZh, align: 'center' },
      { kind: 'text', text: hintEn, align: 'center' },
      { kind: 'rule' },
      centred(words.noTicket),
    ],
  }
}

function head(title: Both, { stationName, moment }: SlipPlace): TicketBlock[] {
  return [
    { kind: 'text', text: title[0], align: 'center', scale: 2, bold: true },
    { kind: 'text', text: title[1], align: 'center' },
    { kind: 'feed', lines: 1 },
    { kind: 'row', label: words.station.join(' '), value: stationName },
    { kind: 'row', label: words.checkedAt.join(' '), value: moment },
    { kind: 'rule' },
  ]
}

function deviceBlocks({ deviceId, kind, points }: ReadinessReport['devices'][number]): TicketBlock[] {
  const name = words.kinds[kind].join(' ')
  const title: TicketBlock = { kind: 'text', text: `${name} (${deviceId})`, bold: true }
  if (points.length === 0) return [title, { kind: 'row', label: '', value: words.off.join(' ') }]
  return [title, ...points.flatMap((point, at) => pointBlocks(point, points[at - 1]))]
}

/** One check; why it failed stands once below several that failed for the same reason, as a missing device does. */
function pointBlocks({ check, result, reason }: CheckedPoint, before: CheckedPoint | undefined): TicketBlock[] {
  const bold = result === 'failed'
  const row: TicketBlock = {
    kind: 'row',
    label: `  ${words.checks[check].join(' ')}`,
    value: words.results[result].join(' '),
    bold,
  }
  if (reason === undefined || reason === before?.reason) return [row]
  return [row, ...words.reasons[reason].map((text): TicketBlock => ({ kind: 'text', text: `    ${text}`, bold }))]
}

function centred(both: Both): TicketBlock {
  return { kind: 'text', text: both.join(' · '), align: 'center' }
}
