-- Who a station is: pairing, keys that change, two machines with one key, orders to wipe.

-- A station that nobody knows yet and the code on its screen; kept for a day, so that a late code can be told from a wrong one.
create table pairing (
  tenant_id uuid not null,
  pairing_id uuid not null,
  station_id uuid not null,
  public_key text not null,
  key_fingerprint text not null,
  -- A keyed hash: eight digits could be read out of a plain one.
  code_hash bytea not null,
  about jsonb not null,
  begun_at timestamptz not null,
  expires_at timestamptz not null,
  approved_at timestamptz,
  refused_at timestamptz,
  primary key (tenant_id, pairing_id),
  foreign key (tenant_id) references tenant
);
create unique index pairing_code on pairing (tenant_id, code_hash);
create index pairing_age on pairing (tenant_id, expires_at);
alter table pairing enable row level security;
alter table pairing force row level security;
create policy own_tenant on pairing using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on pairing to yizhan_app;

-- Wrong codes per person and hour.
create table pairing_limit (
  tenant_id uuid not null,
  user_id text not null,
  tries int not null,
  window_ends_at timestamptz not null,
  primary key (tenant_id, user_id)
);
alter table pairing_limit enable row level security;
alter table pairing_limit force row level security;
create policy own_tenant on pairing_limit using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on pairing_limit to yizhan_app;

-- The key before this one is taken beside it until then.
alter table station add column key_since timestamptz;
alter table station add column previous_public_key text;
alter table station add column previous_key_until timestamptz;
alter table station add column rotation_asked_at timestamptz;
-- The station whose place this one took over.
alter table station add column replaces uuid;
-- Epochs that this station has greeted with, and the first that it may use: numbers of a day are told apart by it.
alter table station add column highest_epoch int not null default 1;
alter table station add column least_epoch int not null default 1;
-- The process that greeted last, what it was told to prove that it lives, whether it did, and the processes before it.
alter table station add column boot_id uuid;
alter table station add column boot_challenge uuid;
alter table station add column boot_proved boolean not null default false;
alter table station add column boots_heard uuid[] not null default '{}';
alter table station add column quarantined_at timestamptz;
-- The order to destroy the station's data, as it was signed, and when the station said that it has.
alter table station add column wipe_order jsonb;
alter table station add column wiped_at timestamptz;
-- The centre's half of the database key of a station of the strict profile, sealed.
alter table station add column boot_key_sealed bytea;

-- What became of a station's identity is read from the trail.
create index audit_of_station on audit (tenant_id, object_id, at) where object_kind = 'station';
