import {
  type IndicatorProfile,
  type IndicatorProfileName,
  type IndicatorSignal,
  indicatorProfiles,
  indicatorSignals,
} from '../indicator/indicator-profile.ts'
import type { ControlVerbs } from './control-port.ts'
import type { PtyPair } from './pty-pair.ts'
import { SimJournal } from './sim-journal.ts'
import { SimWire } from './sim-wire.ts'

/** What a simulated relay board shows: its channels, and the signal that they are when they are exactly one. */
export interface SimIndicatorState {
  channels: boolean[]
  signal: IndicatorSignal | 'off' | null
}

/** A simulated relay board with lamps on a serial line. It never answers, as the real ones do not. */
export interface SimIndicator {
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  state(): SimIndicatorState & ReturnType<SimWire['faults']>
  journal(): readonly object[]
  stop(): Promise<void>
}

/** More than two commands of any board; what stands before is no command. */
const heldBytes = 16

/** A board at the far end of a pseudo-terminal. Pulling its plug or its power drops all relays, since it lives on the same cable. */
export function startSimIndicator(options: {
  pty: PtyPair
  profile: IndicatorProfileName
  now: () => number
  onChange?: () => void
}): SimIndicator {
  const { pty } = options
  const { channels, lamps }: IndicatorProfile = indicatorProfiles[options.profile]
  const journal = new SimJournal<{ event: 'switched'; channels: boolean[]; signal: IndicatorSignal | 'off' | null }>(
    options.now,
  )
  let lit = channels.map(() => false)
  let held: number[] = []
  const signalOf = () => {
    if (!lit.includes(true)) return 'off'
    return indicatorSignals.find((signal) => lit.every((on, at) => on === lamps[signal].includes(at))) ?? null
  }
  const change = (next: boolean[]) => {
    if (next.every((on, at) => on === lit[at])) return
    lit = next
    journal.note({ event: 'switched', channels: [...lit], signal: signalOf() })
    options.onChange?.()
  }
  const wire = new SimWire(pty, () => {
    const { powered, attached } = wire.faults()
    if (!powered || !attached) change(lit.map(() => false))
    options.onChange?.()
  })
  const takeByte = (byte: number) => {
    held = [...held, byte].slice(-heldBytes)
    for (const [at, channel] of channels.entries()) {
      for (const on of [true, false]) {
        if (!endsWith(held, on ? channel.on : channel.off)) continue
        held = []
        change(lit.with(at, on))
      }
    }
  }
  pty.onData((bytes) => {
    if (wire.powered) for (const byte of bytes) takeByte(byte)
  })
  return {
    wire,
    verbs: wire.verbs,
    state: () => ({ channels: [...lit], signal: signalOf(), ...wire.faults() }),
    journal: () => journal.entries(),
    stop: () => pty.close(),
  }
}

function endsWith(held: readonly number[], command: readonly number[]): boolean {
  return held.length >= command.length && command.every((byte, at) => byte === held[held.length - command.length + at])
}
