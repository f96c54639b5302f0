import { implement } from '@orpc/server'
import { stationPairingContract } from '@yizhan/contracts/pairing'
import { isSignedBy, readStationKey } from '../fleet/station-key.ts'
import { refuseUnstorable } from '../http/storable-text.ts'
import { type ArrivedRequest, readProof } from '../sync/signed-request.ts'
import { type AskingStation, beginPairing, type PairingDeps, pairingStateOf } from './pairing.ts'

/** What is known of a request before its call is looked at. */
export interface PairingContext {
  arrived: ArrivedRequest
}

/** The calls of stations that nobody knows yet: each must be signed by the key that it brings. */
export function createPairingRouter(deps: PairingDeps & { now: () => number }) {
  const os = implement(stationPairingContract).$context<PairingContext>()
  const asking = os.use(({ next }, input) => {
    refuseUnstorable(input)
    return next()
  })
  return os.router({
    begin: asking.begin.handler(async ({ input, context, errors }) => {
      const station = askingStation(context.arrived, input)
      if (station === null) throw errors['signature-invalid']()
      const outcome = await beginPairing(deps, { ...station, code: input.code, about: input.about }, deps.now())
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
    state: asking.state.handler(async ({ input, context, errors }) => {
      const station = askingStation(context.arrived, input)
      if (station === null) throw errors['signature-invalid']()
      const outcome = await pairingStateOf(deps, station, deps.now())
      if (!outcome.ok) throw errors[outcome.error]()
      return outcome.value
    }),
  })
}

/** Who asks, once the request proved to be signed by the key that it brings; null otherwise. */
function askingStation(
  arrived: ArrivedRequest,
  { pairingId, stationId, publicKey }: Omit<AskingStation, 'tenantId'>,
): AskingStation | null {
  const proof = readProof(arrived)
  const key = readStationKey(publicKey)
  if (proof === null || key === null || proof.stationId !== stationId) return null
  if (!isSignedBy(key.publicKey, proof.signedText, proof.signature)) return null
  return { tenantId: proof.tenantId, pairingId, stationId, publicKey: key.publicKey }
}
