import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { BootFailure } from './boot-failure.mjs'
import { checkSteps } from './check-steps.mjs'
import { layFloor } from './floor.mjs'
import { runCommand } from './run-command.mjs'
import { runSteps, stepTable } from './step-runner.mjs'
import { findBrowser } from './test-browser.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/** The scripts that have a short name. */
const named = /** @type {Record<string, string>} */ ({
  'audit:verify': 'crm-server/src/audit/audit-verify-main.ts',
  bench: 'test/src/bench/bench-main.ts',
  drill: 'test/src/drill/drill-main.ts',
  retention: 'crm-server/src/retention/retention-main.ts',
  'keys:rotate': 'crm-server/src/tenant/rotate-keys-main.ts',
})

/**
 * `npm run check|bench|drill`, or any `.ts` or `.mjs` file of the checkout by its path: sets up, then runs it on the
 * pinned Node with our terminal and its own exit status.
 *
 * @param {BootContext} context
 * @param {NodeJS.ProcessEnv} outer
 * @param {{ script: string, args: string[] }} command
 * @returns {Promise<number>} exit status
 */
export async function runScript(context, outer, { script, args }) {
  const node = await layFloor(context, outer)
  if (script === 'check') {
    const done = await runSteps(context, checkSteps(context, node))
    context.say(stepTable(done))
    return done.every(({ outcome }) => outcome === 'passed') ? 0 : 1
  }
  const file = join(context.root, named[script] ?? script)
  if (!existsSync(file))
    throw new BootFailure(`There is no script ${script}.`, `Known: check, ${Object.keys(named).join(', ')}, or a path.`)
  const browser = await findBrowser(context, { fetch: false })
  const data = context.env['CENTRE_DATA'] ?? join(context.dataDir, 'centre')
  const env = { ...context.env, CENTRE_DATA: data, ...(browser.path === null ? {} : { CHROMIUM: browser.path }) }
  const outcome = await runCommand(node.path, [file, ...args], {
    cwd: context.root,
    env,
    stop: context.stop,
    show: true,
  })
  return outcome.code
}
