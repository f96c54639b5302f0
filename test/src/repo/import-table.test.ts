import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf, manifestOf, type PackageName, packages, type SourceFile, sourceFiles } from './source-tree.ts'

/** Who may import whom; the one table of the house. `typesFrom`: nothing of it may reach the running program. */
const table: Record<PackageName, { from: readonly PackageName[]; typesFrom: readonly PackageName[] }> = {
  contracts: { from: [], typesFrom: [] },
  rules: { from: [], typesFrom: ['contracts'] },
  'device-drivers': { from: ['contracts', 'rules'], typesFrom: [] },
  'station-server': { from: ['contracts', 'rules', 'device-drivers'], typesFrom: [] },
  'crm-server': { from: ['contracts', 'rules'], typesFrom: [] },
  'kiosk-app': { from: ['rules'], typesFrom: ['contracts'] },
  'admin-web': { from: ['rules'], typesFrom: ['contracts'] },
  deploy: { from: [], typesFrom: [] },
  test: { from: packages.filter((name) => name !== 'test'), typesFrom: [] },
}

/** Packages that compute only: no files, no network, no clock but the one handed in. */
const pure: readonly PackageName[] = ['contracts', 'rules']

const files = sourceFiles()
const shipped = files.filter(({ isTest }) => !isTest)

function ours(target: string): PackageName | undefined {
  return packages.find((name) => target === `@yizhan/${name}` || target.startsWith(`@yizhan/${name}/`))
}

function offences(
  of: readonly SourceFile[],
  isWrong: (file: SourceFile, target: string, typesOnly: boolean) => boolean,
) {
  return of.flatMap((file) =>
    importsOf(file.text)
      .filter(({ target, typesOnly }) => isWrong(file, target, typesOnly))
      .map(({ target }) => `${file.path} imports ${target}`),
  )
}

describe.each(packages)('%s', (packageName) => {
  const { from, typesFrom } = table[packageName]
  const own = files.filter((file) => file.package === packageName)

  test('imports of ours only what the table allows', () => {
    const allowed: readonly string[] = [...from, ...typesFrom, packageName]
    expect(
      offences(own, (_, target) => target.startsWith('@yizhan/') && !allowed.includes(ours(target) ?? '')),
    ).toEqual([])
  })

  test('declares exactly the packages of ours that it imports', () => {
    const imported = new Set(
      own.flatMap(({ text }) => importsOf(text).map(({ target }) => ours(target) ?? packageName)),
    )
    imported.delete(packageName)
    const declared = Object.keys(manifestOf(packageName).dependencies ?? {}).filter((name) =>
      name.startsWith('@yizhan/'),
    )
    expect(declared.map((name) => name.slice('@yizhan/'.length)).sort()).toEqual([...imported].sort())
  })

  test('reaches no neighbour by a relative path', () => {
    const leaves = (file: SourceFile, target: string) =>
      target.startsWith('.') && !join(file.path, '..', target).startsWith(`${packageName}/`)
    expect(offences(own, leaves)).toEqual([])
  })
})

test('where the table says types, nothing but types is imported', () => {
  const leaksCode = (file: SourceFile, target: string, typesOnly: boolean) =>
    !typesOnly && table[file.package].typesFrom.some((name) => name === ours(target))
  expect(offences(shipped, leaksCode)).toEqual([])
})

test('the packages that only compute touch neither Node nor the browser', () => {
  const computing = shipped.filter((file) => pure.includes(file.package))
  expect(offences(computing, (_, target) => target.startsWith('node:'))).toEqual([])
  const impure = /\b(?:process|document|window|fetch|setTimeout|setInterval)\b[.(]|\bDate\.now\(|\bMath\.random\(/
  expect(computing.filter(({ text }) => impure.test(text)).map(({ path }) => path)).toEqual([])
})

test('the boot script needs nothing that has to be installed', () => {
  const boot = shipped.filter((file) => file.package === 'deploy')
  expect(offences(boot, (_, target) => !target.startsWith('node:') && !target.startsWith('.'))).toEqual([])
})

test('every file is imported by another, or is where a program begins', () => {
  const begins = /(?:^|\/)(?:main|[\w-]+-main|boot|vite\.config|vite-env\.d)\.(?:tsx?|mjs)$|\.test\.tsx?$/
  const pathOf = (file: SourceFile, target: string) => {
    const name = ours(target)
    if (name === undefined) return join(file.path, '..', target)
    const inner = target.slice(`@yizhan/${name}/`.length)
    return name === 'deploy' ? `deploy/${inner}` : `${name}/src/${inner}.ts`
  }
  // A program started as a process of its own is named by its URL.
  const started = (text: string) =>
    [...text.matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)].map(([, target = '']) => target)
  const reached = new Set(
    files.flatMap((file) => {
      const targets = [...importsOf(file.text).map(({ target }) => target), ...started(file.text)]
      return targets.map((target) => pathOf(file, target))
    }),
  )
  expect(files.filter(({ path }) => !begins.test(path) && !reached.has(path)).map(({ path }) => path)).toEqual([])
})
