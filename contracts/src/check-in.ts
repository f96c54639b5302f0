import { oc } from '@orpc/contract'
import { z } from 'zod'
import { bookingCode, secondItem } from './appointment.ts'
import { id, operationId } from './id.ts'
import { locales, localText } from './local-text.ts'
import { printJobView } from './printing.ts'
import { queueNumber } from './queue.ts'
import { instantMs } from './time.ts'

/** A patient's session at one screen; the page makes it, forgets it, and a scan or card always starts a new one. */
export const sessionId = z.uuid()

/** How the patient said who they are. What was scanned or read never passes through the page: only its handle does. */
export const credential = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('typed'), code: bookingCode, secondItem }),
  z.strictObject({ kind: z.literal('scanned'), scanId: id }),
  z.strictObject({ kind: z.literal('card'), cardId: id }),
])
export type Credential = z.infer<typeof credential>

/** Whether a booking can be checked in now, and if not, why. Every value has its own words on the screen. */
export const standings = [
  'on-time',
  'late',
  'too-early',
  'closed',
  'other-day',
  'other-site',
  'cancelled',
  'rescheduled',
  'checked-in',
] as const
export type Standing = (typeof standings)[number]

/** The standings in which the patient may tap "check in". */
export const openStandings = ['on-time', 'late'] as const satisfies readonly Standing[]
export type OpenStanding = (typeof openStandings)[number]

/** One appointment as the confirm screen shows it: masked name, nothing else of the person. */
export const identifiedAppointment = z.strictObject({
  bookingId: id,
  /** Empty when only a signed QR vouches for the booking (centre unreachable and booking not yet known here). */
  maskedName: z.string().max(60),
  clinicName: localText,
  place: localText,
  siteName: localText,
  doctorName: z.string().max(60),
  slotStart: instantMs,
  slotEnd: instantMs,
  standing: z.enum(standings),
  /** `too-early`: when check-in opens. `rescheduled`: the new time. `checked-in`: when that was. */
  at: instantMs.nullable(),
  /** `checked-in`: the number that was given. */
  queueNumber: queueNumber.nullable(),
})
export type IdentifiedAppointment = z.infer<typeof identifiedAppointment>

/** A check-in (签到) that is durable: what the ticket screen and the slip say. */
export const checkInTicket = z.strictObject({
  bookingId: id,
  queueNumber,
  standing: z.enum(openStandings),
  clinicName: localText,
  place: localText,
  doctorName: z.string().max(60),
  slotStart: instantMs,
  checkedInAt: instantMs,
  /** True when this booking had been checked in before: same number, nothing printed by this call. */
  already: z.boolean(),
  /** How many wait before this number at this station's knowledge, and when that was true. */
  ahead: z.strictObject({ count: z.int().min(0), asOf: instantMs, fromMin: z.int(), toMin: z.int() }).nullable(),
  print: printJobView.nullable(),
  /** Reprints (补打) still possible at this kiosk. */
  reprintsLeft: z.int().min(0),
})
export type CheckInTicket = z.infer<typeof checkInTicket>

/** The station takes nobody now: the mains have failed, or the centre has revoked it. */
const outOfService = { status: 503, message: 'Nothing was recorded; go to the desk' } as const
/** There is too little room on the station's disk (存储空间不足) to begin with anybody, or it refused the write itself. */
const storageFull = { status: 503, message: 'The disk is full and nothing was recorded; go to the desk' } as const
const sessionOver = { status: 410, message: 'This session is over; start again' } as const

/** What a scanner in keyboard mode (键盘口) may type: printable ASCII, as our own codes are; longer is no code of ours. */
const typedScan = z.string().regex(/^[ -~]{1,512}$/)

/** The check-in calls of a station, for its own screen only. */
export const checkInContract = {
  /**
   * A code that a scanner without a serial line typed into the page. The page keeps nothing of it: the station takes it like
   * a scan of its own and answers with the push `scan-received`.
   */
  scanned: oc
    .errors({
      'scanner-elsewhere': { status: 409, message: 'This station has a scanner of its own; what is typed is no scan' },
      'scan-unreadable': { status: 422, message: 'The scanned code is not a booking code' },
    })
    .input(z.strictObject({ text: typedScan }))
    .output(z.strictObject({ taken: z.literal(true) })),
  identify: oc
    .errors({
      'booking-code-mistyped': { status: 422, message: 'The check digit does not fit; nothing was searched' },
      /** Unknown code and wrong second item alike, so that neither can be guessed apart. */
      'booking-unknown': {
        status: 404,
        message: 'No booking fits what was given',
        data: z.strictObject({ centreReachable: z.boolean(), triesLeft: z.int().min(0) }),
      },
      'too-many-tries': {
        status: 429,
        message: 'Wait before trying again',
        data: z.strictObject({ retryAfterMs: z.int().min(0) }),
      },
      'scan-unreadable': { status: 422, message: 'The scanned code is not a booking code' },
      'booking-qr-forged': { status: 422, message: 'The signature of the scanned code does not fit' },
      'scan-gone': { status: 410, message: 'The scan is too old; scan again' },
      'card-gone': { status: 410, message: 'The card was read too long ago; put it in again' },
      /** A medical-insurance e-voucher (医保电子凭证) can only be decoded by the hospital's middleware, which did not answer. */
      'decoder-unreachable': { status: 503, message: 'This kind of code cannot be read now; use another way' },
      'out-of-service': outOfService,
      'storage-full': storageFull,
    })
    .input(z.strictObject({ sessionId, credential }))
    .output(z.strictObject({ appointments: z.array(identifiedAppointment).min(1).max(20) })),
  commit: oc
    .errors({
      'session-over': sessionOver,
      'check-in-closed': {
        status: 409,
        message: 'This booking cannot be checked in now',
        data: z.strictObject({ appointment: identifiedAppointment }),
      },
      'out-of-service': outOfService,
      'storage-full': storageFull,
    })
    .input(z.strictObject({ sessionId, bookingId: id, operationId, locale: z.enum(locales) }))
    .output(checkInTicket),
  /** The same ticket again, marked as a reprint; also the way to get paper after a failed print. */
  reprint: oc
    .errors({
      'session-over': sessionOver,
      'reprints-spent': { status: 409, message: 'No more reprints here; go to the desk' },
      'print-undecided': { status: 409, message: 'The last print is not decided yet' },
      'storage-full': storageFull,
    })
    .input(z.strictObject({ sessionId, bookingId: id, operationId }))
    .output(checkInTicket),
  /** The patient's answer to "did your ticket come out?", which settles a held job. */
  settlePrint: oc
    .errors({
      'session-over': sessionOver,
      'print-job-unknown': { status: 404, message: 'No such print job in this session' },
      'storage-full': storageFull,
    })
    .input(z.strictObject({ sessionId, jobId: id, cameOut: z.boolean(), operationId }))
    .output(checkInTicket),
  /** Forgets everything that the station holds for the session. */
  end: oc.input(z.strictObject({ sessionId })).output(z.strictObject({ ended: z.literal(true) })),
}
