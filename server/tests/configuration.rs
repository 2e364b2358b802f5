//! Configuration files and what is said about the faulty ones.

use relatch_server::config::{Config, Environment, Guard, MailSecurity, Origins};
use relatch_server::limits::ForwardedBy;
use relatch_server::passwords::PasswordScheme;
use std::path::Path;
use tempfile::TempDir;

fn parse(text: &str) -> Result<Config, Vec<String>> {
    parse_with(text, Environment::default(), Path::new("/etc/relatch"))
}

fn parse_with(text: &str, environment: Environment, directory: &Path) -> Result<Config, Vec<String>> {
    Config::parse(text, directory, &environment).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

fn faults(text: &str) -> Vec<String> {
    parse(text).err().unwrap_or_default()
}

#[test]
fn a_realm_needs_nothing_but_its_dialect() {
    let config = parse("[[realm]]\ndialect = \"gatego\"").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8787");
    assert_eq!(config.database, Path::new("/etc/relatch/relatch.db"));
    let [realm] = config.realms.as_slice() else { panic!("one realm") };
    assert_eq!((realm.name.as_str(), realm.mount.as_str()), ("gatego", "/gatego"));
    assert_eq!(realm.origins, Origins::These(vec![]));
    assert_eq!(realm.password_scheme, PasswordScheme::ARGON2ID);
    assert!(!realm.expose_password_hash && realm.secret.is_none() && realm.guarded.is_empty());
}

#[test]
fn every_key_arrives_where_it_belongs() {
    let config = parse(
        r#"
        listen = "[::1]:9000"
        database = "sqlite:/var/lib/relatch/data.db"
        outbox = "letters.jsonl"
        log = { filter = "relatch_server=debug,info", format = "json" }
        passwords = { parallel = 3, waiting = 7 }
        [[realm]]
        name = "shop"
        dialect = "investgo"
        mount = ""
        secret = "0123456789012345678901234567890123456789012345678901234567890123"
        origins = ["https://app.example.com", "http://localhost:5173"]
        lifetime_secs = 60
        bcrypt_cost = 4
        expose_password_hash = true
        guarded = [{ path = "/admin", roles = ["ADMIN"] }]
        [[realm]]
        dialect = "gatego"
        origins = ["*"]
        refresh_lifetime_secs = 600
        session_lifetime_secs = 86400
        argon2 = { memory_kib = 64, passes = 1 }
        "#,
    )
    .unwrap();
    assert_eq!(config.listen.to_string(), "[::1]:9000");
    assert_eq!(config.database, Path::new("/var/lib/relatch/data.db"));
    assert_eq!(config.outbox, Path::new("/etc/relatch/letters.jsonl"));
    assert_eq!((config.log.filter.as_str(), config.log.json), ("relatch_server=debug,info", true));
    assert_eq!((config.passwords.parallel, config.passwords.waiting), (3, 7));
    let [shop, gatego] = config.realms.as_slice() else { panic!("two realms") };
    assert_eq!((shop.name.as_str(), shop.mount.as_str()), ("shop", ""));
    assert_eq!(shop.secret.as_ref().map(|it| it.len()), Some(64));
    assert_eq!((shop.lifetime_secs, shop.password_scheme), (Some(60), PasswordScheme::Bcrypt { cost: 4 }));
    assert_eq!(shop.guarded, [Guard { path: "/admin".into(), roles: vec!["ADMIN".into()] }]);
    assert!(shop.expose_password_hash);
    assert_eq!((&gatego.origins, gatego.refresh_lifetime_secs), (&Origins::Any, Some(600)));
    assert_eq!(gatego.session_lifetime_secs, Some(86_400));
    assert_eq!(gatego.password_scheme, PasswordScheme::Argon2id { memory_kib: 64, passes: 1, lanes: 1 });
}

#[test]
fn the_documentations_example_is_a_configuration() {
    let page = include_str!("../../docs/server.md");
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let secret = "0123456789abcdef".repeat(4);
    let environment =
        Environment::of([("SHOP_SECRET", &*secret), ("SMTP_PASSWORD", "hidden"), ("RELATCH_ADMIN_TOKEN", &secret)]);
    let config = parse_with(example, environment, Path::new("/etc/relatch")).unwrap();
    assert_eq!(config.realms.len(), 2);
}

#[test]
fn a_realm_cannot_have_a_path_that_the_server_answers_itself() {
    for (realm, path) in [
        ("dialect = \"gatego\"\nmount = \"/forward-auth\"", "/forward-auth/auth/login"),
        ("dialect = \"gatego\"\nmount = \"\"\nguarded = [{ path = \"/healthz\", roles = [\"ADMIN\"] }]", "/healthz"),
    ] {
        let text = format!("[[realm]]\n{realm}\n");
        let faults = parse_with(&text, Environment::default(), Path::new("")).unwrap_err();
        let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(told, [format!("realm[0].mount: {path} is a path of the server's own; choose another mount")]);
    }
}

#[test]
fn the_environment_wins_over_the_file() {
    let environment = Environment::of([
        ("RELATCH_LISTEN", "0.0.0.0:80"),
        ("RELATCH_DATABASE", "here.db"),
        ("RELATCH_OUTBOX", "/var/lib/relatch/outbox.jsonl"),
        ("RELATCH_LOG", "debug"),
        ("RELATCH_LOG_FORMAT", "json"),
    ]);
    let file = "listen = \"127.0.0.1:1\"\nlog.filter = \"warn\"\n[[realm]]\ndialect = \"stockapi\"";
    let config = parse_with(file, environment, Path::new("/etc/relatch")).unwrap();
    assert_eq!((config.listen.to_string().as_str(), config.database.as_path()), ("0.0.0.0:80", Path::new("here.db")));
    assert_eq!(config.outbox, Path::new("/var/lib/relatch/outbox.jsonl"));
    assert_eq!((config.log.filter.as_str(), config.log.json), ("debug", true));
}

#[test]
fn secrets_come_from_the_file_from_a_file_or_from_the_environment() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("key"), format!("{}\n", "k".repeat(32))).unwrap();
    let environment = Environment::of([("SHOP_KEY", "0123456789abcdef0123456789abcdef")]);
    for (line, expected) in [
        ("secret = \"ssssssssssssssssssssssssssssssss\"", "s".repeat(32)),
        ("secret_file = \"key\"", "k".repeat(32)),
        ("secret_env = \"SHOP_KEY\"", "0123456789abcdef".repeat(2)),
    ] {
        let file = format!("[[realm]]\ndialect = \"stockapi\"\n{line}");
        let config = parse_with(&file, environment.clone(), directory.path()).unwrap();
        assert_eq!(config.realms[0].secret.as_ref().unwrap().as_slice(), expected.as_bytes());
        assert!(!format!("{config:?}").contains(&expected), "Debug shows no secret");
    }
}

