import { loadPcscAddon } from './addon-module.ts'
import { AddonPcsc } from './addon-pcsc.ts'
import { DirectPcsc } from './direct-pcsc.ts'
import type { PcscTransport } from './pcsc-transport.ts'

/** The ways to the card service: the native package, and our own client of its socket. */
export const pcscBackends = ['pcsclite', 'direct'] as const
export type PcscBackend = (typeof pcscBackends)[number]

/** How a driver reaches the card service; without `socketPath`, where pcscd usually listens. */
export interface PcscConfig {
  backend: PcscBackend
  socketPath?: string
}

/** A way to the card service that knows which one it is: by `pcsclite`, a timeout is cured only by killing the process. */
export interface OpenedPcsc extends PcscTransport {
  readonly backend: PcscBackend
}

/**
 * Opens the way to the card service that the configuration names. Where the native package was not compiled, the direct way
 * serves in its place, and the log says so. For a driver's own process: libpcsclite
 * takes its socket from the environment, once.
 */
export async function openPcsc(config: PcscConfig, log: (record: object) => void): Promise<OpenedPcsc> {
  if (config.backend === 'direct') return new DirectPcsc(config)
  if (config.socketPath !== undefined) process.env['PCSCLITE_CSOCK_NAME'] = config.socketPath
  try {
    return new AddonPcsc(await loadPcscAddon())
  } catch (error) {
    // Not installed, not compiled, compiled for another Node, or libpcsclite is missing: each means the same here.
    if (!(error instanceof Error)) throw error
    log({ event: 'pcsc-addon-missing', backend: 'direct', fault: error.message.split('\n')[0] })
    return new DirectPcsc(config)
  }
}
