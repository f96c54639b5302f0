import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { type BlockHeader, goneDigest, headOf, noHead, rowDigest, signBlock, writeEntries } from './audit-block.ts'
import {
  blocksFrom,
  type ChainReader,
  contentsOf,
  endWaiting,
  insertBlock,
  lastBlock,
  nextWaiting,
  takeSealing,
} from './audit-chain-store.ts'
import type { AuditWitness, WitnessedHead } from './audit-witness.ts'

/** What sealing works with. */
export interface SealingDeps {
  db: CentreDb
  keys: Pick<KeyRing, 'auditKey'>
  witness: AuditWitness
  now: () => number
}

/** A row is to be sealed within ten seconds, however the two rounds of a loop fall. */
const sealEveryMs = 5_000
/** 100 kB of entries; a day of a hospital's desks is some ten blocks' worth, and the first run takes in what was there before. */
const rowsPerBlock = 2_000

/** Seals what a hospital's trail has new into blocks of its chain (审计链); answers how many rows. One node at a time does so. */
export async function sealAudit(deps: SealingDeps, tenantId: string): Promise<number> {
  for (let sealed = 0; ; ) {
    const made = await sealBlock(deps, tenantId)
    if (made === null) return sealed
    sealed += made.rows
    await noteHead(deps, tenantId, made)
    if (made.rows < rowsPerBlock) return sealed
  }
}

interface MadeBlock {
  rows: number
  head: WitnessedHead
}

async function sealBlock({ db, keys, now }: SealingDeps, tenantId: string): Promise<MadeBlock | null> {
  const { privateKey } = await keys.auditKey(tenantId)
  return await inTenant(db, tenantId, async (tx) => {
    const chain = { tx, tenantId }
    if (!(await takeSealing(chain))) return null
    const auditIds = await nextWaiting(chain, rowsPerBlock)
    if (auditIds.length === 0) return null
    const contents = await contentsOf(chain, auditIds)
    const digestOf = (auditId: string) => {
      const content = contents.get(auditId)
      return content === undefined ? goneDigest : rowDigest(content.text)
    }
    const entries = writeEntries(auditIds.map((auditId) => ({ auditId, digest: digestOf(auditId) })))
    const last = await lastBlock(chain)
    const header: BlockHeader = {
      tenantId,
      block: (last?.block ?? 0) + 1,
      firstRow: last === undefined ? 1 : last.firstRow + last.rowCount,
      rowCount: auditIds.length,
      sealedAt: now(),
      previousHead: last?.head ?? noHead,
    }
    const head = headOf(header, entries)
    await insertBlock(chain, { ...header, entries, head, signature: signBlock(privateKey, header, head) })
    await endWaiting(chain, auditIds)
    return { rows: auditIds.length, head: { block: header.block, head: head.toString('hex') } }
  })
}

/** Shows the witness the new end, unless the chain is not the one that it knows: then it keeps what it has seen. */
async function noteHead({ db, witness }: SealingDeps, tenantId: string, { head }: MadeBlock): Promise<void> {
  const seen = await witness.read(tenantId)
  const known = seen === null || (await inTenant(db, tenantId, (tx) => holdsHead({ tx, tenantId }, seen)))
  if (known && (seen?.block ?? 0) < head.block) await witness.note(tenantId, head)
}

/** Whether the chain holds the block that the witness saw, with the same head. */
export async function holdsHead(chain: ChainReader, seen: WitnessedHead): Promise<boolean> {
  const [block] = await blocksFrom(chain, seen.block, 1)
  return block?.block === seen.block && block.head.toString('hex') === seen.head
}

/** Seals every hospital's trail again and again. */
export function startAuditSealing(deps: SealingDeps & { onFault: (error: unknown) => void }): CentreLoop {
  return startCentreLoop({
    everyMs: sealEveryMs,
    onFault: deps.onFault,
    work: async (isStopping) => {
      for (const tenantId of await tenantIds(deps.db)) if (!isStopping()) await sealAudit(deps, tenantId)
    },
  })
}
