import type { ContractRouterClient } from '@orpc/contract'
import type { CentrePushName, centreContract } from '@yizhan/contracts/centre'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { SignInPort } from '../access/sign-in-port.ts'
import type { StepUpDesk } from '../access/step-up-desk.ts'
import type { HospitalChoice } from './hospital-choice.ts'

/** Every call of the centre, typed by the contract both ends share. */
export type CentreClient = ContractRouterClient<typeof centreContract>

/** The doorbell of the centre: says which page's data is worth asking for again, and whether it can be heard at all. */
export interface LivePort {
  start(listener: { onPush(name: CentrePushName): void; onState(connected: boolean): void }): { stop(): Promise<void> }
}

/** The outside world of the console; tests pass their own. */
export interface AdminServices {
  client: CentreClient
  signIn: SignInPort
  live: LivePort
  stepUp: StepUpDesk
  hospital: HospitalChoice
  /** Milliseconds since 1970. */
  clock(): number
}

const ServicesContext = createContext<AdminServices | null>(null)

/** Hands the outside world to everything inside. */
export const ServicesProvider = ServicesContext.Provider

/** The outside world. Throws where none was provided. */
export function useServices(): AdminServices {
  const services = useContext(ServicesContext)
  if (services === null) throw new Error('no services were provided')
  return services
}
