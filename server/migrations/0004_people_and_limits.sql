-- Which kinds of password hashes a realm's accounts have, and how many of each: what a failed login has to cost. Kept by
-- triggers, so that no writer can forget it, the command line's included. A kind is the hash up to its salt:
-- '$2b$12$' or '$argon2id$v=19$m=19456,t=2,p=1$'. (rtrim with every other character of the hash cuts back to a '$'.)
CREATE TABLE password_kinds (
    realm    TEXT    NOT NULL,
    kind     TEXT    NOT NULL,
    accounts INTEGER NOT NULL,
    PRIMARY KEY (realm, kind)
) STRICT, WITHOUT ROWID;

INSERT INTO password_kinds (realm, kind, accounts)
SELECT realm,
       CASE WHEN password_hash LIKE '$2%' THEN substr(password_hash, 1, 7)
            ELSE rtrim(rtrim(rtrim(password_hash, replace(password_hash, '$', '')), '$'), replace(password_hash, '$', '')) END,
       count(*)
FROM accounts GROUP BY 1, 2;

CREATE TRIGGER password_kind_of_new AFTER INSERT ON accounts BEGIN
    INSERT INTO password_kinds (realm, kind, accounts) VALUES (
        NEW.realm,
        CASE WHEN NEW.password_hash LIKE '$2%' THEN substr(NEW.password_hash, 1, 7)
             ELSE rtrim(rtrim(rtrim(NEW.password_hash, replace(NEW.password_hash, '$', '')), '$'), replace(NEW.password_hash, '$', '')) END,
        1)
    ON CONFLICT (realm, kind) DO UPDATE SET accounts = accounts + 1;
END;

CREATE TRIGGER password_kind_of_gone AFTER DELETE ON accounts BEGIN
    UPDATE password_kinds SET accounts = accounts - 1 WHERE realm = OLD.realm AND kind =
        CASE WHEN OLD.password_hash LIKE '$2%' THEN substr(OLD.password_hash, 1, 7)
             ELSE rtrim(rtrim(rtrim(OLD.password_hash, replace(OLD.password_hash, '$', '')), '$'), replace(OLD.password_hash, '$', '')) END;
    DELETE FROM password_kinds WHERE realm = OLD.realm AND accounts <= 0;
END;

CREATE TRIGGER password_kind_of_changed AFTER UPDATE OF password_hash ON accounts
WHEN OLD.password_hash <> NEW.password_hash BEGIN
    UPDATE password_kinds SET accounts = accounts - 1 WHERE realm = OLD.realm AND kind =
        CASE WHEN OLD.password_hash LIKE '$2%' THEN substr(OLD.password_hash, 1, 7)
             ELSE rtrim(rtrim(rtrim(OLD.password_hash, replace(OLD.password_hash, '$', '')), '$'), replace(OLD.password_hash, '$', '')) END;
    DELETE FROM password_kinds WHERE realm = OLD.realm AND accounts <= 0;
    INSERT INTO password_kinds (realm, kind, accounts) VALUES (
        NEW.realm,
        CASE WHEN NEW.password_hash LIKE '$2%' THEN substr(NEW.password_hash, 1, 7)
             ELSE rtrim(rtrim(rtrim(NEW.password_hash, replace(NEW.password_hash, '$', '')), '$'), replace(NEW.password_hash, '$', '')) END,
        1)
    ON CONFLICT (realm, kind) DO UPDATE SET accounts = accounts + 1;
END;

-- Failed logins, by hashes of who failed: an identifier (whether anybody has it or not), an address, or both together.
-- `level_ms` is when the last failure is forgiven, `until_ms` until when something holds: a lock, or the familiarity of
-- an address.
CREATE TABLE limits (
    subject  BLOB    NOT NULL,
    address  BLOB    NOT NULL,
    level_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (subject, address)
) STRICT, WITHOUT ROWID;
