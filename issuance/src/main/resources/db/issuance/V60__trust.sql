-- What an audience's tokens open, and how much proof they need. A row of these defaults has the MAC that it had before.
alter table audience
  add column data_class text not null default 'PERSONAL',
  add column trust text not null default 'REQUIRED',
  add column trust_since bigint,
  add column trust_until bigint,
  add column trust_reason text;

-- How many tokens were accepted that the ledger would have refused, by the second at which the level was lowered. Numbers for
-- people: nothing follows from them.
create table observed (
  audience text not null,
  since bigint not null,
  reason text not null,
  tokens bigint not null,
  primary key (audience, since, reason)
);
