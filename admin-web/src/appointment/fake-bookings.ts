import type { DayBoardRow } from '@yizhan/contracts/appointment'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

function bookingRow(now: number, n: number, part: Partial<DayBoardRow>): DayBoardRow {
  const slotStart = now + (n - 3) * 10 * minuteMs
  return {
    bookingId: uuid(100 + n),
    code: `12345678${n}`,
    state: 'booked',
    clinicId: uuid(10),
    clinicName: '心内科门诊',
    doctorName: '演示医生甲',
    patientNameMasked: '王*明',
    slotStart,
    slotEnd: slotStart + 10 * minuteMs,
    arrival: null,
    ...part,
  }
}

/** A day with one booking in every state. */
export function fakeBookings(now: number): DayBoardRow[] {
  return [
    bookingRow(now, 1, {
      state: 'arrived',
      patientNameMasked: '李*',
      arrival: { queueNumber: 'A037', arrivedAt: now - 25 * minuteMs, standing: 'on-time', stationName: '大厅 K' },
    }),
    bookingRow(now, 2, {
      state: 'arrived',
      patientNameMasked: '欧阳*华',
      arrival: { queueNumber: 'A038', arrivedAt: now - 5 * minuteMs, standing: 'late', stationName: '大厅 K' },
    }),
    bookingRow(now, 3, { patientNameMasked: '王*明' }),
    bookingRow(now, 4, { state: 'cancelled', patientNameMasked: '赵*' }),
    bookingRow(now, 5, {
      state: 'rescheduled',
      patientNameMasked: '阿***·买**',
      clinicId: uuid(11),
      clinicName: '儿科门诊',
      doctorName: '演示医生乙',
    }),
  ]
}

/** The day board of these bookings; other days are empty. */
export function fakeDay({ bookings, now }: { bookings: readonly DayBoardRow[]; now: number }, day = '2026-11-22') {
  const rows = day === '2026-11-22' ? bookings : []
  const clinicIds = [...new Set(rows.map(({ clinicId }) => clinicId))]
  const clinics = clinicIds.map((clinicId) => {
    const own = rows.filter((row) => row.clinicId === clinicId)
    const count = (state: DayBoardRow['state']) => own.filter((row) => row.state === state).length
    return {
      clinicId,
      clinicName: own[0]?.clinicName ?? '',
      booked: count('booked'),
      arrived: count('arrived'),
      cancelled: count('cancelled'),
    }
  })
  return { day, zone: 'Asia/Shanghai', rows: [...rows], clinics, asOf: now }
}
