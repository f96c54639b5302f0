-- What staff must know of arrivals that contradict each other, or the booking: which arrivals they are is read from `arrival`.
create table arrival_conflict (
  tenant_id uuid not null,
  booking_id uuid not null,
  kind text not null
    check (kind in ('two-places', 'two-numbers', 'cancelled-meanwhile', 'moved-meanwhile', 'other-day')),
  noticed_at timestamptz not null,
  -- Counts what became of it, so that nobody settles what has changed since they looked.
  version int not null,
  settled_at timestamptz,
  settled_by text,
  settled_by_name text,
  settlement text check (settlement in ('told-patient', 'rebooked', 'nothing-needed')),
  primary key (tenant_id, booking_id, kind)
);
create index arrival_conflict_open on arrival_conflict (tenant_id, noticed_at) where settled_at is null;
create index arrival_conflict_settled on arrival_conflict (tenant_id, settled_at) where settled_at is not null;
alter table arrival_conflict enable row level security;
alter table arrival_conflict force row level security;
create policy own_tenant on arrival_conflict using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on arrival_conflict to yizhan_app;

-- A moved booking and the one that replaced it are of one person.
create index booking_of_person on booking (tenant_id, patient_key);
