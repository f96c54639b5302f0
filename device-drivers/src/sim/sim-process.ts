import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlVerbs, startControlPort } from './control-port.ts'
import { findPtyMaker, openPtyPair, type PtyPair } from './pty-pair.ts'
import { optionalEnv, portEnv, untilTold } from './sim-setting.ts'

/** A simulator that runs as a program of its own. */
export interface SimProcess {
  /** The middle of its environment variables' names: `KEYPAD` reads `SIM_KEYPAD_CONTROL_PORT`. */
  name: string
  verbs: ControlVerbs
  state: () => unknown
  journal: () => unknown
  stop: () => Promise<void>
}

/** Opens the control port (`SIM_<NAME>_CONTROL_PORT`, any free one when not set), tells all addresses on one line, runs until told to end. */
export async function runSimulator(sim: SimProcess, address: object): Promise<void> {
  const control = await startControlPort({ ...sim, port: portEnv(`SIM_${sim.name}_CONTROL_PORT`) })
  process.stdout.write(`${JSON.stringify({ event: 'listening', ...address, controlPort: control.port })}\n`)
  await untilTold()
  await control.stop()
  await sim.stop()
}

/** The serial line of a simulator, at `SIM_<NAME>_LINK` or in the temporary folder. */
export async function openSimLine(name: string): Promise<PtyPair> {
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('a serial line needs socat, or script of util-linux')
  const path =
    optionalEnv(`SIM_${name}_LINK`) ??
    join(tmpdir(), `yizhan-${name.toLowerCase().replaceAll('_', '-')}-${process.pid}`)
  return openPtyPair({ path, maker })
}

/** The profile named by `SIM_<NAME>_PROFILE`, the first known when not set; throws with the known names when it is none. */
export function profileEnv<Name extends string>(name: string, profiles: Record<Name, unknown>): Name {
  const names = Object.keys(profiles) as Name[]
  const wanted = optionalEnv(`SIM_${name}_PROFILE`) ?? names[0]
  const known = names.find((candidate) => candidate === wanted)
  if (known === undefined) throw new Error(`SIM_${name}_PROFILE must be one of ${names.join(', ')}`)
  return known
}
