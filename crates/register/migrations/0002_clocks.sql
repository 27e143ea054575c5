-- Clocks that ring: the house makes a move by itself on the day after the last.
alter table deadline add column rings bigint not null default 0;
create index deadline_rings on deadline (due, record, name) where rings = 1;

-- For whom a change was made, where it was not the actor's own: the party told of it on the telephone, or a person away.
alter table change add column behalf {bytes};