#[test]
fn each_fault_is_told_with_its_key_and_what_was_expected() {
    let realm = "[[realm]]\ndialect = \"gatego\"\n";
    for (line, told) in [
        (
            "mount = \"gatego\"",
            "realm[0].mount: expected \"\" for the root or a path such as \"/gatego\", got \"gatego\"",
        ),
        ("mount = \"/a/\"", "realm[0].mount: expected \"\" for the root or a path such as \"/gatego\", got \"/a/\""),
        (
            "mount = \"/a/../b\"",
            "realm[0].mount: expected \"\" for the root or a path such as \"/gatego\", got \"/a/../b\"",
        ),
        ("mount = \"/{a}\"", "realm[0].mount: expected \"\" for the root or a path such as \"/gatego\", got \"/{a}\""),
        ("mount = 3", "realm[0].mount: expected a string, got an integer"),
        ("secret = \"short\"", "realm[0].secret: HS256 needs a secret of at least 32 bytes; this one has 5"),
        ("secret_env = \"NOPE\"", "realm[0].secret_env: the environment variable NOPE is not set"),
        ("lifetime_secs = 0", "realm[0].lifetime_secs: expected a whole number from 1 to 315360000, got 0"),
        ("lifetime_secs = \"1h\"", "realm[0].lifetime_secs: expected a whole number from 1 to 315360000, got a string"),
        (
            "session_lifetime_secs = 60",
            "realm[0].session_lifetime_secs: expected at least 3600, the lifetime of its access tokens, got 60",
        ),
        ("bcrypt_cost = 4", "realm[0].bcrypt_cost: this dialect's passwords are hashed with argon2id"),
        ("name = \"../x\"", "realm[0].name: expected 1 to 64 letters, digits, hyphens, underscores and dots"),
        ("origins = \"*\"", "realm[0].origins: expected a list of strings, got a string"),
        ("expose_password_hash = \"yes\"", "realm[0].expose_password_hash: expected true or false, got a string"),
        (
            "origins = [\"https://app.example.com/\"]",
            "realm[0].origins: expected [\"*\"] or origins such as \"https://app.example.com\", got \"https://app.example.com/\"",
        ),
        (
            "guarded = [{ path = \"/x\", roles = [\"BOSS\"] }]",
            "realm[0].guarded[0].roles: expected some of ADMIN, GROUP_ORGANIZATION_ADMIN, USER, got \"BOSS\"",
        ),
        (
            "guarded = [{ path = \"/me\", roles = [\"USER\"] }]",
            "realm[0].guarded[0].path: expected a path below the mount that no operation has, got \"/me\"",
        ),
        (
            "guarded = [{ path = \"/x\", roles = [] }]",
            "realm[0].guarded[0].roles: expected at least one of ADMIN, GROUP_ORGANIZATION_ADMIN, USER",
        ),
    ] {
        assert_eq!(faults(&format!("{realm}{line}")), [told], "{line}");
    }
}

