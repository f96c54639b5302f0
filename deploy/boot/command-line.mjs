/**
 * @typedef {{ kind: 'start', reset: boolean }
 *   | { kind: 'test', vitestArgs: string[] }
 *   | { kind: 'run', script: string, args: string[] }} RunnableCommand
 * @typedef {RunnableCommand | { kind: 'help' } | { kind: 'unknown', what: string }} Command
 */

/** What `--help` prints. */
export const helpText = `Yizhan 医站: hospital kiosks, their station, and the centre behind them

  npm start               set up, start the demo hospital, say "ready", run until Ctrl-C
  npm start -- --reset    the same with empty data
  npm test                set up, then every check and test; arguments after -- go to vitest
  npm run check           linter, types, dead code, builds; no tests
  npm run bench -- NAME   a comparison, one JSON line each
  npm run drill -- NAME   faults injected into real processes; [--count N] [--seed S]

  npm run audit:verify    walks the audit trail's chain; exit status 1 when it is not whole
  npm run keys:rotate     new keys for what every hospital keeps sealed; goes on where it was ended
  npm run retention -- …  lets go of what is old enough; legal holds; erases a person

  YIZHAN_DATA=FOLDER      where a start keeps its data (default: .data in the checkout)
  DATABASE_URL=…          a PostgreSQL of yours instead of the one that the centre starts itself
  CHROMIUM=PATH           the browser for the tests
`

/**
 * What was asked for.
 *
 * @param {readonly string[]} argv
 * @returns {Command}
 */
export function readCommandLine(argv) {
  const [word, ...rest] = argv
  if (word === undefined || word === '--help' || word === '-h' || word === 'help') return { kind: 'help' }
  if (word === 'start') return readStart(rest)
  if (word === 'test') return rest[0] === '--help' ? { kind: 'help' } : { kind: 'test', vitestArgs: rest }
  const [script, ...args] = rest
  if (word === 'run' && script !== undefined) return { kind: 'run', script, args }
  return { kind: 'unknown', what: word === 'run' ? 'run without a name' : word }
}

/**
 * @param {readonly string[]} flags
 * @returns {Command}
 */
function readStart(flags) {
  if (flags.includes('--help') || flags.includes('-h')) return { kind: 'help' }
  const strange = flags.find((flag) => flag !== '--reset')
  if (strange !== undefined) return { kind: 'unknown', what: strange }
  return { kind: 'start', reset: flags.includes('--reset') }
}
