import { describe } from 'vitest'
import { openPcsc } from './open-pcsc.ts'
import { whyNoAddon } from './pcsc-capability.ts'
import { type PcscRig, startRealRig, whyNoRealPcscd } from './pcsc-rig.ts'
import { promisePcsc } from './pcsc-suite.ts'

const noDaemon = whyNoRealPcscd()
const reasons = { direct: noDaemon, pcsclite: noDaemon ?? (await whyNoAddon()) }

describe.each(['direct', 'pcsclite'] as const)('the real pcscd with virtual cards', (backend) => {
  const reason = reasons[backend]
  describe.skipIf(reason !== undefined)(`by ${backend}${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
    promisePcsc({
      startRig: startRealRig,
      openTransport: ({ socketPath }: PcscRig) => openPcsc({ backend, socketPath }, () => undefined),
    })
  })
})
