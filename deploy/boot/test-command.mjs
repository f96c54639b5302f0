import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { checkSteps } from './check-steps.mjs'
import { layFloor } from './floor.mjs'
import { findNpmCli, npmCi } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'
import { runSteps, stepTable } from './step-runner.mjs'
import { installForTests } from './system-packages.mjs'
import { findBrowser } from './test-browser.mjs'
import { countTests, endOfTestRun } from './test-counts.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/** The vitest projects that need a browser. */
const browserProjects = ['kiosk-app', 'admin-web']

/**
 * `npm test`: sets up, runs every check and every test, ends with a table and the counts.
 *
 * @param {BootContext} context
 * @param {NodeJS.ProcessEnv} outer
 * @param {string[]} vitestArgs narrows the tests; then the checks before them are left out
 * @returns {Promise<number>} exit status
 */
export async function testCommand(context, outer, vitestArgs) {
  await layFloor(context, outer)
  const missing = await installForTests(context)
  // Again: with the compiler that apt may just have brought, the card reader add-on can be built.
  const node = await layFloor(context, outer)
  const npmCli = findNpmCli(outer, process.execPath)
  const browser = await findBrowser(context, {
    fetch: true,
    node: node.path,
    install: (folder) => npmCi(context, { node: node.path, npmCli, folder, what: 'Chromium', nodedir: node.home }),
  })
  const resultFile = join(context.root, '.tmp/test-results.json')
  mkdirSync(join(context.root, '.tmp'), { recursive: true })
  rmSync(resultFile, { force: true })
  const tests = {
    name: 'tests (vitest)',
    run: () => runVitest(context, node.path, { browser: browser.path, resultFile, vitestArgs }),
  }
  const steps = vitestArgs.length > 0 ? [tests] : [...checkSteps(context, node), tests]
  const done = await runSteps(context, steps)
  const results = existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : null
  const notes = [
    ...(browser.path === null ? [`browser tests skipped: ${browser.note}`] : [`browser: ${browser.note}`]),
    ...missing.map(({ name, without }) => `${name} is not installed: ${without}`),
  ]
  const { text, failed } = endOfTestRun(stepTable(done), notes, done, countTests(results))
  context.say(text)
  return failed === 0 ? 0 : 1
}

/**
 * @param {BootContext} context
 * @param {string} node
 * @param {{ browser: string | null, resultFile: string, vitestArgs: string[] }} options
 */
function runVitest(context, node, { browser, resultFile, vitestArgs }) {
  const { root, env, stop } = context
  const args = [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${resultFile}`,
    // Servers, databases and a browser run beside the workers; more of them only makes each slower.
    `--maxWorkers=${Math.max(2, Math.min(4, availableParallelism() - 1))}`,
    ...(browser === null ? browserProjects.map((name) => `--project=!${name}`) : []),
    ...vitestArgs,
  ]
  const testEnv = { ...env, CI: 'true', ...(browser === null ? {} : { CHROMIUM: browser }) }
  return runCommand(node, args, { cwd: root, env: testEnv, stop, show: true })
}
