-- By which cards and documents a booking may be found at a station: keyed hashes, never the numbers themselves.
alter table booking add column card_hashes text[] not null default '{}';
