import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  importsOf,
  manifestOf,
  ourPackage,
  type PackageName,
  packages,
  reachableFrom,
  type SourceFile,
  sourceFiles,
} from './source-tree.ts'

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

/** Where a program begins. */
const beginning = /(?:^|\/)(?:main|[\w-]+-main|boot|service-worker|vite\.config)\.(?:tsx?|mjs)$/

const files = sourceFiles()
const programs = files.filter(({ path }) => beginning.test(path))
const inPrograms = reachableFrom(files, programs)
/** What runs in a hospital; tests, and what only tests use, are not. */
const shipped = files.filter(({ path, package: name }) => inPrograms.has(path) && name !== 'test')

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
      offences(own, (_, target) => target.startsWith('@yizhan/') && !allowed.includes(ourPackage(target) ?? '')),
    ).toEqual([])
  })

  test('declares exactly the packages of ours that it imports', () => {
    const imported = new Set(
      own.flatMap(({ text }) => importsOf(text).map(({ target }) => ourPackage(target) ?? packageName)),
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
    !typesOnly && table[file.package].typesFrom.some((name) => name === ourPackage(target))
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

test('every file is part of a program or of a test', () => {
  const inTests = reachableFrom(
    files,
    files.filter(({ path }) => /\.test\.tsx?$/.test(path)),
  )
  const isIdle = ({ path }: SourceFile) => !inPrograms.has(path) && !inTests.has(path) && !path.endsWith('.d.ts')
  expect(files.filter(isIdle).map(({ path }) => path)).toEqual([])
})
