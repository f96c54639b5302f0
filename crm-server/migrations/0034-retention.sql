-- How long a hospital keeps what, what may not go whatever its age, and who was erased.

-- Periods that a hospital has set for itself, longer than the rule's own.
create table retention_period (
  tenant_id uuid not null,
  rule text not null,
  kept_days int not null check (kept_days > 0),
  primary key (tenant_id, rule)
);
alter table retention_period enable row level security;
alter table retention_period force row level security;
create policy own_tenant on retention_period using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update, delete on retention_period to yizhan_app;

-- While a hold stands, nothing of this patient goes, and nothing of the audit trail.
create table legal_hold (
  tenant_id uuid not null,
  hold_id uuid not null,
  patient_key uuid not null,
  reason text not null,
  placed_at timestamptz not null,
  placed_by text not null,
  lifted_at timestamptz,
  lifted_by text,
  primary key (tenant_id, hold_id)
);
create index legal_hold_standing on legal_hold (tenant_id, patient_key) where lifted_at is null;
alter table legal_hold enable row level security;
alter table legal_hold force row level security;
create policy own_tenant on legal_hold using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on legal_hold to yizhan_app;

create table erasure (
  tenant_id uuid not null,
  patient_key uuid not null,
  reason text not null,
  done_at timestamptz not null,
  done_by text not null,
  primary key (tenant_id, patient_key)
);
alter table erasure enable row level security;
alter table erasure force row level security;
create policy own_tenant on erasure using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on erasure to yizhan_app;

grant delete on operation to yizhan_app;
create index operation_by_time on operation (tenant_id, at);
-- Set once name, phone, birth date and cards of a booking are gone.
alter table booking add column contact_erased_at timestamptz;
create index booking_with_contact on booking (tenant_id, day) where contact_erased_at is null;
grant delete on person_detail, person_tag, person_health_item, person_interaction, visit, checkup_result to yizhan_app;
