-- Whether tokens must be bound to their sender: of a client 'dpop' or 'certificate', null for one whose tokens need not be; of a
-- route whether it takes such tokens alone. Where it is set, the row's MAC is over it too.
alter table client add column sender_constraint text;
alter table route add column bound_only boolean not null default false;
