//! A realm's configured signing secret: written in the file, in a file of its own, or in the environment.

use super::Environment;
use super::reader::Reader;
use std::path::Path;
use zeroize::Zeroizing;

/// The bytes of the secret, if the realm names one; the server makes its own otherwise.
pub(super) fn read(
    section: &mut Reader,
    alg: &str,
    directory: &Path,
    environment: &Environment,
) -> Option<Zeroizing<Vec<u8>>> {
    let (key, secret) = given(section, "secret", directory, environment)??;
    checked(section, key, alg, secret)
}

/// A secret, and the key under which it was given.
type Given = (&'static str, Zeroizing<Vec<u8>>);

/// The bytes that are given under `name`, `name_file` or `name_env`, and under which of them; `Some(None)` if there are
/// none, `None` if they cannot be had, which has been told then.
pub(super) fn given(
    section: &mut Reader,
    name: &'static str,
    directory: &Path,
    environment: &Environment,
) -> Option<Option<Given>> {
    let keys =
        if name == "token" { ["token", "token_file", "token_env"] } else { ["secret", "secret_file", "secret_env"] };
    let given = keys.map(|key| (key, section.string(key)));
    let mut named = given.into_iter().filter_map(|(key, text)| text.map(|text| (key, Zeroizing::new(text))));
    let Some((key, text)) = named.next() else { return Some(None) };
    if let Some((other, _)) = named.next() {
        section.fault(other, &format!("cannot stand beside {key}: one secret, from one place"));
        return None;
    }
    match resolve(key, &text, directory, environment) {
        Ok(secret) => Some(Some((key, secret))),
        Err(reason) => {
            section.fault(key, &reason);
            None
        }
    }
}

fn resolve(key: &str, text: &str, directory: &Path, environment: &Environment) -> Result<Zeroizing<Vec<u8>>, String> {
    match key {
        "secret_file" | "token_file" => std::fs::read(directory.join(text))
            .map(|bytes| Zeroizing::new(bytes.trim_ascii_end().to_vec()))
            .map_err(|error| format!("{text} cannot be read: {error}")),
        "secret_env" | "token_env" => environment
            .get(text)
            .map(|secret| Zeroizing::new(secret.as_bytes().to_vec()))
            .ok_or_else(|| format!("the environment variable {text} is not set")),
        _ => Ok(Zeroizing::new(text.as_bytes().to_vec())),
    }
}

fn checked(section: &mut Reader, key: &str, alg: &str, secret: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let least = shortest(alg)?;
    if secret.len() < least {
        section.fault(key, &format!("{alg} needs a secret of at least {least} bytes; this one has {}", secret.len()));
        return None;
    }
    Some(secret)
}

/// "A key of the same size as the hash output (for instance, 256 bits for "HS256") or larger MUST be used with
/// this algorithm." (RFC 7518 section 3.2.) `None` for an algorithm that this server does not sign with.
pub(super) fn shortest(alg: &str) -> Option<usize> {
    match alg {
        "HS256" => Some(32),
        "HS384" => Some(48),
        "HS512" => Some(64),
        _ => None,
    }
}
