/** One file of a finished build, as far as the shell's list needs it. */
export interface BuiltFile {
  readonly fileName: string
  readonly type: 'asset' | 'chunk'
  /** Of a chunk: the files it needs, now and later. */
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
  readonly styles?: readonly string[]
}

/** The addresses of everything that the page at `/` needs, starting from its entry chunk; the page itself first. */
export function shellFilesOf(entry: string, built: readonly BuiltFile[]): string[] {
  const byName = new Map(built.map((file) => [file.fileName, file]))
  const needed = new Set<string>()
  const take = (name: string) => {
    if (needed.has(name)) return
    needed.add(name)
    const file = byName.get(name)
    for (const part of [...(file?.imports ?? []), ...(file?.dynamicImports ?? []), ...(file?.styles ?? [])]) take(part)
  }
  take(entry)
  return ['/', ...[...needed].sort().map((name) => `/${name}`)]
}
