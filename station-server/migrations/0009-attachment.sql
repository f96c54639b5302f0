-- Finished attachments (附件) that the centre does not hold yet; their sealed bytes lie in files beside the database.
CREATE TABLE attachment (
  attachment_id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  media_type TEXT NOT NULL,
  byte_length INTEGER NOT NULL,
  salt BLOB NOT NULL,
  digest BLOB NOT NULL,
  made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
