import { describe } from 'vitest'
import { DirectPcsc } from './direct-pcsc.ts'
import { startStandInRig } from './pcsc-rig.ts'
import { promisePcsc, promisePcscOnStandIn, promisePcscUnderFlaps } from './pcsc-suite.ts'

describe('our own client, with the stand-in of pcscd', () => {
  const underTest = { startRig: startStandInRig, openTransport: (rig: { socketPath: string }) => new DirectPcsc(rig) }
  promisePcsc(underTest)
  promisePcscOnStandIn(underTest)
  promisePcscUnderFlaps(underTest)
})
