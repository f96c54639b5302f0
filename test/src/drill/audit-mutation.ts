import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { AuditFinding } from '@yizhan/contracts/audit'
import {
  type BlockEntry,
  headOf,
  readEntries,
  rowDigest,
  signBlock,
  writeEntries,
} from '@yizhan/crm-server/audit/audit-block'
import { blocksFrom, type ChainReader, contentsOf, type StoredBlock } from '@yizhan/crm-server/audit/audit-chain-store'
import { newId } from '@yizhan/crm-server/tenant/new-id'
import { sql } from 'kysely'

/** What a verification has to say of a mutation. */
export interface Expected {
  kind: AuditFinding['kind']
  auditId?: string
  block?: number
}

/** One way in which somebody with every right over the database changes a sealed trail. */
export interface Mutation {
  name: string
  change(chain: ChainReader, random: () => number): Promise<Expected>
}

/** Every column of a row but its tenant, and another value for it. */
const otherValues: Record<string, ReturnType<typeof sql>> = {
  at: sql`at + interval '1 microsecond'`,
  actor_kind: sql`case actor_kind when 'user' then 'system' else 'user' end`,
  actor_id: sql`actor_id || 'x'`,
  action: sql`action || 'x'`,
  object_kind: sql`object_kind || 'x'`,
  object_id: sql`object_id || 'x'`,
  request_id: sql`request_id || 'x'`,
  verb: sql`case verb when 'read' then 'write' else 'read' end`,
  roles: sql`array_append(roles, 'administrator')`,
  reason: sql`coalesce(reason, '') || 'x'`,
  station_id: sql`case when station_id is null then audit_id end`,
  station_at: sql`coalesce(station_at, at) + interval '1 microsecond'`,
  shown_ids: sql`array_append(shown_ids, audit_id)`,
  shown_count: sql`coalesce(shown_count, 0) + 1`,
  before_hash: sql`coalesce(before_hash, '') || 'x'::bytea`,
  after_hash: sql`coalesce(after_hash, '') || 'x'::bytea`,
}

const edits: Mutation[] = Object.entries(otherValues).map(([column, value]) => ({
  name: `edit ${column}`,
  async change(chain, random) {
    const { auditId, block } = await anyRow(chain, random)
    await sql`update audit set ${sql.ref(column)} = ${value} where audit_id = ${auditId}`.execute(chain.tx)
    return { kind: 'row-changed', auditId, block }
  },
}))

