-- The customers of a hospital: persons with all that is known of them, groups whose people are looked after together.

create table person (
  tenant_id uuid not null references tenant,
  person_id uuid not null,
  -- In the order of code points, so that what a name begins with is a range of an index; under row-level security `like` uses none.
  name text collate "C" not null,
  -- First letters by pinyin, kept with the name by the application.
  name_initials text collate "C" not null,
  sex text not null check (sex in ('female', 'male', 'other', 'unknown')),
  birth_date date,
  occupation text,
  interests text[] not null,
  habits text[] not null,
  state text not null check (state in ('prospect', 'registered', 'active', 'dormant', 'deceased', 'erased')),
  source text not null check (source in ('booking', 'desk', 'phone', 'web', 'referral', 'group', 'event', 'his', 'import')),
  -- Whose the file is: site of the first contact, department and doctor of the last visit, who looks after them.
  site_id uuid,
  department_id uuid,
  doctor_staff_id uuid,
  carer_staff_id uuid,
  -- Where the file went; everything of it but this row and what the merge log says went along.
  merged_into uuid,
  version int not null,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (tenant_id, person_id),
  foreign key (tenant_id, site_id) references site,
  foreign key (tenant_id, merged_into) references person,
  check (merged_into <> person_id)
);
create index person_by_name on person (tenant_id, name, birth_date);
create index person_by_initials on person (tenant_id, name_initials, birth_date);
create index person_merged on person (tenant_id, merged_into) where merged_into is not null;
create index person_of_doctor on person (tenant_id, doctor_staff_id) where doctor_staff_id is not null;
create index person_of_carer on person (tenant_id, carer_staff_id) where carer_staff_id is not null;
alter table person enable row level security;
alter table person force row level security;
create policy own_tenant on person using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
select protect_table('person', 'customer',
  '{"site":"site_id","department":"department_id","own":"doctor_staff_id","assigned":"carer_staff_id"}');
grant select, insert, update on person to yizhan_app;

-- Whether whoever acts has a right to a resource that reaches over this person: what belongs to a person is seen by those who
-- see the person and have the right to that kind of thing. Health is a kind of its own.
create function reaches_person(resource text, tenant uuid, person uuid) returns boolean stable language sql as $$
  select exists (
    select from person p where p.tenant_id = tenant and p.person_id = person and (
      current_setting('app.reach_hospital', true) like '%,' || resource || ',%'
      or (current_setting('app.reach_site', true) like '%,' || resource || ',%'
        and p.site_id = any (string_to_array(nullif(current_setting('app.site_ids', true), ''), ',')::uuid[]))
      or (current_setting('app.reach_department', true) like '%,' || resource || ',%'
        and p.department_id = any (string_to_array(nullif(current_setting('app.department_ids', true), ''), ',')::uuid[]))
      or (current_setting('app.reach_own', true) like '%,' || resource || ',%'
        and p.doctor_staff_id = nullif(current_setting('app.staff_id', true), '')::uuid)
      or (current_setting('app.reach_assigned', true) like '%,' || resource || ',%'
        and p.carer_staff_id = nullif(current_setting('app.staff_id', true), '')::uuid)))
$$;

create function protect_by_person(protected regclass, resource text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', protected);
  execute format('alter table %s force row level security', protected);
  execute format('create policy own_tenant on %s using (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid and reaches_person(%L, tenant_id, person_id))',
    protected, resource);
end
$$;

-- Phones, addresses, documents and cards. Nothing is ever taken out: what is struck out has an end.
create table person_detail (
  tenant_id uuid not null,
  detail_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('phone', 'email', 'address', 'id-number', 'passport', 'other-document', 'health-card', 'insurance-card', 'card')),
  -- Of a card nothing but its keyed hash and its last four characters; of a booking's card not even the kind.
  value_sealed bytea,
  blind_index bytea,
  card_hash text,
  last4 text,
  label text,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, detail_id),
  foreign key (tenant_id, person_id) references person
);
create index person_detail_of_person on person_detail (tenant_id, person_id);
create index person_detail_by_value on person_detail (tenant_id, blind_index) where ended_at is null;
create index person_detail_by_card on person_detail (tenant_id, card_hash) where ended_at is null;
select protect_by_person('person_detail', 'customer');
grant select, insert, update on person_detail to yizhan_app;

