-- The moment of an event by the hybrid clock of its station, as text that sorts like the moments; older stations tell none.
alter table inbox add column hlc text;
alter table arrival add column hlc text;
