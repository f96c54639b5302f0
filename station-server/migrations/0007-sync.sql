-- The lane of the outbox for what no patient waits for: readiness reports, notices. Everything of before went by `outbox`, and what
-- of it still waits goes on by it.
CREATE TABLE bulk_outbox (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  acked_at INTEGER,
  hlc TEXT
) STRICT;
CREATE INDEX bulk_outbox_unsent ON bulk_outbox (local_id) WHERE acked_at IS NULL;
