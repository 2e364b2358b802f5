-- Times are milliseconds since the Unix epoch. Identities are UUIDs as 16 bytes.

CREATE TABLE accounts (
    id                     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    realm                  TEXT    NOT NULL,
    number                 INTEGER NOT NULL CHECK (number > 0),
    username               TEXT,
    email                  TEXT,
    phone                  TEXT,
    password_hash          TEXT    NOT NULL,
    password_changed_at_ms INTEGER NOT NULL,
    enabled                INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    validated              INTEGER NOT NULL CHECK (validated IN (0, 1)),
    roles                  TEXT    NOT NULL CHECK (json_type(roles) = 'array'),
    organization           TEXT,
    memberships            TEXT    NOT NULL CHECK (json_type(memberships) = 'array'),
    extension              TEXT    NOT NULL CHECK (json_type(extension) = 'object'),
    created_at_ms          INTEGER NOT NULL,
    UNIQUE (realm, number)
) STRICT;

-- In normal form, of every kind (and in every reading) in one table: if one account's username could be another's email address,
-- a login with it would be anybody's guess.
CREATE TABLE identifiers (
    realm      TEXT NOT NULL,
    value      TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    PRIMARY KEY (realm, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX identifiers_of_account ON identifiers (account_id);

-- One row per login. `expires_at_ms` is when its last token ends; until then the row must stay, since it is
-- what makes a revoked token a refused one.
CREATE TABLE sessions (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    account_id    BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    generation    INTEGER NOT NULL CHECK (generation > 0),
    refresh_hash  BLOB    UNIQUE CHECK (length(refresh_hash) = 32),
    created_at_ms INTEGER NOT NULL,
    expires_at_ms INTEGER NOT NULL,
    ended_at_ms   INTEGER,
    end_reason    TEXT,
    CHECK ((ended_at_ms IS NULL) = (end_reason IS NULL))
) STRICT;

CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

CREATE TABLE codes (
    hash          BLOB    NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
    account_id    BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    purpose       TEXT    NOT NULL,
    expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX codes_of_account ON codes (account_id);

CREATE TABLE signing_keys (
    id            TEXT    NOT NULL PRIMARY KEY,
    realm         TEXT    NOT NULL,
    alg           TEXT    NOT NULL,
    secret        BLOB    NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX signing_keys_of_realm ON signing_keys (realm, alg);
