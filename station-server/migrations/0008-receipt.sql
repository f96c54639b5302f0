-- The drawer of receipt numbers (回执号): every series that this machine has begun, with the last number given out. A process,
-- an epoch and a run of 999 numbers each begin a series of their own; the sequence goes on through the day.
CREATE TABLE receipt_series (
  series_no INTEGER PRIMARY KEY,
  day TEXT NOT NULL,
  mark INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  last INTEGER NOT NULL,
  UNIQUE (day, mark)
) STRICT;
