import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** The checkout. */
export const checkout = join(import.meta.dirname, '../../..')

/** The packages of the house, and the boot script beside them. */
export const packages = [
  'contracts',
  'rules',
  'device-drivers',
  'station-server',
  'crm-server',
  'kiosk-app',
  'admin-web',
  'deploy',
  'test',
] as const
export type PackageName = (typeof packages)[number]

/** One file of ours; `path` is relative to the checkout. */
export interface SourceFile {
  path: string
  name: string
  package: PackageName
  /** The folder below `src`; in `contracts`, where a feature is one file, the file's own word. */
  feature: string
  isTest: boolean
  text: string
}

const notOurs = new Set(['node_modules', 'dist', 'peers'])

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name) || entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? pathsBelow(path) : [path]
  })
}

function featureOf(packageName: PackageName, path: string): string {
  const [first = '', ...rest] = path.split('/').slice(packageName === 'deploy' ? 1 : 2)
  return rest.length === 0 ? first.replace(/(\.test)?\.\w+$/, '') : first
}

/** Every TypeScript and boot-script file of the packages, read once per call. */
export function sourceFiles(): SourceFile[] {
  return packages.flatMap((packageName) =>
    pathsBelow(join(checkout, packageName))
      .filter((path) => /\.(tsx?|mjs)$/.test(path))
      .map((full) => {
        const path = relative(checkout, full)
        const name = path.slice(dirname(path).length + 1)
        const isTest = packageName === 'test' || /\.test\.tsx?$/.test(name)
        return {
          path,
          name,
          package: packageName,
          feature: featureOf(packageName, path),
          isTest,
          text: readFileSync(full, 'utf8'),
        }
      }),
  )
}

/** One import of a file: what it names, and whether only types pass. */
export interface Import {
  target: string
  typesOnly: boolean
}

/** The imports of a source text; `import type` and `export type` statements count as types only. */
export function importsOf(text: string): Import[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '')
  const statements = code.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)
  const calls = code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)
  return [
    ...[...statements].map(([, type, target = '']) => ({ target, typesOnly: type !== undefined })),
    ...[...calls].map(([, target = '']) => ({ target, typesOnly: false })),
  ]
}

/** The package of ours that an import names, if it names one. */
export function ourPackage(target: string): PackageName | undefined {
  return packages.find((name) => target === `@yizhan/${name}` || target.startsWith(`@yizhan/${name}/`))
}

/** The paths of ours that a file names: its imports, and the programs it starts by their URL. */
export function namedPaths(file: SourceFile): string[] {
  const started = [...file.text.matchAll(/new URL\('([^']+)', import\.meta\.url\)/g)].map(([, target = '']) => target)
  return [...importsOf(file.text).map(({ target }) => target), ...started].map((target) => {
    const name = ourPackage(target)
    if (name === undefined) return join(file.path, '..', target)
    const inner = target.slice(`@yizhan/${name}/`.length)
    return name === 'deploy' ? `deploy/${inner}` : `${name}/src/${inner}.ts`
  })
}

/** The paths of all files that can be reached by imports from some, themselves included. */
export function reachableFrom(files: readonly SourceFile[], starts: readonly SourceFile[]): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set<string>()
  const waiting = [...starts]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file.path)) continue
    reached.add(file.path)
    for (const path of namedPaths(file)) {
      const next = byPath.get(path)
      if (next !== undefined) waiting.push(next)
    }
  }
  return reached
}

/** A package's manifest. */
export function manifestOf(packageName: PackageName): { dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(join(checkout, packageName, 'package.json'), 'utf8'))
}
