-- What became of the devices of stations, and whether somebody has checked them. Nothing of any patient.

-- Telemetry, kept for 30 days by when it was received: the clock of a station may be wrong by years.
create table device_change (
  tenant_id uuid not null,
  station_id uuid not null,
  change_id uuid not null,
  device_id text not null,
  kind text not null,
  phase text not null,
  reasons text[] not null,
  evidence text,
  source text not null,
  -- The station's own count of this device's changes since it started.
  seq bigint not null,
  changed_at timestamptz not null,
  received_at timestamptz not null,
  primary key (tenant_id, station_id, change_id),
  foreign key (tenant_id, station_id) references station
);
create index device_change_newest on device_change (tenant_id, station_id, changed_at);
create index device_change_age on device_change (tenant_id, received_at);
alter table device_change enable row level security;
alter table device_change force row level security;
create policy own_tenant on device_change using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on device_change to yizhan_app;

-- The newest readiness report that a station told, and the place in its outbox that it came from.
alter table station add column readiness jsonb;
alter table station add column readiness_epoch bigint;
alter table station add column readiness_seq bigint;
