import { admitCounter } from '@yizhan/crm-server/sync/replay-window'
import type { CentreClient } from '@yizhan/station-server/sync/centre-client'
import { emptyFeed, pullModelFeed } from './centre-feed-model.ts'
import { cursorOf, emptyInbox, storeModelUpload } from './centre-inbox-model.ts'
import { emptyLeaseBook, hasYetToTell, leaseFromModel, takeToldInModel } from './centre-lease-model.ts'
import type { CentreAnswer, CentreCall, CentreModelDeps, CentreState } from './centre-state.ts'
import { simulatedHospital } from './simulated-hospital.ts'

/** A centre that has just been set up. */
export function emptyCentre(): CentreState {
  return {
    ...emptyFeed(),
    ...emptyInbox(),
    counters: new Map(),
    leases: emptyLeaseBook(),
    arrivals: [],
    prints: new Map(),
  }
}

/**
 * The centre in memory: the same calls, answers and refusals as the real one, by the same pure rules where they are pure. A
 * test plays one script to both.
 */
export function answerCall(
  state: CentreState,
  deps: CentreModelDeps,
  asked: { from: string; counter: number; call: CentreCall },
): CentreAnswer {
  const seen = admitCounter(state.counters.get(asked.from) ?? { highest: 0, seen: 0 }, asked.counter)
  if (seen === null) return { ok: false, code: 'request-replayed', status: 401 }
  state.counters.set(asked.from, seen)
  const { call, from } = asked
  switch (call.name) {
    case 'hello':
      return { ok: true, value: greet(state, deps, from, call.input) }
    case 'upload':
      return storeModelUpload(state, deps, { stationId: from, ...call.input })
    case 'pull':
      return pullModelFeed(state, deps, call.input)
    case 'leaseNumbers':
      return leaseFromModel(state, deps, { stationId: from, ...call.input })
    case 'report':
      return { ok: true, value: { now: deps.now(), ...(hasYetToTell(state.leases, from) ? { greetAnew: true } : {}) } }
  }
}

function greet(
  state: CentreState,
  deps: CentreModelDeps,
  from: string,
  greeting: Parameters<CentreClient['hello']>[0],
) {
  const { epoch, numbers } = greeting
  const letter = simulatedHospital.stations.find(({ stationId }) => stationId === from)?.letter
  return {
    stationName: { 'zh-CN': `大厅 ${letter} 机`, en: `Lobby ${letter}` },
    siteId: simulatedHospital.siteId,
    stationLetter: letter,
    ...cursorOf(state, { stationId: from, epoch, lane: 'ops' }),
    bulk: cursorOf(state, { stationId: from, epoch, lane: 'bulk' }),
    qrKeys: [],
    cardKey: Buffer.alloc(32, 'simulated').toString('base64'),
    now: deps.now(),
    ...takeToldInModel(state, deps, from, numbers, deps.drawId),
  }
}
