/** @typedef {import('./step-runner.mjs').DoneStep} DoneStep */

/**
 * The part of vitest's JSON report that is counted.
 *
 * @typedef {object} VitestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {boolean} success
 * @property {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[]} testResults
 */

/**
 * @typedef {object} TestCounts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} skippedNames
 * @property {string[]} failedNames each with the first line of why, or the file that ended with no test of it failed
 */

/**
 * What a run of vitest amounted to. A file that could not even be read counts as one failure, and so does a run that
 * failed without naming a test, or left no report.
 *
 * @param {VitestReport | null} report
 * @returns {TestCounts}
 */
export function countTests(report) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0, skippedNames: [], failedNames: [] }
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some(({ status: ofTest }) => ofTest === 'failed'),
  )
  const failed = report.numFailedTests + brokenFiles.length
  const failedTests = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
  const skippedNames = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo')
    .map(({ fullName }) => fullName)
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    skippedNames,
    failedNames: [
      ...failedTests.map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages?.[0])}`),
      ...brokenFiles.map(({ name, message }) => `${name}: ${firstLine(message)}`),
    ],
  }
}

/** @param {string | undefined} text */
function firstLine(text) {
  return text?.trim().split('\n')[0] || 'it ended before its tests had'
}

/** Beyond this a list of names hides the table above it. */
const mostNames = 20

/**
 * The end of a test run: the table, what was skipped and why, and as the very last line the counts. Checks count as
 * one each when they fail, so that "0 failed" is said only when all is well.
 *
 * @param {string} table
 * @param {readonly string[]} notes
 * @param {readonly DoneStep[]} done
 * @param {TestCounts} counts
 * @returns {{ text: string, failed: number }}
 */
export function endOfTestRun(table, notes, done, counts) {
  const failedChecks = done.slice(0, -1).filter(({ outcome }) => outcome === 'failed')
  const testsFailed = Math.max(counts.failed, done.at(-1)?.outcome === 'failed' ? 1 : 0)
  const failed = testsFailed + failedChecks.length
  const lines = [
    table,
    '',
    ...notes,
    ...namedLines('skipped', counts.skippedNames),
    // Last, since of a long log often only the end is kept.
    ...namedLines('failed', counts.failedNames),
    ...failedChecks.map(({ name }) => `failed check, counted as one: ${name}`),
    '',
    `${counts.passed} passed, ${failed} failed, ${counts.skipped} skipped`,
  ]
  return { text: lines.join('\n'), failed }
}

/**
 * @param {string} word
 * @param {readonly string[]} names
 */
function namedLines(word, names) {
  const lines = names.slice(0, mostNames).map((name) => `${word}: ${name}`)
  const more = names.length - lines.length
  return more > 0 ? [...lines, `${word}: ${more} more`] : lines
}
