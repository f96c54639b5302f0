import { safe } from '@orpc/client'
import { addDays, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import type { CentreTime } from '../station/centre-time.ts'
import type { StationLog } from '../station/station-log.ts'
import { readStationPlace } from '../station/station-place.ts'
import { drawId } from '../storage/drawn-id.ts'
import { clearMeta, readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from '../sync/centre-client.ts'
import { readClinicsOf } from '../tenant/kept-hospital.ts'
import { countLeasedNumbers, dropNumbersBefore, keepNumberBlock } from './number-blocks.ts'
import type { NumberWitness } from './number-witness.ts'

/** What leasing needs. */
export interface LeaseDeps {
  db: StationDb
  witness: NumberWitness
  centre: CentreClient
  centreTime: CentreTime
  now: () => number
  log: StationLog
}

/** A lease that was asked for and not yet answered; asked again under the same id, it is the same lease. */
interface WantedLease {
  blockId: string
  clinicId: string
  day: string
  count: number
}

/** A block is two busy hours of one clinic at one station; half of it left asks for the next. */
const blockSize = 60

/** Leases queue numbers for today and tomorrow, so that a morning without the centre has its numbers too. */
export async function leaseNumbers(deps: LeaseDeps): Promise<'done'> {
  const { db, centreTime, now } = deps
  const place = readStationPlace(db.sql)
  if (place === null) return 'done'
  const calendar = hospitalCalendar(place.hospital.zone)
  const today = calendar.dayOf(now())
  await leaseAgain(deps)
  for (const day of [today, addDays(today, 1)]) {
    for (const { clinicId } of readClinicsOf(db.sql, place.site.siteId)) {
      if (countLeasedNumbers(db.sql, clinicId, day) > blockSize / 2) continue
      await lease(deps, { blockId: drawId(db.sql, now()), clinicId, day, count: blockSize })
    }
  }
  // By both clocks: a day that is forgotten while it is today by either gives its numbers out once more.
  const passed = addDays(calendar.dayOf(Math.min(centreTime.certainlyPassed(), now())), -1)
  await db.transact((sql) => dropNumbersBefore(sql, passed))
  deps.witness.forgetBefore(passed)
  return 'done'
}

/** Asks again for a lease whose answer was lost, so that its numbers are not. */
async function leaseAgain(deps: LeaseDeps): Promise<void> {
  const pending = readMeta(deps.db.sql, 'pending-lease')
  if (pending !== null) await lease(deps, JSON.parse(pending) as WantedLease)
}

/** Asks for one lease; a refusal of one clinic is noted and holds up no other, an answer that does not come is thrown. */
async function lease({ db, witness, centre, log }: LeaseDeps, wanted: WantedLease): Promise<void> {
  await db.transact((sql) => writeMeta(sql, 'pending-lease', JSON.stringify(wanted)))
  const { error, data: block, isDefined } = await safe(centre.leaseNumbers(wanted))
  if (error !== null && !isDefined) throw error
  await db.transact((sql) => {
    clearMeta(sql, 'pending-lease')
    if (block !== undefined) keepNumberBlock(sql, block, witness)
  })
  if (error !== null) log.warn({ clinicId: wanted.clinicId, refusal: error.code }, 'no queue numbers leased')
}
