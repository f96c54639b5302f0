/** A queue number from a leased block: `A037`, four digits from 1000 on. */
export function leasedQueueNumber(letter: string, number: number): string {
  return `${letter}${String(number).padStart(3, '0')}`
}

/** A queue number of the fallback series, given out when no leased number is left: `A-K07` at station K. */
export function fallbackQueueNumber(letter: string, stationLetter: string, number: number): string {
  return `${letter}-${stationLetter}${String(number).padStart(2, '0')}`
}

/**
 * The range of minutes that a patient with so many people before them may expect to wait: from a third less to a half
 * more than the plain product, in steps of five minutes, because a kiosk must not promise a minute.
 */
export function waitEstimate(peopleAhead: number, minutesPerPatient: number): { fromMin: number; toMin: number } {
  const middle = peopleAhead * minutesPerPatient
  const fromMin = Math.floor((middle * 2) / 3 / 5) * 5
  return { fromMin, toMin: Math.max(fromMin + 5, Math.ceil((middle * 3) / 2 / 5) * 5) }
}
