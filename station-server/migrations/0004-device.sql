-- The ring of device changes (设备状态变化): what became of each device, the newest 10,000, for the centre and for whoever
-- asks why. Nothing of any patient. local_id is the place in the ring; the cursor of what the centre has is in meta.
CREATE TABLE device_change (
  local_id INTEGER PRIMARY KEY AUTOINCREMENT,
  change TEXT NOT NULL
) STRICT;
