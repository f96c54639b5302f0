-- What the modules of the centre tell each other (outbox), and who has still to hear of it. An event and its deliveries are written in
-- the transaction of the deed; a delivery and what its consumer does are one transaction too.
create table module_event (
  tenant_id uuid not null references tenant,
  event_id uuid not null,
  -- Drawn under a lock of the object: of two events of one object the lower is the earlier.
  position bigint generated always as identity,
  name text not null check (name ~ '^[a-z-]+\.[a-z-]+\.[a-z-]+$'),
  version int not null,
  object_id uuid not null,
  body jsonb not null,
  occurred_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('user', 'station', 'system')),
  actor_id text not null,
  request_id text not null,
  primary key (tenant_id, event_id)
);
create index module_event_of_time on module_event (tenant_id, occurred_at);
alter table module_event enable row level security;
alter table module_event force row level security;
create policy own_tenant on module_event using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on module_event to yizhan_app;

create table event_delivery (
  tenant_id uuid not null,
  consumer text not null,
  event_id uuid not null,
  object_id uuid not null,
  position bigint not null,
  state text not null check (state in ('pending', 'delivered', 'dead')),
  attempts int not null default 0,
  next_try_at timestamptz not null,
  reason text,
  settled_at timestamptz,
  primary key (tenant_id, event_id, consumer)
);
create index event_delivery_due on event_delivery (tenant_id, position) where state = 'pending';
create index event_delivery_of_object on event_delivery (tenant_id, consumer, object_id, position) where state = 'pending';
create index event_delivery_dead on event_delivery (tenant_id, consumer) where state = 'dead';
alter table event_delivery enable row level security;
alter table event_delivery force row level security;
create policy own_tenant on event_delivery using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on event_delivery to yizhan_app;

-- Stations of which it has been told that they are offline; the row goes when they are back.
create table station_absence (
  tenant_id uuid not null,
  station_id uuid not null,
  since timestamptz not null,
  primary key (tenant_id, station_id)
);
alter table station_absence enable row level security;
alter table station_absence force row level security;
create policy own_tenant on station_absence using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on station_absence to yizhan_app;
