import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { lastLines } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/**
 * A system package that the tests use, and how to see that the machine already has what it brings.
 *
 * @typedef {object} SystemPackage
 * @property {string} name in Debian and Ubuntu
 * @property {string[]} paths any of these present: nothing to do; a bare word is looked for on PATH
 * @property {string} without what is not tested when it is missing
 */

/** @type {readonly SystemPackage[]} */
export const packagesForTests = [
  {
    name: 'chromium',
    paths: ['chromium', 'google-chrome', 'chromium-browser'],
    without: 'the npm-carried Chromium serves, else browser tests are skipped',
  },
  {
    name: 'fonts-noto-cjk',
    paths: ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'],
    without: 'Chinese is drawn as boxes in pictures',
  },
  { name: 'socat', paths: ['socat'], without: 'serial devices are tested on ptys made by script' },
  { name: 'strace', paths: ['strace'], without: 'fsyncs are not counted' },
  { name: 'iproute2', paths: ['ip'], without: 'no network name spaces' },
  { name: 'python3', paths: ['python3'], without: 'no native add-on is compiled' },
  { name: 'build-essential', paths: ['g++'], without: 'no native add-on is compiled' },
  { name: 'libpcsclite-dev', paths: ['/usr/include/PCSC/winscard.h'], without: 'no native card reader add-on' },
  { name: 'pcscd', paths: ['pcscd', '/usr/sbin/pcscd'], without: 'card readers are tested on a stand-in only' },
  {
    name: 'vsmartcard-vpcd',
    paths: ['/usr/lib/pcsc/drivers/serial/libifdvpcd.so', '/etc/reader.conf.d/vpcd'],
    without: 'no virtual card in the real pcscd',
  },
  { name: 'nut-server', paths: ['/lib/nut/upsd'], without: 'the UPS driver is tested on a simulated server only' },
]

/**
 * The packages of a list that this machine lacks.
 *
 * @param {readonly SystemPackage[]} packages
 * @param {string} pathVariable
 */
export function missingPackages(packages, pathVariable) {
  const folders = pathVariable.split(delimiter)
  /** @param {string} path */
  const found = (path) =>
    path.startsWith('/') ? existsSync(path) : folders.some((folder) => existsSync(join(folder, path)))
  return packages.filter(({ paths }) => !paths.some(found))
}

/** Whether packages can be installed here at all: apt, and root. */
export function canInstall() {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

/**
 * Installs what the tests want and the machine lacks, where that is possible; answers what is still missing.
 * Never throws: a test machine without them still tests the rest.
 *
 * @param {BootContext} context
 * @returns {Promise<SystemPackage[]>}
 */
export async function installForTests(context) {
  const path = context.env.PATH ?? ''
  const missing = missingPackages(packagesForTests, path)
  if (missing.length === 0 || !canInstall()) return missing
  context.say(`installing with apt: ${missing.map(({ name }) => name).join(' ')}`)
  const updated = await apt(context, ['update'])
  if (updated.code !== 0) context.say(`apt-get update failed:\n${lastLines(updated.output, 3)}`)
  // One at a time: a name that this release does not know must not keep the others away.
  for (const { name } of missing) {
    const { code, output } = await apt(context, ['install', '-y', '--no-install-recommends', name])
    context.stop.throwIfAborted()
    if (code !== 0) context.say(`apt could not install ${name}: ${lastLines(output, 1)}`)
  }
  return missingPackages(missing, path)
}

/**
 * Fetches a Chinese font while the start goes on, where there is none and apt can; the page shows it after a reload.
 *
 * @param {BootContext} context
 */
export function installFontsInBackground(context) {
  const fonts = packagesForTests.filter(({ name }) => name === 'fonts-noto-cjk')
  if (hasChineseFont() || !canInstall() || missingPackages(fonts, '').length === 0) return
  context.say('no Chinese font here; apt fetches one in the background')
  mkdirSync(join(context.dataDir, 'logs'), { recursive: true })
  const log = openSync(join(context.dataDir, 'logs/fonts.log'), 'a')
  const script = 'apt-get update -q && apt-get install -yq --no-install-recommends fonts-noto-cjk'
  const child = spawn('/bin/sh', ['-c', script], {
    env: { ...context.env, DEBIAN_FRONTEND: 'noninteractive' },
    detached: true,
    stdio: ['ignore', log, log],
  })
  child.once('error', (error) => context.say(`apt did not start: ${error.message}`))
  child.unref()
}

/** Where Debian, Ubuntu and their users put the usual Chinese fonts. */
function hasChineseFont() {
  return [
    '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
    '/usr/share/fonts/truetype/wqy',
    '/usr/share/fonts/opentype/source-han-sans',
  ].some((path) => existsSync(path))
}

/**
 * @param {BootContext} context
 * @param {string[]} args
 */
function apt(context, args) {
  const env = { ...context.env, DEBIAN_FRONTEND: 'noninteractive' }
  return runCommand('/usr/bin/apt-get', ['-q', ...args], { cwd: '/', env, stop: context.stop })
}
