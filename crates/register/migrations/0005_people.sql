-- Personal links: who handed one out, and what became of it. `confined` = 1: it is about one record and keeps to it;
-- with `once` it is used up by the answer, not by being opened.
alter table link add column confined bigint not null default 0;
alter table link add column made_by {bytes};
alter table link add column made_us bigint not null default 0;
alter table link add column revoked_us bigint;
alter table link add column answered_us bigint;
alter table link add column answer {text};
update link set confined = 1 where record is not null;
create index link_record on link (record, made_us) where record is not null;
create index link_person on link (person, made_us);

-- A session may be bound to the link it came by, or to a substitution it makes use of.
alter table session add column link {bytes};
alter table session add column stands_in bigint;
alter table account add column entered_us bigint;

-- Every role given and taken. Without `given_by` it was done on the command line.
create table role_change (
  row     bigint not null primary key,
  account bigint not null,
  role    {text} not null,
  over    {text} not null,
  given   bigint not null,
  given_by {bytes},
  at_us   bigint not null
){strict};
create index role_change_account on role_change (account, row);

-- Who asks to join an organisation.
create table joining (
  row          bigint not null primary key,
  organization {bytes} not null,
  account      bigint not null,
  note         {text} not null,
  at_us        bigint not null,
  decided_us   bigint,
  decided_by   {bytes},
  accepted     bigint not null default 0,
  reason       {text}
){strict};
create index joining_organization on joining (organization, row);
create index joining_account on joining (account, row);

-- Who does whose work from day to day.
create table substitute (
  row        bigint not null primary key,
  account    bigint not null,
  by_account bigint not null,
  since      {text} not null,
  until      {text} not null,
  made_by    {bytes},
  made_us    bigint not null,
  revoked_us bigint
){strict};
create index substitute_account on substitute (account, row);
create index substitute_by on substitute (by_account, row);

-- How a party told of a move that somebody else entered: a code in the chain; the remark beside it may be erased.
alter table change add column told_by {text};
create index change_behalf on change (behalf, position) where behalf is not null;
create table told (
  position bigint not null primary key,
  record   bigint not null,
  note     {text} not null
){strict};
create index told_record on told (record, position);