#[test]
fn a_session_lifetime_is_for_sessions_that_are_renewed() {
    let told = "realm[0].session_lifetime_secs: this dialect renews by login, and each login is a session of its own";
    assert_eq!(faults("[[realm]]\ndialect = \"stockapi\"\nsession_lifetime_secs = 99999999"), [told]);
}

#[test]
fn faults_of_the_whole_are_told_too() {
    for (text, told) in [
        ("", "realm: expected at least one [[realm]]"),
        ("realm = 3", "realm: expected a list of tables, got an integer"),
        ("[[realm]]\nmount = \"/x\"", "realm[0].dialect: is missing; expected a string"),
        (
            "[[realm]]\ndialect = \"gatgo\"",
            "realm[0].dialect: gatgo: is no dialect; expected one of investgo, apitickets, stockapi, gatego, integra, or the path of a JSON file",
        ),
        (
            "listen = \"8787\"\n[[realm]]\ndialect = \"gatego\"",
            "listen: expected an address and port such as 127.0.0.1:8787, got \"8787\"",
        ),
        (
            "listen = \"localhost:99999\"\n[[realm]]\ndialect = \"gatego\"",
            "listen: expected an address and port such as 127.0.0.1:8787, got \"localhost:99999\"",
        ),
        (
            "database = \"postgres://x\"\n[[realm]]\ndialect = \"gatego\"",
            "database: expected the path of an SQLite file, such as relatch.db",
        ),
        (
            "log.format = \"xml\"\n[[realm]]\ndialect = \"gatego\"",
            "log.format: expected one of text, json, got \"xml\"",
        ),
        (
            "lisent = \"x\"\n[[realm]]\ndialect = \"gatego\"",
            "lisent: is not known here; expected one of listen, database, outbox, master_key_file, master_key_env, log, passwords, mail, limits, admin, tls, realm",
        ),
    ] {
        let told_now = faults(text);
        assert!(told_now.iter().any(|it| it == told), "{text:?}: {told_now:#?}");
        assert!(told_now.len() <= 2, "{told_now:#?}");
    }
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let told = faults("listen = \"127.0.0.1:80\"\n\n[[realm]\n");
    assert!(told[0].starts_with("line 3 is not TOML: "), "{told:?}");
    assert!(
        faults("log.filter = \"a=[[\"\n[[realm]]\ndialect = \"gatego\"")[0]
            .starts_with("log.filter: is no list of log directives: ")
    );
}

#[test]
fn realms_that_would_answer_for_one_another_are_refused() {
    let two = |a: &str, b: &str| {
        faults(&format!("[[realm]]\ndialect = \"gatego\"\n{a}\n[[realm]]\ndialect = \"integra\"\n{b}"))
    };
    assert_eq!(
        two("", "name = \"gatego\"\nmount = \"/x\""),
        ["realm[1].name: \"gatego\" is the name of another realm already"]
    );
    assert_eq!(
        two("mount = \"/x\"", "mount = \"/x\""),
        ["realm[1].mount: \"/x\" is the mount of realm \"gatego\" already"]
    );
    assert_eq!(
        two("mount = \"\"", "mount = \"/auth\""),
        ["realm[1].mount: /auth/login of realm \"gatego\" lies under the mount of realm \"integra\""]
    );
    assert_eq!(
        two("mount = \"/a/auth\"", "mount = \"/a\""),
        ["realm[1].mount: /a/auth/login of realm \"integra\" lies under the mount of realm \"gatego\""]
    );
}

