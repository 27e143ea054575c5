-- What people are told, by which channels it leaves the house, and how far each message has come.

-- One row per person and thing told. `key` is what may be told once only. Codes and ids, never texts of records.
create table notice (
  row      bigint not null primary key,
  person   {bytes} not null,
  record   bigint not null,
  cause    {text} not null,
  key      {text} not null unique,
  position bigint not null,
  at_us    bigint not null,
  read_us  bigint
){strict};
create index notice_person on notice (person, row);
create index notice_unread on notice (person, row) where read_us is null;
create index notice_at on notice (at_us);

-- Where a person wants messages. `secret` signs what leaves, so it cannot be kept as a digest; `code` is the digest of
-- the six figures that prove a mail address.
create table channel (
  row        bigint not null primary key,
  person     {bytes} not null,
  means      {text} not null,
  address    {text} not null,
  secret     {text},
  rhythm     {text} not null,
  english    bigint not null,
  code       {bytes},
  code_us    bigint,
  code_tries bigint not null,
  proven_us  bigint,
  made_us    bigint not null
){strict};
create unique index channel_person on channel (person, means, address);

-- One message on its way. state: waiting, retrying (failed before), sending, sent, dead, dropped (nothing was left to say).
create table delivery (
  row     bigint not null primary key,
  channel bigint not null,
  lane    {text} not null,
  message {text} not null unique,
  state   {text} not null,
  tries   bigint not null,
  run_us  bigint not null,
  worker  {text},
  error   {text},
  at_us   bigint not null
){strict};
create index delivery_ready on delivery (lane, state, run_us, row);
create index delivery_channel on delivery (channel, state, run_us, row);
create index delivery_at on delivery (at_us);

-- Which notices a message tells; a message without any is a trial the person asked for.
create table parcel (
  delivery bigint not null,
  notice   bigint not null,
  primary key (delivery, notice)
){strict_rowless};

create index role_grant_over on role_grant (over, role);
