import type { IdentifiedAppointment } from '@yizhan/contracts/check-in'
import type { Words } from '../catalogue/words.ts'
import type { CardRefusal, CheckInRefusal } from './check-in-step.ts'

/** What a refusal screen says: what happened, what was not done, what to do now. */
export interface RefusalWords {
  title: string
  notDone: string
  now: string
  more?: string
}

/** Fewer tries than this are worth a warning; more would only frighten. */
const fewTries = 2

/** A shorter wait is over before its seconds are read. */
const countedFromMs = 10_000

/** The words of a refusal that is not about the appointment's time or state. */
export function refusalWords(
  refusal: Exclude<CheckInRefusal, CardRefusal>,
  words: Words,
  helpDesk: string,
  nowMs: number,
): RefusalWords {
  const desk = { desk: helpDesk }
  const notDone = words.say('refused.not-checked-in')
  switch (refusal.why) {
    case 'not-found': {
      const key = refusal.centreReachable ? 'not-found' : 'not-found-offline'
      const found = { title: words.say(`${key}.title`), notDone, now: words.say(`${key}.now`, desk) }
      return refusal.triesLeft > 0 && refusal.triesLeft <= fewTries
        ? { ...found, more: words.say('not-found.tries', { n: refusal.triesLeft }) }
        : found
    }
    case 'too-many-tries': {
      const leftMs = refusal.untilMs - nowMs
      if (leftMs <= 0) {
        return { title: words.say('too-many-tries.over'), notDone, now: words.say('too-many-tries.now-over') }
      }
      const clock = leftMs < countedFromMs ? words.say('too-many-tries.soon') : minutesAndSeconds(leftMs)
      const now = words.say('too-many-tries.now', { clock, ...desk })
      return { title: words.say('too-many-tries.title'), notDone, now }
    }
    case 'scan-refused': {
      const key = `scan-${refusal.refusal}` as const
      return { title: words.say(`${key}.title`), notDone, now: words.say(`${key}.now`) }
    }
    case 'outcome-unknown':
      return {
        title: words.say('outcome-unknown.title'),
        notDone: words.say('outcome-unknown.not-done'),
        now: words.say('outcome-unknown.now'),
      }
    case 'scan-forged':
    case 'scan-gone':
    case 'station-unreachable':
    case 'out-of-service':
    case 'storage-full':
    case 'session-over':
      return { title: words.say(`${refusal.why}.title`), notDone, now: words.say(`${refusal.why}.now`, desk) }
  }
}

/** The words for an appointment that cannot be checked in here and now. */
export function notNowWords(appointment: IdentifiedAppointment, words: Words, helpDesk: string): RefusalWords {
  const { standing, at, slotStart, siteName } = appointment
  const values = {
    desk: helpDesk,
    site: words.local(siteName),
    day: words.day(standing === 'rescheduled' && at !== null ? at : slotStart),
    at: words.clock(at ?? slotStart),
  }
  const key = standing === 'rescheduled' && at === null ? 'rescheduled-unknown' : notNowKey(standing)
  return {
    title: words.say(`${key}.title`, values),
    notDone: words.say('refused.not-checked-in'),
    now: words.say(`${key}.now`, values),
  }
}

function notNowKey(standing: IdentifiedAppointment['standing']) {
  switch (standing) {
    case 'too-early':
    case 'closed':
    case 'other-day':
    case 'other-site':
    case 'cancelled':
    case 'rescheduled':
      return standing
    case 'on-time':
    case 'late':
    case 'checked-in':
      throw new RangeError(`${standing} is no refusal`)
  }
}

function minutesAndSeconds(durationMs: number): string {
  const seconds = Math.ceil(durationMs / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
