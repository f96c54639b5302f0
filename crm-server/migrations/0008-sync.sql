-- The event that a cursor ends with. The inbox cannot tell: an event that came again under a new epoch lies there under
-- its first place. Null for cursors of before, which a station takes as "the same" until its next upload.
alter table sync_cursor add column acked_event_id uuid;
