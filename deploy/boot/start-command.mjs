import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildApp, webApps } from './app-build.mjs'
import { BootFailure } from './boot-failure.mjs'
import { tryLock, waitForLock } from './boot-lock.mjs'
import { layFloor } from './floor.mjs'
import { choosePorts } from './free-port.mjs'
import { childRegister } from './leftover-children.mjs'
import { lastLines } from './npm-client.mjs'
import { runCommand } from './run-command.mjs'
import { addresses, startFiles, startPlan, wantedPorts } from './start-plan.mjs'
import { startSupervisedChild } from './supervised-child.mjs'
import { installFontsInBackground } from './system-packages.mjs'
import { waitForAnswer } from './web-answer.mjs'
import { welcomeTable } from './welcome-table.mjs'

/** @typedef {import('./boot-context.mjs').BootContext} BootContext */
/** @typedef {import('./supervised-child.mjs').ChildSpec} ChildSpec */

/** Static pages of servers that are already ready: anything slower is a fault worth a sentence. */
const pageWithinMs = 20_000

/**
 * `npm start`: sets up, starts the demo hospital, says `ready` once, and runs until it is stopped.
 *
 * @param {BootContext} context
 * @param {NodeJS.ProcessEnv} outer
 * @param {{ prepareData: () => Promise<void> | undefined }} options `prepareData`: runs while no other start holds the data
 */
export async function startCommand(context, outer, { prepareData }) {
  const lock = await tryLock(join(context.dataDir, 'start.lock'))
  if (lock === null)
    throw new BootFailure(
      `Yizhan is already running on ${context.dataDir}.`,
      'Stop it with Ctrl-C where it was started, or set YIZHAN_DATA to another folder for a second one.',
    )
  await prepareData()
  const node = await layFloor(context, outer)
  installFontsInBackground(context)
  await buildApps(context, node)
  const register = childRegister(context.dataDir)
  const ended = await register.endLeftovers()
  if (ended > 0) context.say(`ended ${ended} processes that an earlier start left behind`)
  const running = startingOrder(context, node.path, register)
  try {
    await running.startAll()
    await waitForStop(context.stop)
  } finally {
    await running.stopAll()
    register.clear()
    await lock.release()
  }
}

/**
 * @param {BootContext} context
 * @param {{ path: string }} node
 */
async function buildApps(context, node) {
  const began = Date.now()
  const built = await Promise.all(webApps.map((app) => buildApp(context, node, app)))
  if (built.includes(true)) context.say(`built the pages (${((Date.now() - began) / 1000).toFixed(1)} s)`)
}

/**
 * @param {BootContext} context
 * @param {string} node
 * @param {ReturnType<typeof childRegister>} register
 */
function startingOrder(context, node, register) {
  /** @type {{ stop(): Promise<void> }[]} */
  const up = []
  const files = startFiles(context.dataDir)

  return {
    async startAll() {
      // Between choosing ports and listening on them lie seconds: two starts on one machine take turns.
      const turn = await waitForLock(join(tmpdir(), `yizhan-ports-${process.getuid?.()}.lock`), {
        stop: context.stop,
        onWait: () => context.say('another Yizhan is starting on this machine; waiting for its ports'),
      })
      try {
        await startInTurn()
      } finally {
        await turn.release()
      }
    },
    async stopAll() {
      for (const child of up.reverse()) await child.stop()
    },
  }

  async function startInTurn() {
    const ports = await choosePorts(wantedPorts)
    const plan = startPlan({ root: context.root, dataDir: context.dataDir, ports })
    mkdirSync(join(context.dataDir, 'run'), { recursive: true })
    await startOne(plan.bench)
    await makeStationKey(context, node, files.stationData)
    await startOne(plan.centre)
    await startOne(plan.station, () => context.say(`kiosk: ${pages(ports).kiosk}`))
    await waitForPages(context.stop, pages(ports))
    context.say('ready')
    context.say(`\n${welcomeTable(pages(ports), JSON.parse(readFileSync(files.demo, 'utf8')))}`)
  }

  /**
   * @param {ChildSpec} spec
   * @param {() => void} [onUpAgain]
   */
  async function startOne(spec, onUpAgain = () => undefined) {
    context.say(`starting ${spec.what}`)
    const logFile = join(files.logs, `${spec.name}.log`)
    const { root, env, stop, say } = context
    up.push(await startSupervisedChild(spec, { node, root, env, stop, say, logFile, onSpawn: register.add, onUpAgain }))
  }

  /** @param {typeof wantedPorts} ports */
  function pages(ports) {
    return addresses(ports, readFileSync(files.launchToken, 'utf8').trim())
  }
}

/**
 * The centre enrols the demo's station by its public key, so the key comes first.
 *
 * @param {BootContext} context
 * @param {string} node
 * @param {string} stationData
 */
async function makeStationKey(context, node, stationData) {
  const script = join(context.root, 'station-server/src/identity/make-identity-main.ts')
  const { root: cwd, env, stop } = context
  const { code, output } = await runCommand(node, [script, stationData], { cwd, env, stop })
  stop.throwIfAborted()
  if (code !== 0 || !existsSync(stationData))
    throw new BootFailure(
      `The station's key could not be made:\n${lastLines(output, 8)}`,
      `Check that ${stationData} can be written to.`,
    )
}

/**
 * @param {AbortSignal} stop
 * @param {Record<string, string>} pages
 */
async function waitForPages(stop, pages) {
  const until = Date.now() + pageWithinMs
  const giveUp = () => stop.aborted || Date.now() > until
  for (const [name, url] of Object.entries(pages)) {
    if (await waitForAnswer(url, { giveUp })) continue
    stop.throwIfAborted()
    throw new BootFailure(`The ${name} page does not answer: ${url}`, 'Look into the logs in the data folder.')
  }
}

/** @param {AbortSignal} stop */
function waitForStop(stop) {
  if (stop.aborted) return Promise.resolve()
  // A timer holds the process; a listener on a signal alone does not.
  const hold = setInterval(() => undefined, 3_600_000)
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve(clearInterval(hold)), { once: true })
  })
}
