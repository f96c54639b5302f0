import { expect, test } from 'vitest'
import { sourceFiles } from './source-tree.ts'

/** A wait that says nothing gives up after a second, which a busy build machine may take over anything. */
const wait = new RegExp(['\\b(?:vi\\.(?:waitFor|waitUntil)|expect', '\\.poll)\\('].join(''), 'g')

/** A name alone, or the time limit of the options by a name. */
const named = /^(?:[a-z]\w*|\{.*timeout(?:: [a-z]\w*)?\b.*\})$/s

/** A number in the place of the name. */
const literal = /timeout: \d/

/** The text of each argument of the call whose bracket opens before `from`. */
function argumentsAt(text: string, from: number): string[] {
  let depth = 0
  let start = from
  const found: string[] = []
  // Strings and expressions are stepped over whole: a bracket in them is no bracket.
  for (const { 0: token, index } of text.slice(from).matchAll(tokens)) {
    const at = from + index
    if (depth === 0 && (token === ',' || token === ')')) {
      found.push(text.slice(start, at).trim())
      start = at + 1
      if (token === ')') return found.filter((argument) => argument !== '')
    }
    if (/^[([{]$/.test(token)) depth += 1
    if (/^[)\]}]$/.test(token)) depth -= 1
  }
  throw new Error('a call without an end')
}

const tokens = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=] ?)\/(?:\\.|[^/\\\n])+\/|[()[\]{},]/g

test('every wait names how long it waits, and no wait is left to the second that is the habit of the tool', () => {
  const nameless = sourceFiles().flatMap(({ path, text }) =>
    [...text.matchAll(wait)].flatMap(({ 0: call, index }) => {
      const [, limit = ''] = argumentsAt(text, index + call.length)
      return named.test(limit) && !literal.test(limit) ? [] : [`${path}: ${call}…, ${limit})`]
    }),
  )
  expect(nameless).toEqual([])
})

test('a wait without a limit, with a number and with other options only would be found', () => {
  const limits = ['', '5000', '{ interval: 5 }', '{ timeout: 5000 }']
  expect(limits.filter((limit) => named.test(limit) && !literal.test(limit))).toEqual([])
  expect(argumentsAt(`() => expect(f(')')).toMatch(/,\\)/), patienceMs)`, 0).at(-1)).toBe('patienceMs')
})
