import { isDefinedError, ORPCError, safe } from '@orpc/client'
import type { WipeOrder } from '@yizhan/contracts/station-order'
import { type AttachmentUploadDeps, sendAttachmentPart } from '../attachment/attachment-upload.ts'
import { tellDeviceChanges } from '../device/device-change-upload.ts'
import type { IdentityKeeper } from '../identity/identity-keeper.ts'
import { leaseNumbers } from '../queue/number-lease.ts'
import { type StationLoop, startStationLoop, type WorkDone } from '../station/station-loop.ts'
import { makeReport, type ReportSource } from '../station/station-report.ts'
import type { CentreClientDeps } from './centre-client.ts'
import { type CentreReturn, keepStormWindow, readStormWindow } from './centre-return.ts'
import { listenToDoorbell } from './doorbell.ts'
import { type FeedDeps, pullFeed } from './feed.ts'
import { startIdentityLink } from './identity-link.ts'
import { greetCentre, namedBoot, type OutboxDeps, sendEvents } from './outbox-upload.ts'
import { patientFirst } from './patient-first.ts'

/** What keeping in touch with the centre needs. */
export interface CentreLinkDeps
  extends Omit<OutboxDeps, 'onRotationDue'>,
    Omit<AttachmentUploadDeps, 'centre' | 'putOff'>,
    Omit<FeedDeps, 'onForgotten'> {
  report: ReportSource
  signing: Pick<CentreClientDeps, 'centreUrl' | 'tenantId' | 'stationId' | 'signingKey' | 'nextCounter'>
  keeper: IdentityKeeper
  /** Told to destroy what this station holds. */
  onWipe: (order: WipeOrder) => void
  onReachable: (reachable: boolean) => void
  isReachable: () => boolean
  /** When the centre is tried again after it was lost; told of every call. */
  comeback: CentreReturn
  /** Whether somebody stands at the screen. */
  isPatientServed: () => boolean
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
  /** Says that there are attachments to send. */
  sendAttachmentsSoon(): void
  /** Greets the centre anew and tries everything at once: it takes this machine for another than before. */
  greetAnew(): void
  /** Says that the station is revoked: an order may wait for it. */
  lookForOrder(): void
  /** Asks the feed for news now and waits for it, but not longer than `patienceMs`. */
  refresh(patienceMs: number): Promise<void>
  stop(): Promise<void>
}

// Without a doorbell the feed is asked each 15 s; sending is woken by every commit, so its idle wait is only a safety
// net. Reports are 15 s apart because the centre calls a station offline after 40 s without one. While the centre is away the
// report alone tries it, as often as the return allows; the waits here are for failures of ours.
const feedPace = { idleMs: 15_000, firstRetryMs: 1000, longestRetryMs: 15_000 }
const sendPace = { idleMs: 15_000, firstRetryMs: 500, longestRetryMs: 15_000 }
const reportPace = { idleMs: 15_000, firstRetryMs: 1000, longestRetryMs: 15_000 }
// Telemetry: a write of changes wakes it, and what a busy or older centre refuses may wait.
const devicePace = { idleMs: 15_000, firstRetryMs: 2000, longestRetryMs: 60_000 }
// Bulk: woken when one is finished or events have gone; otherwise a safety net.
const attachmentPace = { idleMs: 15_000, firstRetryMs: 2000, longestRetryMs: 60_000 }
const leasePace = { idleMs: 60_000, firstRetryMs: 2000, longestRetryMs: 30_000 }
// Looked after each 15 s, like the rest; a centre that is there but refuses is asked more and more rarely.
const doorbellPace = { idleMs: 15_000, firstRetryMs: 1000, longestRetryMs: 20_000 }

