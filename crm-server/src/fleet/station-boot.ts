import { randomUUID } from 'node:crypto'
import { recordAudit } from '../audit/audit.ts'
import { ring } from '../sync/bell.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { type HeardBoot, hearGreeting, hearReport, type KnownBoots } from './live-clone.ts'

/** A process as its request names it; stations of earlier releases name none. */
export interface NamedBoot {
  bootId?: string | undefined
  challenge?: string | undefined
}

/**
 * Notes which process of a station greets, and with which epoch; the challenge that it is told. Null when two machines are
 * alive with this key: from then on neither is served (隔离).
 */
export async function noteGreeting(
  scope: TenantScope,
  stationId: string,
  greeting: NamedBoot & { epoch: number },
): Promise<{ challenge: string | null } | null> {
  const station = await lockBoots(scope, stationId)
  const highestEpoch = Math.max(station.highestEpoch, greeting.epoch)
  if (greeting.bootId === undefined) {
    if (highestEpoch !== station.highestEpoch) await keep(scope, stationId, { highest_epoch: highestEpoch })
    return { challenge: null }
  }
  const verdict = hearGreeting(station.boots, heardOf(greeting.bootId, greeting), randomUUID)
  if (verdict.clone) {
    await quarantine(scope, stationId)
    return null
  }
  await keep(scope, stationId, { ...columnsOf(verdict.boots), highest_epoch: highestEpoch })
  return { challenge: verdict.boots.challenge }
}

/** Notes which process of a station reports; a challenge when another has greeted since. */
export async function noteReporting(
  scope: TenantScope,
  stationId: string,
  { bootId, challenge }: NamedBoot,
): Promise<{ greetAgain: string } | null> {
  if (bootId === undefined) return null
  const { boots } = await lockBoots(scope, stationId)
  const verdict = hearReport(boots, heardOf(bootId, { challenge }))
  if (!verdict.current) return { greetAgain: verdict.challenge }
  if (verdict.boots.proved !== boots.proved) await keep(scope, stationId, { boot_proved: verdict.boots.proved })
  return null
}

async function quarantine(scope: TenantScope, stationId: string): Promise<void> {
  await keep(scope, stationId, { quarantined_at: new Date(scope.nowMs) })
  await recordAudit(scope, { action: 'station-quarantined', objectKind: 'station', objectId: stationId })
  await ring(scope, 'stations', 'feed')
}

async function lockBoots(scope: TenantScope, stationId: string): Promise<{ boots: KnownBoots; highestEpoch: number }> {
  const row = await scope.tx
    .selectFrom('station')
    .select(['boot_id', 'boot_challenge', 'boot_proved', 'boots_heard', 'highest_epoch'])
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .forUpdate()
    .executeTakeFirstOrThrow()
  const { boot_id: bootId, boot_challenge: challenge, boot_proved: proved, boots_heard: heard } = row
  return { boots: { bootId, challenge, proved, heard }, highestEpoch: row.highest_epoch }
}

function columnsOf({ bootId, challenge, proved, heard }: KnownBoots) {
  return { boot_id: bootId, boot_challenge: challenge, boot_proved: proved, boots_heard: [...heard] }
}

async function keep(
  scope: TenantScope,
  stationId: string,
  columns: Partial<ReturnType<typeof columnsOf>> & { highest_epoch?: number; quarantined_at?: Date },
): Promise<void> {
  await scope.tx
    .updateTable('station')
    .set(columns)
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .execute()
}

function heardOf(bootId: string, { challenge }: NamedBoot): HeardBoot {
  return { bootId, challenge: challenge ?? null }
}
