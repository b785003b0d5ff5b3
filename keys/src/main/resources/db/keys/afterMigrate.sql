-- What the server's role may do: nothing else, and it owns nothing. Runs after each migration, so that it holds for whoever
-- the role is now.

GRANT USAGE ON SCHEMA keys TO "${server}";
GRANT SELECT, INSERT ON installation TO "${server}";
GRANT SELECT, INSERT, UPDATE ON custody_domain, key_set, signing_key, signature_count, acknowledgement TO "${server}";
GRANT SELECT, UPDATE ON event_head TO "${server}";
GRANT SELECT, INSERT ON event TO "${server}";
GRANT SELECT, INSERT, UPDATE ON key_birth TO "${server}";
