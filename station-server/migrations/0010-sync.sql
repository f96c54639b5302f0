-- Up to which event the centre has acknowledged each lane, by the hour, for a week: one small row where every event had been written
-- again. What is acknowledged is always a run from the start, so its end says it all. `acked_at` is written no more; a release of
-- before, put back, sends what it does not find marked again, and the centre knows it by its id.
CREATE TABLE acknowledged (
  lane TEXT NOT NULL,
  -- Hours since 1970, by a time that has certainly passed.
  hour INTEGER NOT NULL,
  -- The local_id of the last one.
  up_to INTEGER NOT NULL,
  PRIMARY KEY (lane, hour)
) STRICT, WITHOUT ROWID;
INSERT INTO acknowledged
SELECT 'ops', at / 3600000, up_to FROM (
  SELECT max(acked_at) AS at, max(local_id) AS up_to FROM outbox WHERE acked_at IS NOT NULL
) WHERE up_to IS NOT NULL;
INSERT INTO acknowledged
SELECT 'bulk', at / 3600000, up_to FROM (
  SELECT max(acked_at) AS at, max(local_id) AS up_to FROM bulk_outbox WHERE acked_at IS NOT NULL
) WHERE up_to IS NOT NULL;
DROP INDEX outbox_unsent;
DROP INDEX bulk_outbox_unsent;
