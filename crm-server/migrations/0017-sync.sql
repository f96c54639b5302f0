-- A station's outbox has lanes, each with its own sequence; everything of before went by `ops`. The default stays: a node of the
-- release before this one writes beside us while a centre of several is upgraded, and it names no lane.
alter table sync_cursor add column lane text not null default 'ops' check (lane in ('ops', 'bulk'));
alter table sync_cursor drop constraint sync_cursor_pkey;
alter table sync_cursor add primary key (tenant_id, station_id, epoch, lane);
alter table inbox add column lane text not null default 'ops' check (lane in ('ops', 'bulk'));
