-- Bookings, the persons behind them, and their arrivals as stations reported them.

-- One key per person, found again by a keyed hash of name and second item; the hash cannot be reversed without the key.
create table patient_key (
  tenant_id uuid not null,
  blind_index bytea not null,
  patient_key uuid not null,
  primary key (tenant_id, blind_index)
);
alter table patient_key enable row level security;
alter table patient_key force row level security;
create policy own_tenant on patient_key using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert on patient_key to yizhan_app;

create table booking (
  tenant_id uuid not null,
  booking_id uuid not null,
  code text not null,
  state text not null check (state in ('booked', 'arrived', 'cancelled', 'rescheduled')),
  site_id uuid not null,
  clinic_id uuid not null,
  doctor_name text not null,
  patient_name text not null,
  patient_key uuid not null,
  phone_sealed bytea,
  phone_last4 text,
  birth_date_sealed bytea,
  birth_month_day text,
  slot_start timestamptz not null,
  slot_end timestamptz not null,
  -- The hospital's own calendar day of slot_start.
  day date not null,
  moved_to timestamptz,
  version int not null,
  created_at timestamptz not null,
  primary key (tenant_id, booking_id),
  unique (tenant_id, code),
  foreign key (tenant_id, clinic_id) references clinic,
  foreign key (tenant_id, site_id) references site
);
create index booking_of_day on booking (tenant_id, day, booking_id);
alter table booking enable row level security;
alter table booking force row level security;
create policy own_tenant on booking using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on booking to yizhan_app;

-- Without a foreign key to booking: an arrival that was acknowledged to a patient is kept whatever the centre knows.
create table arrival (
  tenant_id uuid not null,
  arrival_id uuid not null,
  booking_id uuid not null,
  clinic_id uuid not null,
  day date not null,
  queue_number text not null,
  standing text not null check (standing in ('on-time', 'late')),
  arrived_at timestamptz not null,
  known_by text not null check (known_by in ('feed', 'qr')),
  station_id uuid not null,
  epoch int not null,
  seq bigint not null,
  -- Set on every arrival of a booking but the first: the same place in line under another number.
  alias_of uuid,
  primary key (tenant_id, arrival_id)
);
create index arrival_of_booking on arrival (tenant_id, booking_id);
alter table arrival enable row level security;
alter table arrival force row level security;
create policy own_tenant on arrival using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on arrival to yizhan_app;

create table ticket_print (
  tenant_id uuid not null,
  job_id uuid not null,
  station_id uuid not null,
  booking_id uuid not null,
  state text not null,
  copy int not null,
  settled_at timestamptz not null,
  settled_by text not null,
  epoch int not null,
  seq bigint not null,
  primary key (tenant_id, job_id)
);
alter table ticket_print enable row level security;
alter table ticket_print force row level security;
create policy own_tenant on ticket_print using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
grant select, insert, update on ticket_print to yizhan_app;
