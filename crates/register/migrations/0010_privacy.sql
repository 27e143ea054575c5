-- What people have agreed to and taken back, and what they asked to have erased.

-- One row each time someone agrees or takes it back; never altered. text: the digest of what they were told, in `definition`.
create table consent (
  row    bigint not null primary key,
  person {bytes} not null,
  scope  {text} not null,
  given  bigint not null,
  text   {text} not null,
  at_us  bigint not null
){strict};
create index consent_person on consent (person, row);

-- One row each time someone asks. decided_us empty: it waits. note: their words, blanked with the rest.
create table erasure (
  row        bigint not null primary key,
  person     {bytes} not null,
  note       {text} not null,
  at_us      bigint not null,
  decided_us bigint,
  decided_by {bytes},
  done       bigint not null default 0,
  reason     {text}
){strict};
create index erasure_person on erasure (person, row);
create index erasure_open on erasure (row) where decided_us is null;

create index session_person on session (person);
