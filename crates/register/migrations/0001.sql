-- The first schema. One text for both stores; words in braces are replaced by db::dialect.
-- {bytes} is the type of byte strings, {text} that of text ordered byte by byte, {strict} the closing of a table.

-- One row per record of this store, whatever its kind. Texts lie in `layer`.
create table record (
  row        bigint not null primary key,
  id         {bytes} not null,
  kind       {text} not null,
  number     {text} not null,
  type_path  {text} not null,
  home       {text} not null,
  place      {text},
  owner      bigint,
  stage      {text} not null,
  version    bigint not null,
  day        {text},
  audience   bigint not null,
  title      {text} not null,
  due        {text} not null,
  merged     bigint,
  erased     bigint not null,
  created_us bigint not null,
  changed_us bigint not null
){strict};
create unique index record_id on record (id);
create unique index record_number on record (kind, number);
create index record_owner on record (owner, kind, row);
create index record_merged on record (merged, row) where merged is not null;
create index record_node on record (kind, row, stage) where audience >= 1;
create index record_public on record (kind, row, stage) where audience = 4;
create index record_stage on record (kind, stage, row);
create index record_due on record (kind, due, row);
create index record_stage_due on record (kind, stage, due, row);

-- Every version of every layer; `live` = 1 marks the text that stands. Erasing empties salt and body, not the row.
create table layer (
  record  bigint not null,
  version bigint not null,
  layer   bigint not null,
  live    bigint not null,
  salt    {bytes},
  body    {text},
  primary key (record, version, layer)
){strict};

-- Order-preserving text of listed values. own: 0 an ancestor of a code, 1 a value, 2 the value to sort by.
create table key (
  kind   {text} not null,
  field  {text} not null,
  value  {text} not null,
  record bigint not null,
  own    bigint not null,
  primary key (kind, field, value, record)
){strict_rowless};
create index key_record on key (record, field, own, value);

-- Values no other home record of the kind may have.
create table claim (
  kind   {text} not null,
  field  {text} not null,
  value  {text} not null,
  record bigint not null,
  primary key (kind, field, value)
){strict_rowless};
create index claim_record on claim (record);

-- Derived from reference fields and ties.
create table edge (
  from_row  bigint not null,
  field     {text} not null,
  to_row    bigint not null,
  from_kind {text} not null,
  assigns   bigint not null,
  since     {text},
  until     {text},
  primary key (from_row, field, to_row)
){strict_rowless};
create index edge_to on edge (to_row, field, from_row, from_kind);
create index edge_to_kind on edge (to_row, from_kind, assigns, from_row);

-- One row per running clock.
create table deadline (
  record bigint not null,
  name   {text} not null,
  due    {text} not null,
  move   {text},
  primary key (record, name)
){strict_rowless};
create index deadline_due on deadline (due, record);

-- The feed and the audit: never edited. `digest` is chained to the digest before; `layers` holds hashes only.
create table change (
  position  bigint not null primary key,
  epoch     bigint not null,
  record    bigint not null,
  version   bigint not null,
  move      {text} not null,
  actor     {bytes},
  at_us     bigint not null,
  stage     {text} not null,
  audience  bigint not null,
  type_path {text} not null,
  owner     {bytes},
  place     {text},
  layers    {text} not null,
  digest    {bytes} not null
){strict};
create index change_record on change (record, position);

-- What peers may read, made from `change` by audience.
create table edition (
  epoch    bigint not null,
  position bigint not null,
  audience bigint not null,
  record   bigint not null,
  version  bigint not null,
  primary key (epoch, audience, position)
){strict_rowless};

-- Reads of sealed layers and refusals of them; kept 400 days.
create table access (
  row    bigint not null primary key,
  record bigint not null,
  reader {bytes},
  at_us  bigint not null,
  result {text} not null
){strict};
create index access_record on access (record, row);
create index access_at on access (at_us);

-- Names of stored bytes; the bytes lie in the object store under the hash. gone = 1: the last record that named them
-- has been erased, and the bytes are to be removed.
create table file (
  hash  {text} not null primary key,
  bytes bigint not null,
  name  {text} not null,
  media {text} not null,
  at_us bigint not null,
  gone  bigint not null
){strict};
create index file_gone on file (gone, hash);

-- Which records name a file in any version of any layer; erasing a record takes its rows away.
create table mention (
  hash   {text} not null,
  record bigint not null,
  primary key (hash, record)
){strict_rowless};
create index mention_record on mention (record);

create table account (
  row        bigint not null primary key,
  name       {text} not null unique,
  hash       {text},
  person     {bytes} not null,
  created_us bigint not null
){strict};
create index account_person on account (person);

create table role_grant (
  account bigint not null,
  role    {text} not null,
  over    {text} not null,
  at_us   bigint not null,
  primary key (account, role, over)
){strict_rowless};

create table session (
  token      {bytes} not null primary key,
  account    bigint,
  person     {bytes} not null,
  started_us bigint not null,
  expires_us bigint not null
){strict};
create index session_account on session (account);
create index session_expires on session (expires_us);

create table link (
  token      {bytes} not null primary key,
  person     {bytes} not null,
  record     {bytes},
  once       bigint not null,
  used       bigint not null,
  expires_us bigint not null
){strict};
create index link_expires on link (expires_us);

-- Failed attempts of an account name or a network, for throttling.
create table attempt (
  subject {text} not null,
  at_us   bigint not null,
  chance  bigint not null,
  primary key (subject, at_us, chance)
){strict_rowless};

-- What must follow a write, written with it.
create table job (
  row      bigint not null primary key,
  kind     {text} not null,
  payload  {text} not null,
  state    {text} not null,
  tries    bigint not null,
  run_us   bigint not null,
  worker   {text},
  error    {text},
  at_us    bigint not null,
  done     bigint not null,
  total    bigint not null
){strict};
create index job_ready on job (state, run_us, row);

-- How far a follower has read the feed.
create table cursor (
  name     {text} not null primary key,
  epoch    bigint not null,
  position bigint not null
){strict};

-- Definitions pinned by filed documents, by digest.
create table definition (
  digest {text} not null primary key,
  text   {text} not null
){strict};

create table peer (
  id    {text} not null primary key,
  name  {text} not null,
  key   {bytes} not null,
  at_us bigint not null
){strict};

create table series (
  name {text} not null primary key,
  next bigint not null
){strict_rowless};

create table setting (
  name  {text} not null primary key,
  value {text} not null
){strict_rowless};
