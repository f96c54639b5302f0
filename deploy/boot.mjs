import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { childEnvironment, dataFolder } from './boot/boot-context.mjs'
import { BootFailure } from './boot/boot-failure.mjs'
import { helpText, readCommandLine } from './boot/command-line.mjs'
import { resetData } from './boot/reset-data.mjs'
import { runScript } from './boot/run-script.mjs'
import { startCommand } from './boot/start-command.mjs'
import { testCommand } from './boot/test-command.mjs'

const terminal = { input: process.stdin, output: process.stdout }

/** The one script behind `npm start`, `npm test` and `npm run …`. Node built-ins only; runs on Node 18 and later. */
async function main() {
  const command = readCommandLine(process.argv.slice(2))
  if (command.kind === 'help') {
    process.stdout.write(helpText)
    return 0
  }
  if (command.kind === 'unknown') {
    process.stderr.write(`Not understood: ${command.what}\n\n${helpText}`)
    return 2
  }
  // The output of a bench or drill is read by programs: only theirs goes to stdout.
  const out = command.kind === 'run' ? process.stderr : process.stdout
  const root = dirname(dirname(fileURLToPath(import.meta.url)))
  const dataDir = dataFolder(root, process.env)
  const context = {
    root,
    dataDir,
    env: { ...childEnvironment(process.env, dataDir), ...(out.isTTY ? {} : { NO_COLOR: '1' }) },
    stop: stopSignal(),
    say: (/** @type {string} */ line) => void out.write(`${line}\n`),
  }
  try {
    return await obey(command, context)
  } catch (error) {
    if (context.stop.aborted) return command.kind === 'start' ? 0 : 130
    if (!(error instanceof BootFailure)) throw error
    process.stderr.write(`\n${error.message}\n→ ${error.advice}\n`)
    return 1
  }
}

/**
 * @param {import('./boot/command-line.mjs').RunnableCommand} command
 * @param {import('./boot/boot-context.mjs').BootContext} context
 */
async function obey(command, context) {
  switch (command.kind) {
    case 'start':
      await startCommand(context, process.env, {
        prepareData: () => (command.reset ? resetData(context.dataDir, { ...context, ...terminal }) : undefined),
      })
      return 0
    case 'test':
      return testCommand(context, process.env, command.vitestArgs)
    case 'run':
      return runScript(context, process.env, command)
  }
}

/** Aborted by the first Ctrl-C, SIGTERM or closed terminal; a second Ctrl-C changes nothing, as the stop is bounded. */
function stopSignal() {
  const stopping = new AbortController()
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => stopping.abort())
  }
  // A closed terminal must not turn our last words into a crash that leaves children behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => stopping.abort())
  return stopping.signal
}

process.exitCode = await main()
