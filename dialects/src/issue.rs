//! The server's half of a document: what it issues, to whom, and by which rules. A client never links this.

use crate::place::{Loaded, Place};
use crate::{Reason, Value, Values};

/// What a server issues by a dialect.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The JWS algorithm (RFC 7518 section 3.1), `HS256` or `HS512`.
    pub alg: String,
    /// The protected header, exactly; `{"alg": …, "typ": "JWT"}` where the document names none.
    pub header: Value,
    /// The access token's lifetime, in seconds.
    pub lifetime_secs: u64,
    /// The refresh token's lifetime, in seconds, for a dialect that has one.
    pub refresh_lifetime_secs: Option<u64>,
    /// Which identifiers a login takes: `username`, `email`, `phone`.
    pub identifiers: Vec<String>,
    /// The hash for new passwords: `argon2id` or `bcrypt`.
    pub password_hash: String,
    /// How many characters an identifier has at login, both ends included.
    pub identifier_length: Option<(u64, u64)>,
    /// Likewise for the password.
    pub password_length: Option<(u64, u64)>,
    /// Whether an account has to be validated before its first login.
    pub validation: bool,
    /// The roles, the highest first. There is at least one.
    pub roles: Vec<Role>,
    /// Who may act for which organization, in a dialect that knows organizations.
    pub organizations: Option<Organizations>,
    /// The typed extension of an account: field names with their types.
    pub account: Vec<(String, FieldType)>,
}

/// A role and its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its name.
    pub name: String,
    /// Its number (`{user.role.number}`).
    pub number: Option<u64>,
    /// What its holders may see (`{permissions}`).
    pub permissions: Vec<String>,
}

/// Who may act for which organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organizations {
    /// Roles that act for any.
    pub any: Vec<String>,
    /// Roles that act for those of which the account is a member.
    pub member: Vec<String>,
}

/// The type of one field of an account's extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldType {
    /// Whether the field may be absent (written `"string?"`); it reads as `null` then.
    pub optional: bool,
    /// What it holds.
    pub kind: FieldKind,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    String,
    /// An integer within ±(2^53 − 1).
    Integer,
    /// `true` or `false`.
    Bool,
    /// A calendar date, `yyyy-MM-dd`.
    Date,
    /// An object with these fields.
    Object(Vec<(String, FieldType)>),
}

impl Issue {
    /// Why the captured `identifier` or `password` has too few or too many characters (not bytes), the identifier first.
    pub fn length_fault(&self, values: &Values) -> Option<Reason> {
        let outside = |name: &str, length: Option<(u64, u64)>| {
            let (Some(text), Some((min, max))) = (values.text(name), length) else {
                return false;
            };
            !(min..=max).contains(&(text.chars().count() as u64))
        };
        if outside("identifier", self.identifier_length) {
            return Some(Reason::IdentifierLength);
        }
        outside("password", self.password_length).then_some(Reason::PasswordLength)
    }

    /// The role of that name.
    pub fn role(&self, name: &str) -> Option<&Role> {
        self.roles.iter().find(|it| it.name == name)
    }
}

const MEMBERS: [&str; 13] = [
    "alg",
    "header",
    "lifetime_secs",
    "refresh_lifetime_secs",
    "identifiers",
    "password_hash",
    "limits",
    "validation",
    "roles",
    "organizations",
    "account",
    "claims",
    "user",
];

pub(crate) fn load(place: &Place<'_>) -> Loaded<Issue> {
    place.only(&MEMBERS)?;
    let alg = one_of(&place.required("alg")?, &["HS256", "HS512"])?;
    let account = place.member("account").map_or(Ok(Vec::new()), |place| fields(&place))?;
    let user_name = |name: &str| is_user_name(name, &account);
    let limits = place.member("limits");
    let limit = |name| limits.as_ref().and_then(|it| it.member(name)).map(|it| limit(&it)).transpose();
    if let Some(limits) = &limits {
        limits.only(&["identifier", "password"])?;
    }
    place.required("claims")?.template(&|name| is_claim_name(name) || user_name(name))?;
    place.required("user")?.template(&user_name)?;
    Ok(Issue {
        header: header(place, &alg)?,
        lifetime_secs: lifetime(&place.required("lifetime_secs")?)?,
        refresh_lifetime_secs: place.member("refresh_lifetime_secs").map(|it| lifetime(&it)).transpose()?,
        identifiers: identifiers(&place.required("identifiers")?)?,
        password_hash: place
            .member("password_hash")
            .map_or(Ok("argon2id".into()), |it| one_of(&it, &["argon2id", "bcrypt"]))?,
        identifier_length: limit("identifier")?,
        password_length: limit("password")?,
        validation: place.member("validation").map_or(Ok(false), |it| it.flag())?,
        roles: roles(&place.required("roles")?)?,
        organizations: place.member("organizations").map(|it| organizations(&it)).transpose()?,
        alg,
        account,
    })
}

