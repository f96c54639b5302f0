import { join } from 'node:path'
import { webApps } from './app-build.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */
/** @typedef {import('./step-runner.mjs').Step} Step */

/**
 * Everything that is checked without running our code, the quick ones first.
 *
 * @param {BootContext} context
 * @param {{ path: string }} node
 * @returns {Step[]}
 */
export function checkSteps(context, node) {
  const { root, env, stop } = context
  const tool = (/** @type {string} */ file) => join(root, 'node_modules', file)
  /**
   * @param {string[]} args
   * @param {string} [cwd]
   */
  const onNode = (args, cwd = root) => runCommand(node.path, args, { cwd, env, stop, show: true })
  // Biome alone among the tools does not know NO_COLOR.
  const biomeColors = env.NO_COLOR ? ['--colors=off'] : []
  const vite = tool('vite/bin/vite.js')
  return [
    // First, as it writes the boot script's declarations, by which the linter resolves imports of it.
    { name: 'types (tsc)', run: () => onNode([tool('typescript/bin/tsc'), '-b']) },
    {
      name: 'lint and format (biome)',
      run: () => onNode([tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', ...biomeColors]),
    },
    { name: 'dead code (knip)', run: () => onNode([tool('knip/bin/knip.js'), '--no-progress']) },
    ...webApps.map((app) => ({
      name: `build ${app} (vite)`,
      run: () => onNode([vite, 'build', '--logLevel', 'error'], join(root, app)),
    })),
  ]
}
