-- Every lease asks for the highest number of its letter and day, among the blocks and among the arrivals.
create index number_block_of_day on number_block (tenant_id, queue_letter, day);
create index arrival_of_day on arrival (tenant_id, day);
