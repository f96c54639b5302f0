import { open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/**
 * Knows, beside the database, how far this node has come in granting leases of numbers to each hospital: a position that every lease
 * moves on by one, and every restore that was noticed to the time in milliseconds.
 */
export interface LeaseWitness {
  /** True when it was put back together with everything else in its folder. */
  readonly wasCopied: boolean
  /** Null when it knows nothing of a hospital. */
  position(tenantId: string): number | null
  /** Durable when it resolves; a position below one that was noted before changes nothing. */
  note(tenantId: string, position: number): Promise<void>
}

const testimony = z.object({
  /** The file that this was written to: a copy of it, put back with everything else, is another one. */
  file: z.string(),
  positions: z.record(z.string(), z.number()),
})

const fileName = 'lease-witness.json'

/**
 * Opens the witness of a node's data folder; one that was put back together with the folder, or of which nothing can be made out,
 * testifies to nothing.
 */
export async function openLeaseWitness(dataDir: string): Promise<LeaseWitness> {
  const path = join(dataDir, fileName)
  const found = await readPositions(path)
  const positions = new Map(found === 'copied' ? [] : found)
  let last: Promise<void> = Promise.resolve()
  let queued: Promise<void> | null = null
  let isWritten = true
  const writeSoon = () => {
    isWritten = false
    queued ??= last = last
      .catch(() => undefined)
      .then(async () => {
        queued = null
        await write(dataDir, path, positions)
        isWritten = queued === null
      })
    return queued
  }
  return {
    wasCopied: found === 'copied',
    position: (tenantId) => positions.get(tenantId) ?? null,
    async note(tenantId, position) {
      const known = positions.get(tenantId) ?? -1
      // What the disk refused, or has not got yet, is durable for nobody.
      if (position <= known && isWritten) return
      positions.set(tenantId, Math.max(known, position))
      await writeSoon()
    },
  }
}

/** A witness that only lives as long as its process: for tests, and whoever looks at a centre from beside. */
export function passingLeaseWitness(): LeaseWitness {
  const positions = new Map<string, number>()
  return {
    wasCopied: false,
    position: (tenantId) => positions.get(tenantId) ?? null,
    async note(tenantId, position) {
      positions.set(tenantId, Math.max(position, positions.get(tenantId) ?? 0))
    },
  }
}

async function readPositions(path: string): Promise<[string, number][] | 'copied'> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return []
  const read = testimony.safeParse(jsonOf(text))
  if (!read.success) return 'copied'
  const { file, positions } = read.data
  const { ino, birthtimeNs } = await stat(path, { bigint: true })
  return file === `${ino}-${birthtimeNs}` ? Object.entries(positions) : 'copied'
}

async function write(dataDir: string, path: string, positions: ReadonlyMap<string, number>): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600)
  try {
    // Written into a file of its own each time, which then takes the other's place: that is the one to be known by.
    const { ino, birthtimeNs } = await file.stat({ bigint: true })
    await file.writeFile(JSON.stringify({ file: `${ino}-${birthtimeNs}`, positions: Object.fromEntries(positions) }))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path)
  const folder = await open(dataDir, 'r')
  await folder.sync().finally(() => folder.close())
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
