-- Sessions keep no token that opens anything, second factors are proved per session, passkeys stand beside the authenticator.

-- A session's token is kept as its SHA-256 from now on. Those that lie here as they are end: everybody signs in once more.
delete from auth."session";
-- When the session last saw a second factor; null for never. Deeds of weight ask how long ago that was.
alter table auth."session" add column "factorProvedAt" timestamptz;

-- Names of pending second factors are kept as hashes, too.
delete from auth."verification";

-- The last step of the authenticator's clock that opened something: no code counts twice, and none before it.
alter table auth."twoFactor" add column "lastStep" bigint;

create table auth."passkey" (
  "id" text primary key,
  "userId" text not null references auth."user" ("id") on delete cascade,
  "credentialId" text not null unique,
  "publicKey" bytea not null,
  "counter" bigint not null,
  "name" text not null,
  "createdAt" timestamptz not null default current_timestamp,
  "lastUsedAt" timestamptz
);
create index "passkey_userId_idx" on auth."passkey" ("userId");
grant select, insert, update, delete on auth."passkey" to yizhan_app;
