-- That a person has taken up the condemnation of a domain: its alarms end. Rows are added and never changed; one whose MAC
-- fails ends no alarm.

CREATE TABLE acknowledgement (
  id      text PRIMARY KEY,
  domain  text NOT NULL,
  at      timestamptz NOT NULL,
  actor   text NOT NULL,
  why     text NOT NULL,
  version bigint NOT NULL,
  mac     bytea NOT NULL,
  refused boolean NOT NULL DEFAULT false
);
