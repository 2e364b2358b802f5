-- Who did what to whom, when somebody acts on accounts from outside their own sessions. Rows are only ever added: the
-- triggers hold whoever writes SQL by mistake, and a reader sees by the unbroken numbers that nothing is gone.
-- No reference to `accounts`: what was done to an account outlives it.

CREATE TABLE audit (
    number  INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at_ms   INTEGER NOT NULL,
    channel TEXT    NOT NULL,
    actor   TEXT    NOT NULL,
    address TEXT,
    action  TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    realm   TEXT,
    account BLOB    CHECK (length(account) = 16),
    detail  TEXT
) STRICT;

CREATE INDEX audit_of_account ON audit (account);

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
