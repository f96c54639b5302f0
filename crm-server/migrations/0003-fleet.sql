-- Stations, and the queue numbers that are leased to them.

create table station (
  tenant_id uuid not null,
  station_id uuid not null,
  site_id uuid not null,
  name jsonb not null,
  letter text not null,
  public_key text not null,
  key_fingerprint text not null,
  -- The highest request counter seen, and which of the 32 up to it were seen (bit 0 is the highest itself).
  counter bigint not null default 0,
  counters_seen bigint not null default 0,
  -- Station clock minus centre clock at the last signed request, seconds.
  clock_skew_s int,
  last_report jsonb,
  last_report_at timestamptz,
  enrolled_at timestamptz not null,
  revoked_at timestamptz,
  revoke_reason text,
  primary key (tenant_id, station_id),
  foreign key (tenant_id, site_id) references site
);
create unique index station_letter on station (tenant_id, letter) where revoked_at is null;
alter table station enable row level security;
alter table station force row level security;
create policy own_tenant on station using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on station to yizhan_app;

-- By letter, not by clinic: two clinics that share a letter must not give one number to two patients.
create table number_series (
  tenant_id uuid not null,
  queue_letter text not null,
  day date not null,
  next_number int not null,
  primary key (tenant_id, queue_letter, day)
);
alter table number_series enable row level security;
alter table number_series force row level security;
create policy own_tenant on number_series using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on number_series to yizhan_app;

create table number_block (
  tenant_id uuid not null,
  block_id uuid not null,
  station_id uuid not null,
  clinic_id uuid not null,
  queue_letter text not null,
  day date not null,
  first_number int not null,
  last_number int not null,
  leased_at timestamptz not null,
  primary key (tenant_id, block_id),
  foreign key (tenant_id, clinic_id) references clinic
);
alter table number_block enable row level security;
alter table number_block force row level security;
create policy own_tenant on number_block using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on number_block to yizhan_app;
