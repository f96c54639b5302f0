import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitForLock } from './boot-lock.mjs'
import { reportCapabilities } from './capability-report.mjs'
import { ensureCardAddon } from './card-addon.mjs'
import { contentStamp } from './content-stamp.mjs'
import { findNpmCli, npmCi } from './npm-client.mjs'
import { ensurePinnedNode } from './pinned-node.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */
/** @typedef {import('./pinned-node.mjs').PinnedNode} PinnedNode */

/**
 * What must lie under every command: the pinned Node, the packages that the lockfile names, installed by that Node, and
 * the add-on that has to be compiled, where it can be. Two boots at once take turns. Does nothing, quickly, when all is there.
 *
 * @param {BootContext} context
 * @param {NodeJS.ProcessEnv} outer the environment we were started with
 * @returns {Promise<PinnedNode>}
 */
export async function layFloor(context, outer) {
  const lock = await waitForLock(join(context.root, '.tmp/install.lock'), {
    stop: context.stop,
    onWait: () => context.say('another start of Yizhan is installing here; waiting for it'),
  })
  try {
    const npmCli = findNpmCli(outer, process.execPath)
    const node = await ensurePinnedNode(context, npmCli)
    await ensurePackages(context, node, npmCli)
    return node
  } finally {
    await lock.release()
  }
}

/**
 * @param {BootContext} context
 * @param {PinnedNode} node
 * @param {string} npmCli
 */
async function ensurePackages(context, node, npmCli) {
  // Kept inside node_modules: whatever wipes the packages wipes the claim that they are there.
  const stampFile = join(context.root, 'node_modules/.yizhan-floor')
  const stamp = contentStamp(context.root, ['package-lock.json'], [node.version, process.arch])
  const installed = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
  if (!installed) {
    context.say('installing packages (the first time takes a minute or two)')
    await npmCi(context, { node: node.path, npmCli, folder: context.root, what: 'the packages', nodedir: node.home })
  }
  // Also without a new installation: a compiler may have come since.
  const addon = await ensureCardAddon(context, node, npmCli)
  if (installed && addon.kind !== 'built') return
  await reportCapabilities(context, node, addon.kind === 'left-out' ? { pcsclite: addon.why } : {})
  writeFileSync(stampFile, stamp)
}
