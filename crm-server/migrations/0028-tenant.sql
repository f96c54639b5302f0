-- Every hospital seals and indexes its fields by keys of its own, wrapped by the centre's key that lies in a file. More than
-- one key of a purpose means that values of the older ones are still being sealed anew; key 0 is the one that all shared before.
create table tenant_key (
  tenant_id uuid not null,
  purpose text not null check (purpose in ('field', 'index')),
  key_id int not null check (key_id between 0 and 65535),
  wrapped bytea check ((wrapped is null) = (key_id = 0)),
  made_at timestamptz not null default now(),
  primary key (tenant_id, purpose, key_id)
);
insert into tenant_key (tenant_id, purpose, key_id)
  select tenant_id, purpose, 0 from tenant_directory, unnest(array['field', 'index']) as purpose;
alter table tenant_key enable row level security;
alter table tenant_key force row level security;
create policy own_tenant on tenant_key using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on tenant_key to yizhan_app;

-- Indexes are computed anew when their key changes.
grant update, delete on patient_key to yizhan_app;
create index patient_key_by_person on patient_key (tenant_id, patient_key);
grant update (sealed) on attachment_part to yizhan_app;
