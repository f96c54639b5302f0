import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase
let client: pg.Client
beforeAll(async () => {
  database = await createTestDatabase()
  client = new pg.Client({ connectionString: database.migratorUrl })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database.drop()
})

/** Read by loops before a tenant is chosen; it holds ids and nothing else. */
const visibleToAll = ['tenant_directory']
/** Schemas whose tables have no tenant: people of sign-in, jobs, and the list of applied migrations. */
const exemptSchemas = ['auth', 'pgboss', 'migration']

async function tables(): Promise<
  { name: string; enabled: boolean; forced: boolean; first_key: string | null; ruled: boolean }[]
> {
  const { rows } = await client.query(`
    select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
      (select a.attname from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisprimary) as first_key,
      not exists (select from pg_policy p where p.polrelid = c.oid
        and coalesce(pg_get_expr(p.polqual, c.oid), '') || coalesce(pg_get_expr(p.polwithcheck, c.oid), '') not like '%app.%') as ruled
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname = 'public' order by 1`)
  return rows
}

test('every table of ours begins its primary key with the tenant and is fenced by row-level security, owner included', async () => {
  const all = await tables()
  expect(all.length).toBeGreaterThan(10)
  const wrong = all.filter(({ enabled, forced, first_key }) => !enabled || !forced || first_key !== 'tenant_id')
  expect(wrong).toEqual([])
})

test('every policy asks for the tenant or the person of the transaction', async () => {
  const open = (await tables()).filter(({ ruled }) => !ruled).map(({ name }) => name)
  expect(open).toEqual(visibleToAll)
})

test('every unique index and foreign key of ours begins with the tenant too', async () => {
  const { rows } = await client.query(`
    select i.indexrelid::regclass::text as name from pg_index i
      join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
    where n.nspname = 'public' and i.indisunique and a.attname <> 'tenant_id'
    union all
    select k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
    where n.nspname = 'public' and rn.nspname = 'public' and k.contype = 'f' and a.attname <> 'tenant_id'`)
  expect(rows).toEqual([])
})

test('no other schema holds tables of ours', async () => {
  const { rows } = await client.query<{ nspname: string }>(`
    select distinct n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and n.nspname not in ('public', 'information_schema') and n.nspname not like 'pg_%'`)
  expect(rows.map(({ nspname }) => nspname).filter((name) => !exemptSchemas.includes(name))).toEqual([])
})

test('the role that the centre works as owns nothing and cannot pass the fence', async () => {
  const { rows } = await client.query(`
    select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,
      (select count(*)::int from pg_class c where c.relowner = r.oid) as owned
    from pg_roles r where rolname = 'yizhan_app'`)
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreatedb: false, rolcreaterole: false, owned: 0 }])
})
