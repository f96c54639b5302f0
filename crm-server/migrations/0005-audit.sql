-- Who did what: one row per write, in the same transaction, never changed afterwards.

create table audit (
  tenant_id uuid not null,
  audit_id uuid not null,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'station', 'system')),
  actor_id text not null,
  action text not null,
  object_kind text not null,
  object_id text not null,
  request_id text not null,
  primary key (tenant_id, audit_id)
);
create index audit_by_time on audit (tenant_id, at);
alter table audit enable row level security;
alter table audit force row level security;
create policy own_tenant on audit using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on audit to yizhan_app;

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit rows are never changed or removed';
end
$$;
create trigger audit_is_final before update or delete on audit for each row execute function refuse_audit_change();
create trigger audit_is_kept before truncate on audit for each statement execute function refuse_audit_change();

-- The answer to every write call by the key that its caller made, so that a retry is answered and not repeated.
create table operation (
  tenant_id uuid not null,
  operation_id uuid not null,
  call text not null,
  input_digest bytea not null,
  answer jsonb,
  at timestamptz not null,
  primary key (tenant_id, operation_id)
);
alter table operation enable row level security;
alter table operation force row level security;
create policy own_tenant on operation using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on operation to yizhan_app;
