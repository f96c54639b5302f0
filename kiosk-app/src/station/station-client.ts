import { createORPCClient, isDefinedError, ORPCError, safe } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { stationContract } from '@yizhan/contracts/station'
import { PlainRpcLink } from './plain-rpc-link.ts'

/** The station of this box, through typed calls. */
export type StationClient = ContractRouterClient<typeof stationContract>

/** How a call ended: an answer, a refusal of the contract, or no answer that can be used. */
export type Outcome<Answer, Refusal> =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'refusal'; refusal: Refusal }
  | { kind: 'not-launched' }
  | { kind: 'unanswered' }

/** A loopback call is answered within milliseconds; five seconds mean that this attempt is lost. */
export const callTimeoutMs = 5_000

/** The client of the station that served this page. */
export function createStationClient(origin: string): StationClient {
  return createORPCClient(new PlainRpcLink(`${origin}/rpc`))
}

type SafeResultOf<Answer, Failure> = Awaited<ReturnType<typeof safe<Answer, Failure>>>

/**
 * Waits for a call and sorts its end. Everything that is neither an answer nor a refusal counts as unanswered, because
 * the station may have done the work all the same.
 */
export async function outcomeOf<Answer, Failure>(
  call: Parameters<typeof safe<Answer, Failure>>[0],
): Promise<Outcome<Answer, Extract<Failure, ORPCError<string, unknown>>>> {
  const result: SafeResultOf<Answer, Failure> = await safe<Answer, Failure>(call)
  if (result.isSuccess) return { kind: 'answer', answer: result.data }
  const error: unknown = result.error
  if (result.isDefined && isDefinedError(result.error)) {
    return { kind: 'refusal', refusal: result.error as Extract<Failure, ORPCError<string, unknown>> }
  }
  if (error instanceof ORPCError && error.status === 401) return { kind: 'not-launched' }
  return { kind: 'unanswered' }
}
