//! Accounts in SQLite.

use super::{SqliteStore, row};
use crate::account::{Account, AccountId, IdentifierKind, NewAccount, PasswordHash};
use crate::store::{Accounts, CodePurpose, EndReason, Pending, StoreError};
use relatch_dialects::Value;
use sqlx::SqliteConnection;
use std::collections::HashSet;

/// The columns of an account, as [`row::account`] reads them. A macro, because the statements it becomes part
/// of have to be literals: sqlx takes no other text without being told that it was audited.
macro_rules! account_columns {
    () => {
        "a.id AS account_id, a.number, a.realm, a.username, a.email, a.phone, a.password_hash, \
         a.password_changed_at_ms, a.enabled, a.validated, a.roles, a.organization, a.memberships, a.extension, \
         a.created_at_ms AS account_created_at_ms"
    };
}
pub(super) use account_columns;

impl Accounts for SqliteStore {
    fn create_accounts<'a>(&'a self, accounts: &'a [NewAccount], now_ms: i64) -> Pending<'a, Vec<Account>> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let mut created = Vec::with_capacity(accounts.len());
            for (position, account) in accounts.iter().enumerate() {
                created.push(create(&mut transaction, account, position, now_ms).await?);
            }
            if let (Some(record), [made]) = (transaction.record(), created.as_slice()) {
                record.name_account(made.id);
            }
            transaction.commit_if(!created.is_empty()).await?;
            Ok(created)
        })
    }

    fn account<'a>(&'a self, realm: &'a str, id: AccountId) -> Pending<'a, Option<Account>> {
        Box::pin(async move {
            let sql = concat!("SELECT ", account_columns!(), " FROM accounts a WHERE a.id = ? AND a.realm = ?");
            let found = sqlx::query(sql).bind(bytes(&id)).bind(realm).fetch_optional(&self.readers).await?;
            found.as_ref().map(row::account).transpose()
        })
    }

    fn find_account<'a>(
        &'a self,
        realm: &'a str,
        kinds: &'a [IdentifierKind],
        identifier: &'a str,
    ) -> Pending<'a, Option<Account>> {
        Box::pin(async move {
            let sql = concat!(
                "SELECT ",
                account_columns!(),
                " FROM identifiers i JOIN accounts a ON a.id = i.account_id \
                 WHERE i.realm = ? AND i.value IN (?, ?, ?)"
            );
            // Always one query, of three values: how long it takes must not tell whether somebody was found, or by what.
            let values = IdentifierKind::ALL.map(|kind| kind.normal(identifier).ok().filter(|_| kinds.contains(&kind)));
            let [a, b, c] = &values;
            let query = sqlx::query(sql).bind(realm).bind(a.as_deref()).bind(b.as_deref()).bind(c.as_deref());
            let rows = query.fetch_all(&self.readers).await?;
            let found: Vec<Account> = rows.iter().map(row::account).collect::<Result<_, _>>()?;
            Ok(kinds.iter().find_map(|&kind| found.iter().find(|it| is_called(it, kind, identifier))).cloned())
        })
    }

    fn list_accounts<'a>(&'a self, realm: &'a str, after: u64, limit: u32) -> Pending<'a, Vec<Account>> {
        Box::pin(async move {
            let sql = concat!(
                "SELECT ",
                account_columns!(),
                " FROM accounts a WHERE a.realm = ? AND a.number > ? ORDER BY a.number LIMIT ?"
            );
            let after = i64::try_from(after).unwrap_or(i64::MAX);
            let rows = sqlx::query(sql).bind(realm).bind(after).bind(limit).fetch_all(&self.readers).await?;
            rows.iter().map(row::account).collect()
        })
    }

    fn set_enabled(&self, id: AccountId, enabled: bool, now_ms: i64) -> Pending<'_, bool> {
        Box::pin(async move {
            let mut transaction = self.begin().await?;
            let sql = "UPDATE accounts SET enabled = ? WHERE id = ?";
            let done = sqlx::query(sql).bind(enabled).bind(bytes(&id)).execute(&mut *transaction).await?;
            if !enabled {
                super::sessions::end_all(&mut transaction, id, EndReason::Disabled, now_ms).await?;
            }
            transaction.commit_if(done.rows_affected() > 0).await
        })
    }

    fn set_password<'a>(&'a self, id: AccountId, hash: &'a PasswordHash, now_ms: i64) -> Pending<'a, bool> {
        Box::pin(set_password(self, id, None, hash, now_ms))
    }
}

