import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { lastLines } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

const systemNames = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser']

/**
 * The browser for tests: `CHROMIUM`, the system's, or one carried by npm and unpacked into the data folder.
 *
 * @param {BootContext} context
 * @param {{ fetch: false } | { fetch: true, node: string, install: (folder: string) => Promise<void> }} options
 * @returns {Promise<{ path: string | null, note: string }>} `note`: which one, or why none
 */
export async function findBrowser(context, options) {
  const { CHROMIUM: named, PATH: path = '' } = context.env
  if (named) return { path: named, note: named }
  for (const name of systemNames)
    for (const folder of path.split(delimiter))
      if (existsSync(join(folder, name)) && (await starts(context, join(folder, name)))) {
        return { path: join(folder, name), note: join(folder, name) }
      }
  const wrapper = join(context.dataDir, 'browser/chromium.sh')
  if (options.fetch && !existsSync(wrapper)) {
    const failure = await unpackCarried(context, options, wrapper)
    if (failure !== null) return { path: null, note: failure }
  }
  if (existsSync(wrapper) && (await starts(context, wrapper))) return { path: wrapper, note: 'carried by npm' }
  return { path: null, note: 'no Chromium on this machine' }
}

/**
 * The npm-carried Chromium is made for a bare function host: its libraries are unpacked only when it believes to be on
 * one, and are found only by a search path.
 *
 * @param {BootContext} context
 * @param {{ node: string, install: (folder: string) => Promise<void> }} options
 * @param {string} wrapper
 * @returns {Promise<string | null>} why not, or null
 */
async function unpackCarried(context, { node, install }, wrapper) {
  if (process.arch !== 'x64') return 'no Chromium on this machine, and npm carries none for this processor'
  const folder = join(context.root, 'deploy/browser')
  try {
    await install(folder)
  } catch (error) {
    context.stop.throwIfAborted()
    return `no Chromium on this machine, and ${/** @type {Error} */ (error).message.split('\n')[0]}`
  }
  const target = join(context.dataDir, 'browser')
  mkdirSync(target, { recursive: true })
  const script = "import chromium from '@sparticuz/chromium'; await chromium.executablePath()"
  const env = { ...context.env, TMPDIR: target, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' }
  const args = ['--input-type=module', '-e', script]
  const { code, output } = await runCommand(node, args, { cwd: folder, env, stop: context.stop })
  if (code !== 0) return `the npm-carried Chromium could not be unpacked: ${lastLines(output, 1)}`
  const quoted = `'${target.replaceAll("'", `'\\''`)}'`
  writeFileSync(
    wrapper,
    `#!/bin/sh\nhere=${quoted}\nexport LD_LIBRARY_PATH="$here/al2023/lib" \n[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_PATH="\${FONTCONFIG_PATH:-$here/fonts}"\nexec "$here/chromium" --no-zygote "$@"\n`,
  )
  chmodSync(wrapper, 0o755)
  return null
}

/**
 * Whether a browser runs at all; Ubuntu's `chromium-browser` may be a stub that only says how to get a snap.
 *
 * @param {BootContext} context
 * @param {string} path
 */
async function starts(context, path) {
  const { root, env, stop } = context
  const { code } = await runCommand(path, ['--version'], { cwd: root, env, stop })
  return code === 0
}
