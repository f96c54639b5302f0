/** What an indicator (指示灯) can show, besides nothing. */
export const indicatorSignals = ['ready', 'error', 'call'] as const
export type IndicatorSignal = (typeof indicatorSignals)[number]

/** The bytes that switch one channel of a relay board. */
export interface RelayChannel {
  on: readonly number[]
  off: readonly number[]
}

/** A relay board and what hangs on it, as data: its channels, and which of them are on for each signal. */
export interface IndicatorProfile {
  channels: readonly RelayChannel[]
  /** Indexes into `channels`. */
  lamps: Readonly<Record<IndicatorSignal, readonly number[]>>
}

/**
 * The boards that can be configured. `lcus-1` and `lcus-4` are the common USB relays with a CH340 chip (LC Technology's
 * "LC USB switch communication protocol", in the sellers' data sheets: 9600 baud; A0, channel from 01, 01 on or 00 off, the sum
 * of the three; no answer). The single lamp of `lcus-1` is lit to call staff, for an error too.
 */
export const indicatorProfiles = {
  'lcus-1': {
    channels: [{ on: [0xa0, 0x01, 0x01, 0xa2], off: [0xa0, 0x01, 0x00, 0xa1] }],
    lamps: { ready: [], error: [0], call: [0] },
  },
  'lcus-4': {
    channels: [
      { on: [0xa0, 0x01, 0x01, 0xa2], off: [0xa0, 0x01, 0x00, 0xa1] },
      { on: [0xa0, 0x02, 0x01, 0xa3], off: [0xa0, 0x02, 0x00, 0xa2] },
      { on: [0xa0, 0x03, 0x01, 0xa4], off: [0xa0, 0x03, 0x00, 0xa3] },
      { on: [0xa0, 0x04, 0x01, 0xa5], off: [0xa0, 0x04, 0x00, 0xa4] },
    ],
    lamps: { ready: [0], error: [1], call: [2] },
  },
} as const satisfies Record<string, IndicatorProfile>

/** The name of an indicator profile, as it stands in a station's configuration. */
export type IndicatorProfileName = keyof typeof indicatorProfiles

/** The bytes that bring the whole board to a signal: first everything off that must be, then on; so never two signals at once. */
export function bytesToShow(profile: IndicatorProfile, signal: IndicatorSignal | 'off'): Uint8Array {
  const lit: readonly number[] = signal === 'off' ? [] : profile.lamps[signal]
  const off = profile.channels.flatMap((channel, at) => (lit.includes(at) ? [] : channel.off))
  const on = profile.channels.flatMap((channel, at) => (lit.includes(at) ? channel.on : []))
  return Uint8Array.from([...off, ...on])
}
