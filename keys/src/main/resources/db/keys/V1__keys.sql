-- Signing keys, their custody domains and sets. The private halves are in key stores, never here.
-- `mac` covers id, version and every column but itself and `refused`; a row whose MAC fails grants nothing, and is marked
-- `refused` so that it stays as evidence and stands in nobody's way.

CREATE TABLE installation (
  one         boolean PRIMARY KEY DEFAULT true CHECK (one),
  fingerprint text NOT NULL
);
COMMENT ON TABLE installation IS 'Whose database this is: derived from the sealing keys.';

CREATE TABLE custody_domain (
  name         text PRIMARY KEY,
  role         text NOT NULL,
  created_at   timestamptz NOT NULL,
  by_kid       text,
  cause        text,
  due_at       timestamptz,
  condemned_at timestamptz,
  compromised  boolean NOT NULL,
  tainted_kids text NOT NULL,
  new_kids     text NOT NULL,
  version      bigint NOT NULL,
  mac          bytea NOT NULL,
  refused      boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN custody_domain.by_kid IS 'The key whose theft condemned the domain.';
COMMENT ON COLUMN custody_domain.compromised IS 'That key was born after the first emergency.';
CREATE UNIQUE INDEX one_domain_per_role ON custody_domain (role) WHERE role <> 'condemned' AND NOT refused;

CREATE TABLE key_set (
  name               text PRIMARY KEY,
  purpose            text NOT NULL,
  algorithm          text NOT NULL,
  sign_for           bigint NOT NULL,
  publish_ahead      bigint NOT NULL,
  max_token_lifetime bigint NOT NULL,
  skew               bigint NOT NULL,
  version            bigint NOT NULL,
  mac                bytea NOT NULL,
  refused            boolean NOT NULL DEFAULT false
);
COMMENT ON TABLE key_set IS 'The policy in force, in seconds; the configuration decides, this row tells when it changed.';

CREATE TABLE signing_key (
  kid            text PRIMARY KEY,
  key_set        text NOT NULL,
  purpose        text NOT NULL,
  algorithm      text NOT NULL,
  domain         text NOT NULL,
  public_key     text NOT NULL,
  created_at     timestamptz NOT NULL,
  state          text NOT NULL,
  reserve        boolean NOT NULL,
  private_half   boolean NOT NULL,
  verify_for     bigint NOT NULL,
  activated_at   timestamptz,
  signs_until    timestamptz,
  verifies_until timestamptz,
  tainted_at     timestamptz,
  ended_at       timestamptz,
  why            text,
  version        bigint NOT NULL,
  mac            bytea NOT NULL,
  refused        boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN signing_key.public_key IS 'SubjectPublicKeyInfo in base64url.';
COMMENT ON COLUMN signing_key.verify_for IS 'Seconds for which the key is verified after it stopped to sign.';
CREATE UNIQUE INDEX one_active_key_per_set ON signing_key (key_set) WHERE state = 'active' AND NOT refused;

CREATE TABLE signature_count (
  kid        text NOT NULL,
  process    text NOT NULL,
  signatures bigint NOT NULL,
  PRIMARY KEY (kid, process)
);
COMMENT ON TABLE signature_count IS 'Signatures made with a key, as the signing process counts them.';

CREATE TABLE event_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq bigint NOT NULL
);
INSERT INTO event_head (seq) VALUES (0);

CREATE TABLE event (
  seq       bigint PRIMARY KEY,
  at        timestamptz NOT NULL,
  type      text NOT NULL,
  actor     text NOT NULL,
  body      jsonb NOT NULL,
  canonical bytea NOT NULL
);
