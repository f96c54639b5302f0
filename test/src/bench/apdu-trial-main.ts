import { loadPcscAddon, type NativeReader } from '@yizhan/device-drivers/card/addon-module'
import { openPcsc, type PcscBackend } from '@yizhan/device-drivers/card/open-pcsc'

/** What the bench tells a trial process: send this many APDUs and report, or this one and answer. */
export type ApduTrialQuestion = { type: 'burst'; count: number } | { type: 'apdu'; apdu: Uint8Array }

/** What a trial process says: that its card is connected, how long each APDU of a burst took, or what the card answered. */
export type ApduTrialAnswer =
  | { type: 'ready'; backend: string }
  | { type: 'times'; timesMs: number[] }
  | { type: 'answer'; bytes: Uint8Array }

type Transmit = (apdu: Uint8Array) => Promise<Uint8Array>

const askSerial = Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00)
const limits = { timeoutMs: 10_000 }
/** As the driver's transport uses it: shared, either protocol, any answer. */
const shared = { share_mode: 2, protocol: 3 }
const longestAnswer = 65_548

/** The package alone, with its own callbacks: what any way of using it is measured against. */
async function bareAddon(reader: string): Promise<Transmit> {
  const addon = await loadPcscAddon()
  const context = addon.openContext()
  const native = await new Promise<NativeReader>((resolve) => {
    context.on('reader', (found: NativeReader) => {
      if (found.name === reader) found.once('status', () => setImmediate(() => resolve(found)))
    })
  })
  const protocol = await new Promise<number>((resolve, reject) => {
    native.connect(shared, (error, result) => setImmediate(() => (error ? reject(error) : resolve(result))))
  })
  return (apdu) =>
    new Promise((resolve, reject) => {
      native.transmit(Buffer.from(apdu), longestAnswer, protocol, (error, answer) => {
        setImmediate(() => (error ? reject(error) : resolve(answer)))
      })
    })
}

async function ourTransport(backend: PcscBackend, socketPath: string, reader: string) {
  const pcsc = await openPcsc({ backend, socketPath }, () => undefined)
  const session = await pcsc.connect(reader, limits)
  const transmit: Transmit = (apdu) => session.transmit(apdu, limits)
  return { transmit, backend: pcsc.backend }
}

async function timeBurst(transmit: Transmit, count: number): Promise<number[]> {
  const timesMs: number[] = []
  for (let sent = 0; sent < count; sent += 1) {
    const sentAt = performance.now()
    await transmit(askSerial)
    timesMs.push(performance.now() - sentAt)
  }
  return timesMs
}

async function runTrial([kind = '', socketPath = '', reader = '']: readonly string[]): Promise<void> {
  const say = (answer: ApduTrialAnswer) => process.send?.(answer)
  process.env['PCSCLITE_CSOCK_NAME'] = socketPath
  const { transmit, backend } =
    kind === 'bare-addon'
      ? { transmit: await bareAddon(reader), backend: 'pcsclite' }
      : await ourTransport(kind === 'direct' ? 'direct' : 'pcsclite', socketPath, reader)
  process.on('message', (question: ApduTrialQuestion) => {
    if (question.type === 'burst')
      void timeBurst(transmit, question.count).then((timesMs) => say({ type: 'times', timesMs }))
    else void transmit(question.apdu).then((bytes) => say({ type: 'answer', bytes }))
  })
  // The native threads hold on to a process that only ends by itself.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  say({ type: 'ready', backend })
}

await runTrial(process.argv.slice(2))
