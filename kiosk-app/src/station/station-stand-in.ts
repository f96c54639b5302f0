import { createRouterClient, implement } from '@orpc/server'
import type { CheckInTicket, IdentifiedAppointment } from '@yizhan/contracts/check-in'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { type StationView, stationContract } from '@yizhan/contracts/station'
import type { StationClient } from './station-client.ts'
import type { PushListener, StartPushes } from './station-pushes.ts'

const station = implement(stationContract)
type Procedures = Parameters<typeof station.router>[0]
type IdentifyHandler = Parameters<typeof station.checkIn.identify.handler>[0]
type CommitHandler = Parameters<typeof station.checkIn.commit.handler>[0]
type ReprintHandler = Parameters<typeof station.checkIn.reprint.handler>[0]
type SettleHandler = Parameters<typeof station.checkIn.settlePrint.handler>[0]
type StartReadinessHandler = Parameters<typeof station.readiness.start.handler>[0]
type PrintReadinessHandler = Parameters<typeof station.readiness.print.handler>[0]

/** What the stand-in answers next; tests replace single answers. The contract checks both what comes and what goes. */
export interface StationAnswers {
  view: () => StationView
  identify: IdentifyHandler
  commit: CommitHandler
  reprint: ReprintHandler
  settlePrint: SettleHandler
  readiness: () => ReadinessReport | null
  startReadiness: StartReadinessHandler
  printReadiness: PrintReadinessHandler
}

/** A station for tests behind the real contract, and what it was asked. */
export interface StationStandIn {
  readonly client: StationClient
  readonly startPushes: StartPushes
  readonly answers: StationAnswers
  /** The inputs of the calls, by call, oldest first. */
  readonly asked: Record<
    'identify' | 'commit' | 'reprint' | 'settlePrint' | 'end' | 'scanned' | 'startReadiness' | 'endReadiness',
    unknown[]
  >
  /** Pushes to the page, once it listens. */
  push(tell: (listener: PushListener) => void): void
}

/** A stand-in that knows one patient: whatever is typed or scanned identifies, and commits to the ticket. */
export function stationStandIn(known: {
  view: StationView
  appointments: IdentifiedAppointment[]
  ticket: CheckInTicket
  report: ReadinessReport
}): StationStandIn {
  let listener: PushListener | null = null
  const asked: StationStandIn['asked'] = {
    identify: [],
    commit: [],
    reprint: [],
    settlePrint: [],
    end: [],
    scanned: [],
    startReadiness: [],
    endReadiness: [],
  }
  const answers: StationAnswers = {
    view: () => known.view,
    identify: () => ({ appointments: known.appointments }),
    commit: () => known.ticket,
    reprint: () => ({ ...known.ticket, reprintsLeft: known.ticket.reprintsLeft - 1 }),
    settlePrint: () => known.ticket,
    readiness: () => null,
    startReadiness: () => known.report,
    printReadiness: () => known.report,
  }
  return {
    client: createRouterClient(station.router(proceduresOf(answers, asked))),
    startPushes(heard) {
      listener = heard
      heard.connected()
      return {
        stop() {
          listener = null
          return Promise.resolve()
        },
      }
    },
    answers,
    asked,
    push(tell) {
      if (listener) tell(listener)
    },
  }
}

function proceduresOf(answers: StationAnswers, asked: StationStandIn['asked']): Procedures {
  const { checkIn } = station
  return {
    station: { view: station.station.view.handler(() => answers.view()) },
    readiness: readinessProceduresOf(answers, asked),
    attachment: attachmentProceduresOf(),
    checkIn: {
      scanned: checkIn.scanned.handler(({ input }) => {
        asked.scanned.push(input)
        return { taken: true as const }
      }),
      identify: checkIn.identify.handler((call) => {
        asked.identify.push(call.input)
        return answers.identify(call)
      }),
      commit: checkIn.commit.handler((call) => {
        asked.commit.push(call.input)
        return answers.commit(call)
      }),
      reprint: checkIn.reprint.handler((call) => {
        asked.reprint.push(call.input)
        return answers.reprint(call)
      }),
      settlePrint: checkIn.settlePrint.handler((call) => {
        asked.settlePrint.push(call.input)
        return answers.settlePrint(call)
      }),
      end: checkIn.end.handler(({ input }) => {
        asked.end.push(input)
        return { ended: true as const }
      }),
    },
  }
}

/** A station that takes every attachment. */
function attachmentProceduresOf(): Procedures['attachment'] {
  const { attachment } = station
  const sizes = new Map<string, number>()
  return {
    begin: attachment.begin.handler(({ input }) => ({ offset: sizes.get(input.attachmentId) ?? 0 })),
    append: attachment.append.handler(({ input }) => {
      const offset = input.offset + atob(input.bytes).length
      sizes.set(input.attachmentId, offset)
      return { offset }
    }),
    finish: attachment.finish.handler(({ input }) => ({ byteLength: sizes.get(input.attachmentId) ?? 1 })),
  }
}

function readinessProceduresOf(answers: StationAnswers, asked: StationStandIn['asked']): Procedures['readiness'] {
  const { readiness } = station
  return {
    view: readiness.view.handler(() => answers.readiness()),
    start: readiness.start.handler((call) => {
      asked.startReadiness.push(call.input)
      return answers.startReadiness(call)
    }),
    print: readiness.print.handler((call) => answers.printReadiness(call)),
    end: readiness.end.handler(({ input }) => {
      asked.endReadiness.push(input)
      return answers.readiness()
    }),
  }
}