create table person_relation (
  tenant_id uuid not null,
  relation_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('family', 'proxy', 'contact')),
  name text not null,
  relationship text,
  phone_sealed bytea,
  other_person_id uuid,
  is_guardian boolean not null,
  valid_from date,
  valid_until date,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, relation_id),
  foreign key (tenant_id, person_id) references person,
  foreign key (tenant_id, other_person_id) references person
);
create index person_relation_of_person on person_relation (tenant_id, person_id);
create index person_relation_of_other on person_relation (tenant_id, other_person_id) where other_person_id is not null;
select protect_by_person('person_relation', 'customer');
grant select, insert, update on person_relation to yizhan_app;

-- A ledger: entries are added, and the last one of a purpose and channel counts. Only a merge moves them to another file.
create table person_consent (
  tenant_id uuid not null,
  consent_id uuid not null,
  person_id uuid not null,
  purpose text not null check (purpose in ('care', 'survey', 'marketing', 'research')),
  channel text not null check (channel in ('phone', 'sms', 'email', 'wechat', 'letter')),
  is_given boolean not null,
  text_version text not null,
  guardian_relation_id uuid,
  at timestamptz not null,
  by_user text not null,
  by_name text not null,
  primary key (tenant_id, consent_id),
  foreign key (tenant_id, person_id) references person,
  foreign key (tenant_id, guardian_relation_id) references person_relation
);
create index person_consent_of_person on person_consent (tenant_id, person_id, at);
select protect_by_person('person_consent', 'customer');
grant select, insert, update (person_id) on person_consent to yizhan_app;

create table person_interaction (
  tenant_id uuid not null,
  interaction_id uuid not null,
  person_id uuid not null,
  channel text not null check (channel in ('phone', 'sms', 'email', 'wechat', 'letter', 'in-person', 'kiosk')),
  direction text not null check (direction in ('in', 'out')),
  at timestamptz not null,
  summary text not null,
  by_user text not null,
  by_name text not null,
  primary key (tenant_id, interaction_id),
  foreign key (tenant_id, person_id) references person
);
create index person_interaction_of_person on person_interaction (tenant_id, person_id, at);
select protect_by_person('person_interaction', 'customer');
grant select, insert, update (person_id) on person_interaction to yizhan_app;

create table person_tag (
  tenant_id uuid not null,
  tag_id uuid not null,
  person_id uuid not null,
  tag text not null,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, tag_id),
  foreign key (tenant_id, person_id) references person
);
create index person_tag_of_person on person_tag (tenant_id, person_id);
create index person_tag_by_tag on person_tag (tenant_id, tag, person_id) where ended_at is null;
select protect_by_person('person_tag', 'customer');
grant select, insert, update on person_tag to yizhan_app;

create table person_health_item (
  tenant_id uuid not null,
  item_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('allergy', 'history', 'family-history')),
  text text not null,
  -- Asked for, and there is none.
  is_denied boolean not null,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, item_id),
  foreign key (tenant_id, person_id) references person
);
create index person_health_item_of_person on person_health_item (tenant_id, person_id);
select protect_by_person('person_health_item', 'health-record');
grant select, insert, update on person_health_item to yizhan_app;

create table visit (
  tenant_id uuid not null,
  visit_id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('outpatient', 'emergency', 'inpatient', 'check-up')),
  site_id uuid,
  department_id uuid,
  department_name text not null,
  doctor_staff_id uuid,
  doctor_name text not null,
  started_at timestamptz not null,
  ended_at timestamptz,
  icd_codes text[] not null,
  diagnosis text not null,
  orders text[] not null,
  fee_fen bigint not null check (fee_fen >= 0),
  outcome text check (outcome in ('cured', 'improved', 'unchanged', 'worse', 'died', 'other')),
  primary key (tenant_id, visit_id),
  foreign key (tenant_id, person_id) references person,
  foreign key (tenant_id, site_id) references site
);
create index visit_of_person on visit (tenant_id, person_id, started_at);
create index visit_by_time on visit (tenant_id, started_at);
select protect_by_person('visit', 'health-record');
grant select, insert, update on visit to yizhan_app;

-- Files that may be one person's, worked out whenever one of them is written; the lesser id first.
create table person_duplicate (
  tenant_id uuid not null,
  one_id uuid not null,
  other_id uuid not null,
  score int not null,
  reasons text[] not null,
  doubts text[] not null,
  found_at timestamptz not null,
  -- Set when staff said that they are two persons; it is not asked again.
  dismissed_at timestamptz,
  dismissed_by text,
  primary key (tenant_id, one_id, other_id),
  foreign key (tenant_id, one_id) references person,
  foreign key (tenant_id, other_id) references person,
  check (one_id < other_id)
);
create index person_duplicate_by_score on person_duplicate (tenant_id, score desc) where dismissed_at is null;
create index person_duplicate_of_other on person_duplicate (tenant_id, other_id);
alter table person_duplicate enable row level security;
alter table person_duplicate force row level security;
create policy own_tenant on person_duplicate using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
  and reaches_person('customer', tenant_id, one_id) and reaches_person('customer', tenant_id, other_id));
