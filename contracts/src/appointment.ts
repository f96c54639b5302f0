import { oc } from '@orpc/contract'
import { z } from 'zod'
import { cardHash, cardIdentifier } from './card.ts'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { hospitalDay, instantMs } from './time.ts'

/** A booking code (预约码): eight random digits and a Damm check digit, written without spaces. */
export const bookingCode = z.string().regex(/^\d{9}$/)

/** Four digits that a patient knows: the last four of the phone, or the birthday as month and day. */
export const secondItem = z.string().regex(/^\d{4}$/)

/** A person's name (姓名) as the hospital writes it, at most 60 UTF-16 units, without control characters. */
export const personName = z
  .string()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]+$/u)

/** The states of a booking (预约); FHIR Appointment.status words. */
export const bookingStates = ['booked', 'arrived', 'cancelled', 'rescheduled'] as const
export type BookingState = (typeof bookingStates)[number]

/** A booking as a station keeps it for today and tomorrow; purged 36 hours after its day. */
export const bookingRow = z.strictObject({
  bookingId: id,
  code: bookingCode,
  state: z.enum(bookingStates),
  siteId: id,
  clinicId: id,
  doctorName: z.string().min(1).max(60),
  patientName: personName,
  phoneLast4: z
    .string()
    .regex(/^\d{4}$/)
    .nullable(),
  birthMonthDay: z
    .string()
    .regex(/^(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/)
    .nullable(),
  /** Bookings of one person share it, so that a scan of one can offer the others of the day. */
  patientKey: id,
  /** The cards and documents by which this person may be found, as keyed hashes; a centre of an earlier release tells none. */
  cardHashes: z.array(cardHash).max(8).default([]),
  slotStart: instantMs,
  slotEnd: instantMs,
  /** The new time, when the state is `rescheduled`. */
  movedTo: instantMs.nullable(),
  version: z.int().min(1),
})
export type BookingRow = z.infer<typeof bookingRow>

/** What a booking channel (desk, phone agent, HIS) sends to create a booking; the centre makes code and id. */
export const newBooking = z.strictObject({
  operationId,
  siteId: id,
  clinicId: id,
  doctorName: personName,
  patientName: personName,
  phone: z
    .string()
    .regex(/^\+?\d{5,15}$/)
    .nullable(),
  birthDate: z.iso.date().nullable(),
  /** Documents and cards of the person; the centre keeps only their keyed hashes with the booking. */
  cards: z.array(cardIdentifier).max(8).optional(),
  slotStart: instantMs,
  slotEnd: instantMs,
})
export type NewBooking = z.infer<typeof newBooking>

/** A created booking with what its message to the patient carries: the code and the text of the QR. */
export const createdBooking = z.strictObject({
  bookingId: id,
  code: bookingCode,
  qr: z.string().max(180),
  version: z.int().min(1),
})
export type CreatedBooking = z.infer<typeof createdBooking>

/** One line of the day board: the booking and, once the patient has come, the arrival. */
export const dayBoardRow = z.strictObject({
  bookingId: id,
  code: bookingCode,
  state: z.enum(bookingStates),
  clinicId: id,
  clinicName: z.string(),
  doctorName: z.string(),
  patientNameMasked: z.string(),
  slotStart: instantMs,
  slotEnd: instantMs,
  arrival: z
    .strictObject({
      queueNumber: z.string(),
      arrivedAt: instantMs,
      standing: z.enum(['on-time', 'late']),
      stationName: z.string(),
    })
    .nullable(),
})
export type DayBoardRow = z.infer<typeof dayBoardRow>

/** One clinic's day in figures; counts of bookings. */
export const clinicDayCount = z.strictObject({
  clinicId: id,
  clinicName: z.string(),
  booked: z.int(),
  arrived: z.int(),
  cancelled: z.int(),
})

/**
 * How the reports of a booking's arrivals can contradict each other, or the booking (签到冲突): checked in at two stations; twice
 * at one; cancelled before the report came, and reinstated; moved before the report came; checked in on another day.
 */
export const conflictKinds = [
  'two-places',
  'two-numbers',
  'cancelled-meanwhile',
  'moved-meanwhile',
  'other-day',
] as const
export type ConflictKind = (typeof conflictKinds)[number]

/** What staff did about a conflict. */
export const conflictSettlements = ['told-patient', 'rebooked', 'nothing-needed'] as const
export type ConflictSettlement = (typeof conflictSettlements)[number]

/** One conflict as staff see it, with every number that the patient may hold. */
export const conflictRow = z.strictObject({
  bookingId: id,
  kind: z.enum(conflictKinds),
  version: z.int().min(1),
  /** Empty, with a null slot, when the centre does not know the booking: only its signed QR vouched for it. */
  patientNameMasked: z.string(),
  clinicName: localText.nullable(),
  slotStart: instantMs.nullable(),
  movedTo: instantMs.nullable(),
  /** The earliest first. */
  arrivals: z.array(
    z.strictObject({
      queueNumber: z.string(),
      arrivedAt: instantMs,
      stationName: localText,
      /** True for the number that is called; the others are aliases of the same place in line. */
      counts: z.boolean(),
      /** True when it belongs to the booking that this one was moved to: two numbers are live. */
      ofMoved: z.boolean(),
    }),
  ),
  noticedAt: instantMs,
  settled: z.strictObject({ at: instantMs, byName: z.string(), settlement: z.enum(conflictSettlements) }).nullable(),
})
export type ConflictRow = z.infer<typeof conflictRow>

/** The bookings API of the centre: for admin-web over RPC, for integrators under `/api/v1`. */
export const appointmentContract = {
  create: oc
    .route({ method: 'POST', path: '/bookings', summary: 'Create a booking', tags: ['booking'] })
    .errors({
      'clinic-unknown': { status: 404, message: 'No such clinic at this site' },
      'slot-invalid': { status: 422, message: 'The slot must end after it starts' },
      'second-item-missing': {
        status: 422,
        message: 'A phone or a birth date is needed to check in with a typed code',
      },
      'id-number-invalid': { status: 422, message: 'The check digit of the ID number does not fit' },
    })
    .input(newBooking)
    .output(createdBooking),
  cancel: oc
    .route({ method: 'POST', path: '/bookings/{bookingId}/cancel', summary: 'Cancel a booking', tags: ['booking'] })
    .errors({
      'booking-unknown': { status: 404, message: 'No such booking' },
      'booking-arrived': { status: 409, message: 'The patient has already checked in' },
    })
    .input(z.strictObject({ bookingId: id, operationId }))
    .output(z.strictObject({ version: z.int() })),
  reschedule: oc
    .route({
      method: 'POST',
      path: '/bookings/{bookingId}/reschedule',
      summary: 'Move a booking to another time',
      tags: ['booking'],
    })
    .errors({
      'booking-unknown': { status: 404, message: 'No such booking' },
      'booking-arrived': { status: 409, message: 'The patient has already checked in' },
      'slot-invalid': { status: 422, message: 'The slot must end after it starts, and not be the one it already has' },
    })
    .input(z.strictObject({ bookingId: id, operationId, slotStart: instantMs, slotEnd: instantMs }))
    .output(createdBooking),
  day: oc
    .route({
      method: 'GET',
      path: '/bookings/day',
      summary: 'The bookings of a day with their arrivals',
      tags: ['booking'],
    })
    .input(
      z.strictObject({
        /** Left out: today in the hospital's zone. */
        day: hospitalDay.optional(),
        clinicId: id.optional(),
        state: z.enum(bookingStates).optional(),
      }),
    )
    .output(
      z.strictObject({
        day: hospitalDay,
        zone: z.string(),
        rows: z.array(dayBoardRow),
        clinics: z.array(clinicDayCount),
        asOf: instantMs,
      }),
    ),
  conflicts: oc
    .route({
      method: 'GET',
      path: '/bookings/conflicts',
      summary: 'Arrivals that contradict each other or their booking: all that are open, and those settled today',
      tags: ['booking'],
    })
    .output(z.strictObject({ rows: z.array(conflictRow), asOf: instantMs })),
  settleConflict: oc
    .route({
      method: 'POST',
      path: '/bookings/{bookingId}/conflicts/{kind}/settle',
      summary: 'Note what was done about a conflict',
      tags: ['booking'],
    })
    .errors({
      'conflict-unknown': { status: 404, message: 'No such conflict' },
      'conflict-changed': { status: 409, message: 'It has changed or was settled since it was read; look again' },
    })
    .input(
      z.strictObject({
        bookingId: id,
        kind: z.enum(conflictKinds),
        version: z.int().min(1),
        settlement: z.enum(conflictSettlements),
        operationId,
      }),
    )
    .output(z.strictObject({ settledAt: instantMs })),
}

/** The public key that signs booking QRs, as SPKI base64, with the id that a QR names it by. */
export const qrKey = z.strictObject({ keyId: z.string().regex(/^[0-9A-Z]{2}$/), publicKey: z.string().max(200) })
export type QrKey = z.infer<typeof qrKey>
