//! What a realm chooses beside its dialect.

use super::{Guard, Origins, RealmConfig};
use crate::config::reader::Reader;
use crate::passwords::PasswordScheme;
use relatch_dialects::{Issue, Renewal};

/// Ten years: longer is a typing error.
const LONGEST_SECS: u64 = 315_360_000;

/// Every key of a realm beside `dialect`, so that a realm without one is told about its dialect only and not
/// about all the others as well.
const KEYS: [&str; 19] = [
    "name",
    "mount",
    "secret",
    "secret_file",
    "secret_env",
    "key_file",
    "alg",
    "leeway_secs",
    "rotate_every_secs",
    "issuer",
    "origins",
    "lifetime_secs",
    "refresh_lifetime_secs",
    "session_lifetime_secs",
    "bcrypt_cost",
    "argon2",
    "password_min_chars",
    "guarded",
    "expose_password_hash",
];

pub(super) fn ask(section: &mut Reader) {
    section.skip(&KEYS);
}

pub(super) fn read(section: &mut Reader, realm: &mut RealmConfig) {
    realm.origins = origins(section).unwrap_or(Origins::These(Vec::new()));
    realm.lifetime_secs = section.integer("lifetime_secs", 1, LONGEST_SECS);
    realm.refresh_lifetime_secs = section.integer("refresh_lifetime_secs", 1, LONGEST_SECS);
    realm.session_lifetime_secs = session_lifetime_secs(section, realm);
    realm.password_scheme = scheme(section, realm.password_scheme);
    if let Some(chars) = section.integer("password_min_chars", 1, 64) {
        realm.password_min_chars = chars as usize;
    }
    realm.guarded = guarded(section, realm);
    realm.expose_password_hash = section.bool("expose_password_hash").unwrap_or(false);
    if realm.refresh_lifetime_secs.is_some() && realm.issue.refresh_lifetime_secs.is_none() {
        section.fault("refresh_lifetime_secs", "this dialect has no refresh tokens");
    }
}

/// Read after the lifetime that it must not be shorter than. A longer one of refresh tokens is cut to it.
fn session_lifetime_secs(section: &mut Reader, realm: &RealmConfig) -> Option<u64> {
    let secs = section.integer("session_lifetime_secs", 1, LONGEST_SECS)?;
    let least = realm.lifetime_secs.unwrap_or(realm.issue.lifetime_secs);
    if realm.dialect.renewal() != Renewal::Endpoint {
        section.fault("session_lifetime_secs", "this dialect renews by login, and each login is a session of its own");
    } else if secs < least {
        let reason = format!("expected at least {least}, the lifetime of its access tokens, got {secs}");
        section.fault("session_lifetime_secs", &reason);
    }
    Some(secs)
}

pub(super) fn check_name(section: &mut Reader, name: &str) {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    if name.is_empty() || name.len() > 64 || !name.chars().all(fits) {
        section.fault("name", "expected 1 to 64 letters, digits, hyphens, underscores and dots");
    }
}

pub(super) fn mount(section: &mut Reader) -> Option<String> {
    let mount = section.string("mount")?;
    if mount.is_empty() || is_plain_path(&mount) {
        return Some(mount);
    }
    section.fault("mount", &format!("expected \"\" for the root or a path such as \"/gatego\", got {mount:?}"));
    None
}

/// A path whose every spelling is this one: no empty or dotted segment, nothing to be escaped.
fn is_plain_path(path: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '~');
    let segment = |it: &str| !it.is_empty() && it != "." && it != ".." && it.chars().all(plain);
    path.strip_prefix('/').is_some_and(|rest| rest.split('/').all(segment))
}

fn origins(section: &mut Reader) -> Option<Origins> {
    let origins = section.strings("origins")?;
    if origins == ["*"] {
        return Some(Origins::Any);
    }
    if let Some(wrong) = origins.iter().find(|it| !is_origin(it)) {
        section.fault(
            "origins",
            &format!("expected [\"*\"] or origins such as \"https://app.example.com\", got {wrong:?}"),
        );
    }
    Some(Origins::These(origins))
}

/// Scheme, host and port, in the form in which a browser sends them (RFC 6454 section 6.1).
fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, '.' | '-' | ':' | '[' | ']');
    !scheme.is_empty() && scheme.chars().all(|it| it.is_ascii_lowercase()) && !rest.is_empty() && rest.chars().all(host)
}

pub(super) fn usual_scheme(issue: &Issue) -> PasswordScheme {
    if issue.password_hash == "bcrypt" { PasswordScheme::BCRYPT } else { PasswordScheme::ARGON2ID }
}

fn scheme(section: &mut Reader, usual: PasswordScheme) -> PasswordScheme {
    let cost = section.integer("bcrypt_cost", 4, 16);
    let argon2 = section.section("argon2", |it| {
        let (memory_kib, passes, lanes) =
            (it.integer("memory_kib", 8, 1 << 18), it.integer("passes", 1, 16), it.integer("lanes", 1, 1));
        (memory_kib.unwrap_or(19 * 1024) as u32, passes.unwrap_or(2) as u32, lanes.unwrap_or(1) as u32)
    });
    match (usual, cost, argon2) {
        (PasswordScheme::Bcrypt { .. }, Some(cost), None) => PasswordScheme::Bcrypt { cost: cost as u32 },
        (PasswordScheme::Argon2id { .. }, None, Some((memory_kib, passes, lanes))) => {
            PasswordScheme::Argon2id { memory_kib, passes, lanes }
        }
        (_, None, None) => usual,
        (PasswordScheme::Bcrypt { .. }, _, Some(_)) => {
            section.fault("argon2", "this dialect's passwords are hashed with bcrypt");
            usual
        }
        (PasswordScheme::Argon2id { .. }, Some(_), _) => {
            section.fault("bcrypt_cost", "this dialect's passwords are hashed with argon2id");
            usual
        }
    }
}

fn guarded(section: &mut Reader, realm: &RealmConfig) -> Vec<Guard> {
    let known: Vec<String> = realm.issue.roles.iter().map(|it| it.name.clone()).collect();
    let taken = realm.paths();
    let guards = section.sections("guarded", |it| guard(it, &known, &realm.mount, &taken));
    guards.unwrap_or_default().into_iter().flatten().collect()
}

fn guard(section: &mut Reader, known: &[String], mount: &str, taken: &[String]) -> Option<Guard> {
    let path = section.required("path");
    let roles = section.strings("roles");
    let path = path?;
    if !is_plain_path(&path) || taken.contains(&format!("{mount}{path}")) {
        section.fault("path", &format!("expected a path below the mount that no operation has, got {path:?}"));
    }
    if let Some(wrong) = roles.iter().flatten().find(|it| !known.contains(it)) {
        section.fault("roles", &format!("expected some of {}, got {wrong:?}", known.join(", ")));
    }
    let Some(roles) = roles.filter(|it| !it.is_empty()) else {
        section.fault("roles", &format!("expected at least one of {}", known.join(", ")));
        return None;
    };
    Some(Guard { path, roles })
}
