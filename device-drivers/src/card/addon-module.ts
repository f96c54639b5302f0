import type { EventEmitter } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Called from native code, with an error or with what was asked for. */
export type NativeCallback<Result> = (error: Error | null | undefined, result: Result) => void

/** A reader of the native package `pcsclite`: the part of it that is used. It emits `status`, `end` and `error`. */
export interface NativeReader extends EventEmitter {
  readonly name: string
  /** Set by the package; it calls a reader connected for as long as its own disconnect has not succeeded. */
  connected: boolean
  connect(options: { share_mode: number; protocol: number }, callback: NativeCallback<number>): void
  disconnect(disposition: number, callback: NativeCallback<undefined>): void
  transmit(apdu: Buffer, answerBytes: number, protocol: number, callback: NativeCallback<Buffer>): void
  close(): void
}

/** A context of the native package. It emits `reader` and `error`; `start` is called by the package itself, on the next tick. */
export interface NativeContext extends EventEmitter {
  readonly readers: Readonly<Record<string, NativeReader>>
  start(callback: NativeCallback<Buffer>): void
  close(): void
}

/** The native package, loaded. */
export interface PcscAddon {
  /** Throws an Error when the card service cannot be reached. Blocks while the service is connected but silent. */
  openContext(): NativeContext
  /** Ends what closed contexts still hold: the package lets go of a connection only when its object is collected. */
  collect(): void
}

/** Loads `pcsclite`, or throws what the loader says: it is optional, and there only where it could be compiled. */
export async function loadPcscAddon(): Promise<PcscAddon> {
  const { default: openContext } = await import('pcsclite')
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  return {
    openContext: () => openContext() as unknown as NativeContext,
    collect: () => {
      if (typeof collect === 'function') collect()
    },
  }
}

/**
 * Wraps what native code calls: the call is left through `setImmediate` before anything is done. From Node 26.4 on, promises
 * settled inside such a call wait for the next unrelated event; nextTick and queueMicrotask do not help.
 */
export function leaveNative<Args extends readonly unknown[]>(act: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    setImmediate(() => act(...args))
  }
}
