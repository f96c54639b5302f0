import { type KeypadProfile, type KeypadProfileName, keypadMessage, keypadProfiles } from '../keypad/keypad-profile.ts'
import { wholeArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import type { PtyPair } from './pty-pair.ts'
import { SimJournal } from './sim-journal.ts'
import { SimWire } from './sim-wire.ts'

/** A simulated rating keypad on a serial line. */
export interface SimKeypad {
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  /** Presses the key of a score; false when the keypad has none such. */
  press(score: number): boolean
  /** Sends bytes as they are. */
  send(bytes: Uint8Array): void
  state(): { presses: number; profile: KeypadProfileName } & ReturnType<SimWire['faults']>
  journal(): readonly object[]
  stop(): Promise<void>
}

/** A keypad at the far end of a pseudo-terminal; one with a heartbeat sends it from now on. */
export function startSimKeypad(options: {
  pty: PtyPair
  profile: KeypadProfileName
  now: () => number
  onChange?: () => void
}): SimKeypad {
  const { pty, profile } = options
  const bytes: KeypadProfile = keypadProfiles[profile]
  const changed = options.onChange ?? (() => undefined)
  const journal = new SimJournal<{ event: 'pressed'; score: number }>(options.now)
  const wire = new SimWire(pty, changed)
  let presses = 0
  const press = (score: number) => {
    const key = bytes.keys.find((candidate) => candidate.score === score)
    if (key === undefined) return false
    presses += 1
    journal.note({ event: 'pressed', score })
    wire.send(keypadMessage(bytes, key.code))
    changed()
    return true
  }
  const { heartbeat } = bytes
  const beating = heartbeat && setInterval(() => wire.send(keypadMessage(bytes, heartbeat.code)), heartbeat.everyMs)
  return {
    wire,
    verbs: {
      ...wire.verbs,
      press: (args) =>
        press(wholeArg(args, 'score', { least: 1, most: 5 }) ?? 0) ? undefined : { refusal: 'score-unknown' },
    },
    press,
    send: (raw) => wire.send(raw),
    state: () => ({ presses, profile, ...wire.faults() }),
    journal: () => journal.entries(),
    stop: () => {
      clearInterval(beating)
      return pty.close()
    },
  }
}
