//! One `[[realm]]`.

mod dialect;
mod keys;
mod policy;

use super::Environment;
use super::reader::Reader;
use super::secret;
use crate::account::IdentifierKind;
use crate::keys::{MasterKey, SigningAlgorithm};
use crate::passwords::{PasswordPolicy, PasswordScheme};
use relatch_dialects::{Dialect, Issue};
use std::fmt;
use std::path::Path;
use zeroize::Zeroizing;

/// What a deployment chooses for a realm.
#[derive(Clone)]
pub struct RealmConfig {
    /// Its name (`name`), by which accounts belong to it; the dialect's unless chosen.
    pub name: String,
    /// The path prefix (`mount`): `/gatego`, or empty for the root. The slash and the name unless chosen.
    pub mount: String,
    /// How it speaks (`dialect`): the name of one that comes with Relatch, or the path of a JSON file.
    pub dialect: Dialect,
    /// What that issues.
    pub issue: Issue,
    /// Which identifiers a login takes, in the order in which they are tried; from the dialect.
    pub identifiers: Vec<IdentifierKind>,
    /// The signing secret (`secret`, `secret_file`, `secret_env`); the server makes and keeps one otherwise.
    pub secret: Option<Zeroizing<Vec<u8>>>,
    /// What seals the keys that the server keeps (`master_key_file`, `master_key_env` of the file as a whole).
    pub master_key: Option<MasterKey>,
    /// Whether a token's header names its key; so where neither the dialect fixes the header nor its algorithm stays.
    pub names_key: bool,
    /// By how many seconds clocks may differ when a token is verified (`leeway_secs`); 0 unless chosen.
    pub leeway_secs: u64,
    /// After how many seconds a key that the server keeps is replaced (`rotate_every_secs`); never unless chosen.
    pub rotate_every_secs: Option<u64>,
    /// The URL by which the realm is known from outside (`issuer`), for its metadata.
    pub issuer: Option<String>,
    /// Which origins may ask (`origins`); none but the server's own unless chosen.
    pub origins: Origins,
    /// Another lifetime of access tokens than the dialect's, in seconds (`lifetime_secs`).
    pub lifetime_secs: Option<u64>,
    /// Another lifetime of refresh tokens than the dialect's, in seconds (`refresh_lifetime_secs`).
    pub refresh_lifetime_secs: Option<u64>,
    /// How long a session lives however often it is renewed, in seconds (`session_lifetime_secs`); ninety days unless
    /// chosen.
    pub session_lifetime_secs: Option<u64>,
    /// How new passwords are hashed: as the dialect says, at the cost chosen here (`bcrypt_cost`, `argon2`).
    pub password_scheme: PasswordScheme,
    /// The fewest characters of a new password (`password_min_chars`); 8 unless chosen.
    pub password_min_chars: usize,
    /// Protected endpoints that ask for a role (`guarded`).
    pub guarded: Vec<Guard>,
    /// Whether the user's shape shows the stored password hash (`expose_password_hash`).
    pub expose_password_hash: bool,
}

/// Which origins may ask (CORS).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origins {
    /// Any (`["*"]`). Tokens travel in a header that no browser adds by itself, so this gives no foreign page
    /// more than it could ask for anyway.
    Any,
    /// These, each as a browser writes it: `https://app.example.com`.
    These(Vec<String>),
}

/// A protected `GET` endpoint that asks for a role and answers with the caller's profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Its path below the mount.
    pub path: String,
    /// The roles of which the caller must have one.
    pub roles: Vec<String>,
}

impl RealmConfig {
    /// A realm as a dialect alone makes it, under the mount of its name.
    ///
    /// # Errors
    /// What the dialect lacks for a server to issue by it.
    pub fn of(dialect: Dialect) -> Result<RealmConfig, String> {
        let issue = dialect.issue().ok_or("the dialect has no `issue`: it can be read by, not issued by")?.clone();
        if let Some(fault) = dialect.unplayable_login() {
            return Err(format!("its login cannot be played: {fault}"));
        }
        if SigningAlgorithm::named(&issue.alg).is_none() {
            let names = SigningAlgorithm::names().join(", ");
            return Err(format!("this server signs with {names}, not with {}", issue.alg));
        }
        Ok(RealmConfig {
            name: dialect.name().into(),
            mount: format!("/{}", dialect.name()),
            identifiers: issue.identifiers.iter().filter_map(|name| IdentifierKind::parse(name)).collect(),
            password_scheme: policy::usual_scheme(&issue),
            dialect,
            issue,
            secret: None,
            master_key: None,
            names_key: false,
            leeway_secs: 0,
            rotate_every_secs: None,
            issuer: None,
            origins: Origins::These(Vec::new()),
            lifetime_secs: None,
            refresh_lifetime_secs: None,
            session_lifetime_secs: None,
            password_min_chars: 8,
            guarded: Vec::new(),
            expose_password_hash: false,
        })
    }

    /// What new passwords must be: as long as the realm asks for, and no longer than its logins take.
    pub fn password_policy(&self) -> PasswordPolicy {
        const MAX_CHARS: usize = 256;
        let (least, most) = self.issue.password_length.unwrap_or((1, MAX_CHARS as u64));
        let max_chars = usize::try_from(most).unwrap_or(MAX_CHARS).min(MAX_CHARS);
        let min_chars = self.password_min_chars.max(usize::try_from(least).unwrap_or(1)).min(max_chars);
        PasswordPolicy { min_chars, max_chars, scheme: self.password_scheme }
    }

    /// Every path that it answers at, mount included.
    pub fn paths(&self) -> Vec<String> {
        let operations = self.dialect.operations().flat_map(|it| it.routes).map(|(_, path)| path);
        let guarded = self.guarded.iter().map(|it| it.path.clone());
        operations.chain(guarded).map(|path| format!("{}{path}", self.mount)).collect()
    }
}

// Deliberately not derived: the secret.
impl fmt::Debug for RealmConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealmConfig").field("name", &self.name).field("mount", &self.mount).finish_non_exhaustive()
    }
}

/// Reads a realm; `None` if it has no usable dialect, without which nothing else can be checked.
pub(super) fn read(section: &mut Reader, directory: &Path, environment: &Environment) -> Option<RealmConfig> {
    let Some(mut realm) = dialect::read(section, directory) else {
        policy::ask(section);
        return None;
    };
    if let Some(name) = section.string("name") {
        realm.mount = format!("/{name}");
        realm.name = name;
    }
    policy::check_name(section, &realm.name);
    realm.mount = policy::mount(section).unwrap_or(realm.mount);
    keys::read(section, &mut realm);
    realm.secret = secret::read(section, &realm.issue.alg, directory, environment);
    policy::read(section, &mut realm);
    Some(realm)
}
