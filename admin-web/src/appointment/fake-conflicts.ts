import type { ConflictRow } from '@yizhan/contracts/appointment'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
const cardiology = { 'zh-CN': '心内科门诊', en: 'Cardiology' }
const stationName = (letter: string) => ({ 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` })

/** One conflict of every kind, and one that was settled in the morning. */
export function fakeConflicts(now: number): ConflictRow[] {
  const arrival = (queueNumber: string, letter: string, minutesAgo: number) => ({
    queueNumber,
    arrivedAt: now - minutesAgo * minuteMs,
    stationName: stationName(letter),
    counts: true,
    ofMoved: false,
  })
  const row = (n: number, part: Pick<ConflictRow, 'kind' | 'arrivals'> & Partial<ConflictRow>): ConflictRow => ({
    bookingId: uuid(100 + n),
    version: 1,
    patientNameMasked: '李*',
    clinicName: cardiology,
    slotStart: now + n * 10 * minuteMs,
    movedTo: null,
    noticedAt: now - n * minuteMs,
    settled: null,
    ...part,
  })
  const twoPlaces = [arrival('A037', 'K', 25), { ...arrival('A-M01', 'M', 20), counts: false }]
  return [
    row(1, { kind: 'two-places', arrivals: twoPlaces }),
    row(2, { kind: 'cancelled-meanwhile', patientNameMasked: '赵*', arrivals: [arrival('A041', 'M', 12)] }),
    row(3, {
      kind: 'moved-meanwhile',
      patientNameMasked: '欧阳*华',
      movedTo: now + 90 * minuteMs,
      arrivals: [arrival('A042', 'M', 9), { ...arrival('A043', 'K', 3), ofMoved: true }],
    }),
    row(4, {
      kind: 'two-numbers',
      patientNameMasked: '王*明',
      arrivals: twoPlaces,
      settled: { at: now - 180 * minuteMs, byName: '演示导诊员', settlement: 'told-patient' },
    }),
  ]
}