#[test]
fn a_realm_at_the_root_may_stand_beside_others() {
    let file = "[[realm]]\ndialect = \"gatego\"\nmount = \"\"\n[[realm]]\ndialect = \"integra\"\n[[realm]]\ndialect = \"stockapi\"\nmount = \"/integra/v2\"";
    assert_eq!(parse(file).unwrap().realms.len(), 3);
}

#[test]
fn all_faults_are_told_in_one_go() {
    let told = faults(
        "listen = \"x\"\nthreads = 4\n[[realm]]\ndialect = \"gatego\"\nmount = \"x\"\nsecret = \"x\"\nlifetime = 3\n[[realm]]\ndialect = \"nope\"\nmount = 3",
    );
    let keys: Vec<&str> = told.iter().filter_map(|it| it.split(':').next()).collect();
    assert_eq!(
        keys,
        ["listen", "realm[0].mount", "realm[0].secret", "realm[0].lifetime", "realm[1].dialect", "threads"]
    );
}

#[test]
fn the_long_hash_needs_the_long_secret() {
    let file = format!("[[realm]]\ndialect = \"investgo\"\nsecret = \"{}\"", "x".repeat(63));
    assert_eq!(faults(&file), ["realm[0].secret: HS512 needs a secret of at least 64 bytes; this one has 63"]);
}

#[test]
fn one_secret_comes_from_one_place() {
    let file = "[[realm]]\ndialect = \"stockapi\"\nsecret = \"ssssssssssssssssssssssssssssssss\"\nsecret_env = \"KEY\"";
    assert_eq!(faults(file), ["realm[0].secret_env: cannot stand beside secret: one secret, from one place"]);
}

#[test]
fn no_fault_shows_a_secret() {
    for file in [
        "[[realm]]\ndialect = \"stockapi\"\nsecret = \"hunter2\"",
        "[[realm]]\ndialect = \"stockapi\"\nsecret = hunter2",
        "[[realm]]\ndialect = \"stockapi\"\nsecret = \"hunter2",
        "[[realm]]\ndialect = \"stockapi\"\nsecrt = \"hunter2\"",
    ] {
        assert!(!faults(file).concat().contains("hunter2"), "{file}");
    }
}

#[test]
fn a_fault_in_a_dialect_file_is_told_with_its_json_pointer() {
    let directory = TempDir::new().unwrap();
    let (_, gatego) = relatch_dialects::DOCUMENTS.iter().find(|(name, _)| *name == "gatego").unwrap();
    let file = "[[realm]]\ndialect = \"./mine.json\"\nname = \"mine\"";
    let path = directory.path().join("mine.json");
    let told = |text: &str| {
        std::fs::write(&path, text).unwrap();
        parse_with(file, Environment::default(), directory.path()).map_or_else(|told| told.concat(), |_| String::new())
    };
    assert_eq!(told(gatego), "");
    let faulty = told(&gatego.replacen("\"means\": \"session\"", "\"means\": \"sesion\"", 1));
    assert!(faulty.starts_with("realm[0].dialect: ./mine.json: /login/answers/0/means: "), "{faulty}");
    assert!(told("{").starts_with("realm[0].dialect: ./mine.json: is not JSON: "));
    std::fs::remove_file(&path).unwrap();
    let gone = parse_with(file, Environment::default(), directory.path()).unwrap_err();
    assert!(gone[0].starts_with("realm[0].dialect: ./mine.json: cannot be read: "), "{gone:?}");
}

#[test]
fn a_file_that_is_not_there_is_told_by_name() {
    let told = Config::load(Path::new("/nowhere/relatch.toml"), &Environment::default()).unwrap_err().to_string();
    assert!(told.starts_with("/nowhere/relatch.toml: cannot be read: "), "{told}");
}

/// The private key of RFC 8410 section 10.3.
const ED25519: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

#[test]
fn a_private_key_is_read_from_pem_and_has_to_fit_its_algorithm() {
    let directory = TempDir::new().unwrap();
    std::fs::write(directory.path().join("ed.pem"), ED25519).unwrap();
    let read = |realm: &str| {
        let text = format!("[[realm]]\ndialect = \"gatego\"\n{realm}");
        parse_with(&text, Environment::default(), directory.path())
    };
    let config = read("alg = \"EdDSA\"\nkey_file = \"ed.pem\"").unwrap();
    assert!(config.realms[0].secret.is_some() && config.realms[0].names_key);
    for (realm, told) in [
        (
            "alg = \"ES256\"\nkey_file = \"ed.pem\"",
            "key_file: expected a P-256 private key in PEM, without a passphrase",
        ),
        ("key_file = \"ed.pem\"", "key_file: HS256 signs with a secret: name one with secret_file or secret_env"),
        ("alg = \"EdDSA\"\nsecret = \"x\"", "secret: EdDSA signs with a private key: name its PEM file with key_file"),
        ("alg = \"none\"", "alg: expected one of HS256, HS384, HS512, RS256, ES256, EdDSA, got \"none\""),
        ("leeway_secs = 301", "leeway_secs: expected a whole number from 0 to 300, got 301"),
        ("issuer = \"http://a\"", "issuer: expected an https URL without query and fragment (RFC 8414 section 2)"),
    ] {
        let told_now = read(realm).err().unwrap_or_default();
        assert_eq!(told_now, [format!("realm[0].{told}")], "{realm}");
    }
}

