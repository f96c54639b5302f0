import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BootFailure } from './boot-failure.mjs'
import { lastLines, npmCi } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/**
 * The Node that runs everything of ours.
 *
 * @typedef {object} PinnedNode
 * @property {string} path its binary
 * @property {string} home its package folder, which also holds the headers
 * @property {string} version such as `24.21.0`
 */

/**
 * The npm package that carries Node for this machine, and the version the project pins.
 *
 * @param {string} root
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
export function pinnedNodePackage(root, platform, arch) {
  const name = `node-${platform}-${arch}`
  const manifest = JSON.parse(readFileSync(join(root, 'deploy/runtime/package.json'), 'utf8'))
  /** @type {string | undefined} */
  const version = manifest.optionalDependencies[name]
  if (version === undefined)
    throw new BootFailure(
      `Yizhan runs on Linux with an x64 or arm64 processor; this machine is ${platform} ${arch}.`,
      'Use such a machine, or a virtual one.',
    )
  return { name, version, home: join(root, 'deploy/runtime/node_modules', name) }
}

/**
 * Makes sure that the pinned Node is there and runs; fetches it from the npm registry when it is not.
 *
 * @param {BootContext} context
 * @param {string} npmCli
 * @returns {Promise<PinnedNode>}
 */
export async function ensurePinnedNode(context, npmCli) {
  const { name, version, home } = pinnedNodePackage(context.root, process.platform, process.arch)
  const path = join(home, 'bin/node')
  if ((await trialVersion(context, path)).version !== version) {
    context.say(`fetching Node ${version}`)
    const folder = join(context.root, 'deploy/runtime')
    await npmCi(context, { node: process.execPath, npmCli, folder, what: `Node ${version}` })
  }
  const trial = await trialVersion(context, path)
  if (trial.version === version) return { path, home, version }
  context.stop.throwIfAborted()
  throw existsSync(path) ? cannotRun(version, trial.output) : leftOut(name, version)
}

/**
 * @param {BootContext} context
 * @param {string} path
 */
async function trialVersion(context, path) {
  if (!existsSync(path)) return { version: undefined, output: '' }
  const { code, output } = await runCommand(path, ['--version'], {
    cwd: dirname(path),
    env: context.env,
    stop: context.stop,
  })
  return { version: code === 0 ? output.trim().replace(/^v/, '') : undefined, output }
}

/**
 * @param {string} version
 * @param {string} output
 */
function cannotRun(version, output) {
  return new BootFailure(
    `Node ${version} was installed but does not start on this machine:\n${lastLines(output, 4)}`,
    'It needs glibc 2.28 or newer (Debian 10, Ubuntu 20.04 and later) and libstdc++6; Alpine and other musl systems will not do.',
  )
}

/**
 * @param {string} name
 * @param {string} version
 */
function leftOut(name, version) {
  return new BootFailure(
    `npm said it was done, but left out ${name} ${version}, which carries Node.`,
    'Delete deploy/runtime/node_modules and start again; if it stays away, update npm or check that your registry mirror has this package.',
  )
}
