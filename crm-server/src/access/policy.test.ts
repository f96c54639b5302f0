import { isContractProcedure } from '@orpc/contract'
import { roles, type rowReaches } from '@yizhan/contracts/access'
import { centreContract } from '@yizhan/contracts/centre'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBooking } from '../appointment/appointment.ts'
import { acceptedValue, type HospitalFixture, morningDay, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { callsOf, rightOfCall } from './call-right.ts'
import { policyRights } from './policy-rights.ts'
import { allResources, policyOf } from './policy-table.ts'
import { protectedTables, withinReach } from './protected-table.ts'
import { type Acting, reachOfCall } from './reach.ts'

let hospital: HospitalFixture
let owner: pg.Client
beforeAll(async () => {
  hospital = await openHospital()
  owner = new pg.Client({ connectionString: hospital.database.migratorUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await hospital.close()
})

const callNames = Object.entries(centreContract).flatMap(([feature, calls]) =>
  Object.entries(calls)
    .filter(([, call]) => isContractProcedure(call))
    .map(([name]) => `${feature}.${name}`),
)

test('every call of the contract asks for one right that the table grants to somebody, or belongs to signing in', () => {
  const free = callNames.filter((call) => rightOfCall(call) === null)
  expect(free.sort()).toEqual([
    'access.endOtherSessions',
    'access.endSession',
    'access.ownAccount',
    'access.removeAuthenticator',
    'access.removePasskey',
    'access.setOwnPassword',
    'access.whoAmI',
  ])
  for (const call of callNames) {
    const asked = rightOfCall(call)
    if (asked === null) continue
    const granted = policyOf(asked.resource).rights[asked.verb] ?? {}
    expect({ call, granted: Object.keys(granted).length > 0 }).toEqual({ call, granted: true })
  }
  expect(callsOf([...roles]).sort()).toEqual(callNames.filter((call) => !free.includes(call)).sort())
})

test('the table keeps its two promises: no patient data for the platform, nothing but reading for auditors of the group', () => {
  const patients = ['booking', 'slip', 'feed-file', 'customer', 'health-record']
  const rights = policyRights()
  expect(
    rights.filter(({ role, resource }) => role === 'platform-administrator' && patients.includes(resource)),
  ).toEqual([])
  expect(rights.filter(({ role, verb }) => role === 'group-auditor' && verb !== 'read')).toEqual([])
})

/** Somebody who reads one resource in one way, at some places. */
function reader(part: Partial<ReturnType<typeof reachOfCall>>): Acting {
  const nothing = reachOfCall(
    { roles: [], siteIds: [], departmentIds: [], staffId: null },
    { resource: 'booking', verb: 'read' },
  )
  return { tenantId: hospital.tenantId, actor: { kind: 'user' }, reach: { ...nothing, ...part } }
}

const reaching = (kind: (typeof rowReaches)[number]) => ({
  own: [],
  assigned: [],
  department: [],
  site: [],
  hospital: [],
  [kind]: ['booking' as const],
})

async function bookingsSeen(who: Acting, narrowed: boolean): Promise<string[]> {
  return await inTenant(hospital.db, who, async (tx) => {
    let query = tx.selectFrom('booking').select('booking_id')
    if (narrowed) query = query.where(withinReach(who, 'booking'))
    return (await query.execute()).map((row) => row.booking_id).sort()
  })
}

test('a query without any condition shows the rows within reach and no others; the condition alone says the same', async () => {
  const [main, eye, east] = hospital.structure.clinics
  if (main === undefined || eye === undefined || east === undefined) expect.unreachable()
  const [heart, doctor, other] = [newId(1), newId(1), newId(1)]
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.updateTable('clinic').set({ department_id: heart }).where('clinic_id', '=', main.clinicId).execute(),
  )
  const book = async ({ clinicId, siteId }: typeof main) =>
    acceptedValue(
      await createBooking(hospital, hospital.staff(), hospital.newBooking({ operationId: newId(1), clinicId, siteId })),
    ).bookingId
  const [inHeart, inEye, inEast] = [await book(main), await book(eye), await book(east)]
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.updateTable('booking').set({ doctor_staff_id: doctor }).where('booking_id', '=', inEye).execute(),
  )
  const told = [
    [{ resources: reaching('hospital') }, [inHeart, inEye, inEast]],
    [{ resources: reaching('site'), siteIds: [main.siteId] }, [inHeart, inEye]],
    [{ resources: reaching('site'), siteIds: [] }, []],
    [{ resources: reaching('department'), departmentIds: [heart] }, [inHeart]],
    [{ resources: reaching('own'), staffId: doctor }, [inEye]],
    [{ resources: reaching('own'), staffId: other }, []],
    [{ resources: reaching('own'), staffId: null }, []],
    [
      { resources: { ...reaching('own'), department: ['booking' as const] }, staffId: doctor, departmentIds: [heart] },
      [inHeart, inEye],
    ],
    // A place without the right to it opens nothing.
    [{ siteIds: [main.siteId], departmentIds: [heart], staffId: doctor }, []],
  ] as const
  for (const [part, seen] of told) {
    const who = reader({ ...part, siteIds: [...(('siteIds' in part && part.siteIds) || [])] })
    expect(await bookingsSeen(who, false)).toEqual([...seen].sort())
    expect(await bookingsSeen(who, true)).toEqual([...seen].sort())
  }
  const nobody: Acting = { tenantId: hospital.tenantId, actor: { kind: 'user' } }
  expect(await bookingsSeen(nobody, false)).toEqual([])
  const stranger = inTenant(hospital.db, reader({ resources: reaching('site'), siteIds: [east.siteId] }), (tx) =>
    tx.updateTable('booking').set({ site_id: main.siteId }).where('day', '=', morningDay).execute(),
  )
  await expect(stranger).rejects.toMatchObject({ code: '42501' })
})

test('the database protects the tables that the code names, by the same columns, and asks once per query, not once per row', async () => {
  const policies = async () => {
    const { rows } = await owner.query<{ table: string; text: string }>(`
      select c.relname as table, pg_get_expr(p.polqual, p.polrelid) as text from pg_policy p
        join pg_class c on c.oid = p.polrelid where p.polname in ('within_reach', 'not_about_oneself') order by 1, 2`)
    return rows
  }
  const migrated = await policies()
  expect([...new Set(migrated.map(({ table }) => table))]).toEqual(Object.keys(protectedTables).sort())
  await owner.query('begin')
  for (const [table, { resource, columns }] of Object.entries(protectedTables)) {
    await owner.query('select protect_table($1, $2, $3)', [table, resource, JSON.stringify(columns)])
  }
  expect(await policies()).toEqual(migrated)
  await owner.query('rollback')
  const plan = await inTenant(hospital.db, reader({ resources: reaching('site') }), async (tx) => {
    const { rows } = await sql<{ 'QUERY PLAN': string }>`explain select * from booking`.execute(tx)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
  expect(plan).toContain('InitPlan')
  expect(plan).not.toMatch(/Filter:.*current_setting\('app\.reach/)
})

test('what is said about somebody is shown to everybody within reach but this person, until it is released', async () => {
  const doctor = newId(1)
  await owner.query(`
    create table said_about (tenant_id uuid not null, said_id uuid not null, staff_id uuid not null, released_at timestamptz,
      primary key (tenant_id, said_id));
    alter table said_about enable row level security;
    alter table said_about force row level security;
    create policy own_tenant on said_about using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    select protect_table('said_about', 'booking', '{"about":"staff_id","released":"released_at"}');
    grant select, insert, update on said_about to yizhan_app`)
  const everything = { resources: reaching('hospital') }
  const count = (who: Acting) =>
    inTenant(hospital.db, who, async (tx) => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from said_about`.execute(tx)
      return rows[0]?.count
    })
  const write = (released: string | null) =>
    inTenant(hospital.db, reader({ ...everything, staffId: doctor }), (tx) =>
      sql`insert into said_about values (${hospital.tenantId}, ${newId(1)}, ${doctor}, ${released})`.execute(tx),
    )
  await write(null)
  expect(await count(reader({ ...everything, staffId: newId(1) }))).toBe(1)
  expect(await count(reader(everything))).toBe(1)
  expect(await count(reader({ ...everything, staffId: doctor }))).toBe(0)
  await write('2026-01-01T00:00:00Z')
  expect(await count(reader({ ...everything, staffId: doctor }))).toBe(1)
})

test('several roles add up, and what the furthest of them masks stays masked', () => {
  const call = { resource: 'booking', verb: 'read' } as const
  const both = reachOfCall(
    { roles: ['doctor', 'hospital-leader'], siteIds: [], departmentIds: [], staffId: null },
    call,
  )
  expect(both.resources.own).toContain('booking')
  expect(both.resources.site).toContain('booking')
  expect(both.resources.hospital).not.toContain('booking')
  expect(both.masked.booking).toEqual(['name'])
  const stranger = reachOfCall({ roles: ['researcher'], siteIds: [], departmentIds: [], staffId: null }, call)
  expect(Object.values(stranger.resources).flat().sort()).toEqual(['notice', 'organisation', 'structure', 'todo'])
  expect(allResources()).toEqual(expect.arrayContaining(['booking', 'policy']))
})
