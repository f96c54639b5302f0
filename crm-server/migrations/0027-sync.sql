-- What waits to be applied, by station: stations take turns, and each keeps its order.
drop index inbox_pending;
create index inbox_due on inbox (tenant_id, station_id, next_try_at, epoch, seq) where state = 'pending';
