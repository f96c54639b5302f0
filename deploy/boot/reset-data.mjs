import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { BootFailure } from './boot-failure.mjs'

/** What a run leaves in its data folder, and a reset removes. */
const removed = ['bench', 'centre', 'demo.json', 'logs', 'run', 'station']
/** What is only fetched or found out, and stays. Anything else in the folder means that it is not ours to touch. */
const kept = ['browser', 'capabilities.json', 'home', 'npm-cache', 'start.lock']

/**
 * Removes everything that earlier runs left in the data folder, after asking where a person can answer.
 * Refuses a folder that holds anything a run does not make.
 *
 * @param {string} dataDir
 * @param {{ say: (line: string) => void, input: NodeJS.ReadStream, output: NodeJS.WriteStream, stop: AbortSignal }} terminal
 */
export async function resetData(dataDir, { say, input, output, stop }) {
  if (!existsSync(dataDir)) {
    say(`nothing to remove: ${dataDir} does not exist`)
    return
  }
  const strange = readdirSync(dataDir).filter((name) => !removed.includes(name) && !kept.includes(name))
  if (strange.length > 0)
    throw new BootFailure(
      `${dataDir} holds things that Yizhan did not make (${strange.slice(0, 5).join(', ')}), so it was not removed.`,
      'Check YIZHAN_DATA, or move them elsewhere.',
    )
  say(`this empties ${dataDir}: the demo hospital with all check-ins, the station's key and database, the logs`)
  if (input.isTTY && output.isTTY) {
    const dialogue = createInterface({ input, output })
    const answer = await dialogue.question('Go on? [y/N] ', { signal: stop }).finally(() => dialogue.close())
    if (!/^y(es)?$/i.test(answer.trim())) throw new BootFailure('Nothing was removed.', 'Answer y to begin anew.')
  }
  removeOutsideCluster(dataDir)
  for (const name of removed) rmSync(join(dataDir, name), { recursive: true, force: true })
  say('removed')
}

/**
 * Removes the database cluster of a centre whose data folder PostgreSQL's user could not walk into: it lies elsewhere, a
 * note in the data folder names it, and the cluster's own note names the data folder back. Both must agree.
 *
 * @param {string} dataDir
 */
function removeOutsideCluster(dataDir) {
  const centreDir = join(dataDir, 'centre')
  const note = join(centreDir, 'postgres-place.json')
  if (!existsSync(note)) return
  const { clusterRoot } = JSON.parse(readFileSync(note, 'utf8'))
  const back = join(String(clusterRoot), 'belongs-to.json')
  if (!existsSync(back)) return
  const { dataDir: owner } = JSON.parse(readFileSync(back, 'utf8'))
  if (resolve(owner) === resolve(centreDir)) rmSync(clusterRoot, { recursive: true, force: true })
}
