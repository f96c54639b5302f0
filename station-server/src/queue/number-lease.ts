import { randomBytes } from 'node:crypto'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { addDays, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { readStationPlace } from '../station/station-place.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from '../sync/centre-client.ts'
import { readClinicsOf } from '../tenant/kept-hospital.ts'
import { countLeasedNumbers, dropNumbersBefore, keepNumberBlock } from './number-blocks.ts'

/** A block is two busy hours of one clinic at one station; half of it left asks for the next. */
const blockSize = 60

/** Leases queue numbers for today and tomorrow, so that a morning without the centre has its numbers too. */
export async function leaseNumbers({
  db,
  centre,
  now,
}: {
  db: StationDb
  centre: CentreClient
  now: () => number
}): Promise<'done'> {
  const place = readStationPlace(db.sql)
  if (place === null) return 'done'
  const today = hospitalCalendar(place.hospital.zone).dayOf(now())
  for (const day of [today, addDays(today, 1)]) {
    for (const { clinicId } of readClinicsOf(db.sql, place.site.siteId)) {
      if (countLeasedNumbers(db.sql, clinicId, day) > blockSize / 2) continue
      const block = await centre.leaseNumbers({
        blockId: uuidV7(now(), randomBytes(10)),
        clinicId,
        day,
        count: blockSize,
      })
      await db.transact((sql) => keepNumberBlock(sql, block))
    }
  }
  await db.transact((sql) => dropNumbersBefore(sql, addDays(today, -1)))
  return 'done'
}
