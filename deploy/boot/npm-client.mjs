import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BootFailure } from './boot-failure.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/** A registry that hiccups is usually back within seconds; longer waits help nobody who sits before it. */
const retryDelaysMs = [2_000, 5_000]

/** Where Debian's own npm finds the modules it was split into; only Debian's own node looks there unasked. */
const debianModules = ['/usr/share/nodejs', '/usr/lib/nodejs']

/**
 * The npm command line that started us, or the one that belongs to the machine's Node.
 *
 * @param {NodeJS.ProcessEnv} outer the environment we were started with
 * @param {string} execPath the Node we run on
 * @returns {string} the path of `npm-cli.js`
 */
export function findNpmCli(outer, execPath) {
  const onPath = (outer.PATH ?? '').split(delimiter).map((folder) => join(folder, 'npm'))
  const candidates = [
    outer.npm_execpath ?? '',
    join(dirname(execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    ...onPath,
    '/usr/share/nodejs/npm/bin/npm-cli.js',
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
  ]
  for (const candidate of candidates) {
    if (!candidate || !existsSync(candidate)) continue
    const real = realpathSync(candidate)
    // yarn and pnpm set npm_execpath too; they do not read our lockfile.
    if (basename(real) === 'npm-cli.js') return real
  }
  throw new BootFailure(
    'npm was not found on this machine.',
    'Install npm (Debian, Ubuntu: apt-get install npm) and start again.',
  )
}

/**
 * Runs `npm ci` in a folder: exact, without install scripts, with everything the lockfile names for this platform.
 * Tries three times, the last time without asking the registry for what the cache holds.
 *
 * @param {BootContext} context
 * @param {{ node: string, npmCli: string, folder: string, what: string, nodedir?: string }} options `what`: for the sentence on failure
 */
export async function npmCi(context, { node, npmCli, folder, what, nodedir }) {
  const env = npmEnvironment(context.env, npmCli, nodedir)
  const args = [npmCli, 'ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-fund', '--no-audit']
  let output = ''
  for (let attempt = 0; attempt <= retryDelaysMs.length; attempt += 1) {
    const cache = attempt === retryDelaysMs.length ? ['--prefer-offline'] : []
    const outcome = await runCommand(node, [...args, ...cache], { cwd: folder, env, stop: context.stop })
    if (outcome.code === 0) return
    context.stop.throwIfAborted()
    output = outcome.output
    if (output.includes('npm error code EUSAGE')) throw lockfileDisagrees(what, output)
    const delayMs = retryDelaysMs[attempt]
    if (delayMs === undefined) break
    context.say(`npm could not install ${what}; trying again in ${delayMs / 1000} s`)
    await sleep(delayMs, undefined, { signal: context.stop })
  }
  throw new BootFailure(
    `npm could not install ${what}. Its last words:\n${lastLines(output, 12)}`,
    'Check the network or proxy (npm config get registry) and the free disk space, then start again; what is already downloaded is kept.',
  )
}

/**
 * A second try would not help: the checkout itself is at odds.
 *
 * @param {string} what
 * @param {string} output
 */
function lockfileDisagrees(what, output) {
  const missing = output.split('\n').filter((line) => /(Missing|Invalid): /.test(line))
  return new BootFailure(
    `npm could not install ${what}: package.json and package-lock.json do not agree.\n${missing.slice(0, 12).join('\n')}`,
    'Take back what was changed by hand in either (git status), or bring the lockfile up to date with npm install.',
  )
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} npmCli
 * @param {string | undefined} nodedir headers that fit the Node which installs, whatever the machine's npm settings say
 */
function npmEnvironment(env, npmCli, nodedir) {
  const ofDebian = debianModules.some((folder) => npmCli.startsWith(folder))
  return {
    ...env,
    npm_config_ignore_scripts: 'true',
    npm_config_update_notifier: 'false',
    ...(nodedir === undefined ? {} : { npm_config_nodedir: nodedir }),
    ...(ofDebian ? { NODE_PATH: debianModules.join(delimiter) } : {}),
  }
}

/**
 * The last lines of a text that have anything on them.
 *
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n')
}
