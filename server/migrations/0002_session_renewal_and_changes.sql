-- Renewal by computed tokens. A refresh token is a MAC over session and generation, keyed by a secret that is not in
-- this table and by the row's salt: nothing here is a token, or the hash of one.
--
-- Sessions that began before this keep their access tokens; their refresh tokens, which were random, are refused.
CREATE TABLE renewed_sessions (
    id            BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    account_id    BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    generation    INTEGER NOT NULL CHECK (generation > 0),
    -- Both or neither: a session that is not renewed has none.
    salt          BLOB    CHECK (length(salt) = 16),
    key_id        TEXT,
    rotated_at_ms INTEGER NOT NULL,
    -- The hash of the attempt key that made the last rotation.
    attempt       BLOB    CHECK (length(attempt) = 32),
    created_at_ms INTEGER NOT NULL,
    -- When the session ends unless it is renewed, and when it ends however often it is.
    expires_at_ms INTEGER NOT NULL,
    ends_at_ms    INTEGER NOT NULL,
    ended_at_ms   INTEGER,
    end_reason    TEXT,
    CHECK ((ended_at_ms IS NULL) = (end_reason IS NULL)),
    CHECK ((salt IS NULL) = (key_id IS NULL)),
    CHECK (expires_at_ms <= ends_at_ms)
) STRICT;

INSERT INTO renewed_sessions (id, account_id, generation, rotated_at_ms, created_at_ms, expires_at_ms, ends_at_ms,
                              ended_at_ms, end_reason)
SELECT id, account_id, generation, created_at_ms, created_at_ms, expires_at_ms, expires_at_ms, ended_at_ms, end_reason
FROM sessions;

DROP TABLE sessions;
ALTER TABLE renewed_sessions RENAME TO sessions;

CREATE INDEX sessions_of_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at_ms);

-- What every process has to hear of: sessions that ended, accounts that changed in any way. Written by triggers, so
-- that no statement, of whatever program, can forget to. The numbers have no gaps but where rows were forgotten: a
-- transaction that is rolled back gives its numbers back.
CREATE TABLE changes (
    id         INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    session_id BLOB CHECK (length(session_id) = 16),
    account_id BLOB CHECK (length(account_id) = 16),
    CHECK ((session_id IS NULL) <> (account_id IS NULL))
) STRICT;

INSERT INTO sqlite_sequence (name, seq) VALUES ('changes', 0);

CREATE TRIGGER session_ended AFTER UPDATE OF ended_at_ms ON sessions
WHEN NEW.ended_at_ms IS NOT OLD.ended_at_ms
BEGIN
    INSERT INTO changes (session_id) VALUES (NEW.id);
END;

CREATE TRIGGER account_changed AFTER UPDATE ON accounts
BEGIN
    INSERT INTO changes (account_id) VALUES (NEW.id);
END;

CREATE TRIGGER account_deleted AFTER DELETE ON accounts
BEGIN
    INSERT INTO changes (account_id) VALUES (OLD.id);
END;
