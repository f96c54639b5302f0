import type { Credential, IdentifiedAppointment } from '@yizhan/contracts/check-in'
import type { CheckInStep, PatientSession } from './check-in-step.ts'

interface Identity {
  readonly session: PatientSession
  readonly credential: Credential
}

/** The step after the station knows the patient: straight to the only appointment, or to the choice of several. */
export function afterIdentified(
  { session: unnamed, credential }: Identity,
  found: readonly IdentifiedAppointment[],
  operationId: string,
): CheckInStep {
  const session = { ...unnamed, identified: true } as const
  const appointments = nearestFirst(found)
  const [first] = appointments
  if (first !== undefined && appointments.length === 1) {
    return byStanding({ session, credential }, appointments, first, operationId)
  }
  return { kind: 'choosing', session, credential, appointments, firstShown: 0 }
}

/** The step that an appointment's standing leads to: to confirm it, to see its number again, or why not now. */
export function byStanding(
  { session, credential }: Identity,
  appointments: readonly IdentifiedAppointment[],
  appointment: IdentifiedAppointment,
  operationId: string,
): CheckInStep {
  switch (appointment.standing) {
    case 'on-time':
    case 'late':
      return { kind: 'confirming', session, credential, appointments, appointment, operationId }
    case 'checked-in':
      return { kind: 'already-checked-in', session, appointment, request: null, problem: null }
    case 'too-early':
    case 'closed':
    case 'other-day':
    case 'other-site':
    case 'cancelled':
    case 'rescheduled':
      return { kind: 'not-now', session, credential, appointments, appointment }
  }
}

/** Those that can be checked in now come first, each group by its time. */
function nearestFirst(found: readonly IdentifiedAppointment[]): readonly IdentifiedAppointment[] {
  const rank = (one: IdentifiedAppointment) => (one.standing === 'on-time' || one.standing === 'late' ? 0 : 1)
  return found.toSorted((a, b) => rank(a) - rank(b) || a.slotStart - b.slotStart)
}
