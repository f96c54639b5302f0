import type { WhoAmI } from '@yizhan/contracts/access'

/** What the centre lets the front desk do, and administrators beside it. */
const deskCalls = [
  'appointment.create',
  'appointment.cancel',
  'appointment.reschedule',
  'appointment.day',
  'appointment.conflicts',
  'appointment.settleConflict',
  'fleet.list',
  'fleet.deviceHistory',
  'fleet.setAsideEvents',
  'fleet.slips',
  'fleet.settleSlip',
  'fleet.acknowledgeAlarm',
  'organisation.tree',
  'staff.list',
  'staff.photo',
  'staff.wardDay',
  'tenant.structure',
]
const administratorCalls = [
  'access.policy',
  'account.list',
  'account.create',
  'account.change',
  'account.setDisabled',
  'account.reset',
  'organisation.putDepartment',
  'organisation.putPost',
  'staff.put',
  'staff.setPhoto',
  'staff.codes',
  'staff.issueCode',
  'staff.retireCode',
  'staff.setPanelPin',
  'staff.setPanelCard',
  'staff.showNames',
  'staff.assignWard',
  'fleet.enrol',
  'fleet.replayEvents',
  'fleet.settleEvent',
  'fleet.revoke',
  'fleet.rotateKey',
  'fleet.identityHistory',
  'fleet.feedFile',
  'pairing.find',
  'pairing.approve',
  'pairing.refuse',
]

const tenantId = '019ab000-0000-7000-8000-000000000001'
const hospitalName = { 'zh-CN': '演示医院', en: 'Demo Hospital' }

/** Who the tests sign in as; a demo person of a demo hospital. */
export const fakeAdministrator: WhoAmI = {
  userId: 'u1',
  displayName: '演示管理员',
  tenantId,
  hospitalName,
  zone: 'Asia/Shanghai',
  roles: ['administrator', 'front-desk'],
  duties: [],
  calls: [...deskCalls, ...administratorCalls],
  siteIds: [],
  departmentIds: [],
  staffId: null,
  hospitals: [{ tenantId, name: hospitalName }],
}

/** Somebody of the front desk, who may not change the fleet. */
export const fakeDesk: WhoAmI = { ...fakeAdministrator, roles: ['front-desk'], calls: deskCalls }
