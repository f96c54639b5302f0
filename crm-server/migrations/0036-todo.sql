-- To-dos (待办). Whose it is: one person's, or that of everybody of a role or a department. Who has had it in hand keeps seeing it.
create table todo (
  tenant_id uuid not null references tenant,
  todo_id uuid not null,
  subject jsonb not null,
  object_kind text check (object_kind in ('booking', 'station')),
  object_id uuid,
  assignee_user_id text,
  assignee_role text,
  assignee_department_id uuid,
  priority text not null check (priority in ('urgent', 'normal', 'low')),
  due_at timestamptz,
  state text not null check (state in ('open', 'done', 'cancelled')),
  -- What the centre opened it for; there is one open to-do of a cause at most.
  cause text,
  made_by_name text not null,
  made_at timestamptz not null,
  handled_by text[] not null,
  closed_at timestamptz,
  version int not null default 1,
  primary key (tenant_id, todo_id),
  foreign key (tenant_id, assignee_department_id) references department,
  check (num_nonnulls(assignee_user_id, assignee_role, assignee_department_id) = 1),
  check ((object_kind is null) = (object_id is null))
);
create unique index todo_of_cause on todo (tenant_id, cause) where state = 'open';
create index todo_of_person on todo (tenant_id, assignee_user_id) where state = 'open';
create index todo_of_role on todo (tenant_id, assignee_role) where state = 'open';
create index todo_of_department on todo (tenant_id, assignee_department_id) where state = 'open';
create index todo_handled on todo using gin (handled_by);
alter table todo enable row level security;
alter table todo force row level security;
create policy own_tenant on todo using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
create policy addressed on todo as restrictive using (
  (select current_setting('app.reach_hospital', true) like '%,todo,%')
  or (select current_setting('app.reach_assigned', true) like '%,todo,%') and (
    assignee_user_id = (select nullif(current_setting('app.reader_id', true), ''))
    or handled_by @> array[(select coalesce(nullif(current_setting('app.reader_id', true), ''), ' '))]
    or assignee_role = any ((select string_to_array(current_setting('app.reader_roles', true), ','))::text[])
    or assignee_department_id = any ((select string_to_array(nullif(current_setting('app.department_ids', true), ''), ','))::uuid[])));
grant select, insert, update on todo to yizhan_app;

create table todo_entry (
  tenant_id uuid not null,
  todo_id uuid not null,
  entry_id uuid not null,
  -- Of the to-do after this entry: the order of the history.
  version int not null,
  at timestamptz not null,
  by_name text not null,
  what text not null check (what in ('opened', 'forwarded', 'done', 'cancelled')),
  to_user_id text,
  to_role text,
  to_department_id uuid,
  note text not null,
  primary key (tenant_id, todo_id, entry_id),
  foreign key (tenant_id, todo_id) references todo
);
alter table todo_entry enable row level security;
alter table todo_entry force row level security;
create policy own_tenant on todo_entry using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
-- Whoever sees the to-do sees its history: the condition below is itself bound by the policies of todo.
create policy addressed on todo_entry as restrictive using (
  tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
  and exists (select from todo t where t.tenant_id = todo_entry.tenant_id and t.todo_id = todo_entry.todo_id));
grant select, insert on todo_entry to yizhan_app;
