-- Clients, log-in sessions, routes, proofs of theft and the lease of the serving node. The server's role owns nothing.

create table event_head (
  one boolean primary key default true check (one),
  seq bigint not null
);
insert into event_head (seq) values (0);

create table event (
  seq bigint primary key,
  at timestamptz not null,
  type text not null,
  actor text not null,
  body jsonb not null,
  canonical bytea not null
);
-- Asked each second while there is no set of routes: all log-ins are events too.
create index event_route_added on event (seq) where type = 'route_added';

-- Rows that grant power carry a MAC over all other columns.
create table client (
  id text primary key,
  jwks text,
  secret_hash text,
  rights text not null,
  scopes text not null,
  audiences text not null,
  lifetime_seconds bigint not null,
  single_use boolean not null,
  enabled boolean not null,
  version bigint not null,
  mac text not null
);

create table route (
  id text primary key,
  method text not null,
  path text not null,
  audience text not null,
  scopes text not null,
  data_class text not null,
  single_use boolean not null,
  clients_allowed boolean not null,
  version bigint not null,
  mac text not null,
  unique (method, path)
);

-- All routes by id, with the MAC of each row: so that a deleted row is missed.
create table route_set (
  one boolean primary key default true check (one),
  version bigint not null,
  members text not null,
  mac text not null
);

create table subject (
  subject text primary key,
  first_at timestamptz not null,
  withdrawn_at timestamptz,
  withdrawn_number bigint
);
create unique index subject_withdrawal on subject (withdrawn_number) where withdrawn_number is not null;

-- Withdrawals are numbered in the order of their commits, whoever writes them: the lock is held until the commit. So a
-- server that asks for what is behind the last number it saw misses nobody.
create sequence withdrawal_number;

create function number_withdrawal() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(x'696e67616d02'::bigint);
  new.withdrawn_number := nextval('issuance.withdrawal_number');
  return new;
end
$$;

create trigger withdrawal before insert or update of withdrawn_at on subject
  for each row when (new.withdrawn_at is not null) execute function number_withdrawal();

-- The id of a session is a secret: only its SHA-256 is here. The MAC covers all but the token count.
create table session (
  hash bytea primary key,
  subject text not null,
  opened_by text not null,
  login_at timestamptz not null,
  opened_at timestamptz not null,
  expires_at timestamptz not null,
  method text not null,
  source text not null,
  max_tokens integer not null,
  tokens integer not null,
  ended_at timestamptz,
  version bigint not null,
  mac bytea not null
);
create index session_expiry on session (expires_at);

-- Evidence: the first thousand forged tokens of a key, whole. What comes after is counted.
create table theft_proof (
  id bigint generated always as identity primary key,
  kid text not null,
  found_at timestamptz not null,
  finding text not null,
  reason text not null,
  asked_by text not null,
  digest text not null,
  serial text,
  subject_known boolean,
  token text not null
);
create index theft_proof_kid on theft_proof (kid, id);

create table theft_count (
  kid text primary key,
  proofs bigint not null,
  unknown_subjects bigint not null,
  unchecked_subjects bigint not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  mac text not null
);

create table node_lease (
  one boolean primary key default true check (one),
  node text not null,
  holder text not null,
  until timestamptz not null
);
