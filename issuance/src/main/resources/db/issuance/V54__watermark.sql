-- "Revoked: everything issued before." A row stays as history; the set names those that are in force.
-- A subject stands here as a digest under a key that the database does not have.
create table watermark (
  id bigint primary key check (id > 0),
  target text not null,
  value text not null,
  line_generation bigint,
  line_slot integer,
  issued_until bigint,
  made_at timestamptz not null,
  actor text not null,
  reason text not null,
  mac text not null
);

create table watermark_set (
  one boolean primary key default true check (one),
  version bigint not null,
  members text not null,
  mac text not null
);

-- The version of the watermarks when the session was opened: a later one may end it. The MAC covers it.
alter table session add column epoch bigint not null default 0;
create index session_epoch on session (epoch);
create index session_subject on session (subject);
