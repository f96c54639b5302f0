-- What staff decided about a slip. The station whose slip it is carries it out and tells what became of it.
create table slip_settlement (
  tenant_id uuid not null,
  job_id uuid not null,
  station_id uuid not null,
  decision text not null check (decision in ('came-out', 'not-printed', 'cancel')),
  decided_at timestamptz not null,
  primary key (tenant_id, job_id),
  foreign key (tenant_id, station_id) references station
);
create index slip_settlement_age on slip_settlement (tenant_id, decided_at);
alter table slip_settlement enable row level security;
alter table slip_settlement force row level security;
create policy own_tenant on slip_settlement using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on slip_settlement to yizhan_app;

-- The page of slips asks for those without paper, and whether a later copy of the same ticket came out.
create index ticket_print_without_paper on ticket_print (tenant_id, settled_at) where state <> 'confirmed';
create index ticket_print_of_booking on ticket_print (tenant_id, booking_id);

alter table feed_change drop constraint feed_change_kind_check;
alter table feed_change add constraint feed_change_kind_check
  check (kind in ('hospital', 'site', 'clinic', 'booking', 'print-settlement'));
