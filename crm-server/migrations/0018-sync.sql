-- The ids of events whose rows the inbox has dropped: a station whose disk was put back to an old copy may send any of them again.
create table applied_event (
  tenant_id uuid not null,
  event_id uuid not null,
  -- The latest of its arrival and the moments that it tells itself: so long ago, it may be forgotten that it was applied.
  moment timestamptz not null,
  primary key (tenant_id, event_id)
);
alter table applied_event enable row level security;
alter table applied_event force row level security;
create policy own_tenant on applied_event using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, delete on applied_event to yizhan_app;
grant delete on inbox to yizhan_app;
