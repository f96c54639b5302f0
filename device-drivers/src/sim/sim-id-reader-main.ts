import { startSimIdReader } from './sim-id-reader.ts'
import { openSimLine, runSimulator } from './sim-process.ts'

const pty = await openSimLine('ID_READER')
const reader = startSimIdReader({ pty, now: Date.now })
await runSimulator(
  {
    name: 'ID_READER',
    verbs: reader.verbs,
    state: () => reader.state(),
    journal: () => reader.journal(),
    stop: () => reader.stop(),
  },
  { path: pty.path },
)
process.exit(0)
