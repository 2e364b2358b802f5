//! Rows become domain types once, here; one that cannot is told with table, column and row.

use crate::account::{Account, AccountId, PasswordHash};
use crate::store::{AttemptHash, EndReason, Renewable, Renewing, Salt, Session, SessionId, StoreError};
use relatch_dialects::Value;
use sqlx::sqlite::{Sqlite, SqliteRow};
use sqlx::{Decode, Row, Type};
use uuid::Uuid;

/// A row and what it is called in errors.
pub(super) struct Columns<'r> {
    pub(super) table: &'static str,
    /// The column that names the row.
    pub(super) key: &'static str,
    pub(super) row: &'r SqliteRow,
}

impl<'r> Columns<'r> {
    pub(super) fn get<T: Decode<'r, Sqlite> + Type<Sqlite>>(&self, column: &'static str) -> Result<T, StoreError> {
        self.row.try_get(column).map_err(|_| self.corrupt(column))
    }

    pub(super) fn unsigned(&self, column: &'static str) -> Result<u64, StoreError> {
        u64::try_from(self.get::<i64>(column)?).map_err(|_| self.corrupt(column))
    }

    pub(super) fn uuid(&self, column: &'static str) -> Result<Uuid, StoreError> {
        Uuid::from_slice(self.get(column)?).map_err(|_| self.corrupt(column))
    }

    pub(super) fn array<const N: usize>(&self, column: &'static str) -> Result<Option<[u8; N]>, StoreError> {
        let bytes = self.get::<Option<&[u8]>>(column)?;
        bytes.map(|it| it.try_into().map_err(|_| self.corrupt(column))).transpose()
    }

    fn json<T: serde::de::DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(self.get(column)?).map_err(|_| self.corrupt(column))
    }

    pub(super) fn corrupt(&self, column: &'static str) -> StoreError {
        let key = self.row.try_get::<Vec<u8>, _>(self.key).ok().and_then(|it| Uuid::from_slice(&it).ok());
        StoreError::Corrupt { table: self.table, column, row: key.map(|it| it.to_string()).unwrap_or_default() }
    }
}

/// Reads an account from columns of these names: `account_id` and those of its table.
pub(super) fn account(row: &SqliteRow) -> Result<Account, StoreError> {
    let columns = Columns { table: "accounts", key: "account_id", row };
    Ok(Account {
        id: AccountId(columns.uuid("account_id")?),
        number: columns.unsigned("number")?,
        realm: columns.get("realm")?,
        username: columns.get("username")?,
        email: columns.get("email")?,
        phone: columns.get("phone")?,
        password_hash: PasswordHash(columns.get("password_hash")?),
        password_changed_at_ms: columns.get("password_changed_at_ms")?,
        enabled: columns.get("enabled")?,
        validated: columns.get("validated")?,
        roles: columns.json("roles")?,
        organization: columns.get("organization")?,
        memberships: columns.json("memberships")?,
        extension: Value::from(&columns.json::<serde_json::Value>("extension")?),
        created_at_ms: columns.get("account_created_at_ms")?,
    })
}

/// Reads a session and its account from one joined row.
pub(super) fn session(row: &SqliteRow) -> Result<(Session, Account), StoreError> {
    let columns = Columns { table: "sessions", key: "session_id", row };
    let account = account(row)?;
    let session = Session {
        id: SessionId(columns.uuid("session_id")?),
        account: account.id,
        generation: columns.unsigned("generation")?,
        renewing: renewing(&columns)?,
        created_at_ms: columns.get("session_created_at_ms")?,
        expires_at_ms: columns.get("expires_at_ms")?,
        ends_at_ms: columns.get("ends_at_ms")?,
        ended: ended(&columns)?,
    };
    Ok((session, account))
}

fn renewing(columns: &Columns<'_>) -> Result<Option<Renewing>, StoreError> {
    let Some(salt) = columns.array("salt")?.map(Salt) else { return Ok(None) };
    let by = Renewable { key_id: columns.get("key_id")?, salt };
    let attempt = columns.array("attempt")?.map(AttemptHash);
    Ok(Some(Renewing { by, rotated_at_ms: columns.get("rotated_at_ms")?, attempt }))
}

fn ended(columns: &Columns<'_>) -> Result<Option<(i64, EndReason)>, StoreError> {
    let Some(at_ms) = columns.get::<Option<i64>>("ended_at_ms")? else { return Ok(None) };
    let name = columns.get::<Option<String>>("end_reason")?.unwrap_or_default();
    let reason = EndReason::ALL.into_iter().find(|it| it.name() == name);
    Ok(Some((at_ms, reason.ok_or_else(|| columns.corrupt("end_reason"))?)))
}
