import { isDefinedError, safe } from '@orpc/client'
import type { WipeOrder } from '@yizhan/contracts/sync'
import { tellDeviceChanges } from '../device/device-change-upload.ts'
import type { IdentityKeeper } from '../identity/identity-keeper.ts'
import { leaseNumbers } from '../queue/number-lease.ts'
import { type StationLoop, startStationLoop, type WorkDone } from '../station/station-loop.ts'
import { makeReport, type ReportSource } from '../station/station-report.ts'
import type { CentreClientDeps } from './centre-client.ts'
import { listenToDoorbell } from './doorbell.ts'
import { type FeedDeps, pullFeed } from './feed.ts'
import { startIdentityLink } from './identity-link.ts'
import { greetCentre, namedBoot, type OutboxDeps, sendEvents } from './outbox-upload.ts'

/** What keeping in touch with the centre needs. */
export interface CentreLinkDeps extends Omit<OutboxDeps, 'onRotationDue'>, Omit<FeedDeps, 'onForgotten'> {
  report: ReportSource
  signing: Pick<CentreClientDeps, 'centreUrl' | 'tenantId' | 'stationId' | 'signingKey' | 'nextCounter'>
  keeper: IdentityKeeper
  /** Told to destroy what this station holds. */
  onWipe: (order: WipeOrder) => void
  onReachable: (reachable: boolean) => void
  isReachable: () => boolean
  /** Ends the call that is under way, so that stopping does not wait for a silent centre. */
  hangUp: () => void
}

/** The station's link to its centre. */
export interface CentreLink {
  /** Says that there is something to send. */
  sendSoon(): void
  /** Says that staff should see a change of this station now, not with the next report. */
  reportSoon(): void
  /** Says that there are changes of devices to tell. */
  tellDevicesSoon(): void
  /** Greets the centre anew and tries everything at once: it takes this machine for another than before. */
  greetAnew(): void
  /** Says that the station is revoked: an order may wait for it. */
  lookForOrder(): void
  /** Asks the feed for news now and waits for it, but not longer than `patienceMs`. */
  refresh(patienceMs: number): Promise<void>
  stop(): Promise<void>
}

// Without a doorbell the feed is asked each 15 s; sending is woken by every commit, so its idle wait is only a safety
// net. Reports are 15 s apart because the centre calls a station offline after three missed ones. Failures back off to
// 15 s, so that a returned network is noticed within that time.
const feedPace = { idleMs: 15_000, firstRetryMs: 1000, longestRetryMs: 15_000 }
const sendPace = { idleMs: 15_000, firstRetryMs: 500, longestRetryMs: 15_000 }
const reportPace = { idleMs: 15_000, firstRetryMs: 1000, longestRetryMs: 15_000 }
// Telemetry: a write of changes wakes it, and what a busy or older centre refuses may wait.
const devicePace = { idleMs: 15_000, firstRetryMs: 2000, longestRetryMs: 60_000 }
const leasePace = { idleMs: 60_000, firstRetryMs: 2000, longestRetryMs: 30_000 }

/** Starts everything that talks to the centre: greeting, sending, feed, leases, reports and the doorbell. */
export function startCentreLink(given: CentreLinkDeps): CentreLink {
  const deps = { ...given, onRotationDue: () => identity.rotateSoon() }
  const sendBatch = () => sendEvents(deps)
  const identity = startIdentityLink({ ...given, tenantId: given.signing.tenantId, sendBatch })
  let greeting: Promise<void> | null = null
  const afterGreeting = async (work: () => Promise<WorkDone>) => {
    greeting ??= greetCentre(deps)
    try {
      await greeting
    } catch (error) {
      greeting = null
      throw error
    }
    return await work()
  }
  const onForgotten = () => {
    greeting = null
    loops.send.wake()
  }
  const onFeedChanged = () => {
    deps.onChanged()
    // A clinic that has just become known needs its numbers before its first patient.
    loops.lease.wake()
  }
  const loops = {
    feed: startStationLoop('feed', feedPace, deps.log, () =>
      afterGreeting(() => pullFeed({ ...deps, onChanged: onFeedChanged, onForgotten })),
    ),
    send: startStationLoop('send', sendPace, deps.log, () => afterGreeting(() => sendEvents(deps))),
    lease: startStationLoop('lease', leasePace, deps.log, () => afterGreeting(() => leaseNumbers(deps))),
    // The calls to the centre pass one door, and a silent centre holds each for ten seconds: telemetry does not knock first.
    devices: startStationLoop('device-telling', devicePace, deps.log, async () =>
      deps.isReachable() ? await afterGreeting(() => tellDeviceChanges(deps)) : 'done',
    ),
    report: startStationLoop('report', reportPace, deps.log, () => afterGreeting(() => sendReport(deps))),
  }
  const all: StationLoop[] = Object.values(loops)
  const doorbell = listenToDoorbell(
    { ...deps.signing, now: deps.now },
    {
      onRing: () => loops.feed.wake(),
      onOpen: () => {
        for (const loop of all) loop.wake()
      },
      onLost: () => {
        deps.onReachable(false)
        loops.report.wake()
      },
    },
  )
  return {
    sendSoon: () => loops.send.wake(),
    greetAnew() {
      greeting = null
      for (const loop of all) loop.wake()
    },
    lookForOrder: identity.lookForOrder,
    reportSoon: () => loops.report.wake(),
    tellDevicesSoon: () => loops.devices.wake(),
    refresh: (patienceMs) => refreshFeed({ ...deps, onForgotten }, patienceMs),
    async stop() {
      doorbell.close()
      deps.hangUp()
      await Promise.all([identity.stop(), ...all.map((loop) => loop.stop())])
    },
  }
}

async function refreshFeed(deps: FeedDeps, patienceMs: number): Promise<void> {
  const pulled = pullFeed(deps).then(
    () => undefined,
    (error: unknown) => deps.log.warn({ error: String(error) }, 'asking the feed for a fresh booking'),
  )
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs)
  })
  await Promise.race([pulled, patience])
  clearTimeout(timer)
}

type ReportingDeps = OutboxDeps & Pick<CentreLinkDeps, 'report'>

async function sendReport(deps: ReportingDeps): Promise<'more' | 'done'> {
  const { centre, report, centreTime, boot } = deps
  const { error, data: answer } = await safe(centre.report({ ...(await makeReport(report)), ...namedBoot(boot) }))
  if (error === null) {
    if (answer.rotateKey === true) deps.onRotationDue?.()
    await centreTime.hear(answer.now)
    return 'done'
  }
  if (!isDefinedError(error) || error.code !== 'greet-again') throw error
  if (boot !== undefined) boot.challenge = error.data.challenge
  await greetCentre(deps)
  return 'more'
}
