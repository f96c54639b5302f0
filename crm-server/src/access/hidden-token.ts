import { createHash } from 'node:crypto'
import { kyselyAdapter } from '@better-auth/kysely-adapter'
import type { BetterAuthOptions } from 'better-auth'
import type { Kysely } from 'kysely'

type Adapter = ReturnType<ReturnType<typeof kyselyAdapter>>
type TransactionAdapter = Omit<Adapter, 'transaction'>
type Where = Parameters<Adapter['delete']>[0]['where'][number]

/** What the database keeps of a session's token: whoever reads it cannot make the cookie of that session from it. */
export function hiddenToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}

/**
 * The tables of better-auth in PostgreSQL, with the tokens of sessions hidden: written as their SHA-256, looked up by it, and
 * given back as they were asked for. better-auth itself has an option for verification values only.
 */
export function hidingAdapter(db: Kysely<unknown>): (options: BetterAuthOptions) => Adapter {
  return (options) => {
    const plain = kyselyAdapter(db, { type: 'postgres', transaction: true })(options)
    return {
      ...plain,
      ...hiding(plain),
      transaction: (work) => plain.transaction((inside) => work({ ...inside, ...hiding(inside) })),
    }
  }
}

function hiding(plain: TransactionAdapter): Partial<TransactionAdapter> {
  return {
    create: async (asked) =>
      shown(await plain.create({ ...asked, data: hidden(asked.model, asked.data) }), tokensOf(asked.model, asked.data)),
    findOne: async (asked) => shown(await plain.findOne(narrowed(asked)), askedTokens(asked)),
    async findMany<Row>(asked: Parameters<TransactionAdapter['findMany']>[0]) {
      const rows = await plain.findMany<Row>(narrowed(asked))
      return rows.map((row) => shown(row, askedTokens(asked)))
    },
    count: (asked) => plain.count(narrowed(asked)),
    async update<Row>(asked: Parameters<TransactionAdapter['update']>[0]) {
      const row = await plain.update<Row>({ ...narrowed(asked), update: hidden(asked.model, asked.update) })
      return shown(row, [...askedTokens(asked), ...tokensOf(asked.model, asked.update)])
    },
    updateMany: (asked) => plain.updateMany({ ...narrowed(asked), update: hidden(asked.model, asked.update) }),
    delete: (asked) => plain.delete(narrowed(asked)),
    deleteMany: (asked) => plain.deleteMany(narrowed(asked)),
    consumeOne: async (asked) => shown(await plain.consumeOne(narrowed(asked)), askedTokens(asked)),
    incrementOne: async (asked) => shown(await plain.incrementOne(narrowed(asked)), askedTokens(asked)),
  }
}

function hidden<Data extends object>(model: string, data: Data): Data {
  const [token] = tokensOf(model, data)
  return token === undefined ? data : { ...data, token: hiddenToken(token) }
}

function tokensOf(model: string, data: object): string[] {
  return model === 'session' && 'token' in data && typeof data.token === 'string' ? [data.token] : []
}

function narrowed<Asked extends { model: string; where?: Where[] | undefined }>(asked: Asked): Asked {
  if (asked.model !== 'session' || asked.where === undefined) return asked
  const where = asked.where.map((part) => (part.field === 'token' ? { ...part, value: hiddenValue(part.value) } : part))
  return { ...asked, where }
}

function hiddenValue(value: Where['value']): Where['value'] {
  if (typeof value === 'string') return hiddenToken(value)
  return Array.isArray(value) ? value.map((one) => hiddenToken(String(one))) : value
}

function askedTokens({ model, where = [] }: { model: string; where?: Where[] | undefined }): string[] {
  if (model !== 'session') return []
  return where.flatMap(({ field, value }) => (field === 'token' ? [value].flat().map(String) : []))
}

/** A row with the token by which it was asked for in the place of the hidden one. */
function shown<Row>(row: Row, tokens: readonly string[]): Row {
  if (typeof row !== 'object' || row === null || !('token' in row)) return row
  const token = tokens.find((known) => hiddenToken(known) === row.token)
  return token === undefined ? row : { ...row, token }
}
