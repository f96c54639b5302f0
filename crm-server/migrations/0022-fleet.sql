-- By which lane the newest readiness report came: reports used to go by `ops`, and each lane counts for itself.
alter table station add column readiness_lane text not null default 'ops';
