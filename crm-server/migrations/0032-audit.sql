-- What a row of the audit trail tells, reads included, and the chain that shows whether one was changed, removed or put in.

alter table audit
  add column verb text not null default 'write' check (verb in ('read', 'write')),
  -- The roles that the right to do it came from.
  add column roles text[],
  add column reason text,
  add column station_id uuid,
  add column station_at timestamptz,
  -- Of a list that was read: what it showed, the first thousand, and how many there were.
  add column shown_ids uuid[],
  add column shown_count int,
  add column before_hash bytea,
  add column after_hash bytea;
create index audit_by_actor on audit (tenant_id, actor_id, at);
create index audit_by_object on audit (tenant_id, object_id, at);
create index audit_by_action on audit (tenant_id, action, at);
create index audit_shown on audit using gin (shown_ids);

-- Rows that no block holds yet, with the transaction that wrote them: a block takes them in the order of transactions, and
-- none before every older transaction has ended.
create table audit_waiting (
  tenant_id uuid not null,
  audit_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (tenant_id, audit_id)
);
create index audit_waiting_in_order on audit_waiting (tenant_id, xid, audit_id);
alter table audit no force row level security;
insert into audit_waiting (tenant_id, audit_id, xid) select tenant_id, audit_id, '0' from audit;
alter table audit force row level security;
alter table audit_waiting enable row level security;
alter table audit_waiting force row level security;
create policy own_tenant on audit_waiting using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on audit_waiting to yizhan_app;

create function await_sealing() returns trigger language plpgsql as $$
begin
  insert into audit_waiting (tenant_id, audit_id) values (new.tenant_id, new.audit_id);
  return null;
end
$$;
create trigger audit_awaits_sealing after insert on audit for each row execute function await_sealing();

-- One block of the chain: which rows, in which order, with their digests (16 bytes of id, 32 of SHA-256 each); the head
-- covers the block and the head before it, the signature the head.
create table audit_block (
  tenant_id uuid not null,
  block bigint not null,
  format int not null,
  first_row bigint not null,
  row_count int not null,
  -- Null once its rows were kept as long as they have to be, and are gone.
  entries bytea,
  sealed_at timestamptz not null,
  previous_head bytea not null,
  head bytea not null,
  signature bytea not null,
  primary key (tenant_id, block)
);
alter table audit_block enable row level security;
alter table audit_block force row level security;
create policy own_tenant on audit_block using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on audit_block to yizhan_app;

-- How the chain was found the last time that it was walked.
create table audit_check (
  tenant_id uuid not null,
  checked_at timestamptz not null,
  blocks bigint not null,
  rows bigint not null,
  findings jsonb not null,
  primary key (tenant_id)
);
alter table audit_check enable row level security;
alter table audit_check force row level security;
create policy own_tenant on audit_check using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on audit_check to yizhan_app;

-- The trail is kept for three years at least; what is older goes block by block, and the block stays with head and signature.
create or replace function refuse_audit_change() returns trigger language plpgsql as $$
begin
  if tg_level = 'ROW' and tg_op = 'DELETE' and tg_table_name = 'audit' then
    if old.at < now() - interval '3 years' then
      return old;
    end if;
  elsif tg_level = 'ROW' and tg_op = 'UPDATE' and tg_table_name = 'audit_block' then
    if old.sealed_at < now() - interval '3 years' and new.entries is null
      and to_jsonb(new) - 'entries' = to_jsonb(old) - 'entries' then
      return new;
    end if;
  end if;
  raise exception 'audit rows are never changed or removed';
end
$$;
create trigger audit_block_is_final before update or delete on audit_block
  for each row execute function refuse_audit_change();
create trigger audit_block_is_kept before truncate on audit_block
  for each statement execute function refuse_audit_change();

create function forget_audit_block(forgotten bigint, before timestamptz) returns int language plpgsql security definer as $$
declare
  chosen audit_block;
  hospital constant uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
  ids uuid[];
begin
  select * into chosen from audit_block where tenant_id = hospital and block = forgotten for update;
  if not found or chosen.entries is null or chosen.sealed_at >= least(before, now() - interval '3 years') then
    return 0;
  end if;
  select array_agg(encode(substring(chosen.entries from at * 48 + 1 for 16), 'hex')::uuid) into ids
    from generate_series(0, chosen.row_count - 1) as at;
  delete from audit where tenant_id = hospital and audit_id = any (ids);
  update audit_block set entries = null where tenant_id = hospital and block = forgotten;
  return chosen.row_count;
end
$$;
revoke execute on function forget_audit_block(bigint, timestamptz) from public;
grant execute on function forget_audit_block(bigint, timestamptz) to yizhan_app;
