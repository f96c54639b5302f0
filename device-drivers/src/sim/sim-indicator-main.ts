import { indicatorProfiles } from '../indicator/indicator-profile.ts'
import { type SimIndicator, startSimIndicator } from './sim-indicator.ts'
import { openSimLine, profileEnv, runSimulator } from './sim-process.ts'

let indicator: SimIndicator | undefined
let told = ''

/** A lamp that changed goes to standard output as one JSON line. */
function tellLamps(): void {
  if (indicator === undefined) return
  const { signal, channels } = indicator.state()
  const line = JSON.stringify({ event: 'switched', signal, channels })
  if (line !== told) process.stdout.write(`${line}\n`)
  told = line
}

const profile = profileEnv('INDICATOR', indicatorProfiles)
const pty = await openSimLine('INDICATOR')
indicator = startSimIndicator({ pty, profile, now: Date.now, onChange: tellLamps })
await runSimulator({ name: 'INDICATOR', ...indicator }, { path: pty.path, profile })
process.exit(0)