/** Starts everything that talks to the centre: greeting, sending, feed, leases, reports and the doorbell. */
export function startCentreLink(given: CentreLinkDeps): CentreLink {
  const deps = { ...given, onRotationDue: () => identity.rotateSoon() }
  const { comeback } = deps
  const bringing = bringingOf(deps)
  const identity = startIdentityLink({ ...given, ...bringing, tenantId: given.signing.tenantId })
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
  const whileHere = async (work: () => Promise<WorkDone>) =>
    comeback.isHere ? await leftAlone(() => afterGreeting(work)) : 'done'
  const onForgotten = () => {
    greeting = null
    loops.send.wake()
  }
  const onFeedChanged = () => {
    deps.onChanged()
    // A clinic that has just become known needs its numbers before its first patient.
    loops.lease.wake()
  }
  const doorbell = listenToDoorbell(
    { ...deps.signing, now: deps.now },
    {
      onRing: () => loops.feed.wake(),
      // What rang before it was open, nobody heard.
      onOpen: () => loops.feed.wake(),
      onLost: () => {
        deps.onReachable(false)
        loops.report.wake()
      },
    },
  )
  const loops = {
    feed: startStationLoop('feed', feedPace, deps.log, () =>
      whileHere(() => pullFeed({ ...deps, onChanged: onFeedChanged, onForgotten })),
    ),
    send: startStationLoop('send', sendPace, deps.log, () => whileHere(() => sendBesidePatients(deps))),
    lease: startStationLoop('lease', leasePace, deps.log, () => whileHere(() => leaseNumbers(deps))),
    ...startBulkLoops(deps, whileHere, () => bringing.sendAttachment(deps.isDiskTight)),
    report: startStationLoop('report', reportPace, deps.log, () =>
      tryInTurn(deps, () => leftAlone(() => afterGreeting(() => sendReport(deps)))),
    ),
    doorbell: startStationLoop('doorbell', doorbellPace, deps.log, async () => {
      if (comeback.isHere) await doorbell.keepOpen()
      return 'done'
    }),
  }
  const all: StationLoop[] = Object.values(loops)
  comeback.onBack(() => {
    for (const loop of all) if (loop !== loops.report) loop.wake()
  })
  return {
    sendSoon: () => loops.send.wake(),
    greetAnew() {
      greeting = null
      for (const loop of all) loop.wake()
    },
    lookForOrder: identity.lookForOrder,
    reportSoon: () => loops.report.wake(),
    tellDevicesSoon: () => loops.devices.wake(),
    sendAttachmentsSoon() {
      loops.send.wake()
      loops.attachments.wake()
    },
    async refresh(patienceMs) {
      // While the centre is away the report alone tries it; a patient would wait for nothing.
      if (comeback.isHere) await refreshFeed({ ...deps, onForgotten }, patienceMs)
    },
    async stop() {
      doorbell.close()
      deps.hangUp()
      await Promise.all([identity.stop(), ...all.map((loop) => loop.stop())])
    },
  }
}

async function sendBesidePatients(deps: OutboxDeps & Pick<CentreLinkDeps, 'isPatientServed'>): Promise<WorkDone> {
  return await patientFirst(await sendEvents(deps), deps.isPatientServed)
}

/** What nobody waits for. The calls to the centre pass one door, and a silent centre holds each for ten seconds: this does not knock first. */
function startBulkLoops(
  deps: Omit<CentreLinkDeps, 'onRotationDue'>,
  whileHere: (work: () => Promise<WorkDone>) => Promise<WorkDone>,
  sendAttachment: () => Promise<WorkDone>,
) {
  const whileReachable = async (work: () => Promise<WorkDone>) => (deps.isReachable() ? await whileHere(work) : 'done')
  return {
    attachments: startStationLoop('attachments', attachmentPace, deps.log, () => whileReachable(sendAttachment)),
    devices: startStationLoop('device-telling', devicePace, deps.log, () =>
      whileReachable(() => tellDeviceChanges(deps)),
    ),
  }
}

/** What brings the centre what it does not have. */
function bringingOf(deps: Omit<CentreLinkDeps, 'onRotationDue'>) {
  const putOff = new Set<string>()
  const sendAttachment = (isDiskTight: () => boolean) => sendAttachmentPart({ ...deps, isDiskTight, putOff })
  return { sendBatch: () => sendEvents(deps), sendAttachment: oneAtATime(sendAttachment) }
}

/** Two that send the same attachment would be in each other's way: who comes meanwhile waits for the one that is under way. */
function oneAtATime<Asked>(work: (asked: Asked) => Promise<WorkDone>): (asked: Asked) => Promise<WorkDone> {
  let underWay: Promise<WorkDone> | null = null
  return async (asked) => {
    if (underWay !== null) {
      await underWay
      return 'more'
    }
    underWay = work(asked)
    try {
      return await underWay
    } finally {
      underWay = null
    }
  }
}

/** A centre that has too much to do says how long it wants to be left alone. */
async function leftAlone(work: () => Promise<WorkDone>): Promise<WorkDone> {
  try {
    return await work()
  } catch (error) {
    const waitMs = busyWaitMs(error)
    if (waitMs === null) throw error
    return { waitMs }
  }
}

function busyWaitMs(error: unknown): number | null {
  if (!(error instanceof ORPCError) || error.code !== 'busy') return null
  return (error.data as { retryAfterMs: number }).retryAfterMs
}

/** Makes the call that finds out whether the centre is back, when its turn has come. */
async function tryInTurn(
  { comeback, log }: Pick<CentreLinkDeps, 'comeback' | 'log'>,
  work: () => Promise<WorkDone>,
): Promise<WorkDone> {
  const waitMs = comeback.waitMs()
  if (waitMs > 0) return { waitMs }
  try {
    return await work()
  } catch (error) {
    if (comeback.isHere) throw error
    log.warn({ nextTryMs: comeback.waitMs(), error: String(error) }, 'the centre does not answer')
    return { waitMs: Math.max(1, comeback.waitMs()) }
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
    if (answer.greetAnew === true) await greetCentre(deps)
    await centreTime.hear(answer.now)
    if (answer.stormWindowMs !== undefined && answer.stormWindowMs !== readStormWindow(deps.db.sql)) {
      await deps.db.transact((sql) => keepStormWindow(sql, answer.stormWindowMs))
    }
    return 'done'
  }
  if (!isDefinedError(error) || error.code !== 'greet-again') throw error
  if (boot !== undefined) boot.challenge = error.data.challenge
  await greetCentre(deps)
  return 'more'
}
