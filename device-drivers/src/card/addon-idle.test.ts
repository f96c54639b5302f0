import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { whyNoAddon } from './pcsc-capability.ts'
import { startStandInRig } from './pcsc-rig.ts'

const reason = await whyNoAddon()
const openPcsc = new URL('./open-pcsc.ts', import.meta.url).href

/**
 * A process that does nothing but wait for a card and ask it once. The deadlines of ours are timers of minutes, which an
 * event loop of Node 26 does not take for an event: without the hop through setImmediate the answer would come with them.
 */
const asker = `
  const { openPcsc } = await import(${JSON.stringify(openPcsc)})
  const pcsc = await openPcsc({ backend: 'pcsclite', socketPath: process.env.SOCKET }, () => undefined)
  const longest = { timeoutMs: 600_000 }
  let asked = false
  pcsc.watch({
    onDown: () => undefined,
    onReaders: async ([reader]) => {
      if (reader.card !== 'present') return process.stdout.write('watching ')
      if (asked) return
      asked = true
      const session = await pcsc.connect(reader.name, longest)
      const answer = await session.transmit(Uint8Array.of(0xff, 0xca, 0, 0, 0), longest)
      process.stdout.write('got ' + answer[3], () => process.kill(process.pid, 'SIGKILL'))
    },
  })
`

test.skipIf(reason !== undefined)(
  `an answer of a card reaches a process whose event loop is otherwise idle${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  async () => {
    const rig = await startStandInRig()
    const child = spawn(process.execPath, ['--input-type=module', '-e', asker], {
      env: { SOCKET: rig.socketPath },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await once(child.stdout, 'data')
    // Long enough for whatever the start left on the event loop to be done.
    await sleep(1000)
    await rig.insert(rig.readers[0], { serial: 42 })
    // A process that never hears the answer never ends, and the test's own time limit says so.
    await once(child, 'close')
    expect(said).toMatch(/^(?:watching )+got 42$/)
    await rig.stop()
  },
)
