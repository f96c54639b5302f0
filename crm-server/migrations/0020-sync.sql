-- An event that was set aside (死信) and will never be applied is settled by a person, who says why.
alter table inbox drop constraint inbox_state_check;
alter table inbox add constraint inbox_state_check check (state in ('pending', 'applied', 'parked', 'failed', 'settled'));
alter table inbox add column settled_at timestamptz;
alter table inbox add column settled_by text;
alter table inbox add column settled_reason text;
