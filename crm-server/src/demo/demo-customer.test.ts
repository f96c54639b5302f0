import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDuplicates } from '../customer/duplicate.ts'
import { listPersons } from '../customer/person-search.ts'
import { type HospitalFixture, openHospital } from '../fixture/hospital-fixture.ts'
import { listGroups } from '../group-customer/group-customer.ts'
import { writeStructure } from '../tenant/tenant.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import { seedDemoCustomers } from './demo-customer.ts'
import { demoStructure, demoTenantId } from './demo-hospital.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

test('the demo has two files of one person and a group with a member, however often it is started', async () => {
  const caller: Caller = {
    tenantId: demoTenantId,
    nowMs: Date.parse('2026-11-22T12:00:00+08:00'),
    actor: { kind: 'system', id: 'demo', requestId: 'demo' },
  }
  await inScope(hospital.db, caller, async (scope) => {
    await writeStructure(scope, demoStructure)
    return { ok: true, value: null }
  })
  await seedDemoCustomers(hospital, caller)
  await seedDemoCustomers(hospital, { ...caller, nowMs: caller.nowMs + 3_600_000 })
  const { rows } = await listPersons(hospital, caller, {})
  expect(rows.map(({ state }) => state).sort()).toEqual(['active', 'registered'])
  expect((await listDuplicates(hospital, caller)).rows).toMatchObject([{ isLikely: true }])
  expect(await listGroups(hospital, caller, {})).toMatchObject([{ name: '演示机械厂', memberCount: 1 }])
})
