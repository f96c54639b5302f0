import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkout, sourceFiles } from './source-tree.ts'

const decisions = readdirSync(join(checkout, 'docs/decisions')).map((name) => `docs/decisions/${name}`)
const documents = ['CONTRIBUTING.md', 'docs/architecture.md', 'docs/operations.md', 'docs/glossary.md', ...decisions]
const names = new Set(sourceFiles().flatMap(({ path, name }) => [path, name, path.split('/').slice(-2).join('/')]))

/** Whether a quoted path leads somewhere: from the checkout, or as a source file's last one or two parts. */
function leadsSomewhere(path: string): boolean {
  return existsSync(join(checkout, path)) || names.has(path)
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(checkout, document), 'utf8')

  test('names only files that exist', () => {
    const quoted = [...text.matchAll(/`([\w.-]+(?:\/[\w.-]+)*\.(?:tsx?|mjs|sql))`/g)].map(([, path = '']) => path)
    // `main.ts`, `types.ts`: kinds of file, spoken of in general.
    const general = new Set(['main.ts', 'types.ts', 'index.ts'])
    expect(quoted.filter((path) => !general.has(path) && !leadsSomewhere(path))).toEqual([])
  })

  test('links only to what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target = '']) => target)
    expect(links.filter((target) => !existsSync(join(checkout, dirname(document), target)))).toEqual([])
  })
})

test('documents stay short enough to be read', () => {
  const lines = (document: string) => readFileSync(join(checkout, document), 'utf8').split('\n').length
  expect(lines('CONTRIBUTING.md')).toBeLessThanOrEqual(150)
  expect(decisions.filter((document) => lines(document) > 41)).toEqual([])
})
