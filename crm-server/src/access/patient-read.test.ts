import { safe } from '@orpc/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBooking } from '../appointment/appointment.ts'
import { inputsNaming } from '../fixture/call-inputs.ts'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import {
  acceptedValue,
  type HospitalFixture,
  morningDay,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { callsOf, rightOfCall } from './call-right.ts'
import { policyOf } from './policy-table.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let bookingId: string
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  bookingId = acceptedValue(await createBooking(hospital, hospital.staff(), hospital.newBooking())).bookingId
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

/** Verbs that change nothing: whatever they answer was shown to somebody. */
const readingVerbs = ['read', 'search', 'export']

async function readsSince(auditIds: ReadonlySet<string>) {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .selectFrom('audit')
      .select(['audit_id', 'action', 'actor_id', 'object_id', 'roles', 'shown_ids', 'shown_count'])
      .where('verb', '=', 'read')
      .orderBy('audit_id')
      .execute(),
  )
  return rows.filter(({ audit_id }) => !auditIds.has(audit_id))
}

test('every call that shows a record of patients leaves a row of the audit trail, with who was shown what, as what', async () => {
  const [clinic] = hospital.structure.clinics
  if (clinic === undefined) expect.unreachable()
  const nobody = newId(1)
  const inputs: Record<string, unknown> = inputsNaming(hospital, {
    ...clinic,
    bookingId,
    personId: nobody,
    groupId: nobody,
    todoId: nobody,
    noticeId: nobody,
    eventId: nobody,
    stationId: nobody,
    jobId: nobody,
    alarmId: nobody,
    pairingId: nobody,
    departmentId: nobody,
    staffId: nobody,
    userId: nobody,
    pairingCode: '12345678',
    serviceCode: '100005',
  })
  const calls = callsOf(['administrator']).filter((call) => {
    const asked = rightOfCall(call)
    return asked !== null && policyOf(asked.resource).patientRecord === true && readingVerbs.includes(asked.verb)
  })
  expect(calls).toContain('appointment.day')
  centre.signIn('administrator')
  for (const call of calls) {
    const [feature = '', name = ''] = call.split('.')
    const before = new Set((await readsSince(new Set())).map(({ audit_id }) => audit_id))
    const client = centre.staff as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>
    const answer = await safe(client[feature]?.[name]?.(inputs[call]) ?? Promise.reject(new Error(call)))
    // What is not there was not shown; that it was asked for is written down as a refusal.
    if (!answer.isSuccess) continue
    const left = await readsSince(before)
    expect({ call, left: left.length > 0 }).toEqual({ call, left: true })
    expect(left.every(({ roles }) => roles?.includes('administrator'))).toBe(true)
  }
})

test('a page that is left open leaves another row only for patients whom it had not shown, and after ten minutes all anew', async () => {
  centre.signIn('front-desk')
  const before = new Set((await readsSince(new Set())).map(({ audit_id }) => audit_id))
  const look = async () => {
    centre.clock.nowMs += 1000
    await centre.staff.appointment.day({ day: morningDay })
  }
  centre.clock.nowMs = morningMs + 3_600_000
  await look()
  await look()
  const more = hospital.newBooking({ operationId: newId(1), phone: '10000000009' })
  const another = acceptedValue(await createBooking(hospital, hospital.staff(), more)).bookingId
  await look()
  await look()
  centre.clock.nowMs += 11 * 60_000
  await look()
  const reads = await readsSince(before)
  expect(reads.map(({ object_id, shown_ids }) => [object_id, [...(shown_ids ?? [])].sort()])).toEqual([
    [morningDay, [bookingId]],
    [morningDay, [another]],
    [morningDay, [bookingId, another].sort()],
  ])
})

test('the trail is found by who, what and when, page by page, and whoever looks through it is in it', async () => {
  centre.signIn('administrator')
  const list = (question: Parameters<typeof centre.staff.audit.list>[0]) => centre.staff.audit.list(question)
  const about = await list({ objectId: bookingId })
  expect(about.rows.map(({ action }) => action)).toContain('booking-created')
  expect(about.rows.map(({ action }) => action)).toContain('day-board-read')
  for (let made = 0; made < 55; made += 1) {
    const draft = hospital.newBooking({ operationId: newId(1), phone: `1000001${String(made).padStart(4, '0')}` })
    acceptedValue(await createBooking(hospital, hospital.staff(), draft))
  }
  const first = await list({ action: 'booking-created' })
  expect(first.rows).toHaveLength(50)
  const rest = await list({ action: 'booking-created', ...(first.next === null ? {} : { after: first.next }) })
  const ids = [...first.rows, ...rest.rows].map(({ auditId }) => auditId)
  expect(new Set(ids).size).toBe(57)
  expect(rest.next).toBeNull()
  expect((await list({ action: 'audit-read' })).rows.length).toBeGreaterThan(0)
  expect((await list({ from: morningMs + 4_000_000, verb: 'read' })).rows.every(({ verb }) => verb === 'read')).toBe(
    true,
  )
  const state = await centre.staff.audit.state()
  expect(state.actions).toContain('booking-created')
  expect(state.waitingRows).toBeGreaterThan(0)
  centre.signIn('front-desk')
  expect((await safe(list({}))).error).toMatchObject({ status: 403 })
})
