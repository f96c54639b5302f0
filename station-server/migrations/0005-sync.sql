-- The moment of an event by the hybrid clock, as text that sorts like the moments; events of an earlier release have none.
ALTER TABLE outbox ADD COLUMN hlc TEXT;
