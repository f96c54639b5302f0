import type { OpenStanding } from '@yizhan/contracts/check-in'
import type { Locale, LocalText } from '@yizhan/contracts/local-text'
import type { TicketBlock, TicketDoc } from '@yizhan/contracts/printing'
import { formatMessage } from '@yizhan/rules/catalogue/message-format'
import { type SlipTexts, slipTexts } from './check-in-slip-texts.ts'

/** What a check-in slip (签到凭条) says. Nothing on it tells who the patient is beyond the mask. */
export interface CheckInSlip {
  locale: Locale
  hospitalName: LocalText
  queueNumber: string
  maskedName: string
  clinicName: LocalText
  place: LocalText
  doctorName: string
  /** Wall clocks of the hospital, `08:30`. */
  slotClock: string
  arrivedDay: string
  arrivedClock: string
  standing: OpenStanding
  ahead: { count: number; fromMin: number; toMin: number } | null
  stationName: LocalText
  /** The day's slip counter of this station, for staff who look for a lost one. */
  slipNo: number
  /** 1 for the first slip; later ones are marked as reprints of the same entitlement. */
  copy: number
  helpDesk: LocalText
}

/** The slip as blocks, for any printer of 48 columns or more. */
export function checkInSlip(slip: CheckInSlip): TicketDoc {
  const texts = slipTexts[slip.locale]
  return {
    blocks: [...head(slip, texts), ...whereAndWhen(slip, texts), ...whatNext(slip, texts), ...foot(slip, texts)],
  }
}

function head(slip: CheckInSlip, texts: SlipTexts): TicketBlock[] {
  const { locale } = slip
  const mark: TicketBlock[] =
    slip.copy > 1
      ? [
          {
            kind: 'text',
            text: formatMessage(texts.reprint, { n: slip.copy - 1 }, locale),
            align: 'center',
            bold: true,
          },
        ]
      : []
  return [
    { kind: 'text', text: slip.hospitalName[locale], align: 'center', bold: true },
    { kind: 'text', text: texts.title, align: 'center' },
    ...mark,
    { kind: 'feed', lines: 1 },
    { kind: 'text', text: slip.queueNumber, align: 'center', scale: slip.queueNumber.length > 5 ? 5 : 6, bold: true },
    { kind: 'feed', lines: 1 },
    { kind: 'text', text: slip.clinicName[locale], align: 'center', scale: 2, bold: true },
    { kind: 'text', text: slip.place[locale], align: 'center' },
    { kind: 'rule' },
  ]
}

function whereAndWhen(slip: CheckInSlip, texts: SlipTexts): TicketBlock[] {
  const { locale, ahead } = slip
  const rows: [string, string][] = [
    [texts.patient, slip.maskedName],
    [texts.doctor, slip.doctorName],
    [texts.slot, slip.slotClock],
    [texts.arrived, `${slip.arrivedDay} ${slip.arrivedClock}`],
  ]
  if (ahead?.count === 0) rows.push([texts.ahead, texts.nobody])
  if (ahead !== null && ahead.count > 0) {
    const { fromMin, toMin } = ahead
    rows.push([texts.ahead, formatMessage(texts.people, { n: ahead.count }, locale)])
    rows.push([texts.wait, formatMessage(texts.minutes, { from: fromMin, to: toMin, at: slip.arrivedClock }, locale)])
  }
  return rows.filter(([, value]) => value !== '').map(([label, value]) => ({ kind: 'row', label, value }))
}

function whatNext(slip: CheckInSlip, texts: SlipTexts): TicketBlock[] {
  const desk = slip.helpDesk[slip.locale]
  const late: TicketBlock[] = slip.standing === 'late' ? [{ kind: 'text', text: texts.late, bold: true }] : []
  return [
    { kind: 'rule' },
    { kind: 'text', text: formatMessage(texts.next, { place: slip.place[slip.locale] }, slip.locale), bold: true },
    ...late,
    { kind: 'text', text: formatMessage(texts.missed, { desk }, slip.locale) },
    { kind: 'feed', lines: 1 },
  ]
}

function foot(slip: CheckInSlip, texts: SlipTexts): TicketBlock[] {
  const { locale } = slip
  return [
    { kind: 'qr', data: `YZT1 ${slip.queueNumber} ${slip.arrivedDay}`.toUpperCase(), moduleDots: 5, align: 'center' },
    {
      kind: 'text',
      text: formatMessage(texts.printedBy, { station: slip.stationName[locale], no: slip.slipNo }, locale),
      align: 'center',
    },
  ]
}
