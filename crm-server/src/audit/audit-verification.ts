import type { AuditFinding } from '@yizhan/contracts/audit'
import { type BlockEntry, goneDigest, headOf, isBlockSigned, noHead, readEntries, rowDigest } from './audit-block.ts'
import {
  blocksFrom,
  type ChainReader,
  contentsOf,
  countRows,
  rowsOutside,
  type StoredBlock,
} from './audit-chain-store.ts'
import { holdsHead } from './audit-sealing.ts'
import type { WitnessedHead } from './audit-witness.ts'

/** How a walk over the whole chain came out; the first finding is the first wrong place. */
export interface AuditVerdict {
  blocks: number
  rows: number
  findings: AuditFinding[]
}

/** By what a chain is judged: the key that must have signed it, the end that was seen, the moment. */
export interface ChainJudge {
  publicKey: string
  witness: WitnessedHead | null
  nowMs: number
}

const blocksAtOnce = 20
/** After so many it is known that something is wrong; the rest would say nothing new. */
const mostFindings = 50
/** Rows are in the order of their transactions; none of ours lasts as long, and no two nodes' clocks lie so far apart. */
const backdatedAfterMs = 3_600_000
/** The trail is kept for three years at least; the database itself lets nothing younger go. */
const keptMs = 3 * 365 * 24 * 3_600_000

/** Walks a hospital's chain from its first block to its last, within the one picture of the reader's transaction. */
export async function verifyAudit(reader: ChainReader, judge: ChainJudge): Promise<AuditVerdict> {
  const walk = new ChainWalk(reader, judge)
  for (let from = 0; ; ) {
    const blocks = await blocksFrom(reader, from, blocksAtOnce)
    for (const block of blocks) await walk.take(block)
    const last = blocks.at(-1)
    if (last === undefined || walk.verdict.findings.length >= mostFindings) break
    from = last.block + 1
  }
  await walk.end()
  return walk.verdict
}

/** Where a walk stands, and what it has found. */
class ChainWalk {
  readonly verdict: AuditVerdict = { blocks: 0, rows: 0, findings: [] }
  readonly #reader: ChainReader
  readonly #judge: ChainJudge
  #before: StoredBlock | undefined
  #found = 0
  /** The moment of the youngest row so far. */
  #latestAt = 0

  constructor(reader: ChainReader, judge: ChainJudge) {
    this.#reader = reader
    this.#judge = judge
  }

  async take(block: StoredBlock): Promise<void> {
    this.#lookAtPlace(block)
    const entries = block.entries === null ? [] : readEntries(block.entries)
    if (!this.#isWhole(block, entries)) this.#tell('block-changed', block)
    if (!isBlockSigned(this.#judge.publicKey, block, block.head, block.signature)) this.#tell('block-forged', block)
    if (entries !== null) await this.#lookAtRows(block, entries)
    this.verdict.blocks += 1
    this.verdict.rows += block.rowCount
    this.#before = block
  }

  /** After the last block: rows that are in none, and an end that is not the one that was seen. */
  async end(): Promise<void> {
    const { rows, waiting } = await countRows(this.#reader)
    if (rows !== this.#found + waiting) {
      for (const auditId of await rowsOutside(this.#reader, mostFindings)) this.#tell('row-inserted', null, auditId)
    }
    const { witness } = this.#judge
    if (witness === null && this.#before !== undefined) this.#tell('witness-missing', null)
    if (witness !== null && !(await holdsHead(this.#reader, witness))) this.#tell('chain-cut', witness)
  }

  #lookAtPlace(block: StoredBlock): void {
    const before = this.#before
    if (block.block !== (before?.block ?? 0) + 1) this.#tell('block-missing', { block: (before?.block ?? 0) + 1 })
    const firstRow = before === undefined ? 1 : before.firstRow + before.rowCount
    if (!block.previousHead.equals(before?.head ?? noHead) || block.firstRow !== firstRow) {
      this.#tell('block-unlinked', block)
    }
  }

  #isWhole(block: StoredBlock, entries: BlockEntry[] | null): boolean {
    if (block.entries === null) return block.sealedAt < this.#judge.nowMs - keptMs
    return entries?.length === block.rowCount && headOf(block, block.entries).equals(block.head)
  }

  async #lookAtRows(block: StoredBlock, entries: readonly BlockEntry[]): Promise<void> {
    const contents = await contentsOf(
      this.#reader,
      entries.map(({ auditId }) => auditId),
    )
    for (const { auditId, digest } of entries) {
      const content = contents.get(auditId)
      if (content === undefined || digest.equals(goneDigest)) this.#tell('row-removed', block, auditId)
      else if (!rowDigest(content.text).equals(digest)) this.#tell('row-changed', block, auditId)
      else if (content.at < this.#latestAt - backdatedAfterMs) this.#tell('row-backdated', block, auditId)
      this.#latestAt = Math.max(this.#latestAt, content?.at ?? 0)
    }
    this.#found += contents.size
  }

  #tell(kind: AuditFinding['kind'], at: { block: number } | null, auditId: string | null = null): void {
    if (this.verdict.findings.length < mostFindings) {
      this.verdict.findings.push({ kind, block: at?.block ?? null, auditId })
    }
  }
}
