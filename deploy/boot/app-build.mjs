import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BootFailure } from './boot-failure.mjs'
import { contentStamp } from './content-stamp.mjs'
import { lastLines } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/** The web apps that Vite builds. */
export const webApps = /** @type {const} */ (['kiosk-app', 'admin-web'])

/** What an app is made from, besides its own folder. */
const sharedSources = ['contracts/src', 'rules/src', 'package-lock.json', 'tsconfig.base.json']

/**
 * Builds an app unless its `dist` was made from exactly these sources; says whether it had to.
 *
 * @param {BootContext} context
 * @param {{ path: string }} node
 * @param {string} app
 */
export async function buildApp(context, node, app) {
  const folder = join(context.root, app)
  // Inside dist, which Vite empties first: a build cut short leaves no stamp.
  const stampFile = join(folder, 'dist/.made-from')
  const stamp = contentStamp(context.root, [app, ...sharedSources])
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
  const vite = join(context.root, 'node_modules/vite/bin/vite.js')
  const { code, output } = await runCommand(node.path, [vite, 'build'], {
    cwd: folder,
    env: context.env,
    stop: context.stop,
  })
  context.stop.throwIfAborted()
  if (code !== 0)
    throw new BootFailure(
      `${app} could not be built:\n${lastLines(withoutStack(output), 16)}`,
      'Put right what Vite says and start again.',
    )
  writeFileSync(stampFile, stamp)
  return true
}

/**
 * What a tool says, without the lines that tell where in itself it said it.
 *
 * @param {string} output
 */
function withoutStack(output) {
  return output
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .join('\n')
}