fn one_of(place: &Place<'_>, words: &[&str]) -> Loaded<String> {
    place.word(|text| words.contains(&text).then(|| text.into()), &words.join(", "))
}

fn lifetime(place: &Place<'_>) -> Loaded<u64> {
    match place.whole()? {
        0 => place.fault("expected at least one second"),
        secs => Ok(secs),
    }
}

fn header(place: &Place<'_>, alg: &str) -> Loaded<Value> {
    let Some(header) = place.member("header") else {
        return Ok(Value::Object(vec![("alg".into(), alg.into()), ("typ".into(), "JWT".into())]));
    };
    header.only(&["alg", "typ"])?;
    if header.required("alg")?.text()? != alg {
        return header.fault("its alg differs from the one that is issued");
    }
    Ok(header.value.clone())
}

fn texts(place: &Place<'_>) -> Loaded<Vec<String>> {
    place.elements()?.iter().map(|it| it.text().map(String::from)).collect()
}

fn identifiers(place: &Place<'_>) -> Loaded<Vec<String>> {
    let found: Loaded<Vec<_>> =
        place.elements()?.iter().map(|it| one_of(it, &["username", "email", "phone"])).collect();
    match found? {
        none if none.is_empty() => place.fault("expected at least one of username, email, phone"),
        some => Ok(some),
    }
}

fn limit(place: &Place<'_>) -> Loaded<(u64, u64)> {
    place.only(&["min", "max"])?;
    let (min, max) = (place.required("min")?.whole()?, place.required("max")?.whole()?);
    if min > max {
        return place.fault("min is larger than max");
    }
    Ok((min, max))
}

fn roles(place: &Place<'_>) -> Loaded<Vec<Role>> {
    let mut roles = Vec::new();
    for element in place.elements()? {
        element.only(&["name", "number", "permissions"])?;
        roles.push(Role {
            name: element.required("name")?.text()?.into(),
            number: element.member("number").map(|it| it.whole()).transpose()?,
            permissions: element.member("permissions").map_or(Ok(Vec::new()), |it| texts(&it))?,
        });
    }
    if roles.is_empty() {
        return place.fault("expected at least one role");
    }
    Ok(roles)
}

fn organizations(place: &Place<'_>) -> Loaded<Organizations> {
    place.only(&["any", "member"])?;
    let named = |name| place.member(name).map_or(Ok(Vec::new()), |it| texts(&it));
    Ok(Organizations { any: named("any")?, member: named("member")? })
}

fn fields(place: &Place<'_>) -> Loaded<Vec<(String, FieldType)>> {
    place.members()?.into_iter().map(|(name, it)| Ok((name.into(), field(&it)?))).collect()
}

fn field(place: &Place<'_>) -> Loaded<FieldType> {
    if matches!(place.value, Value::Object(_)) {
        return Ok(FieldType { optional: false, kind: FieldKind::Object(fields(place)?) });
    }
    let text = place.text()?;
    let kind = match text.strip_suffix('?').unwrap_or(text) {
        "string" => FieldKind::String,
        "integer" => FieldKind::Integer,
        "bool" => FieldKind::Bool,
        "date" => FieldKind::Date,
        _ => return place.fault("expected string, integer, bool, date (with '?' where it may be absent) or an object"),
    };
    Ok(FieldType { optional: text.ends_with('?'), kind })
}

fn is_claim_name(name: &str) -> bool {
    matches!(name, "issued_at" | "expires_at" | "token_id")
}

/// What is known of every account, and the fields of the extension, also those inside an object (`user.a.b`).
fn is_user_name(name: &str, account: &[(String, FieldType)]) -> bool {
    const KNOWN: [&str; 9] =
        ["id", "number", "username", "email", "phone", "role", "role.number", "roles", "password_hash"];
    let Some(field) = name.strip_prefix("user.") else {
        return matches!(name, "organization.id" | "permissions");
    };
    KNOWN.contains(&field) || is_field(field, account)
}

fn is_field(path: &str, fields: &[(String, FieldType)]) -> bool {
    fields.iter().any(|(name, it)| {
        let inside = path.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix('.'));
        match (&it.kind, inside) {
            (FieldKind::Object(fields), Some(rest)) => is_field(rest, fields),
            _ => path == name,
        }
    })
}
