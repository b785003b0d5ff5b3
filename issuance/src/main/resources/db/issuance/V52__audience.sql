-- Audiences with a policy of their own. A row carries a MAC over all other columns; one more row names all with theirs, so
-- that a deleted or older one is missed.
create table audience (
  name text primary key,
  key_set text not null,
  version bigint not null,
  mac text not null
);

create table audience_set (
  one boolean primary key default true check (one),
  version bigint not null,
  members text not null,
  mac text not null
);
