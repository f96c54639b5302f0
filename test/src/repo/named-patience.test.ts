import { expect, test } from 'vitest'
import { sourceFiles } from './source-tree.ts'

/** A wait that says nothing gives up after a second, which a busy build machine may take over anything. */
const wait = new RegExp(['\\b(?:vi\\.(?:waitFor|waitUntil)|expect', '\\.poll)\\('].join(''), 'g')

/** The second argument of a wait: its limit alone, or its options, by a name or in milliseconds. */
function isGenerous(limit: string): boolean {
  const [, named, literal] = /^(?:\{.*\btimeout: )?(?:([a-z]\w*)|([\d_]+))\b/s.exec(limit) ?? []
  return named !== undefined || Number(literal?.replaceAll('_', '')) >= leastMs
}

/** Ten times the second of the tool. */
const leastMs = 10_000

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

test('no wait is left to the second that is the habit of the tool: each says how long, and not too short', () => {
  const hasty = sourceFiles().flatMap(({ path, text }) =>
    [...text.matchAll(wait)].flatMap(({ 0: call, index }) => {
      const [, limit = ''] = argumentsAt(text, index + call.length)
      return isGenerous(limit) ? [] : [`${path}: ${call}…, ${limit})`]
    }),
  )
  expect(hasty).toEqual([])
})

test('a wait without a limit, with a short one and with other options only would be found', () => {
  const limits = ['', '5000', '{ interval: 5 }', '{ timeout: 5_000 }', '{ interval: 5, timeout: 900 }']
  expect(limits.filter(isGenerous)).toEqual([])
  const generous = ['patienceMs', '60_000', '{ timeout: patienceMs, interval: 5 }', '{ timeout: 10_000 }']
  expect(generous.filter(isGenerous)).toEqual(generous)
  expect(argumentsAt(`() => expect(f(')')).toMatch(/,\\)/), patienceMs)`, 0).at(-1)).toBe('patienceMs')
})
