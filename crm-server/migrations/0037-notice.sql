-- Notices and bulletins (通知公告), and who has read them.
create table notice (
  tenant_id uuid not null references tenant,
  notice_id uuid not null,
  subject jsonb not null,
  by_name text not null,
  made_by text not null,
  made_at timestamptz not null,
  published_from timestamptz not null,
  published_until timestamptz,
  must_acknowledge boolean not null,
  to_everyone boolean not null,
  to_roles text[] not null,
  to_department_ids uuid[] not null,
  to_user_ids text[] not null,
  withdrawn_at timestamptz,
  -- The event that the centre published it for.
  cause text,
  primary key (tenant_id, notice_id),
  unique (tenant_id, cause),
  check (published_until > published_from)
);
create index notice_of_time on notice (tenant_id, published_from desc);
alter table notice enable row level security;
alter table notice force row level security;
create policy own_tenant on notice using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy addressed on notice as restrictive using (
  (select current_setting('app.reach_hospital', true) like '%,notice,%')
  or (select current_setting('app.reach_assigned', true) like '%,notice,%') and (
    to_everyone
    or to_user_ids @> array[(select coalesce(nullif(current_setting('app.reader_id', true), ''), ' '))]
    or to_roles && (select string_to_array(current_setting('app.reader_roles', true), ','))::text[]
    or to_department_ids && (select string_to_array(nullif(current_setting('app.department_ids', true), ''), ','))::uuid[]));
grant select, insert, update on notice to yizhan_app;

create table notice_receipt (
  tenant_id uuid not null,
  notice_id uuid not null,
  user_id text not null,
  read_at timestamptz not null,
  acknowledged_at timestamptz,
  primary key (tenant_id, notice_id, user_id),
  foreign key (tenant_id, notice_id) references notice
);
alter table notice_receipt enable row level security;
alter table notice_receipt force row level security;
create policy own_tenant on notice_receipt using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy addressed on notice_receipt as restrictive using (
  (select current_setting('app.reach_hospital', true) like '%,notice,%')
  or user_id = (select nullif(current_setting('app.reader_id', true), '')));
grant select, insert, update on notice_receipt to yizhan_app;
