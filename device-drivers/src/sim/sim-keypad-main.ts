import { keypadProfiles } from '../keypad/keypad-profile.ts'
import { startSimKeypad } from './sim-keypad.ts'
import { openSimLine, profileEnv, runSimulator } from './sim-process.ts'

const profile = profileEnv('KEYPAD', keypadProfiles)
const pty = await openSimLine('KEYPAD')
await runSimulator({ name: 'KEYPAD', ...startSimKeypad({ pty, profile, now: Date.now }) }, { path: pty.path, profile })
process.exit(0)
