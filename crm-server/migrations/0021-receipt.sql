-- What stations gave receipt numbers (回执号). The number is not unique here: that a station gave one out twice must be seen, and is
-- never a reason to refuse what it reports.
create table receipt (
  tenant_id uuid not null,
  receipt_id uuid not null,
  receipt_number text not null,
  kind text not null check (kind in ('readiness')),
  station_id uuid not null,
  issued_at timestamptz not null,
  report jsonb not null,
  primary key (tenant_id, receipt_id)
);
create index receipt_by_number on receipt (tenant_id, receipt_number);
alter table receipt enable row level security;
alter table receipt force row level security;
create policy own_tenant on receipt using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on receipt to yizhan_app;
