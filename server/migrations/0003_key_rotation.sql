-- The life of a signing key: it is announced, then it signs until a newer one does, then it only verifies, then it ends.
ALTER TABLE signing_keys ADD COLUMN signs_from_ms INTEGER NOT NULL DEFAULT 0;
-- When it ends; NULL for as long as nothing has taken its place.
ALTER TABLE signing_keys ADD COLUMN verifies_until_ms INTEGER;
-- Whether `secret` is sealed under the deployment's master key, or plain.
ALTER TABLE signing_keys ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0 CHECK (sealed IN (0, 1));
