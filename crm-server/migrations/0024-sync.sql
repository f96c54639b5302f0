-- What the centre remembers of itself, to notice that it was put back to an older copy, and what it may have forgotten then.
create table centre_memory (
  tenant_id uuid primary key,
  -- Of the database cluster: another one after a restore that goes through its own recovery, or into another cluster.
  history text not null,
  -- Leases of numbers granted so far; a node's witness, beside the database, knows how many it has granted.
  leases_granted bigint not null default 0,
  -- Drawn anew at every restore that was noticed; null before the first.
  restore_id uuid,
  -- Leases of days up to this one may be forgotten, until every station has told which numbers it holds.
  doubtful_until date
);
alter table centre_memory enable row level security;
alter table centre_memory force row level security;
create policy own_tenant on centre_memory using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on centre_memory to yizhan_app;
-- The restore after which a station has told which numbers it holds.
alter table station add column numbers_told_for uuid;
