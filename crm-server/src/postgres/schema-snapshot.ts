import type pg from 'pg'

/** The tables of ours with columns, keys, indexes, policies and grants, as text that a reviewer can read. */
export async function schemaSnapshot(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ line: string }>(`
    with ours as (
      select c.oid, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p')
    )
    select line from (
      select name, 1 as part, a.attnum as place, format('%s.%s %s%s%s', name, a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then ' not null' else '' end,
          coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as line
        from ours join pg_attribute a on a.attrelid = ours.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = ours.oid and d.adnum = a.attnum
      union all
      select name, 2, 0, format('%s: %s', name, pg_get_constraintdef(k.oid)) from ours join pg_constraint k on k.conrelid = ours.oid
        where k.contype in ('p', 'u', 'f', 'c')
      union all
      select name, 3, 0, format('%s: %s', name, pg_get_indexdef(i.indexrelid)) from ours join pg_index i on i.indrelid = ours.oid
        where not exists (select from pg_constraint k where k.conindid = i.indexrelid)
      union all
      select name, 4, 0, format('%s: policy %s for %s using %s check %s', name, p.polname, p.polcmd,
          pg_get_expr(p.polqual, ours.oid), pg_get_expr(p.polwithcheck, ours.oid)) from ours join pg_policy p on p.polrelid = ours.oid
      union all
      select name, 5, 0, format('%s: yizhan_app may %s', name, string_agg(lower(g.privilege_type), ', ' order by g.privilege_type))
        from ours join information_schema.role_table_grants g on g.table_schema = 'public' and g.table_name = name
        where g.grantee = 'yizhan_app' group by name
    ) as everything order by name, part, place, line`)
  return `${rows.map(({ line }) => line).join('\n')}\n`
}
