import type { LocalText } from '@yizhan/contracts/local-text'

const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** The campus and clinics of the demo hospital. */
export function fakeStructure(hospitalName: LocalText) {
  const helpDesk = { 'zh-CN': '一楼大厅导诊台', en: 'the information desk on floor 1' }
  const clinic = {
    siteId: uuid(5),
    place: { 'zh-CN': '二楼', en: 'Floor 2' },
    opensBeforeMin: 60,
    lateAfterMin: 15,
    closesAfterMin: 30,
    minutesPerPatient: 6,
  }
  return {
    hospital: { tenantId: uuid(1), name: hospitalName, zone: 'Asia/Shanghai', helpDesk },
    sites: [{ siteId: uuid(5), name: { 'zh-CN': '主院区', en: 'Main site' } }],
    clinics: [
      { ...clinic, clinicId: uuid(10), name: { 'zh-CN': '心内科门诊', en: 'Cardiology' }, queueLetter: 'A' },
      { ...clinic, clinicId: uuid(11), name: { 'zh-CN': '儿科门诊', en: 'Paediatrics' }, queueLetter: 'B' },
    ],
  }
}
