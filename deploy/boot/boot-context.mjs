import { accessSync, constants, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Everything a boot step may know of its surroundings; made once, by `boot.mjs`.
 *
 * @typedef {object} BootContext
 * @property {string} root the checkout
 * @property {string} dataDir where everything lives that a run leaves behind
 * @property {NodeJS.ProcessEnv} env the environment for children, cleaned
 * @property {AbortSignal} stop aborted by Ctrl-C, SIGTERM or a closed terminal
 * @property {(line: string) => void} say tells the person at the terminal
 */

/** Settings of an outer npm or shell that would change what our npm, compiler or servers do. */
const strippedExactly = new Set([
  'NODE_OPTIONS',
  'NODE_PATH',
  'NODE_ENV',
  'LANG',
  'LANGUAGE',
  'npm_config_global',
  'npm_config_location',
  'npm_config_prefix',
  'npm_config_local_prefix',
  'npm_config_omit',
  'npm_config_only',
  'npm_config_production',
  'npm_config_include',
  'npm_config_dry_run',
  'npm_config_package_lock',
  'npm_config_package_lock_only',
  'npm_config_workspace',
  'npm_config_workspaces',
  'npm_config_nodedir',
  'npm_config_ignore_scripts',
])
const strippedByPrefix = ['LC_', 'npm_package_', 'npm_lifecycle_']

/** @param {string} name */
function isStripped(name) {
  return strippedExactly.has(name) || strippedByPrefix.some((prefix) => name.startsWith(prefix))
}

/** @param {string | undefined} folder */
function isWritableFolder(folder) {
  if (!folder) return false
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch (error) {
    // Missing, a file, or not ours: each means the same here.
    if (error instanceof Error) return false
    throw error
  }
}

/**
 * The environment for every child: the outer one without what would bend it, one locale, and a home that can be
 * written to (npm, Chromium and fontconfig fail in odd ways without).
 *
 * @param {NodeJS.ProcessEnv} outer
 * @param {string} dataDir
 * @returns {NodeJS.ProcessEnv}
 */
export function childEnvironment(outer, dataDir) {
  /** @type {NodeJS.ProcessEnv} */
  const env = {}
  for (const [name, value] of Object.entries(outer)) if (!isStripped(name)) env[name] = value
  env.LANG = 'C.UTF-8'
  env.PATH = outer.PATH || '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  if (!isWritableFolder(outer.HOME ?? homedir())) {
    env.HOME = join(dataDir, 'home')
    mkdirSync(env.HOME, { recursive: true })
    env.npm_config_cache = join(dataDir, 'npm-cache')
  }
  return env
}

/**
 * Where this run keeps its data: `YIZHAN_DATA`, or `.data` in the checkout.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} outer
 */
export function dataFolder(root, outer) {
  return outer.YIZHAN_DATA ? resolve(outer.YIZHAN_DATA) : join(root, '.data')
}
