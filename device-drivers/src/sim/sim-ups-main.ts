import { runSimulator } from './sim-process.ts'
import { optionalEnv, portEnv } from './sim-setting.ts'
import { startSimUps } from './sim-ups.ts'

const upsName = optionalEnv('SIM_UPS_NAME') ?? 'ups'
const ups = await startSimUps({ port: portEnv('SIM_UPS_PORT'), upsName, now: Date.now })
await runSimulator(
  { name: 'UPS', verbs: ups.verbs, state: () => ups.state(), journal: () => ups.journal(), stop: () => ups.stop() },
  { port: ups.port, upsName },
)
process.exit(0)
