-- What stations send up, and what is worth pulling down.

-- How far each outbox of a station is stored here.
create table sync_cursor (
  tenant_id uuid not null,
  station_id uuid not null,
  epoch int not null,
  acked_seq bigint not null,
  primary key (tenant_id, station_id, epoch)
);
alter table sync_cursor enable row level security;
alter table sync_cursor force row level security;
create policy own_tenant on sync_cursor using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on sync_cursor to yizhan_app;

-- The body is text, not jsonb: jsonb refuses U+0000, and content is never a reason to refuse an event.
create table inbox (
  tenant_id uuid not null,
  event_id uuid not null,
  station_id uuid not null,
  epoch int not null,
  seq bigint not null,
  type text not null,
  schema_version int not null,
  occurred_at timestamptz not null,
  body text not null,
  received_at timestamptz not null,
  state text not null check (state in ('pending', 'applied', 'parked', 'failed')),
  reason text,
  attempts int not null default 0,
  next_try_at timestamptz not null,
  primary key (tenant_id, event_id)
);
create index inbox_pending on inbox (tenant_id, next_try_at, station_id, epoch, seq) where state = 'pending';
create index inbox_set_aside on inbox (tenant_id, station_id) where state in ('parked', 'failed');
alter table inbox enable row level security;
alter table inbox force row level security;
create policy own_tenant on inbox using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on inbox to yizhan_app;

-- Which row changed in which transaction; the row itself is read when a station pulls.
create table feed_change (
  tenant_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),
  change_id uuid not null,
  kind text not null check (kind in ('hospital', 'site', 'clinic', 'booking')),
  key uuid not null,
  changed_at timestamptz not null,
  primary key (tenant_id, xid, change_id)
);
create index feed_change_age on feed_change (tenant_id, changed_at);
alter table feed_change enable row level security;
alter table feed_change force row level security;
create policy own_tenant on feed_change using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on feed_change to yizhan_app;
