import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pcscdVerbs } from './pcscd-verbs.ts'
import { startSimPcscd } from './sim-pcscd.ts'
import { runSimulator } from './sim-process.ts'
import { optionalEnv } from './sim-setting.ts'

/** Two readers, as a station has them: for chips with contacts and for those without. */
const readers = ['Sim Contact Reader', 'Sim Contactless Reader'] as const

const socketPath = optionalEnv('SIM_PCSCD_SOCKET') ?? join(tmpdir(), `yizhan-pcscd-${process.pid}.comm`)
const pcscd = await startSimPcscd({ socketPath })
for (const reader of readers) pcscd.attachReader(reader)
const sim = { verbs: pcscdVerbs(pcscd), state: () => pcscd.state(), journal: () => pcscd.journal() }
await runSimulator({ name: 'PCSCD', ...sim, stop: () => pcscd.stop() }, { socketPath })
process.exit(0)
