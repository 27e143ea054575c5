-- Signing in: what a session tells of itself, second factors, identities of a provider, old passwords, the trail.

-- When the password was set; for those set before this was kept, when the account was made.
alter table account add column hash_us bigint;
update account set hash_us = created_us where hash is not null;

-- way: link, password or provider. factors: how many of the person's factors were shown. agent: a few words.
alter table session add column seen_us bigint not null default 0;
alter table session add column way {text} not null default 'link';
alter table session add column factors bigint not null default 1;
alter table session add column network {text} not null default '';
alter table session add column agent {text} not null default '';
update session set seen_us = started_us;

-- The secret of a second factor, sealed (see seal.rs). step: the newest time step a code was taken for.
create table second_factor (
  account   bigint not null primary key,
  sealed    {bytes} not null,
  confirmed bigint not null,
  step      bigint not null,
  since_us  bigint not null
){strict};

create table recovery_code (
  account bigint not null,
  digest  {bytes} not null,
  primary key (account, digest)
){strict_rowless};

-- Hashes of the newest passwords of an account; kept only where the policy forbids going back.
create table past_password (
  account bigint not null,
  at_us   bigint not null,
  hash    {text} not null,
  primary key (account, at_us)
){strict_rowless};

-- Whom a provider's subject is here; name is what the provider called them when bound, for showing only.
create table identity (
  issuer   {text} not null,
  subject  {text} not null,
  account  bigint not null,
  name     {text} not null,
  since_us bigint not null,
  primary key (issuer, subject)
){strict_rowless};
create index identity_account on identity (account);

-- What a half-done sign-in has to remember, bound to a cookie; works once and for minutes.
create table ticket (
  token      {bytes} not null primary key,
  kind       {text} not null,
  account    bigint,
  payload    {text} not null,
  expires_us bigint not null
){strict};
create index ticket_expires on ticket (expires_us);

-- Who signed in, failed to, or changed how they sign in; kept 400 days.
create table signin_event (
  row     bigint not null primary key,
  account bigint,
  what    {text} not null,
  network {text} not null,
  at_us   bigint not null
){strict};
create index signin_event_account on signin_event (account, row);
create index signin_event_at on signin_event (at_us);
