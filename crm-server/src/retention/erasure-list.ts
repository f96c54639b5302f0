import { appendFile, readFile } from 'node:fs/promises'
import { z } from 'zod'

const erased = z.object({ tenantId: z.guid(), patientKey: z.guid(), reason: z.string() })
/** Somebody who was erased; the key tells nothing of them. */
export type Erased = z.infer<typeof erased>

/** Who was erased, in a file beside the keys: a database that is put back does not know it, the file does. */
export interface ErasureList {
  read(): Promise<Erased[]>
  append(person: Erased): Promise<void>
}

/** The list in a file, one person a line; somebody on it twice is on it once. */
export function erasureList(path: string): ErasureList {
  const read = async () => {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    // A line that a power cut left half is the last one, of an erasure that the database has.
    const lines = text.split('\n').filter((line) => line.endsWith('}'))
    return lines.map((line) => erased.parse(JSON.parse(line)))
  }
  return {
    read,
    async append(person) {
      const known = (await read()).some(
        ({ tenantId, patientKey }) => tenantId === person.tenantId && patientKey === person.patientKey,
      )
      if (!known) await appendFile(path, `\n${JSON.stringify(person)}\n`, { mode: 0o600, flush: true })
    },
  }
}
