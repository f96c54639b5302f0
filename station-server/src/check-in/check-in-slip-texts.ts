import type { Locale } from '@yizhan/contracts/local-text'

/** The words of a check-in slip, in the manner of a message catalogue. */
export interface SlipTexts {
  title: string
  reprint: string
  patient: string
  doctor: string
  slot: string
  arrived: string
  ahead: string
  people: string
  nobody: string
  wait: string
  minutes: string
  next: string
  late: string
  missed: string
  printedBy: string
}

/** The slip's words in every language. */
export const slipTexts: Record<Locale, SlipTexts> = {
  'zh-CN': {
    title: '签到凭条',
    reprint: '补打第 {n} 次 · 与原凭条同号，不另排队',
    patient: '就诊人',
    doctor: '医生',
    slot: '预约时间',
    arrived: '签到时间',
    ahead: '候诊',
    people: '前面约 {n} 人',
    nobody: '前面没有人等候',
    wait: '预计等候',
    minutes: '{from}–{to} 分钟（{at} 估算）',
    next: '请到{place}候诊，听到或看到您的号码再进诊室。',
    late: '您已过预约时间，已排入迟到队列。',
    missed: '过号请到候诊区护士台报到，不用重新签到。有疑问请到{desk}。',
    printedBy: '{station} · 第 {no} 张',
  },
  en: {
    title: 'Check-in ticket',
    reprint: 'Reprint {n} - same number, same place in line',
    patient: 'Patient',
    doctor: 'Doctor',
    slot: 'Appointment',
    arrived: 'Checked in',
    ahead: 'Queue',
    nobody: 'nobody before you',
    people: 'about {n, plural, one {# person} other {# people}} before you',
    wait: 'Expected wait',
    minutes: '{from}-{to} min (as of {at})',
    next: 'Please wait at {place} until your number is called.',
    late: 'You are past your appointment time and have joined the late list.',
    missed: 'Missed your call? Tell the nurse in the waiting area; do not check in again. Questions: {desk}.',
    printedBy: '{station} - slip {no}',
  },
}
