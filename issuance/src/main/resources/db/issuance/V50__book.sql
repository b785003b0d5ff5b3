-- The directory of the ledger's books. A row carries a MAC; one that fails it does not exist.
create table book (
  number text primary key check (number ~ '^[0-9a-f]{8}$'),
  node text not null,
  generation bigint not null check (generation > 0),
  created timestamptz not null,
  boot text not null,
  wrapped_key text not null,
  slots bigint not null,
  state text not null,
  count bigint not null,
  root text,
  last_expiry timestamptz,
  version bigint not null,
  mac bytea not null,
  refused boolean not null default false
);
