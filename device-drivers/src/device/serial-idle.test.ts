import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { findPtyMaker, openPtyPair } from '../sim/pty-pair.ts'

const serialLink = new URL('./serial-link.ts', import.meta.url).href

/** A process that does nothing but listen: no timer, no other stream that could wake its event loop by chance. */
const listener = `
  const { openSerialLink } = await import(${JSON.stringify(serialLink)})
  const link = await openSerialLink({ path: process.env.LINE, baudRate: 9600 }, (bytes) => {
    process.stdout.write('got ' + bytes.toString())
    link.destroy()
  })
  process.stdout.write('open ')
`

test('a byte reaches a process whose event loop is otherwise idle', async () => {
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('neither socat nor script is installed')
  const folder = await mkdtemp(join(tmpdir(), 'idle-'))
  const pty = await openPtyPair({ path: join(folder, 'line'), maker })
  const child = spawn(process.execPath, ['--input-type=module', '-e', listener], {
    env: { LINE: pty.path },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  await once(child.stdout, 'data')
  // Long enough for whatever the start left on the event loop to be done.
  await sleep(1000)
  pty.write(Buffer.from('A'))
  // A process that never hears the byte never ends, and the test's own time limit says so.
  await once(child, 'close')
  expect(said).toBe('open got A')
  await pty.close()
  await rm(folder, { recursive: true })
})
