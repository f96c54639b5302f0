import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where what the benches compare with is installed: outside the workspaces, whose overrides would turn its React into Preact. */
export const peersFolder = fileURLToPath(new URL('../../peers', import.meta.url))

/** Installs the peers by their own lockfile when one of them is missing. Throws with npm's words when it cannot. */
export function ensurePeers(): void {
  const { dependencies } = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const isInstalled = (name: string) => existsSync(join(peersFolder, 'node_modules', name, 'package.json'))
  if (Object.keys(dependencies).every(isInstalled)) return
  const bin = dirname(process.execPath)
  execFileSync('npm', ['ci', '--prefix', peersFolder, '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: peersFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` },
  })
}

/** Loads a peer; `Shape` is what the bench uses of it. */
export async function loadPeer<Shape>(name: string): Promise<Shape> {
  ensurePeers()
  const file = createRequire(join(peersFolder, 'package.json')).resolve(name)
  return (await import(file)) as Shape
}
