import type { StationEvent } from '@yizhan/contracts/sync'
import { sql } from 'kysely'
import type { ReportedEvent } from '../sync/reported-event.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import type { ArrivalReport } from './arrival-conflict.ts'

type PatientArrived = Extract<StationEvent, { type: 'patient-arrived' }>['body']

/** Holds the arrivals of a booking until the transaction ends, even where the booking itself is not known here. */
export async function lockArrivalsOf(scope: TenantScope, bookingId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${scope.tenantId}/${bookingId}`}, 0))`.execute(scope.tx)
}

/** Keeps an arrival; one that is already there stays as it is, and the answer is false. */
export async function insertArrival(scope: TenantScope, event: ReportedEvent<PatientArrived>): Promise<boolean> {
  const { body } = event
  const { numInsertedOrUpdatedRows } = await scope.tx
    .insertInto('arrival')
    .values({
      tenant_id: scope.tenantId,
      arrival_id: event.eventId,
      booking_id: body.bookingId,
      clinic_id: body.clinicId,
      day: body.day,
      queue_number: body.queueNumber,
      standing: body.standing,
      arrived_at: new Date(body.arrivedAt),
      known_by: body.knownBy,
      station_id: event.stationId,
      epoch: event.epoch,
      seq: event.seq,
      alias_of: null,
      hlc: event.hlc,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Every arrival of a booking. */
export async function readArrivals(scope: TenantScope, bookingId: string): Promise<ArrivalReport[]> {
  return await scope.tx
    .selectFrom('arrival')
    .select(['arrival_id as arrivalId', 'arrived_at as arrivedAt', 'station_id as stationId', 'epoch', 'seq'])
    .select(['hlc', 'day', 'queue_number as queueNumber'])
    .where('tenant_id', '=', scope.tenantId)
    .where('booking_id', '=', bookingId)
    .execute()
}

/** Makes one arrival of a booking the one that counts and all others its aliases. */
export async function nameFirstArrival(scope: TenantScope, bookingId: string, firstId: string): Promise<void> {
  await scope.tx
    .updateTable('arrival')
    .set({ alias_of: sql<string | null>`case when arrival_id = ${firstId}::uuid then null else ${firstId}::uuid end` })
    .where('tenant_id', '=', scope.tenantId)
    .where('booking_id', '=', bookingId)
    .execute()
}

/** The highest leased number of a letter and day among the arrivals; 0 when there is none. `A-K07` is no leased number. */
export async function readHighestNumber(scope: TenantScope, queueLetter: string, day: string): Promise<number> {
  const { highest } = await scope.tx
    .selectFrom('arrival')
    .select(sql<number | null>`max(substring(queue_number from 2)::int)`.as('highest'))
    .where('tenant_id', '=', scope.tenantId)
    .where('day', '=', day)
    .where('queue_number', '~', `^${queueLetter}[0-9]{3,4}$`)
    .executeTakeFirstOrThrow()
  return highest ?? 0
}
