import { expect, test } from 'vitest'
import { sourceFiles } from './source-tree.ts'

/** The longest that a file may be, blank lines not counted; a test tells several stories, each read alone. */
const mostLines = { code: 300, test: 500 }

/** Tables without logic, which may be as long as what they list. */
const pureData = new Set([
  ...['common-passwords.ts', 'tables.ts', 'zh-cn.ts', 'en.ts', 'admin-zh-cn.ts', 'admin-en.ts'],
  ...['customer-zh-cn.ts', 'customer-en.ts'],
])

/** Names that a tool or the operating system's habit gives; every package may have its own. */
const givenNames = new Set(['main.ts', 'main.tsx', 'vite.config.ts', 'vite-env.d.ts'])

const files = sourceFiles()

function pathsWhere(isWrong: (file: (typeof files)[number]) => boolean): string[] {
  return files.filter(isWrong).map(({ path }) => path)
}

test('a file name names one place: it repeats only across packages, for the same feature', () => {
  const clashes = files
    .filter(({ name }) => !givenNames.has(name))
    .flatMap((file) =>
      files
        .filter((other) => other.name === file.name && other.path > file.path)
        .filter((other) => other.package === file.package || other.feature !== file.feature)
        .map((other) => `${file.path} and ${other.path}`),
    )
  expect(clashes).toEqual([])
})

test('no file is called what says nothing', () => {
  expect(
    pathsWhere(({ name }) => /^(?:utils?|helpers?|common|shared|misc|types|index|store|constants)\.\w+$/.test(name)),
  ).toEqual([])
  expect(pathsWhere(({ path }) => /\/(?:utils?|helpers?|common|shared|misc)\//.test(path))).toEqual([])
})

test('no file of code is longer than a person reads at once', () => {
  const lines = (text: string) => text.split('\n').filter((line) => line.trim() !== '').length
  expect(
    pathsWhere(({ name, text, isTest }) => !pureData.has(name) && lines(text) > mostLines[isTest ? 'test' : 'code']),
  ).toEqual([])
})

test('no module is mocked: tests run the real thing', () => {
  const mock = new RegExp(['vi', '\\.(?:do)?[mM]ock\\('].join(''))
  expect(pathsWhere(({ text }) => mock.test(text))).toEqual([])
})

test('no code knows a folder of somebody’s machine', () => {
  expect(pathsWhere(({ text }) => /['"`/](?:home|root|Users|work)\/[a-z]/.test(text))).toEqual([])
})

test('no test is left running alone', () => {
  expect(
    pathsWhere(({ text }) => /\b(?:test|it|describe)\.only\(/.test(text.replaceAll(/\/.*\.only.*\//g, ''))),
  ).toEqual([])
})
