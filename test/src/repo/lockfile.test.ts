import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkout } from './source-tree.ts'

interface LockedPackage {
  version?: string
  resolved?: string
  integrity?: string
  hasInstallScript?: boolean
  link?: boolean
  optional?: boolean
  os?: string | string[]
  cpu?: string | string[]
  libc?: string | string[]
  optionalDependencies?: Record<string, string>
}

function lockedPackages(folder: string): Record<string, LockedPackage> {
  return JSON.parse(readFileSync(join(checkout, folder, 'package-lock.json'), 'utf8')).packages
}

/** Where npm would find a package of that name from a folder of the lockfile: upwards, as Node does. */
function isLocked(packages: Record<string, LockedPackage>, from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in packages) return true
    if (!at.includes('node_modules/')) return `node_modules/${name}` in packages
  }
}

test.each(['', 'deploy/runtime', 'deploy/browser'])(
  'the lockfile in "%s" names every optional binary, so that npm ci accepts it anywhere',
  (folder) => {
    const packages = lockedPackages(folder)
    const missing = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !isLocked(packages, from, name))
        .map((name) => `${name}, wanted by ${from}`),
    )
    expect(missing).toEqual([])
  },
)

test.each(['', 'deploy/runtime', 'deploy/browser'])(
  'the lockfile in "%s" names no registry, and a checksum for all that our machines install',
  (folder) => {
    const locked = Object.entries(lockedPackages(folder)).filter(([path]) => path.includes('node_modules/'))
    const fits = (allowed: string | string[] | undefined, ours: string[]) =>
      allowed === undefined || [allowed].flat().some((one) => ours.includes(one))
    const fetched = locked.filter(
      ([, { link, os, cpu, libc }]) =>
        link !== true && fits(os, ['linux']) && fits(cpu, ['x64', 'arm64']) && fits(libc, ['glibc']),
    )
    expect(locked.filter(([, { resolved, link }]) => resolved !== undefined && link !== true)).toEqual([])
    expect(fetched.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path)).toEqual([])
  },
)

/** The linter checks the others; pcsclite writes its licence in npm's old form, which the linter does not read. */
test('every dependency of the device drivers has a licence that a hospital may use', () => {
  const read = (path: string) => JSON.parse(readFileSync(join(checkout, path, 'package.json'), 'utf8'))
  const { dependencies, optionalDependencies } = read('device-drivers')
  const licences = Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => !name.startsWith('@yizhan/'))
    .map((name) => {
      const { license } = read(`node_modules/${name}`)
      return `${name}: ${typeof license === 'string' ? license : license?.type}`
    })
  expect(licences.filter((line) => !/: (?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause)$/.test(line))).toEqual([])
})
