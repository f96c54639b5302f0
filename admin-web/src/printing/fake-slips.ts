import type { SlipRow } from '@yizhan/contracts/fleet'

const minuteMs = 60_000
const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`

function slipRow(now: number, n: number, part: Partial<SlipRow>): SlipRow {
  return {
    jobId: uuid(400 + n),
    stationId: uuid(200 + 'K'.charCodeAt(0)),
    stationName: { 'zh-CN': '大厅 K', en: 'Lobby K' },
    bookingId: uuid(100 + n),
    patientNameMasked: '王*明',
    queueNumber: `A0${40 + n}`,
    state: 'held',
    reason: null,
    copy: 1,
    since: now - n * minuteMs,
    decision: null,
    ...part,
  }
}

/** One slip of every kind: of unknown outcome, waiting, without paper, decided about at a station that is away. */
export function fakeSlips(now: number): SlipRow[] {
  return [
    slipRow(now, 4, { state: 'failed', patientNameMasked: '赵*', copy: 2 }),
    slipRow(now, 1, { reason: 'link-lost', patientNameMasked: '李*' }),
    slipRow(now, 2, {
      state: 'queued',
      reason: 'paper-out',
      stationId: uuid(200 + 'L'.charCodeAt(0)),
      stationName: { 'zh-CN': '大厅 L', en: 'Lobby L' },
    }),
    slipRow(now, 3, {
      decision: 'came-out',
      patientNameMasked: '欧阳*华',
      stationId: uuid(200 + 'M'.charCodeAt(0)),
      stationName: { 'zh-CN': '大厅 M', en: 'Lobby M' },
    }),
  ]
}
