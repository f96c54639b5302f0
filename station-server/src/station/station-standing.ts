import type { IdentityKeeper } from '../identity/identity-keeper.ts'
import { clearMeta, type MetaName, readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { Standing } from '../sync/centre-client.ts'
import type { StationLog } from './station-log.ts'

/** What following the station's standing with the centre needs. */
export interface StandingDeps {
  db: StationDb
  keeper: IdentityKeeper
  log: StationLog
  now: () => number
  /** Told of each change, after it is durable. */
  onChanged: () => void
  /** Told when the centre does not know this machine: it must be paired. */
  onUnknown: () => void
  /** Told at each answer that takes this machine for an enrolled station. */
  onKnown: () => void
  /** Told when the centre has revoked this station: an order may wait. */
  onRevoked: () => void
}

const standings = {
  revoked: { set: 'the centre has revoked this station', cleared: 'the centre takes this station again' },
  quarantined: {
    set: 'another machine is alive with the key of this station: neither is served until one is paired anew',
    cleared: 'this station is out of quarantine',
  },
} as const

/**
 * Remembers whether the centre has revoked (停用) or quarantined (隔离) this station, over restarts too: a kiosk that nobody
 * answers for must not give out numbers. A signature that the centre does not know is tried with the other key first.
 */
export function noteStanding(deps: StandingDeps): (standing: Standing) => void {
  return (standing) => {
    if (standing === 'signature-invalid') {
      if (!deps.keeper.tryOther() && !isServedElsewise(deps.db)) deps.onUnknown()
      return
    }
    keep(deps, 'revoked', standing === 'station-revoked')
    keep(deps, 'quarantined', standing === 'station-quarantined')
    if (standing === 'station-quarantined') deps.onUnknown()
    if (standing === 'station-revoked') deps.onRevoked()
    if (standing !== 'admitted') return
    deps.keeper.settle()
    deps.keeper.keepOrderKey(readMeta(deps.db.sql, 'order-key'))
    deps.onKnown()
  }
}

/** A station that has its place goes on serving as without network: an answer that nobody signed must not stop a hall. */
function isServedElsewise({ sql }: StationDb): boolean {
  return readMeta(sql, 'station-name') !== null && readMeta(sql, 'quarantined') === null
}

function keep(
  { db, log, now, onChanged }: StandingDeps,
  name: keyof typeof standings & MetaName,
  holds: boolean,
): void {
  if (holds === (readMeta(db.sql, name) !== null)) return
  db.transact((sql) => {
    if (holds) writeMeta(sql, name, String(now()))
    else clearMeta(sql, name)
  }).then(
    () => {
      log.warn({ [name]: holds }, holds ? standings[name].set : standings[name].cleared)
      onChanged()
    },
    (error: unknown) => log.error({ error: String(error) }, 'noting how this station stands with the centre'),
  )
}
