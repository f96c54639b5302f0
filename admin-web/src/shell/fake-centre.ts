import { ORPCError } from '@orpc/client'
import type { OwnAccount, WhoAmI } from '@yizhan/contracts/access'
import type { AccountRow } from '@yizhan/contracts/account'
import type { ConflictRow, CreatedBooking, DayBoardRow } from '@yizhan/contracts/appointment'
import type { AuditFinding } from '@yizhan/contracts/audit'
import type { CentrePushName } from '@yizhan/contracts/centre'
import type { SlipRow, StationRow } from '@yizhan/contracts/fleet'
import { fakeAccess, fakeOwnAccount } from '../access/fake-own-account.ts'
import { fakeAdministrator } from '../access/fake-staff.ts'
import type { SignInPort } from '../access/sign-in-port.ts'
import { createStepUpDesk, repeatedAfterProof, type StepUpDesk } from '../access/step-up-desk.ts'
import { fakeBookings, fakeDay } from '../appointment/fake-bookings.ts'
import { fakeAudit } from '../audit/fake-audit.ts'
import { fakeCustomers } from '../customer/fake-customers.ts'
import { fakeAlarm, fakeReadiness } from '../fleet/fake-device-history.ts'
import { fakeFleet } from '../fleet/fake-fleet.ts'
import { fakeAccounts, fakePeople } from '../organisation/fake-organisation.ts'
import { approveFake, findFake } from '../pairing/fake-pairings.ts'
import { fakeSlips } from '../printing/fake-slips.ts'
import { findFakeReceipt } from '../receipt/fake-receipts.ts'
import { type FakeTasks, fakeTaskCalls, fakeTasks } from '../todo/fake-tasks.ts'
import type { AdminServices, CentreClient, LivePort } from './admin-services.ts'
import { fakeStructure } from './fake-structure.ts'

/** 2026-11-22, a Sunday, 14:05 in Shanghai. */
export const fakeNow = Date.parse('2026-11-22T06:05:00Z')
const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

/** The refusal of a contract, as the real client throws it. */
export function refused(code: string, status: number, data?: unknown): ORPCError<string, unknown> {
  return new ORPCError<string, unknown>(code, { status, defined: true, data })
}

