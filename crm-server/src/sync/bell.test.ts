import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HospitalFixture, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { type Ring, ring, startDoorbell } from './bell.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

test('a ring that is none of ours is told of and ignored; the next good one is heard', async () => {
  const connected = Promise.withResolvers<void>()
  const heard = Promise.withResolvers<Ring>()
  const faults: unknown[] = []
  let notOurs = 0
  const doorbell = startDoorbell({
    url: hospital.database.appUrl,
    onRing: heard.resolve,
    onForeignRing: () => {
      notOurs += 1
    },
    onConnect: connected.resolve,
    onBroken: (error) => faults.push(error),
  })
  await connected.promise
  for (const payload of ['', 'feed', '{"tenantId":', 'null', '{"tenantId":1,"bell":"feed"}', '{"bell":"fire"}']) {
    await sql`select pg_notify('yizhan_doorbell', ${payload})`.execute(hospital.db)
  }
  await inTenant(hospital.db, hospital.tenantId, (tx) => ring({ ...hospital.staff(), tx }, 'inbox'))
  expect(await heard.promise).toEqual({ tenantId: hospital.tenantId, bell: 'inbox' })
  expect(notOurs).toBe(6)
  expect(faults).toEqual([])
  await doorbell.stop()
})
