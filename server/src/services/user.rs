//! An account as the values that a dialect's `user` and `claims` are filled with.

use crate::account::Account;
use crate::realm::Realm;
use relatch_dialects::{FieldKind, FieldType, Role, Value, Values};

/// Every value that a dialect can name of an account; what the account lacks is `null`. `organization` is the
/// effective one.
pub(super) fn values(realm: &Realm, account: &Account, organization: Option<&str>) -> Values {
    let role = account.role().and_then(|name| realm.issue.role(name));
    let permissions = role.map(|it| it.permissions.as_slice()).unwrap_or_default();
    let mut values = Values::new()
        .with("user.id", account.id.to_string())
        .with("user.number", Value::Number(account.number as f64))
        .with("user.username", optional(account.username.as_deref()))
        .with("user.email", optional(account.email.as_deref()))
        .with("user.phone", optional(account.phone.as_deref()))
        .with("user.role", optional(account.role()))
        .with("user.role.number", number(role))
        .with("user.roles", texts(&account.roles))
        .with("user.password_hash", password_hash(realm, account))
        .with("organization.id", optional(organization))
        .with("permissions", texts(permissions));
    extend(&mut values, "user", &realm.issue.account, Some(&account.extension));
    values
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn number(role: Option<&Role>) -> Value {
    role.and_then(|it| it.number).map_or(Value::Null, |number| Value::Number(number as f64))
}

fn texts(texts: &[String]) -> Value {
    Value::List(texts.iter().map(|text| text.as_str().into()).collect())
}

fn password_hash(realm: &Realm, account: &Account) -> Value {
    if realm.expose_password_hash { account.password_hash.0.as_str().into() } else { Value::Null }
}

/// The fields of the extension under their own names, those inside an object too (`user.puesto.id`).
fn extend(values: &mut Values, prefix: &str, fields: &[(String, FieldType)], held: Option<&Value>) {
    for (name, field) in fields {
        let path = format!("{prefix}.{name}");
        let value = held.and_then(|it| it.get(name));
        values.set(&path, value.cloned().unwrap_or(Value::Null));
        if let FieldKind::Object(inner) = &field.kind {
            extend(values, &path, inner, value);
        }
    }
}