/** Every way that the drill knows. */
export const mutations: readonly Mutation[] = [
  ...edits,
  {
    name: 'another id',
    async change(chain, random) {
      const { auditId, block } = await anyRow(chain, random)
      await sql`update audit set audit_id = ${newId(Date.now())} where audit_id = ${auditId}`.execute(chain.tx)
      return { kind: 'row-removed', auditId, block }
    },
  },
  {
    name: 'delete',
    async change(chain, random) {
      const { auditId, block } = await anyRow(chain, random)
      await sql`delete from audit where audit_id = ${auditId}`.execute(chain.tx)
      return { kind: 'row-removed', auditId, block }
    },
  },
  {
    name: 'swap two rows',
    async change(chain, random) {
      const [one, other] = [await anyRow(chain, random), await anyRow(chain, random, -1)]
      await sql`update audit a set object_id = b.object_id, at = b.at from audit b
        where (a.audit_id = ${one.auditId} and b.audit_id = ${other.auditId})
          or (a.audit_id = ${other.auditId} and b.audit_id = ${one.auditId})`.execute(chain.tx)
      const first = one.block < other.block || (one.block === other.block && one.at < other.at) ? one : other
      return { kind: 'row-changed', auditId: first.auditId, block: first.block }
    },
  },
  {
    name: 'insert',
    async change(chain, random) {
      const { auditId } = await anyRow(chain, random)
      const putIn = newId(Date.now() - 60_000)
      await sql`insert into audit (tenant_id, audit_id, at, actor_kind, actor_id, action, object_kind, object_id, request_id)
        select tenant_id, ${putIn}, at, actor_kind, actor_id, action, object_kind, object_id, request_id
        from audit where audit_id = ${auditId}`.execute(chain.tx)
      return { kind: 'row-inserted', auditId: putIn }
    },
  },
  {
    name: 'reorder within a block',
    async change(chain, random) {
      const block = await anyBlock(chain, random)
      const [first, second, ...rest] = entriesOf(block)
      if (first === undefined || second === undefined) throw new Error('a block of one row')
      await sql`update audit_block set entries = ${writeEntries([second, first, ...rest])}
        where block = ${block.block}`.execute(chain.tx)
      return { kind: 'block-changed', block: block.block }
    },
  },
  {
    name: 'take a row out of its block too',
    async change(chain, random) {
      const block = await anyBlock(chain, random)
      const [first, ...rest] = entriesOf(block)
      await sql`delete from audit where audit_id = ${first?.auditId ?? ''}`.execute(chain.tx)
      await sql`update audit_block set entries = ${writeEntries(rest)}, row_count = row_count - 1
        where block = ${block.block}`.execute(chain.tx)
      return { kind: 'block-changed', block: block.block }
    },
  },
  {
    name: 'change a head',
    async change(chain, random) {
      const { block } = await anyBlock(chain, random)
      await sql`update audit_block set head = ${randomBytes(32)} where block = ${block}`.execute(chain.tx)
      return { kind: 'block-changed', block }
    },
  },
  {
    name: 'date a block back',
    async change(chain, random) {
      const { block } = await anyBlock(chain, random)
      await sql`update audit_block set sealed_at = sealed_at - interval '1 day' where block = ${block}`.execute(
        chain.tx,
      )
      return { kind: 'block-changed', block }
    },
  },
  {
    name: 'delete a block in the middle',
    async change(chain, random) {
      const { block } = await anyBlock(chain, random, 1)
      await sql`delete from audit_block where block = ${block}`.execute(chain.tx)
      return { kind: 'block-missing', block }
    },
  },
  {
    name: 'cut the end off',
    async change(chain, random) {
      const { block } = await anyBlock(chain, random)
      await sql`delete from audit where audit_id in (
        select encode(substring(entries from at * 48 + 1 for 16), 'hex')::uuid
        from audit_block, generate_series(0, row_count - 1) as at where block >= ${block})`.execute(chain.tx)
      await sql`delete from audit_block where block >= ${block}`.execute(chain.tx)
      return { kind: 'chain-cut' }
    },
  },
  {
    name: 'have the end sealed anew',
    async change(chain, random) {
      const { block } = await anyBlock(chain, random)
      await sql`insert into audit_waiting (tenant_id, audit_id)
        select tenant_id, encode(substring(entries from at * 48 + 1 for 16), 'hex')::uuid
        from audit_block, generate_series(0, row_count - 1) as at where block >= ${block}`.execute(chain.tx)
      await sql`delete from audit_block where block >= ${block}`.execute(chain.tx)
      return { kind: 'chain-cut' }
    },
  },
  {
    name: 'forge with another key',
    async change(chain, random) {
      const { auditId, block } = await anyRow(chain, random)
      await sql`update audit set actor_id = 'somebody-else' where audit_id = ${auditId}`.execute(chain.tx)
      await forgeFrom(chain, block)
      return { kind: 'block-forged', block }
    },
  },
]

/** Makes every block from one on anew over the rows as they are now, as the centre would, but with a key of one's own. */
async function forgeFrom(chain: ChainReader, from: number): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519')
  let previousHead: Buffer | null = null
  for (const block of await blocksFrom(chain, from, 1000)) {
    const ids = entriesOf(block).map(({ auditId }) => auditId)
    const contents = await contentsOf(chain, ids)
    const entries = writeEntries(
      ids.map((auditId) => ({ auditId, digest: rowDigest(contents.get(auditId)?.text ?? '') })),
    )
    const header = { ...block, previousHead: previousHead ?? block.previousHead }
    const head = headOf(header, entries)
    await sql`update audit_block set entries = ${entries}, head = ${head}, previous_head = ${header.previousHead},
      signature = ${signBlock(privateKey, header, head)} where block = ${block.block}`.execute(chain.tx)
    previousHead = head
  }
}

/** A block but the last `fromEnd`. */
async function anyBlock(chain: ChainReader, random: () => number, fromEnd = 0): Promise<StoredBlock> {
  const blocks = await blocksFrom(chain, 0, 1000)
  const block = blocks[Math.floor(random() * (blocks.length - fromEnd))]
  if (block === undefined) throw new Error('the trail has no blocks')
  return block
}

/** A sealed row; `turn` shifts the choice, so that two asked for are never the same. */
async function anyRow(
  chain: ChainReader,
  random: () => number,
  turn = 0,
): Promise<{ auditId: string; block: number; at: number }> {
  const block = await anyBlock(chain, random)
  const entries = entriesOf(block)
  const half = Math.floor(entries.length / 2)
  const at = turn === 0 ? Math.floor(random() * half) : half + Math.floor(random() * half)
  const entry = entries[at]
  if (entry === undefined) throw new Error('a block without rows')
  return { auditId: entry.auditId, block: block.block, at }
}

function entriesOf(block: StoredBlock): BlockEntry[] {
  return readEntries(block.entries ?? Buffer.alloc(0)) ?? []
}
