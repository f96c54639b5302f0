import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const witnessed = z.object({ block: z.int(), head: z.string().regex(/^[0-9a-f]{64}$/) })
/** The end of a chain as it was seen: its last block and its head, hex. */
export type WitnessedHead = z.infer<typeof witnessed>

/** Remembers the end of every hospital's chain in files beside the keys, where no statement of the database reaches. */
export interface AuditWitness {
  /** The end that was seen last; null when none ever was. */
  read(tenantId: string): Promise<WitnessedHead | null>
  note(tenantId: string, head: WitnessedHead): Promise<void>
}

/** The witness in the folder of the keys; a file is replaced whole or not at all. */
export function auditWitness(keysFolder: string): AuditWitness {
  const path = (tenantId: string) => join(keysFolder, `audit-head-${tenantId}.json`)
  return {
    async read(tenantId) {
      const text = await readFile(path(tenantId), 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      return text === null ? null : witnessed.parse(JSON.parse(text))
    },
    async note(tenantId, head) {
      const draft = `${path(tenantId)}.${randomBytes(4).toString('hex')}`
      await writeFile(draft, JSON.stringify(head), { mode: 0o600, flush: true })
      await rename(draft, path(tenantId))
    },
  }
}
