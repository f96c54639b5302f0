import { once } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import type { BenchCentre } from './bench-centre.ts'
import { loadPeer } from './peer-packages.ts'

interface CopyStreams {
  default: { from(text: string): CopyStream<Writable>; to(text: string): CopyStream<Readable> }
}
type CopyStream<Stream> = Stream & pg.Submittable

/** One round of COPY. */
export interface CopyTrial {
  tookMs: number
  rows: number
}

/** The limit of the database: the rows that an upload has just left in the inbox, again, by one COPY into a table like it. */
export interface CopyLimit {
  measure(): Promise<CopyTrial>
  stop(): Promise<void>
}

/** A table with the inbox's columns, indexes and checks, filled through one connection of the same PostgreSQL. */
export async function openCopyLimit({ database, tenantId }: BenchCentre): Promise<CopyLimit> {
  const { from, to } = (await loadPeer<CopyStreams>('pg-copy-streams')).default
  const options = `-c app.tenant_id=${tenantId}`
  const client = new pg.Client({ connectionString: database.migratorUrl, options })
  await client.connect()
  await client.query('create table copy_limit (like inbox including all)')
  return {
    async measure() {
      const query = `select i.* from inbox i where not exists (select from copy_limit c where c.event_id = i.event_id)`
      const rows = await bytesOf(client.query(to(`copy (${query}) to stdout`)))
      // What waits to be applied is in an index of its own, as it was when the upload was stored.
      const pending = Buffer.from(rows.toString().replaceAll('\tapplied\t', '\tpending\t'))
      const copying = client.query(from('copy copy_limit from stdin'))
      const startedAt = performance.now()
      await pipeline(Readable.from(piecesOf(pending)), copying)
      const tookMs = performance.now() - startedAt
      return { tookMs, rows: pending.toString().split('\n').length - 1 }
    },
    stop: () => client.end(),
  }
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  stream.on('data', (piece: Buffer) => pieces.push(piece))
  await once(stream, 'end')
  return Buffer.concat(pieces)
}

/** As a socket likes them. */
const pieceBytes = 64 * 1024

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}
