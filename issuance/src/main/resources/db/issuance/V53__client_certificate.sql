-- What a client is known by in TLS: 'dns:…' or 'uri:…' under the client CA, or one or more 'sha256:…'; null for one without.
-- Where it is set, the row's MAC is over it too.
alter table client add column certificate text;
