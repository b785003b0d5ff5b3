-- What the server's role may do: nothing else, and it owns nothing. Runs after each migration, so that it holds for whoever
-- the role is now.

grant usage on schema issuance to "${server}";
grant select, update on event_head to "${server}";
grant select, insert on event to "${server}";
grant select, insert, update on client to "${server}";
grant select, insert, update, delete on route to "${server}";
grant select, insert, update on route_set to "${server}";
grant select, insert on subject to "${server}";
grant select, insert, update, delete on session to "${server}";
grant select, insert on theft_proof to "${server}";
grant select, insert, update on theft_count to "${server}";
grant select, insert on theft_acknowledgement to "${server}";
grant select, insert, update on watermark to "${server}";
grant select, insert, update on watermark_set to "${server}";
grant select, insert, update, delete on audience to "${server}";
grant select, insert, update on audience_set to "${server}";
grant select, insert, update on observed to "${server}";
grant select, insert, update on node_lease to "${server}";
grant select, insert, update on book to "${server}";
