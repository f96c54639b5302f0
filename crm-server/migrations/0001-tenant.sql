-- The hospital with its sites and clinics. Every table begins its primary key with tenant_id and shows a session only
-- the rows of the tenant named by app.tenant_id.

-- The ids of all hospitals of this centre and nothing else: loops walk over it before a tenant is chosen.
create table tenant_directory (
  tenant_id uuid primary key
);
alter table tenant_directory enable row level security;
alter table tenant_directory force row level security;
create policy every_id_visible on tenant_directory for select using (true);
create policy own_id_added on tenant_directory for insert
  with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on tenant_directory to yizhan_app;

create table tenant (
  tenant_id uuid primary key,
  name jsonb not null,
  help_desk jsonb not null,
  zone text not null,
  created_at timestamptz not null
);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy own_tenant on tenant using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on tenant to yizhan_app;

create table site (
  tenant_id uuid not null references tenant,
  site_id uuid not null,
  name jsonb not null,
  position int not null,
  primary key (tenant_id, site_id)
);
alter table site enable row level security;
alter table site force row level security;
create policy own_tenant on site using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on site to yizhan_app;

create table clinic (
  tenant_id uuid not null,
  clinic_id uuid not null,
  site_id uuid not null,
  name jsonb not null,
  place jsonb not null,
  queue_letter text not null,
  opens_before_min int not null,
  late_after_min int not null,
  closes_after_min int not null,
  minutes_per_patient double precision not null,
  position int not null,
  primary key (tenant_id, clinic_id),
  foreign key (tenant_id, site_id) references site
);
alter table clinic enable row level security;
alter table clinic force row level security;
create policy own_tenant on clinic using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on clinic to yizhan_app;
