import type { CentreDb } from '@yizhan/crm-server/postgres/database'
import { newId } from '@yizhan/crm-server/tenant/new-id'
import { sql } from 'kysely'

/** A fictional hospital with 200,000 bookings, and places in it to read them by. */
export interface BookedHospital {
  tenantId: string
  siteId: string
  departmentId: string
  doctorId: string
  /** One of its forty days. */
  day: string
}

const bookings = 200_000
const days = 40
/** Per site; every one is a department of its own with two doctors. */
const clinics = 20

/** Fills the tables of two sites as years of desks would have; `db` is a role that no policy binds. */
export async function bookHospital(db: CentreDb): Promise<BookedHospital> {
  const tenantId = newId(1)
  const sites = [newId(1), newId(1)]
  const made = sites.flatMap((siteId) =>
    Array.from({ length: clinics }, () => ({
      siteId,
      clinicId: newId(1),
      departmentId: newId(1),
      doctors: [newId(1), newId(1)],
    })),
  )
  const name = JSON.stringify({ 'zh-CN': '测', en: 'T' })
  await sql`insert into tenant (tenant_id, name, help_desk, zone, created_at)
    values (${tenantId}, ${name}, ${name}, 'Asia/Shanghai', now())`.execute(db)
  for (const siteId of sites) {
    await sql`insert into site (tenant_id, site_id, name, position) values (${tenantId}, ${siteId}, ${name}, 1)`.execute(
      db,
    )
  }
  for (const { siteId, clinicId, departmentId } of made) {
    await sql`insert into clinic (tenant_id, clinic_id, site_id, name, place, queue_letter, opens_before_min, late_after_min,
      closes_after_min, minutes_per_patient, position, department_id)
      values (${tenantId}, ${clinicId}, ${siteId}, ${name}, ${name}, 'A', 60, 15, 60, 7, 1, ${departmentId})`.execute(
      db,
    )
  }
  const places = JSON.stringify(
    made.flatMap(({ doctors, ...place }) => doctors.map((doctorId) => ({ ...place, doctorId }))),
  )
  await sql`
    with place as (
      select row_number() over () - 1 as nr, p.* from jsonb_to_recordset(${places}::jsonb)
        as p("siteId" uuid, "clinicId" uuid, "departmentId" uuid, "doctorId" uuid)
    )
    insert into booking (tenant_id, booking_id, code, state, site_id, clinic_id, department_id, doctor_staff_id, doctor_name,
      patient_name, patient_key, slot_start, slot_end, day, version, created_at)
    select ${tenantId}, gen_random_uuid(), lpad(n::text, 9, '0'), 'booked', p."siteId", p."clinicId", p."departmentId",
      p."doctorId", '测试医生', '测试病人', gen_random_uuid(), at, at + interval '10 minutes', at::date, 1, now()
    from generate_series(1, ${bookings}) n
      join place p on p.nr = n / ${days} % ${made.length * 2}
      cross join lateral (select timestamptz '2026-11-01 00:00Z' + (n % ${days}) * interval '1 day'
        + (n / ${days * made.length * 2}) * interval '5 minutes' as at) s`.execute(db)
  await sql`analyze`.execute(db)
  const [first] = made
  if (first === undefined) throw new Error('no clinic was made')
  const { rows } = await sql<{ day: string }>`select day::text as day from booking
    where doctor_staff_id = ${first.doctors[0] ?? ''} group by day order by count(*) desc limit 1`.execute(db)
  return {
    tenantId,
    siteId: first.siteId,
    departmentId: first.departmentId,
    doctorId: first.doctors[0] ?? '',
    day: rows[0]?.day ?? '',
  }
}
