-- Links are looked up by the record they are about: who has opened theirs, and ending them.
create index link_record on link (record);
