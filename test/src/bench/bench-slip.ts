import type { TicketDoc } from '@yizhan/contracts/printing'
import { checkInSlip } from '@yizhan/station-server/check-in/check-in-slip'

/** The number on the slip at a place in the row, from A0001 on. */
export function benchNumber(at: number): string {
  return `A${String(at + 1).padStart(4, '0')}`
}

/** A whole check-in slip of an invented patient. */
export function benchSlip(at: number): TicketDoc {
  const both = (chinese: string, english: string) => ({ 'zh-CN': chinese, en: english })
  return checkInSlip({
    locale: 'zh-CN',
    hospitalName: both('试验医院', 'Trial Hospital'),
    queueNumber: benchNumber(at),
    maskedName: '张*',
    clinicName: both('心血管内科', 'Cardiology'),
    place: both('门诊楼二层 A 区', 'Floor 2, area A'),
    doctorName: '试医生',
    slotClock: '08:30',
    arrivedDay: '2026-11-22',
    arrivedClock: '08:11',
    standing: 'on-time',
    ahead: { count: 3, fromMin: 15, toMin: 25 },
    stationName: both('试验机 A', 'Trial kiosk A'),
    slipNo: at + 1,
    copy: 1,
    helpDesk: both('一楼大厅导诊台', 'the information desk'),
  })
}