/// `unless_after_ms` is the age of the password that it takes the place of, if only of that. The time always grows, so that
/// no two passwords of an account are of one age, whatever the clock does.
pub(super) async fn set_password(
    store: &SqliteStore,
    id: AccountId,
    unless_after_ms: Option<i64>,
    hash: &PasswordHash,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let mut transaction = store.begin().await?;
    let sql = "UPDATE accounts SET password_hash = ?1, password_changed_at_ms = max(?2, password_changed_at_ms + 1) \
               WHERE id = ?3 AND coalesce(password_changed_at_ms = ?4, 1)";
    let query = sqlx::query(sql).bind(&hash.0).bind(now_ms).bind(bytes(&id)).bind(unless_after_ms);
    if query.execute(&mut *transaction).await?.rows_affected() == 0 {
        return Ok(false);
    }
    super::sessions::end_all(&mut transaction, id, EndReason::PasswordChanged, now_ms).await?;
    // A letter that was asked for before, perhaps by somebody else, must not undo it.
    let forget = "DELETE FROM codes WHERE account_id = ? AND purpose = ?";
    let query = sqlx::query(forget).bind(bytes(&id)).bind(CodePurpose::PasswordReset.name());
    query.execute(&mut *transaction).await?;
    transaction.commit_if(true).await
}

/// Whether that is the account's identifier of that very kind, in whatever spelling.
fn is_called(account: &Account, kind: IdentifierKind, text: &str) -> bool {
    let own = account.identifier(kind).map(|own| kind.normal(own));
    own.is_some_and(|own| own.is_ok() && own == kind.normal(text))
}

async fn create(
    connection: &mut SqliteConnection,
    new: &NewAccount,
    position: usize,
    now_ms: i64,
) -> Result<Account, StoreError> {
    let account = numbered(connection, new, now_ms).await?;
    insert(connection, &account).await?;
    let mut own = HashSet::new();
    for kind in IdentifierKind::ALL {
        for value in readings(&account, kind)? {
            if own.insert(value.clone()) && !claim(connection, &account, &value).await? {
                return Err(StoreError::Taken { position, kind });
            }
        }
    }
    Ok(account)
}

/// Every way in which a login could read that identifier: a username such as `+51 900 000 001` could be meant as
/// a phone number too, so it is claimed as one, lest a login with it be anybody's guess.
fn readings(account: &Account, kind: IdentifierKind) -> Result<Vec<String>, StoreError> {
    let Some(text) = account.identifier(kind) else { return Ok(Vec::new()) };
    kind.normal(text)?;
    Ok(IdentifierKind::ALL.into_iter().filter_map(|it| it.normal(text).ok()).collect())
}

/// The account that `new` becomes. Numbers are given out under the write lock, so no two are equal.
async fn numbered(connection: &mut SqliteConnection, new: &NewAccount, now_ms: i64) -> Result<Account, StoreError> {
    let sql = "SELECT coalesce(max(number), 0) + 1 FROM accounts WHERE realm = ?";
    let number: i64 = sqlx::query_scalar(sql).bind(&new.realm).fetch_one(connection).await?;
    Ok(Account {
        id: AccountId::random(),
        number: number.unsigned_abs(),
        realm: new.realm.clone(),
        username: new.username.clone(),
        email: new.email.clone(),
        phone: new.phone.as_deref().map(|it| IdentifierKind::Phone.normal(it)).transpose()?,
        password_hash: new.password_hash.clone(),
        password_changed_at_ms: now_ms,
        enabled: new.enabled,
        validated: new.validated,
        roles: new.roles.clone(),
        organization: new.organization.clone(),
        memberships: new.memberships.clone(),
        extension: new.extension.clone(),
        created_at_ms: now_ms,
    })
}

async fn insert(connection: &mut SqliteConnection, account: &Account) -> Result<(), StoreError> {
    let sql = "INSERT INTO accounts (id, realm, number, username, email, phone, password_hash, \
               password_changed_at_ms, enabled, validated, roles, organization, memberships, extension, \
               created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(bytes(&account.id))
        .bind(&account.realm)
        .bind(i64::try_from(account.number).unwrap_or(i64::MAX))
        .bind(&account.username)
        .bind(&account.email)
        .bind(&account.phone)
        .bind(&account.password_hash.0)
        .bind(account.password_changed_at_ms)
        .bind(account.enabled)
        .bind(account.validated)
        .bind(list(&account.roles))
        .bind(&account.organization)
        .bind(list(&account.memberships))
        .bind(object(&account.extension))
        .bind(account.created_at_ms)
        .execute(connection)
        .await?;
    Ok(())
}

/// Takes an identifier for the account; false if another has it.
async fn claim(connection: &mut SqliteConnection, account: &Account, value: &str) -> Result<bool, StoreError> {
    let sql = "INSERT INTO identifiers (realm, value, account_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    let query = sqlx::query(sql).bind(&account.realm).bind(value).bind(bytes(&account.id));
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

pub(super) fn bytes(id: &AccountId) -> &[u8] {
    id.0.as_bytes()
}

fn list(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

fn object(extension: &Value) -> String {
    serde_json::Value::from(extension).to_string()
}