/** The access calls name who is not let in; all others answer in the protocol's own words, as the centre does. */
function refusedCaller(who: 'not-signed-in' | 'no-membership', call: string): ORPCError<string, unknown> {
  const status = who === 'not-signed-in' ? 401 : 403
  if (call.startsWith('access.')) return refused(who, status)
  return refused(status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN', status)
}

function stationRow(letter: string, part: Partial<StationRow>): StationRow {
  return {
    stationId: uuid(200 + letter.charCodeAt(0)),
    name: { 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` },
    siteName: { 'zh-CN': '主院区', en: 'Main site' },
    letter,
    link: 'online',
    usability: 'usable',
    lastReportAt: fakeNow - 4_000,
    appVersion: '0.1.0',
    devices: [
      { deviceId: 'printer-1', kind: 'printer', phase: 'ready', reasons: [], since: fakeNow - minuteMs, seq: 1 },
      { deviceId: 'scanner-1', kind: 'scanner', phase: 'ready', reasons: [], since: fakeNow - minuteMs, seq: 1 },
    ],
    outboxDepth: 0,
    oldestUnsentAt: null,
    undecidedPrints: 0,
    failedPrints: 0,
    diskFreeBytes: 41_200_000_000,
    readiness: null,
    parkedEvents: 0,
    alarms: [],
    standing: [],
    keyFingerprint: 'SHA256:9f2c 77aa 01d4 c3be',
    keySince: fakeNow - 30 * 24 * 60 * minuteMs,
    replaces: null,
    replacedBy: null,
    wipe: null,
    ...part,
  }
}

/** A fleet with a sound station, one in trouble, one away, one never seen. */
export const fakeStations: readonly StationRow[] = [
  stationRow('K', {}),
  stationRow('L', {
    usability: 'degraded',
    undecidedPrints: 1,
    failedPrints: 2,
    devices: [
      {
        deviceId: 'printer-1',
        kind: 'printer',
        phase: 'fault',
        reasons: ['paper-out', 'cover-open'],
        since: fakeNow - 9 * minuteMs,
        seq: 4,
      },
      { deviceId: 'scanner-1', kind: 'scanner', phase: 'degraded', reasons: ['mute'], since: fakeNow, seq: 2 },
    ],
    readiness: fakeReadiness(fakeNow),
    alarms: [fakeAlarm(fakeNow)],
  }),
  stationRow('M', {
    link: 'offline',
    usability: 'unknown',
    lastReportAt: fakeNow - 135 * minuteMs,
    outboxDepth: 12,
    oldestUnsentAt: fakeNow - 130 * minuteMs,
    parkedEvents: 2,
    standing: [
      { kind: 'long-silence', since: fakeNow - 135 * minuteMs, openMinutes: 135 },
      { kind: 'events-set-aside', since: fakeNow - 49 * minuteMs, parked: 1, failed: 1 },
    ],
  }),
  stationRow('N', {
    link: 'never-seen',
    usability: 'unknown',
    lastReportAt: null,
    appVersion: null,
    devices: [],
    outboxDepth: null,
    undecidedPrints: null,
    failedPrints: null,
    diskFreeBytes: null,
  }),
]

/** A centre in the page's own memory: tests set what it holds and read what it was asked. */
export interface FakeCentre {
  services: AdminServices
  who: WhoAmI | 'not-signed-in' | 'no-membership'
  bookings: DayBoardRow[]
  conflicts: ConflictRow[]
  stations: StationRow[]
  slips: SlipRow[]
  accounts: AccountRow[]
  own: OwnAccount
  /** The hospital that was picked in the header. */
  chosenHospital: string | null
  auditFindings: AuditFinding[]
  tasks: FakeTasks
  reachable: boolean
  now: number
  asked: { call: string; input: unknown }[]
  answers: Partial<SignInPort>
  refuseNext: ORPCError<string, unknown> | null
  ring(name: CentrePushName): void
  setLive(connected: boolean): void
}

/** A centre with the demo day and fleet, somebody signed in, and its doorbell connected. */
export function createFakeCentre(): FakeCentre {
  type Listener = Parameters<LivePort['start']>[0]
  const listeners = new Set<Listener>()
  const stepUp = createStepUpDesk()
  const centre: FakeCentre = {
    who: fakeAdministrator,
    bookings: fakeBookings(fakeNow),
    conflicts: [],
    stations: [...fakeStations],
    slips: fakeSlips(fakeNow),
    accounts: [...fakeAccounts],
    own: fakeOwnAccount(fakeNow),
    chosenHospital: null,
    auditFindings: [],
    tasks: fakeTasks(fakeNow),
    reachable: true,
    now: fakeNow,
    asked: [],
    answers: {},
    refuseNext: null,
    ring: (name) => {
      for (const listener of listeners) listener.onPush(name)
    },
    setLive: (connected) => {
      for (const listener of listeners) listener.onState(connected)
    },
    services: {
      client: fakeClient(() => centre, stepUp),
      signIn: fakeSignIn(() => centre),
      live: {
        start(listener) {
          listeners.add(listener)
          queueMicrotask(() => listener.onState(true))
          return {
            async stop() {
              listeners.delete(listener)
            },
          }
        },
      },
      stepUp,
      hospital: {
        chosen: () => centre.chosenHospital,
        choose: (tenantId) => {
          centre.chosenHospital = tenantId
        },
      },
      clock: () => centre.now,
    },
  }
  return centre
}

const created: CreatedBooking = { bookingId: uuid(300), code: '987654320', qr: `YZ1A1${'Z'.repeat(170)}`, version: 1 }

function noAttachment(): never {
  throw refused('attachment-unknown', 404)
}

/** What a call of the centre answers from memory, unless the test wants it refused; and once more after a proof, as the console does. */
function answeringFrom(centreNow: () => FakeCentre, stepUp: StepUpDesk) {
  const once =
    <Input, Output>(call: string, answer: (centre: FakeCentre, input: Input | undefined) => Output) =>
    async (input?: Input, ..._rest: unknown[]): Promise<Output> => {
      const centre = centreNow()
      centre.asked.push({ call, input })
      if (!centre.reachable) throw new TypeError('Failed to fetch')
      if (typeof centre.who === 'string') throw refusedCaller(centre.who, call)
      const { refuseNext } = centre
      if (refuseNext !== null && !['access.whoAmI', 'access.ownAccount'].includes(call)) {
        centre.refuseNext = null
        throw refuseNext
      }
      return answer(centre, input)
    }
  const answering: typeof once = (call, answer) => {
    const asked = once(call, answer)
    return (input) => repeatedAfterProof(stepUp, () => asked(input))
  }
  return answering
}

function fakeClient(centreNow: () => FakeCentre, stepUp: StepUpDesk): CentreClient {
  const answering = answeringFrom(centreNow, stepUp)
  return {
    ...fakeAccess(answering),
    ...fakePeople(answering),
    ...fakeCustomers(answering),
    ...fakeTaskCalls(answering),
    appointment: {
      day: answering('appointment.day', (centre, input: { day?: string | undefined } | undefined) =>
        fakeDay(centre, input?.day),
      ),
      create: answering('appointment.create', () => created),
      cancel: answering('appointment.cancel', () => ({ version: 2 })),
      reschedule: answering('appointment.reschedule', () => created),
      conflicts: answering('appointment.conflicts', ({ conflicts, now }) => ({ rows: [...conflicts], asOf: now })),
      settleConflict: answering('appointment.settleConflict', ({ now }) => ({ settledAt: now })),
    },
    attachment: { read: answering('attachment.read', noAttachment) },
    audit: fakeAudit(answering),
    fleet: fakeFleet(answering, fakeStations[1]?.stationId),
    pairing: {
      find: answering('pairing.find', ({ now }, input: { code: string } | undefined) => findFake(now, input?.code)),
      approve: answering('pairing.approve', ({ now }) => approveFake(now)),
      refuse: answering('pairing.refuse', ({ now }) => ({ refusedAt: now })),
    },
    receipt: {
      find: answering('receipt.find', ({ now }, input: { receiptNumber: string } | undefined) =>
        findFakeReceipt(now, input?.receiptNumber),
      ),
    },
    tenant: { structure: answering('tenant.structure', () => fakeStructure(fakeAdministrator.hospitalName)) },
  }
}

function fakeSignIn(centreNow: () => FakeCentre): SignInPort {
  const reached = () => {
    const centre = centreNow()
    if (!centre.reachable) throw new TypeError('Failed to fetch')
    return centre
  }
  return {
    async withPassword(email, password) {
      const centre = reached()
      centre.asked.push({ call: 'withPassword', input: { email, password } })
      return (await centre.answers.withPassword?.(email, password)) ?? { kind: 'wrong' }
    },
    withCode: async (code) => (await reached().answers.withCode?.(code)) ?? { kind: 'wrong' },
    withRecoveryCode: async (code) => (await reached().answers.withRecoveryCode?.(code)) ?? { kind: 'wrong' },
    passkeysAble: true,
    withPasskey: async () => (await reached().answers.withPasskey?.()) ?? 'away',
    proveWithCode: async (code) => (await reached().answers.proveWithCode?.(code)) ?? { kind: 'wrong' },
    proveWithPasskey: async () => (await reached().answers.proveWithPasskey?.()) ?? 'away',
    addPasskey: async (name, password) => (await reached().answers.addPasskey?.(name, password)) ?? 'away',
    renewRecoveryCodes: async (password) => (await reached().answers.renewRecoveryCodes?.(password)) ?? null,
    startSecondFactor: async (password) => (await reached().answers.startSecondFactor?.(password)) ?? null,
    async signOut() {
      reached().who = 'not-signed-in'
    },
  }
}
