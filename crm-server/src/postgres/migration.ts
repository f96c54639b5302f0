import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { appRole } from './database.ts'

/** One numbered step of the schema, as its file says it. */
export interface Migration {
  name: string
  sql: string
  checksum: string
}

/** Why the schema cannot be brought up to date; the message says what to do. */
export class MigrationRefused extends Error {
  override name = 'MigrationRefused'
}

/** Any fixed number serves; it only has to be the same for every node that migrates one database. */
const advisoryLockKey = 7_239_410_011

/** The migrations of a folder in order; refuses names that are not `NNNN-feature.sql` and numbers used twice. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const numbers = new Set<string>()
  return await Promise.all(
    names.map(async (name) => {
      const number = /^(\d{4})-[a-z][a-z-]*\.sql$/.exec(name)?.[1]
      if (number === undefined || numbers.has(number)) {
        throw new MigrationRefused(`${name}: migrations are named NNNN-feature.sql, each number once`)
      }
      numbers.add(number)
      const sql = await readFile(join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * Applies what is missing, each file in its own transaction, and returns the names applied. Nodes that start together
 * wait for each other. A file that was edited after it was applied is refused: history is only ever added to.
 */
export async function migrate(migratorUrl: string, migrations: readonly Migration[]): Promise<string[]> {
  const client = new pg.Client({ connectionString: migratorUrl })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLockKey])
    await prepare(client)
    return await applyMissing(client, migrations)
  } finally {
    await client.end()
  }
}

async function prepare(client: pg.Client): Promise<void> {
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${appRole}') then
        create role ${appRole} nologin nobypassrls;
      end if;
      if not pg_has_role(current_user, '${appRole}', 'member') then
        execute format('grant ${appRole} to %I', current_user);
      end if;
    end $$`)
  await client.query('create schema if not exists migration')
  await client.query(`
    create table if not exists migration.applied (
      name text primary key, checksum text not null, applied_at timestamptz not null default now()
    )`)
}

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from migration.applied',
  )
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  refuseForeignHistory(applied, migrations)
  const missing = migrations.filter(({ name }) => !applied.has(name))
  for (const { name, sql, checksum } of missing) {
    await client.query('begin')
    try {
      await client.query(sql)
      await client.query('insert into migration.applied (name, checksum) values ($1, $2)', [name, checksum])
      await client.query('commit')
    } catch (cause) {
      await client.query('rollback')
      throw new Error(`migration ${name} failed`, { cause })
    }
  }
  return missing.map(({ name }) => name)
}

function refuseForeignHistory(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]))
  for (const [name, checksum] of applied) {
    const own = known.get(name)
    if (own === undefined) {
      throw new MigrationRefused(`the database has ${name}, which this version does not know; start a newer version`)
    }
    if (own !== checksum) {
      throw new MigrationRefused(`${name} was edited after it was applied; restore it and add a new migration instead`)
    }
  }
}
