-- The hash of a row as the centre sent it, for the checksum of its kind; rows of an earlier release have none until they come again.
ALTER TABLE reference_row ADD COLUMN row_hash TEXT;
ALTER TABLE booking ADD COLUMN row_hash TEXT;
