-- The hospital's departments and posts, its people, what is issued to them, and the accounts that act for them.

create table department (
  tenant_id uuid not null,
  department_id uuid not null,
  site_id uuid not null,
  parent_id uuid,
  code text not null,
  name jsonb not null,
  retired_at timestamptz,
  primary key (tenant_id, department_id),
  unique (tenant_id, code),
  foreign key (tenant_id, site_id) references site,
  foreign key (tenant_id, parent_id) references department
);
alter table department enable row level security;
alter table department force row level security;
create policy own_tenant on department using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on department to yizhan_app;

create table post (
  tenant_id uuid not null references tenant,
  post_id uuid not null,
  name jsonb not null,
  retired_at timestamptz,
  primary key (tenant_id, post_id)
);
alter table post enable row level security;
alter table post force row level security;
create policy own_tenant on post using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on post to yizhan_app;

create table staff (
  tenant_id uuid not null,
  staff_id uuid not null,
  staff_number text not null,
  name text not null,
  pinyin text not null,
  department_id uuid not null,
  other_department_ids uuid[] not null,
  post_id uuid,
  valid_from date not null,
  valid_to date,
  shown_on_kiosk boolean not null,
  photo_version int not null default 0,
  created_at timestamptz not null,
  primary key (tenant_id, staff_id),
  unique (tenant_id, staff_number),
  foreign key (tenant_id, department_id) references department,
  foreign key (tenant_id, post_id) references post
);
create index staff_of_department on staff (tenant_id, department_id);
alter table staff enable row level security;
alter table staff force row level security;
create policy own_tenant on staff using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
select protect_table('staff', 'staff', '{"department":"department_id","own":"staff_id"}');
grant select, insert, update on staff to yizhan_app;

create table staff_photo (
  tenant_id uuid not null,
  staff_id uuid not null,
  version int not null,
  media_type text not null check (media_type in ('image/png', 'image/jpeg')),
  photo bytea not null,
  sha256 bytea not null,
  taken_in_at timestamptz not null,
  primary key (tenant_id, staff_id, version),
  foreign key (tenant_id, staff_id) references staff,
  check (sha256 = sha256(photo))
);
alter table staff_photo enable row level security;
alter table staff_photo force row level security;
create policy own_tenant on staff_photo using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on staff_photo to yizhan_app;

-- The code itself is the key: what was given once is never given again, not even to the same person. Nothing may delete it.
create table service_code (
  tenant_id uuid not null,
  code text not null check (code ~ '^[0-9]{5,7}$'),
  staff_id uuid not null,
  issued_at timestamptz not null,
  retired_at timestamptz,
  primary key (tenant_id, code),
  foreign key (tenant_id, staff_id) references staff
);
create unique index service_code_of_staff on service_code (tenant_id, staff_id) where retired_at is null;
alter table service_code enable row level security;
alter table service_code force row level security;
create policy own_tenant on service_code using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on service_code to yizhan_app;

create function keep_service_code() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'a service code is never taken out of the list: it could be given to somebody else';
  end if;
  if (new.tenant_id, new.code, new.staff_id, new.issued_at) is distinct from (old.tenant_id, old.code, old.staff_id, old.issued_at)
    or old.retired_at is not null then
    raise exception 'a service code stays with its person, and a retired one stays retired';
  end if;
  return new;
end
$$;
create trigger keep_service_code before update or delete on service_code for each row execute function keep_service_code();

create table panel_credential (
  tenant_id uuid not null,
  credential_id uuid not null,
  staff_id uuid not null,
  kind text not null check (kind in ('pin', 'card')),
  hash text not null,
  given_at timestamptz not null,
  taken_at timestamptz,
  primary key (tenant_id, credential_id),
  foreign key (tenant_id, staff_id) references staff
);
create unique index panel_pin_of_staff on panel_credential (tenant_id, staff_id) where kind = 'pin' and taken_at is null;
create unique index panel_card on panel_credential (tenant_id, hash) where kind = 'card' and taken_at is null;
alter table panel_credential enable row level security;
alter table panel_credential force row level security;
create policy own_tenant on panel_credential using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on panel_credential to yizhan_app;

create table ward_shift (
  tenant_id uuid not null,
  day date not null,
  shift text not null check (shift in ('day', 'evening', 'night')),
  staff_id uuid not null,
  department_id uuid not null,
  primary key (tenant_id, day, shift, staff_id),
  foreign key (tenant_id, staff_id) references staff,
  foreign key (tenant_id, department_id) references department
);
alter table ward_shift enable row level security;
alter table ward_shift force row level security;
create policy own_tenant on ward_shift using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on ward_shift to yizhan_app;

alter table tenant add column staff_names text not null default 'masked' check (staff_names in ('masked', 'full'));

alter table feed_change drop constraint feed_change_kind_check;
alter table feed_change add constraint feed_change_kind_check
  check (kind in ('hospital', 'site', 'clinic', 'booking', 'print-settlement', 'staff-code', 'staff-panel-credential'));
