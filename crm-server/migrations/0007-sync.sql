-- An epoch is any whole number to the contract; a request with a huge one is refused by nothing and must be storable.
alter table sync_cursor alter column epoch type bigint;
alter table inbox alter column epoch type bigint;
alter table arrival alter column epoch type bigint;
alter table ticket_print alter column epoch type bigint;
