import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPtyMaker, openPtyPair, type PtyMaker, type PtyPair } from './pty-pair.ts'

/** The makers on this machine: script is on every Debian, socat is not, and their terminals hang up differently. */
export function ptyMakersHere(): PtyMaker[] {
  return findPtyMaker(process.env['PATH'] ?? '') === 'socat' ? ['socat', 'script'] : ['script']
}

/** A pseudo-terminal pair for one test, in a folder of its own that `giveBack` removes. */
export async function lendPty(maker?: PtyMaker): Promise<{ pty: PtyPair; giveBack(): Promise<void> }> {
  const found = maker ?? findPtyMaker(process.env['PATH'] ?? '')
  if (found === undefined) throw new Error('neither socat nor script is installed')
  const folder = await mkdtemp(join(tmpdir(), 'line-'))
  const pty = await openPtyPair({ path: join(folder, 'line'), maker: found })
  return {
    pty,
    giveBack: async () => {
      await pty.close()
      await rm(folder, { recursive: true })
    },
  }
}
