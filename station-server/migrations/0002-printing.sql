-- What staff decided about a slip, until it is carried out; what then became of the slip is its state.
ALTER TABLE print_job ADD COLUMN decision TEXT;
