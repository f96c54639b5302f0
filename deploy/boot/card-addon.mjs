import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { contentStamp } from './content-stamp.mjs'
import { lastLines } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */
/** @typedef {import('./pinned-node.mjs').PinnedNode} PinnedNode */

/** What the compiling needs of the machine: a bare word is looked for on PATH. */
const neededTools = ['g++', 'make', 'python3', '/usr/include/PCSC/winscard.h']

/** Where Debian puts the node-gyp that its npm uses. */
const debianNodeGyp = '/usr/share/nodejs/node-gyp/bin/node-gyp.js'

/**
 * What became of the card reader add-on.
 *
 * @typedef {{ kind: 'built' } | { kind: 'kept' } | { kind: 'left-out', why: string }} AddonOutcome
 */

/**
 * Compiles the native card reader add-on (`pcsclite`, which has no prebuilt binary) for the pinned Node, where compiler and
 * headers are; from what npm installed and Node's own headers, downloading nothing. Never throws for a failed build: card
 * readers are then spoken to directly. A build that failed is tried again when the package or Node changes.
 *
 * @param {BootContext} context
 * @param {PinnedNode} node
 * @param {string} npmCli
 * @returns {Promise<AddonOutcome>}
 */
export async function ensureCardAddon(context, node, npmCli) {
  const folder = join(context.root, 'node_modules/pcsclite')
  if (!existsSync(join(folder, 'binding.gyp'))) return { kind: 'left-out', why: 'npm did not install it' }
  const missing = missingTools(neededTools, context.env.PATH ?? '')
  const words = [node.version, process.arch]
  const stamp = contentStamp(context.root, ['node_modules/pcsclite/package.json', 'node_modules/pcsclite/src'], words)
  const stampFile = join(folder, 'build/.yizhan-addon')
  const before = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (before === `${stamp} built`) return { kind: 'kept' }
  if (missing.length > 0) return { kind: 'left-out', why: `not found: ${missing.join(', ')}` }
  if (before === `${stamp} failed`) return { kind: 'left-out', why: 'it could not be compiled here' }
  context.say('compiling the card reader add-on')
  const { code, output } = await compile(context, { node, npmCli, folder })
  context.stop.throwIfAborted()
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, `${stamp} ${code === 0 ? 'built' : 'failed'}`)
  if (code === 0) return { kind: 'built' }
  context.say(
    `the card reader add-on could not be compiled; card readers are spoken to directly:\n${lastLines(output, 4)}`,
  )
  return { kind: 'left-out', why: 'it could not be compiled here' }
}

/**
 * @param {readonly string[]} tools
 * @param {string} pathVariable
 */
function missingTools(tools, pathVariable) {
  const folders = pathVariable.split(delimiter)
  return tools.filter((tool) =>
    tool.startsWith('/') ? !existsSync(tool) : !folders.some((folder) => existsSync(join(folder, tool))),
  )
}

/**
 * @param {BootContext} context
 * @param {{ node: PinnedNode, npmCli: string, folder: string }} options
 */
function compile(context, { node, npmCli, folder }) {
  const nodeGyp = findNodeGyp(npmCli)
  if (nodeGyp === null) return { code: 1, output: 'this npm carries no node-gyp' }
  // The package's build script calls `node` by its bare name to find the headers of nan.
  const PATH = [dirname(node.path), context.env.PATH ?? ''].join(delimiter)
  const args = [nodeGyp, 'rebuild', `--nodedir=${node.home}`]
  return runCommand(node.path, args, { cwd: folder, env: { ...context.env, PATH }, stop: context.stop })
}

/**
 * The node-gyp that comes with an npm, which is the one npm itself would build with.
 *
 * @param {string} npmCli
 * @returns {string | null}
 */
export function findNodeGyp(npmCli) {
  try {
    return createRequire(npmCli).resolve('node-gyp/bin/node-gyp.js')
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'MODULE_NOT_FOUND') throw error
    return existsSync(debianNodeGyp) ? debianNodeGyp : null
  }
}
