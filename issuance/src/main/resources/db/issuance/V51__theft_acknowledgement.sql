-- That a person has taken up a theft: so many forged tokens were known then, and one more alarms again. Rows are added and
-- never changed; one whose MAC fails ends no alarm.
create table theft_acknowledgement (
  id bigint generated always as identity primary key,
  kid text not null,
  proofs bigint not null,
  at timestamptz not null,
  actor text not null,
  why text not null,
  mac text not null
);
