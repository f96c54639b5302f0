import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stationEvents } from '@yizhan/contracts/sync'
import { expect, test } from 'vitest'
import { checkout, sourceFiles } from './source-tree.ts'

const rows = readFileSync(join(checkout, 'docs/glossary.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, chinese = '']) => /\p{Script=Han}/u.test(chinese))
  .slice(1)
  .map(([, chinese = '', code = '']) => ({ chinese, word: code.replaceAll('`', '') }))

const code = sourceFiles()
  .filter((file) => !file.path.startsWith('test/src/repo/'))
  .map(({ path, text }) => `${path}\n${text}`)
  .join('\n')

test('every code word of the glossary exists in the code', () => {
  expect(rows.length).toBeGreaterThan(30)
  const missing = rows.filter(({ word }) => word === '' || !new RegExp(`\\b${word}`, 'i').test(code))
  expect(missing).toEqual([])
})

test('one word per thing: no code word and no Chinese term stands twice', () => {
  const terms = rows.flatMap(({ chinese }) => chinese.split(/[,，]\s*/))
  expect(new Set(terms).size).toBe(terms.length)
  expect(new Set(rows.map(({ word }) => word)).size).toBe(rows.length)
})

test('every event that a station reports is in the glossary', () => {
  const words = rows.map(({ word }) => word)
  expect(Object.keys(stationEvents).filter((name) => !words.includes(name))).toEqual([])
})
