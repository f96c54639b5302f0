/** @typedef {import('./boot-context.mjs').BootContext} BootContext */

/**
 * One step of the checks.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {() => Promise<{ code: number, note?: string }>} run
 */

/**
 * @typedef {object} DoneStep
 * @property {string} name
 * @property {'passed' | 'failed' | 'skipped'} outcome
 * @property {number} seconds
 * @property {string} note
 */

/**
 * Runs every step, in order, also after one has failed: a tired person wants the whole list at once.
 *
 * @param {BootContext} context
 * @param {readonly Step[]} steps
 * @returns {Promise<DoneStep[]>}
 */
export async function runSteps(context, steps) {
  /** @type {DoneStep[]} */
  const done = []
  for (const { name, run } of steps) {
    context.say(`\n── ${name}`)
    const began = Date.now()
    const { code, note = '' } = await run()
    context.stop.throwIfAborted()
    done.push({ name, outcome: code === 0 ? 'passed' : 'failed', seconds: (Date.now() - began) / 1000, note })
  }
  return done
}

/**
 * The steps as a table for the end of a run.
 *
 * @param {readonly DoneStep[]} done
 */
export function stepTable(done) {
  const width = Math.max(...done.map(({ name }) => name.length))
  const rows = done.map(({ name, outcome, seconds, note }) => {
    return `${name.padEnd(width)}  ${outcome.padEnd(7)}  ${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd()
  })
  return `\n${rows.join('\n')}`
}
