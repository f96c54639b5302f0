import type { StationRow } from '@yizhan/contracts/fleet'
import type { HospitalStructure } from '../tenant/tenant.ts'

/** The tenant of the fictional hospital; the demo station is told the same id. */
export const demoTenantId = '01985f00-0000-7000-8000-000000000001'

const mainSite = '01985f00-0000-7000-8000-000000000101'
const eastSite = '01985f00-0000-7000-8000-000000000102'

/** Check-in opens an hour before, is late a quarter of an hour after the start, closes an hour after the end. */
const usualRules = { opensBeforeMin: 60, lateAfterMin: 15, closesAfterMin: 60 }

/** 医站示范医院: a hospital that does not exist, for trying everything out. */
export const demoStructure: HospitalStructure = {
  hospital: {
    tenantId: demoTenantId,
    name: { 'zh-CN': '医站示范医院', en: 'Yizhan Demonstration Hospital' },
    zone: 'Asia/Shanghai',
    helpDesk: { 'zh-CN': '一楼大厅导诊台', en: 'the information desk on floor 1' },
  },
  sites: [
    { siteId: mainSite, name: { 'zh-CN': '本部', en: 'Main Campus' } },
    { siteId: eastSite, name: { 'zh-CN': '东院', en: 'East Campus' } },
  ],
  clinics: [
    clinic(
      1,
      mainSite,
      'A',
      ['心内科门诊', 'Cardiology'],
      ['二楼 A 区 201–208 诊室', 'Floor 2, area A, rooms 201–208'],
      8,
    ),
    clinic(
      2,
      mainSite,
      'B',
      ['呼吸内科门诊', 'Respiratory Medicine'],
      ['二楼 B 区 211–216 诊室', 'Floor 2, area B, rooms 211–216'],
      7,
    ),
    clinic(
      3,
      mainSite,
      'C',
      ['儿科门诊', 'Paediatrics'],
      ['一楼 C 区 101–106 诊室', 'Floor 1, area C, rooms 101–106'],
      6,
    ),
    clinic(
      4,
      mainSite,
      'D',
      ['眼科门诊', 'Ophthalmology'],
      ['三楼 D 区 301–305 诊室', 'Floor 3, area D, rooms 301–305'],
      10,
    ),
    clinic(5, eastSite, 'E', ['骨科门诊', 'Orthopaedics'], ['东院一楼 1–4 诊室', 'East Campus, floor 1, rooms 1–4'], 9),
    clinic(
      6,
      eastSite,
      'F',
      ['皮肤科门诊', 'Dermatology'],
      ['东院二楼 21–24 诊室', 'East Campus, floor 2, rooms 21–24'],
      5,
    ),
  ],
}

/** Where the demo station stands. */
export const demoStation = { siteId: mainSite }

/** What the demo station is called: its place and its letter, as people say it. */
export function demoStationName(letter: string): StationRow['name'] {
  return { 'zh-CN': `一楼大厅 ${letter} 机`, en: `Lobby ${letter}` }
}

/** The letters of the demo station, the first that is free: one that is set up anew cannot have its letter of today again. */
export const demoStationLetters = 'KLMNPQRSTUVWXYZ'

/** The first person who may sign in to the demo. */
export const demoAdministrator = { email: 'admin@demo.yizhan.example', displayName: '示范管理员' }

/** Names that make masks, fonts and slips show what they can do; nobody's. */
export const demoPatientNames = [
  '张䶮',
  '欧阳示范',
  '阿卜杜拉·买买提',
  'Mary Ann Smith',
  '王小明',
  '李一一',
  '赵示例',
  '司马小样',
  '钱二',
  '孙三三',
  '周样本',
  '吴六',
]

/** Fictional doctors; every clinic has one of them. */
export const demoDoctorNames = ['甲医生', '乙医生', '丙医生', '丁医生', '戊医生', '己医生']

function clinic(
  number: number,
  siteId: string,
  queueLetter: string,
  [nameZh, nameEn]: [string, string],
  [placeZh, placeEn]: [string, string],
  minutesPerPatient: number,
): HospitalStructure['clinics'][number] {
  return {
    clinicId: `01985f00-0000-7000-8000-0000000002${String(number).padStart(2, '0')}`,
    siteId,
    name: { 'zh-CN': nameZh, en: nameEn },
    place: { 'zh-CN': placeZh, en: placeEn },
    queueLetter,
    ...usualRules,
    minutesPerPatient,
  }
}
