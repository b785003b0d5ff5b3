-- Where and how each key was made, for its birth certificate. A row is added with its key and never changed; a key whose row
-- fails, or was made before there were such rows, has no certificate.

CREATE TABLE key_birth (
  kid                text PRIMARY KEY,
  store              text NOT NULL,
  device             text NOT NULL,
  extractable        boolean NOT NULL,
  counted_by         text NOT NULL,
  sign_for           bigint NOT NULL,
  publish_ahead      bigint NOT NULL,
  max_token_lifetime bigint NOT NULL,
  skew               bigint NOT NULL,
  event              bigint NOT NULL,
  version            bigint NOT NULL,
  mac                bytea NOT NULL,
  refused            boolean NOT NULL DEFAULT false
);
COMMENT ON COLUMN key_birth.event IS 'The number of the event key.prepared of this key, in this schema.';