grant select, insert, update, delete on person_duplicate to yizhan_app;

-- What was merged, so that it can be taken back: which rows went along, and which fields the survivor had before.
create table merge_log (
  tenant_id uuid not null,
  merge_id uuid not null,
  survivor_id uuid not null,
  merged_id uuid not null,
  moved jsonb not null,
  taken jsonb not null,
  merged_at timestamptz not null,
  merged_by text not null,
  merged_by_name text not null,
  undone_at timestamptz,
  undone_by text,
  undone_by_name text,
  primary key (tenant_id, merge_id),
  foreign key (tenant_id, survivor_id) references person,
  foreign key (tenant_id, merged_id) references person
);
create unique index merge_log_open on merge_log (tenant_id, merged_id) where undone_at is null;
create index merge_log_of_survivor on merge_log (tenant_id, survivor_id);
alter table merge_log enable row level security;
alter table merge_log force row level security;
create policy own_tenant on merge_log using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
  and reaches_person('customer', tenant_id, survivor_id));
grant select, insert, update on merge_log to yizhan_app;

-- A booking belongs to a person; those of before, and of a centre that could not tell, to none.
alter table booking add column person_id uuid;
alter table booking add foreign key (tenant_id, person_id) references person;
create index booking_by_person on booking (tenant_id, person_id, slot_start) where person_id is not null;

-- Units whose people the hospital looks after together: neighbours, contracted firms (团体客户).
create table group_customer (
  tenant_id uuid not null references tenant,
  group_id uuid not null,
  name text not null,
  address text,
  phone text,
  fax text,
  website text,
  email text,
  manager text,
  business text,
  headcount int,
  relation text not null check (relation in ('prospect', 'neighbour', 'contracted', 'ended')),
  opportunities text,
  version int not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (tenant_id, group_id)
);
create index group_customer_by_name on group_customer (tenant_id, name);
alter table group_customer enable row level security;
alter table group_customer force row level security;
create policy own_tenant on group_customer using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
select protect_table('group_customer', 'group-customer', '{}');
grant select, insert, update on group_customer to yizhan_app;

create table group_contact (
  tenant_id uuid not null,
  contact_id uuid not null,
  group_id uuid not null,
  name text not null,
  role text not null check (role in ('staff-health', 'key', 'finance', 'other')),
  post text,
  phone_sealed bytea,
  email text,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, contact_id),
  foreign key (tenant_id, group_id) references group_customer
);
create index group_contact_of_group on group_contact (tenant_id, group_id);
alter table group_contact enable row level security;
alter table group_contact force row level security;
create policy own_tenant on group_contact using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
select protect_table('group_contact', 'group-customer', '{}');
grant select, insert, update on group_contact to yizhan_app;

create table group_member (
  tenant_id uuid not null,
  member_id uuid not null,
  group_id uuid not null,
  person_id uuid not null,
  since timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, member_id),
  foreign key (tenant_id, group_id) references group_customer,
  foreign key (tenant_id, person_id) references person
);
create index group_member_of_group on group_member (tenant_id, group_id);
create index group_member_of_person on group_member (tenant_id, person_id);
select protect_by_person('group_member', 'customer');
grant select, insert, update on group_member to yizhan_app;

create table checkup_result (
  tenant_id uuid not null,
  result_id uuid not null,
  person_id uuid not null,
  group_id uuid,
  checked_on date not null,
  item text not null,
  value text not null,
  unit text,
  flag text not null check (flag in ('normal', 'low', 'high', 'abnormal', 'critical')),
  advice text,
  recorded_at timestamptz not null,
  primary key (tenant_id, result_id),
  foreign key (tenant_id, person_id) references person,
  foreign key (tenant_id, group_id) references group_customer
);
create index checkup_result_of_person on checkup_result (tenant_id, person_id, checked_on);
create index checkup_result_of_group on checkup_result (tenant_id, group_id, checked_on) where group_id is not null;
select protect_by_person('checkup_result', 'health-record');
grant select, insert, update on checkup_result to yizhan_app;
