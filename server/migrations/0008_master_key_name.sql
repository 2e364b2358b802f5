-- Under which master key a signing key is sealed: a name that is computed from that key and tells nothing of it. So nothing
-- is sealed under one that has been changed since. NULL for keys that lie in the open, and for those sealed before this.
ALTER TABLE signing_keys ADD COLUMN master BLOB CHECK (length(master) = 16);
