import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BootFailure } from './boot-failure.mjs'
import { lastLines } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/**
 * A native module, tried in a child because a bad one takes its whole process down.
 *
 * @typedef {object} NativePart
 * @property {string} name
 * @property {string} from the package of ours that needs it
 * @property {string} trial a line of CommonJS that uses it once
 * @property {string | null} without what happens when it is missing; `null`: nothing works
 */

/** @type {readonly NativePart[]} */
const nativeParts = [
  {
    name: 'better-sqlite3',
    from: 'station-server',
    trial: "new (require('better-sqlite3'))(':memory:').prepare('select 1').get()",
    without: null,
  },
  {
    name: 'serialport',
    from: 'device-drivers',
    trial: "require('serialport').SerialPort.binding",
    without: 'serial scanners and printers stay away; devices on the network work',
  },
  {
    name: 'pcsclite',
    from: 'device-drivers',
    trial: "require('pcsclite')",
    without: 'card readers are spoken to directly, over the socket of pcscd',
  },
]

/**
 * Tries every native module once and writes down what was found. Throws when a part is missing that nothing can replace.
 *
 * @param {BootContext} context
 * @param {{ path: string }} node
 * @param {Record<string, string>} leftOut parts that are known not to be there, and why: not tried
 */
export async function reportCapabilities(context, node, leftOut = {}) {
  /** @type {Record<string, string>} */
  const report = {}
  for (const part of nativeParts) {
    const why = leftOut[part.name]
    if (why !== undefined) {
      report[part.name] = `left out (${why})`
      context.say(`${part.name} is left out (${why}): ${part.without}`)
      continue
    }
    const cwd = join(context.root, part.from)
    const { code, output } = await runCommand(node.path, ['-e', part.trial], {
      cwd,
      env: context.env,
      stop: context.stop,
    })
    report[part.name] = code === 0 ? 'found' : `missing (exit ${code})`
    if (code === 0) continue
    context.stop.throwIfAborted()
    if (part.without === null)
      throw new BootFailure(
        `${part.name} does not load on this machine (exit ${code}):\n${lastLines(output, 4)}`,
        'Delete node_modules and start again; its prebuilt binary needs glibc 2.31 or newer.',
      )
    context.say(`${part.name} does not load on this machine: ${part.without}`)
  }
  mkdirSync(context.dataDir, { recursive: true })
  writeFileSync(join(context.dataDir, 'capabilities.json'), `${JSON.stringify(report, null, 2)}\n`)
}
