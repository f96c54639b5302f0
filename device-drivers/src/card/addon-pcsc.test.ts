import { describe } from 'vitest'
import { openPcsc } from './open-pcsc.ts'
import { whyNoAddon } from './pcsc-capability.ts'
import { type PcscRig, startStandInRig } from './pcsc-rig.ts'
import { promisePcsc, promisePcscOnStandIn } from './pcsc-suite.ts'

const reason = await whyNoAddon()

describe.skipIf(reason !== undefined)(
  `the native package, with the stand-in of pcscd${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const underTest = {
      startRig: startStandInRig,
      openTransport: ({ socketPath }: PcscRig) => openPcsc({ backend: 'pcsclite', socketPath }, () => undefined),
    }
    promisePcsc(underTest)
    promisePcscOnStandIn(underTest)
  },
)
