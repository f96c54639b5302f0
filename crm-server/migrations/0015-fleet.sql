-- What happened to the memory of a station: each stands until a member of staff has looked after it. Nothing of any patient.
create table station_alarm (
  tenant_id uuid not null,
  -- The id of the event that told of it.
  alarm_id uuid not null,
  station_id uuid not null,
  kind text not null check (kind in ('storage-rebuilt', 'outbox-rewound')),
  detail jsonb not null,
  raised_at timestamptz not null,
  acknowledged_at timestamptz,
  acknowledged_by text,
  primary key (tenant_id, alarm_id),
  foreign key (tenant_id, station_id) references station
);
create index station_alarm_open on station_alarm (tenant_id, station_id, raised_at) where acknowledged_at is null;
alter table station_alarm enable row level security;
alter table station_alarm force row level security;
create policy own_tenant on station_alarm using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on station_alarm to yizhan_app;
