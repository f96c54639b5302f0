-- By which cards a booking may be found: keyed hashes only. They go with their booking, whichever way that goes.
CREATE TABLE booking_card (
  card_hash TEXT NOT NULL,
  booking_id TEXT NOT NULL REFERENCES booking ON DELETE CASCADE,
  PRIMARY KEY (card_hash, booking_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX booking_card_by_booking ON booking_card (booking_id);
-- Bookings that are kept already came without their cards: ask the feed for everything anew.
DELETE FROM meta WHERE name = 'feed-cursor';