#[test]
fn a_master_key_is_taken_from_a_file_or_the_environment_and_never_shown() {
    let realm = "[[realm]]\ndialect = \"gatego\"";
    let read = |master: &str| {
        let text = format!("master_key_env = \"MASTER\"\n{realm}");
        parse_with(&text, Environment::of([("MASTER", master)]), Path::new("/etc/relatch"))
    };
    assert!(read("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=").unwrap().realms[0].master_key.is_some());
    let told = read("c2hvcnQgc2VjcmV0").unwrap_err().join("");
    assert!(told.starts_with("master_key_env: expected 32 random bytes") && !told.contains("c2hv"), "{told}");
}

#[test]
fn limits_and_a_mail_relay_arrive_where_they_belong() {
    let text = r#"
        limits = { account_failures = 5, address_failures = 50, window_secs = 60, trusted_proxies = ["10.0.0.0/8", "::1"], forwarded_by = "forwarded" }
        [mail]
        host = "smtp.example.com"
        port = 2525
        security = "tls"
        username = "shop"
        password_env = "SMTP_PASSWORD"
        from = "Shop <no-reply@example.com>"
        password_reset = { subject = "Nueva contrase\u00f1a", text = "https://app.example.com/reset?code={code}" }
        [[realm]]
        dialect = "gatego"
        password_min_chars = 12
    "#;
    let environment = Environment::of([("SMTP_PASSWORD", "a mail secret")]);
    let config = parse_with(text, environment, Path::new("/etc/relatch")).unwrap();
    let limits = &config.limits;
    assert_eq!((limits.account_failures, limits.address_failures, limits.window_secs), (5, 50, 60));
    assert_eq!(limits.trusted_proxies, ["10.0.0.0/8", "::1/128"].map(|it| it.parse().unwrap()));
    assert_eq!(limits.forwarded_by, ForwardedBy::Forwarded);
    let mail = config.mail.as_ref().unwrap();
    assert_eq!((mail.host.as_str(), mail.port, mail.security), ("smtp.example.com", Some(2525), MailSecurity::Tls));
    assert_eq!(mail.password_reset.subject, "Nueva contraseña");
    assert!(mail.validation.text.contains("{code}"));
    assert_eq!(config.realms[0].password_policy().min_chars, 12);
    assert!(!format!("{config:?}").contains("a mail secret"));
}

#[test]
fn faulty_limits_and_mail_are_told() {
    for (section, told) in [
        ("limits.account_failures = 0", "limits.account_failures: expected a whole number from 1 to 1000, got 0"),
        (
            "limits.trusted_proxies = [\"10.0.0.0/33\"]",
            "limits.trusted_proxies: expected addresses or networks such as \"10.0.0.0/8\", got \"10.0.0.0/33\"",
        ),
        ("mail.from = \"a@example.com\"", "mail.host: is missing; expected a string"),
        (
            "mail = { host = \"x\", from = \"nobody\" }",
            "mail.from: expected an address such as \"Shop <no-reply@example.com>\", got \"nobody\"",
        ),
        (
            "mail = { host = \"x\", from = \"a@example.com\", username = \"shop\" }",
            "mail.username: expected a password beside it: password, password_file or password_env",
        ),
        (
            "mail = { host = \"x\", from = \"a@example.com\", username = \"shop\", password = \"hidden\", security = \"none\" }",
            "mail.security: expected starttls or tls: without, the password could be read on its way",
        ),
        (
            "mail = { host = \"x\", from = \"a@example.com\", validation = { text = \"hello\" } }",
            "mail.validation.text: expected {code} somewhere in it",
        ),
    ] {
        let told_now = faults(&format!("{section}\n[[realm]]\ndialect = \"gatego\""));
        assert_eq!(told_now, [told], "{section}");
    }
}
