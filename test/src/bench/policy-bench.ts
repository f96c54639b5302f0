import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withinReach } from '@yizhan/crm-server/access/protected-table'
import { type Acting, type Reach, reachOfCall } from '@yizhan/crm-server/access/reach'
import { type CentreDb, inTenant, openDatabase, type TenantTx } from '@yizhan/crm-server/postgres/database'
import { startManagedPostgres } from '@yizhan/crm-server/postgres/managed-postgres'
import { migrate, readMigrations } from '@yizhan/crm-server/postgres/migration'
import { sql } from 'kysely'
import { type BenchLine, compareCosts, median } from './bench-line.ts'
import { type BookedHospital, bookHospital } from './policy-rows.ts'

const migrationsFolder = fileURLToPath(new URL('../../../crm-server/migrations', import.meta.url))
const scratch = fileURLToPath(new URL('../../../.tmp', import.meta.url))
/** The first rounds meet plans and code that are not warm yet, on both sides, and are not counted. */
const [warmUps, rounds] = [5, 41]
/** A guarded list may take 1.3 times the bare one. */
const goal = 1 / 1.3

interface ListCase {
  name: string
  reach: Partial<Reach>
  /** What the bare query asks for instead: the same rows. */
  bare: (hospital: BookedHospital) => ReturnType<typeof sql<boolean>>
}

const everything = reachOfCall(
  { roles: ['administrator'], siteIds: [], departmentIds: [], staffId: null },
  { resource: 'booking', verb: 'read' },
)
const only = (kind: keyof Reach['resources']): Reach['resources'] => ({
  own: [],
  assigned: [],
  department: [],
  site: [],
  hospital: [],
  [kind]: ['booking'],
})

function casesOf({ siteId, doctorId, departmentId }: BookedHospital): ListCase[] {
  return [
    {
      name: "a doctor's own bookings of a day",
      reach: { resources: only('own'), staffId: doctorId },
      bare: () => sql<boolean>`doctor_staff_id = ${doctorId}`,
    },
    {
      name: "a department's bookings of a day",
      reach: { resources: only('department'), departmentIds: [departmentId] },
      bare: () => sql<boolean>`department_id = ${departmentId}`,
    },
    {
      name: 'the first hundred bookings of the hospital’s day',
      reach: {},
      bare: () => sql<boolean>`true`,
    },
    {
      name: "a site's bookings of a day",
      reach: { resources: only('site'), siteIds: [siteId] },
      bare: () => sql<boolean>`site_id = ${siteId}`,
    },
  ]
}

/** A list of bookings behind the policy table, against the same rows read by a role that no policy binds. */
export async function benchPolicy(): Promise<BenchLine[]> {
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'bench-policy-'))
  const postgres = await startManagedPostgres({ dataDir: folder, onEvent: () => undefined })
  const stops = [() => postgres.stop()]
  try {
    await migrate(postgres.address.migratorUrl, await readMigrations(migrationsFolder))
    const guarded = openDatabase(postgres.address.appUrl, { maxConnections: 1, onIdleError: () => undefined })
    stops.push(() => guarded.close())
    const free = openDatabase(ownDatabase(postgres), { maxConnections: 1, onIdleError: () => undefined, role: null })
    stops.push(() => free.close())
    const hospital = await bookHospital(free.db)
    const lines: BenchLine[] = []
    for (const list of casesOf(hospital)) lines.push(await compare(list, hospital, guarded.db, free.db))
    return lines
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The centre's database for the superuser, whose address names another one. */
function ownDatabase({ superuserUrl, address }: { superuserUrl: string; address: { appUrl: string } }): string {
  const url = new URL(superuserUrl)
  url.pathname = new URL(address.appUrl).pathname
  return url.href
}

async function compare(
  list: ListCase,
  hospital: BookedHospital,
  guarded: CentreDb,
  free: CentreDb,
): Promise<BenchLine> {
  const who: Acting = {
    tenantId: hospital.tenantId,
    actor: { kind: 'user' },
    reach: { ...everything, ...list.reach },
  }
  const ours = () => inTenant(guarded, who, (tx) => listed(tx, hospital, withinReach(who, 'booking')))
  const bare = () => free.transaction().execute((tx) => listed(tx, hospital, list.bare(hospital)))
  if ((await ours()) !== (await bare())) throw new Error(`${list.name}: the two sides do not read the same rows`)
  const [ourMs, bareMs]: [number[], number[]] = [[], []]
  for (let round = -warmUps; round < rounds; round += 1) {
    const [one, other] = [await timed(ours), await timed(bare)]
    if (round >= 0) ourMs.push(one)
    if (round >= 0) bareMs.push(other)
  }
  return compareCosts({
    name: `policy, ${list.name}`,
    unit: 'ms',
    ours: median(ourMs),
    other: median(bareMs),
    otherName: 'the same rows in a transaction of a role that no policy binds',
    goal,
    runs: rounds,
  })
}

/** The list as the day board reads it; answers how many rows it has and the last of them. */
async function listed(
  tx: TenantTx,
  { tenantId, day }: BookedHospital,
  condition: ReturnType<typeof sql<boolean>>,
): Promise<string> {
  const rows = await tx
    .selectFrom('booking')
    .select(['booking_id', 'code', 'state', 'clinic_id', 'doctor_name', 'patient_name', 'slot_start', 'slot_end'])
    .where('tenant_id', '=', tenantId)
    .where('day', '=', day)
    .where(condition)
    .orderBy('slot_start')
    .orderBy('booking_id')
    .limit(100)
    .execute()
  return `${rows.length} ${rows.at(-1)?.booking_id}`
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}
