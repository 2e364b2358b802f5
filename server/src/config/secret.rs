//! A realm's configured signing secret: written in the file, in a file of its own, or in the environment.

use super::Environment;
use super::reader::Reader;
use crate::keys::{Key, MasterKey, SigningAlgorithm, from_pem};
use crate::store::SigningKey;
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

/// The bytes that are given under `name`, `name_file` or `name_env` (a key's PEM file too), and under which of them; `Some(None)` if there are
/// none, `None` if they cannot be had, which has been told then.
pub(super) fn given(
    section: &mut Reader,
    name: &'static str,
    directory: &Path,
    environment: &Environment,
) -> Option<Option<Given>> {
    let keys: &[&'static str] = match name {
        "token" => &["token", "token_file", "token_env"],
        _ => &["secret", "secret_file", "secret_env", "key_file"],
    };
    let given: Vec<_> = keys.iter().map(|&key| (key, section.string(key))).collect();
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

/// The master key of the file as a whole, if it names one.
pub(super) fn master(top: &mut Reader, directory: &Path, environment: &Environment) -> Option<MasterKey> {
    let given = [("master_key_file", top.string("master_key_file")), ("master_key_env", top.string("master_key_env"))];
    let named: Vec<_> = given.into_iter().filter_map(|(key, text)| text.map(|text| (key, text))).collect();
    let (key, text) = named.first()?;
    if named.len() > 1 {
        top.fault("master_key_env", "cannot stand beside master_key_file: one key, from one place");
    }
    let from = if *key == "master_key_file" { "secret_file" } else { "secret_env" };
    let bytes = resolve(from, text, directory, environment);
    let parsed = bytes.and_then(|bytes| MasterKey::parse(&String::from_utf8_lossy(&bytes)));
    parsed.map_err(|reason| top.fault(key, &reason)).ok()
}

pub(super) fn resolve(
    key: &str,
    text: &str,
    directory: &Path,
    environment: &Environment,
) -> Result<Zeroizing<Vec<u8>>, String> {
    match key {
        "secret_file" | "key_file" | "token_file" => std::fs::read(directory.join(text))
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
    let algorithm = SigningAlgorithm::named(alg)?;
    if algorithm.is_asymmetric() || key == "key_file" {
        return private_key(section, key, algorithm, &secret);
    }
    let least = algorithm.secret_bytes?;
    if secret.len() < least {
        section.fault(key, &format!("{alg} needs a secret of at least {least} bytes; this one has {}", secret.len()));
        return None;
    }
    Some(secret)
}

fn private_key(section: &mut Reader, key: &str, algorithm: SigningAlgorithm, pem: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let read = || {
        if algorithm.is_asymmetric() && key != "key_file" {
            return Err(format!("{} signs with a private key: name its PEM file with key_file", algorithm.name));
        }
        let private = from_pem(algorithm, std::str::from_utf8(pem).unwrap_or_default())?;
        Key::of(&SigningKey::new("", algorithm.name, private.clone(), 0)).map(|_| private)
    };
    read().map_err(|reason| section.fault(key, &reason)).ok()
}
