-- People and sign-in. The tables of schema auth belong to better-auth 1.7 (core and its twoFactor plugin, camelCase
-- columns as it writes them) and carry no tenant: one person may work in several hospitals. Which hospital a person
-- belongs to, and as what, is ours: table membership.
create schema if not exists auth;

create table auth."user" (
  "id" text primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null,
  "image" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp,
  "twoFactorEnabled" boolean,
  -- Ours: true until the person has replaced the password that somebody else gave them.
  "onOneTimePassword" boolean not null default false
);

create table auth."session" (
  "id" text primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" ("id") on delete cascade
);
create index "session_userId_idx" on auth."session" ("userId");

create table auth."account" (
  "id" text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on auth."account" ("userId");

create table auth."verification" (
  "id" text primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index "verification_identifier_idx" on auth."verification" ("identifier");

create table auth."twoFactor" (
  "id" text primary key,
  "secret" text not null,
  "backupCodes" text not null,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "verified" boolean,
  "failedVerificationCount" integer,
  "lockedUntil" timestamptz
);
create index "twoFactor_userId_idx" on auth."twoFactor" ("userId");

-- Every use prolongs a session by the idle limit; here it meets its absolute end, ten hours after sign-in, on whatever
-- path the prolonging came.
create function auth.cap_session() returns trigger language plpgsql as $$
begin
  new."expiresAt" := least(new."expiresAt", new."createdAt" + interval '10 hours');
  return new;
end $$;
create trigger cap_session before insert or update on auth."session"
  for each row execute function auth.cap_session();

-- Tries at passwords per bucket (account at an address, account, address); the key is a hash, so no address book lies here.
create table auth.sign_in_limit (
  bucket text primary key,
  tries integer not null,
  window_ends_at timestamptz not null
);

create table membership (
  tenant_id uuid not null references tenant,
  user_id text not null references auth."user" ("id") on delete cascade,
  roles text[] not null check (roles <@ array['administrator', 'front-desk']),
  created_at timestamptz not null default current_timestamp,
  primary key (tenant_id, user_id)
);
create index membership_user_id_idx on membership (user_id, tenant_id);
alter table membership enable row level security;
alter table membership force row level security;
-- A transaction-local setting leaves an empty string behind, hence nullif: a bare cast of '' would fail.
create policy membership_of_tenant on membership
  using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- Before the tenant is known, a person may read where they belong.
create policy membership_of_self on membership for select
  using (user_id = nullif(current_setting('app.user_id', true), ''));
grant select, insert, update on membership to yizhan_app;

grant usage on schema auth to yizhan_app;
grant select, insert, update, delete on all tables in schema auth to yizhan_app;
