import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { ensureCardAddon, findNodeGyp } from '@yizhan/deploy/boot/card-addon.mjs'
import { findNpmCli } from '@yizhan/deploy/boot/npm-client.mjs'
import { expect, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'

const checkout = join(import.meta.dirname, '../../..')
const npmCli = findNpmCli({ PATH: process.env['PATH'] }, process.execPath)
const node = {
  path: process.execPath,
  home: join(dirname(process.execPath), '..'),
  version: process.versions.node,
}

/** A checkout with nothing but the add-on's package, its sources as they came or broken. */
function addonCheckout(source: 'whole' | 'broken'): string {
  const root = tempFolder()
  const modules = join(root, 'node_modules')
  mkdirSync(modules)
  const ours = (path: string) => join(checkout, 'node_modules', path)
  cpSync(ours('pcsclite'), join(modules, 'pcsclite'), { recursive: true, filter: (path) => !path.includes('/build') })
  for (const name of ['nan', 'bindings', 'file-uri-to-path'])
    cpSync(ours(name), join(modules, name), { recursive: true })
  if (source === 'broken') writeFileSync(join(modules, 'pcsclite/src/addon.cpp'), 'this is no C++')
  return root
}

function contextOf(root: string, path = process.env['PATH'] ?? '') {
  const said: string[] = []
  const context = {
    root,
    dataDir: join(root, '.data'),
    env: { PATH: path, HOME: root },
    stop: new AbortController().signal,
    say: (line: string) => {
      said.push(line)
    },
  }
  return { context, said }
}

const missing = ['g++', 'make', 'python3']
  .filter((tool) => !(process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, tool))))
  .concat(existsSync('/usr/include/PCSC/winscard.h') ? [] : ['libpcsclite-dev'])
  .concat(findNodeGyp(npmCli) === null ? ['node-gyp'] : [])

test.skipIf(missing.length > 0)(
  `the add-on is compiled once, and kept after${missing.length > 0 ? ` (skipped: no ${missing.join(', ')})` : ''}`,
  async () => {
    const { context } = contextOf(addonCheckout('whole'))
    expect(await ensureCardAddon(context, node, npmCli)).toEqual({ kind: 'built' })
    expect(existsSync(join(context.root, 'node_modules/pcsclite/build/Release/pcsclite.node'))).toBe(true)
    expect(await ensureCardAddon(context, node, npmCli)).toEqual({ kind: 'kept' })
  },
)

test.skipIf(missing.length > 0)(
  `an add-on that does not compile is said and left out, and not tried at every start${missing.length > 0 ? ` (skipped: no ${missing.join(', ')})` : ''}`,
  async () => {
    const { context, said } = contextOf(addonCheckout('broken'))
    const leftOut = { kind: 'left-out', why: 'it could not be compiled here' }
    expect(await ensureCardAddon(context, node, npmCli)).toEqual(leftOut)
    expect(said.join('\n')).toMatch(/could not be compiled; card readers are spoken to directly/)
    const before = said.length
    expect(await ensureCardAddon(context, node, npmCli)).toEqual(leftOut)
    expect(said.length).toBe(before)
  },
)

test('without a compiler the add-on is left out with the names of what is missing, and nothing is tried', async () => {
  const tools = tempFolder()
  symlinkSync(process.execPath, join(tools, 'node'))
  const { context, said } = contextOf(addonCheckout('whole'), tools)
  const outcome = await ensureCardAddon(context, node, npmCli)
  expect(outcome).toMatchObject({ kind: 'left-out', why: expect.stringMatching(/g\+\+, make, python3/) })
  expect(said).toEqual([])
})

test('a package that npm left out is no fault', async () => {
  const { context } = contextOf(tempFolder())
  expect(await ensureCardAddon(context, node, npmCli)).toEqual({ kind: 'left-out', why: 'npm did not install it' })
})

test.skipIf(existsSync('/usr/share/nodejs/node-gyp'))('an npm without node-gyp is said to have none', () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'npm-cli.js'), '')
  expect(findNodeGyp(join(folder, 'npm-cli.js'))).toBe(null)
})
