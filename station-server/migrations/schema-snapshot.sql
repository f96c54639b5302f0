CREATE TABLE acknowledged (
  lane TEXT NOT NULL,
  -- Hours since 1970, by a time that has certainly passed.
  hour INTEGER NOT NULL,
  -- The local_id of the last one.
  up_to INTEGER NOT NULL,
  PRIMARY KEY (lane, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE arrival (
  booking_id TEXT PRIMARY KEY,
  clinic_id TEXT NOT NULL,
  day TEXT NOT NULL,
  queue_number TEXT NOT NULL,
  standing TEXT NOT NULL,
  arrived_at INTEGER NOT NULL,
  slot_end INTEGER NOT NULL,
  known_by TEXT NOT NULL,
  operation_id TEXT NOT NULL,
  UNIQUE (day, queue_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  attachment_id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  media_type TEXT NOT NULL,
  byte_length INTEGER NOT NULL,
  salt BLOB NOT NULL,
  digest BLOB NOT NULL,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE booking (
  booking_id TEXT PRIMARY KEY,
  code TEXT NOT NULL,
  patient_key TEXT NOT NULL,
  slot_end INTEGER NOT NULL,
  row TEXT NOT NULL,
  generation INTEGER NOT NULL
, row_hash TEXT) STRICT, WITHOUT ROWID;

CREATE TABLE booking_card (
  card_hash TEXT NOT NULL,
  booking_id TEXT NOT NULL REFERENCES booking ON DELETE CASCADE,
  PRIMARY KEY (card_hash, booking_id)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE device_change (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  change TEXT NOT NULL
) STRICT;

CREATE TABLE failed_try (
  try_id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  code_hash TEXT NOT NULL
) STRICT;

CREATE TABLE fallback_number (
  letter TEXT NOT NULL,
  day TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  next INTEGER NOT NULL,
  PRIMARY KEY (letter, day, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE migration (name TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE number_block (
  block_id TEXT PRIMARY KEY,
  clinic_id TEXT NOT NULL,
  day TEXT NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
  operation_id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  acked_at INTEGER
, hlc TEXT) STRICT;

CREATE TABLE print_job (
  print_no INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL UNIQUE,
  booking_id TEXT NOT NULL,
  copy INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  attempt INTEGER NOT NULL,
  doc TEXT NOT NULL,
  locale TEXT NOT NULL,
  cuts_before INTEGER,
  evidence TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
, decision TEXT) STRICT;

CREATE TABLE receipt_series (
  series_no INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  mark INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  last INTEGER NOT NULL,
  UNIQUE (day, mark)
) STRICT;

CREATE TABLE reference_row (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  row TEXT NOT NULL,
  generation INTEGER NOT NULL, row_hash TEXT,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE sqlite_sequence(name,seq);

CREATE INDEX arrival_by_end ON arrival (clinic_id, slot_end, arrived_at);

CREATE INDEX booking_by_code ON booking (code);

CREATE INDEX booking_by_end ON booking (slot_end);

CREATE INDEX booking_by_patient ON booking (patient_key);

CREATE INDEX booking_card_by_booking ON booking_card (booking_id);

CREATE INDEX failed_try_by_code ON failed_try (code_hash, at);

CREATE INDEX failed_try_by_time ON failed_try (at);

CREATE INDEX number_block_by_queue ON number_block (clinic_id, day, first);

CREATE INDEX operation_by_time ON operation (at);

CREATE INDEX print_job_by_booking ON print_job (booking_id, copy);

CREATE INDEX print_job_by_state ON print_job (state, created_at);
