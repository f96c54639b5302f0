-- One policy table decides who sees which row: what a person may do is worked out by the centre and told to every
-- transaction; here stands how a table obeys. Restrictive policies come on top of the fence between hospitals.

-- Gives a table its two policies. `scope` names its columns: site, department, own and assigned (staff ids), about (the
-- staff id that a row says something about) and released (when that person may read it). Every expression in brackets of
-- its own is worked out once per query, not once per row.
create function protect_table(protected regclass, resource text, scope jsonb) returns void language plpgsql as $$
declare
  reaches text := format('(select current_setting(''app.reach_hospital'', true) like %L)', '%,' || resource || ',%');
  kind text;
  setting text;
  self constant text := '(select nullif(current_setting(''app.staff_id'', true), '''')::uuid)';
begin
  foreach kind in array array['site', 'department'] loop
    continue when not scope ? kind;
    setting := format('((select string_to_array(nullif(current_setting(%L, true), ''''), '',''))::uuid[])', 'app.' || kind || '_ids');
    reaches := reaches || format(' or ((select current_setting(%L, true) like %L) and %I = any (%s))',
      'app.reach_' || kind, '%,' || resource || ',%', scope ->> kind, setting);
  end loop;
  foreach kind in array array['own', 'assigned'] loop
    continue when not scope ? kind;
    reaches := reaches || format(' or ((select current_setting(%L, true) like %L) and %I = %s)',
      'app.reach_' || kind, '%,' || resource || ',%', scope ->> kind, self);
  end loop;
  execute format('drop policy if exists within_reach on %s', protected);
  execute format('create policy within_reach on %s as restrictive using (%s)', protected, reaches);
  execute format('drop policy if exists not_about_oneself on %s', protected);
  if scope ? 'about' then
    -- For reading and changing only: who writes down something about oneself may, and does not read it again.
    execute format('create policy not_about_oneself on %s as restrictive for select using (%I is distinct from %s%s)',
      protected, scope ->> 'about', self,
      case when scope ? 'released' then format(' or %I <= now()', scope ->> 'released') else '' end);
  end if;
end
$$;

-- A clinic belongs to a department, so that its head sees the roster. Departments themselves come with the organisation.
alter table clinic add column department_id uuid;

-- What rows belong to, taken from where they were made: a row keeps the department that its clinic had then.
alter table booking add column department_id uuid;
alter table booking add column doctor_staff_id uuid;
alter table arrival add column site_id uuid;
alter table arrival add column department_id uuid;
alter table arrival_conflict add column site_id uuid;
alter table arrival_conflict add column department_id uuid;
alter table ticket_print add column site_id uuid;
alter table slip_settlement add column site_id uuid;
create index booking_of_site on booking (tenant_id, site_id, day);
create index booking_of_doctor on booking (tenant_id, doctor_staff_id, day) where doctor_staff_id is not null;

-- The owner is bound by the fence too, and a migration acts in no hospital: for what is already there it is opened a moment.
alter table clinic no force row level security;
alter table booking no force row level security;
alter table arrival no force row level security;
alter table arrival_conflict no force row level security;
alter table ticket_print no force row level security;
alter table slip_settlement no force row level security;
alter table station no force row level security;
update arrival a set site_id = c.site_id from clinic c where c.tenant_id = a.tenant_id and c.clinic_id = a.clinic_id;
update arrival_conflict f set site_id = a.site_id from arrival a
  where a.tenant_id = f.tenant_id and a.booking_id = f.booking_id and a.alias_of is null;
update ticket_print p set site_id = s.site_id from station s
  where s.tenant_id = p.tenant_id and s.station_id = p.station_id;
update slip_settlement p set site_id = s.site_id from station s
  where s.tenant_id = p.tenant_id and s.station_id = p.station_id;
alter table clinic force row level security;
alter table booking force row level security;
alter table arrival force row level security;
alter table arrival_conflict force row level security;
alter table ticket_print force row level security;
alter table slip_settlement force row level security;
alter table station force row level security;

create function place_by_clinic() returns trigger language plpgsql as $$
declare
  place record;
begin
  select c.site_id, c.department_id into place from clinic c
    where c.tenant_id = new.tenant_id and c.clinic_id = new.clinic_id;
  new.department_id := coalesce(new.department_id, place.department_id);
  new.site_id := coalesce(new.site_id, place.site_id);
  return new;
end
$$;
create trigger place_by_clinic before insert on booking for each row execute function place_by_clinic();
create trigger place_by_clinic before insert on arrival for each row execute function place_by_clinic();

create function place_by_arrival() returns trigger language plpgsql as $$
declare
  place record;
begin
  select a.site_id, a.department_id into place from arrival a
    where a.tenant_id = new.tenant_id and a.booking_id = new.booking_id order by a.alias_of is not null limit 1;
  new.site_id := coalesce(new.site_id, place.site_id);
  new.department_id := coalesce(new.department_id, place.department_id);
  return new;
end
$$;
create trigger place_by_arrival before insert on arrival_conflict for each row execute function place_by_arrival();

create function place_by_station() returns trigger language plpgsql as $$
begin
  new.site_id := coalesce(new.site_id, (select s.site_id from station s
    where s.tenant_id = new.tenant_id and s.station_id = new.station_id));
  return new;
end
$$;
create trigger place_by_station before insert on ticket_print for each row execute function place_by_station();
create trigger place_by_station before insert on slip_settlement for each row execute function place_by_station();

select protect_table('booking', 'booking', '{"site":"site_id","department":"department_id","own":"doctor_staff_id"}');
select protect_table('arrival', 'booking', '{"site":"site_id","department":"department_id"}');
select protect_table('arrival_conflict', 'booking', '{"site":"site_id","department":"department_id"}');
select protect_table('ticket_print', 'slip', '{"site":"site_id"}');
select protect_table('slip_settlement', 'slip', '{"site":"site_id"}');
select protect_table('station', 'station', '{"site":"site_id"}');

-- What a member is: the roles, the sites and departments that their rights reach over, the person of the staff list.
alter table membership drop constraint membership_roles_check;
alter table membership add constraint membership_roles_check check (roles <@ array['platform-administrator',
  'administrator', 'hospital-leader', 'department-head', 'doctor', 'follow-up-nurse', 'call-centre-agent',
  'complaint-officer', 'customer-manager', 'researcher', 'attendance-clerk', 'group-auditor', 'front-desk']);
alter table membership add column site_ids uuid[] not null default '{}';
alter table membership add column department_ids uuid[] not null default '{}';
alter table membership add column staff_id uuid;
-- Set while an account is shut out of this hospital.
alter table membership add column disabled_at timestamptz;
create unique index membership_of_staff on membership (tenant_id, staff_id) where staff_id is not null;
