-- Attachments (附件) of patients at stations: what an event told of, and its bytes as they come, each part sealed by the centre's
-- field key for its own place. In tables, not in a folder: any node takes the next part, one backup has everything, and the fence
-- between hospitals is the same as everywhere.
create table attachment (
  tenant_id uuid not null,
  attachment_id uuid not null,
  station_id uuid not null,
  media_type text not null check (media_type in ('audio/webm', 'audio/ogg', 'image/png')),
  byte_length int not null,
  salt bytea not null,
  digest bytea not null,
  made_at timestamptz not null,
  heard_at timestamptz not null,
  received_bytes int not null default 0,
  state text not null check (state in ('awaited', 'stored', 'lost')),
  primary key (tenant_id, attachment_id)
);
create index attachment_of_station on attachment (tenant_id, station_id, heard_at);
create table attachment_part (
  tenant_id uuid not null,
  attachment_id uuid not null,
  begins_at int not null,
  sealed bytea not null,
  primary key (tenant_id, attachment_id, begins_at)
);
alter table attachment enable row level security;
alter table attachment force row level security;
create policy own_tenant on attachment using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on attachment to yizhan_app;
alter table attachment_part enable row level security;
alter table attachment_part force row level security;
create policy own_tenant on attachment_part using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on attachment_part to yizhan_app;
