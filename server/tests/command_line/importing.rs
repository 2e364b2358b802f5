//! `user import`.

use crate::support::{Deployment, Ended, FIVE};
use serde_json::json;

/// Of `U*U`, by Openwall's crypt_blowfish.
const BCRYPT: &str = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
/// Of `password`, by the argon2 reference implementation.
const ARGON2: &str = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

fn import(here: &Deployment, realm: &str, format: &str, text: &str) -> Ended {
    std::fs::write(here.path("users"), text).unwrap();
    here.run(&["user", "import", "--realm", realm, "--format", format, "users"])
}

fn nobody_was_imported(here: &Deployment, realm: &str) -> bool {
    here.run(&["user", "list", "--realm", realm]).out.lines().count() == 1
}

#[test]
fn a_csv_file_becomes_accounts_that_log_in_with_their_old_passwords() {
    let here = Deployment::new(FIVE);
    let text = format!(
        "\u{feff}username,email,phone,password_hash,enabled,roles\n\
         ada,ada@example.com,+51 900 000 001,{BCRYPT},true,developer\n\
         grace,,,\"{ARGON2}\",,vendedor; developer\n\
         \"dora, the third\",,,{BCRYPT},false,\n"
    );
    let ended = import(&here, "stockapi", "csv", &text);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(ended.out, "3 accounts imported into stockapi\n");
    assert_eq!(here.shown("stockapi", "grace")["roles"], json!(["developer", "vendedor"]));
    assert_eq!(here.shown("stockapi", "grace")["email"], json!(null));
    assert_eq!(here.shown("stockapi", "dora, the third")["enabled"], json!(false));
    assert_eq!(here.shown("stockapi", "dora, the third")["roles"], json!(["vendedor"]));
    let server = here.serve();
    assert!(server.log_in("ada", "U*U").is_some());
    assert!(server.log_in("grace", "password").is_some());
    assert!(server.log_in("grace", "U*U").is_none());
}

#[test]
fn a_json_file_becomes_accounts_with_typed_fields() {
    let here = Deployment::new(FIVE);
    let fields = json!({
        "codigo": "E-1", "nombre": "Ada", "apellidoPaterno": "Lovelace", "nombreCompleto": "Ada Lovelace",
        "puesto": { "id": 3, "nombre": "Jefa" }, "departamento": { "id": 4, "nombre": "TI" },
        "fechaAlta": "2024-02-29", "estatus": "ACTIVO", "sexo": "F"
    });
    let rows = json!([
        { "username": "ada", "email": null, "password_hash": BCRYPT, "roles": ["ADMIN"], "fields": fields },
        { "username": "grace", "password_hash": ARGON2, "enabled": false, "validated": true, "fields": fields },
    ]);
    let ended = import(&here, "integra", "json", &rows.to_string());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert_eq!(here.shown("integra", "ada")["fields"], fields);
    assert_eq!(here.shown("integra", "grace")["enabled"], json!(false));
}

#[test]
fn organizations_and_csv_fields_arrive() {
    let here = Deployment::new(FIVE);
    let text = format!("username,password_hash,organization,memberships,validated\ngina,{BCRYPT},7,7;42,false\n");
    assert_eq!(import(&here, "gatego", "csv", &text).code, Some(0));
    let gina = here.shown("gatego", "gina");
    assert_eq!((&gina["organization"], &gina["memberships"]), (&json!("7"), &json!(["7", "42"])));
    assert_eq!(gina["validated"], json!(false));
    let text = format!("email,password_hash,field.Nombre\nada@example.com,{BCRYPT},Ada\n");
    assert_eq!(import(&here, "apitickets", "csv", &text).code, Some(0));
    assert_eq!(here.shown("apitickets", "ada@example.com")["fields"], json!({ "Nombre": "Ada" }));
}

#[test]
fn every_faulty_row_is_told_and_nothing_is_imported() {
    let here = Deployment::new(FIVE);
    let text = format!(
        "username,email,password_hash,enabled,roles\n\
         ada,,{BCRYPT},,\n\
         grace,nowhere,{BCRYPT},yes,BOSS\n\
         dora,,correct horse 9,,\n\
         ,x@example.com,,,\n\
         ADA,,{BCRYPT},,\n"
    );
    let ended = import(&here, "stockapi", "csv", &text);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    let told: Vec<&str> = ended.err.lines().collect();
    assert_eq!(
        told,
        [
            "users: row 2, column enabled: expected true or false",
            "users: row 2, column email: expected an address such as ada@example.com",
            "users: row 2, column roles: expected one of developer, vendedor, got \"BOSS\"",
            "users: row 3, column password_hash: expected a hash of bcrypt ($2a$, $2b$ or $2y$, cost 4 to 16), argon2, scrypt or PBKDF2, as a PHC string or as Django, Passlib, Werkzeug, Spring or ASP.NET Core Identity store it, at an affordable cost",
            "users: row 4, column password_hash: is missing; expected a hash as the other system stored it",
            "users: row 4, column username: is missing; accounts of this realm log in by username",
            "users: row 5, column username: row 1 has it already",
            "nothing was imported",
        ]
    );
    assert!(!ended.err.contains("correct horse"));
    assert!(nobody_was_imported(&here, "stockapi"));
}

#[test]
fn an_identifier_that_is_taken_stops_the_whole_import() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "grace"]);
    let ended = import(&here, "stockapi", "csv", &format!("username,password_hash\nada,{BCRYPT}\nGrace,{BCRYPT}\n"));
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.err,
        "users: row 2, column username: another account of this realm has it\nnothing was imported\n"
    );
    assert_eq!(here.run(&["user", "show", "--realm", "stockapi", "ada"]).code, Some(1));
}

#[test]
fn files_that_are_not_what_they_should_be_are_refused() {
    let here = Deployment::new(FIVE);
    for (format, text, told) in [
        ("csv", "username,pasword_hash\nada,x\n", "users: column pasword_hash: is not known; expected username, "),
        ("csv", "username,username\nada,ada\n", "users: column username: is there twice"),
        ("csv", "username,password_hash\nada\n", "users: row 1: "),
        ("json", "{}", "users: is no JSON array of objects: "),
        ("json", "[3]", "users: is no JSON array of objects: "),
        ("json", "[{\"username\": 3}]", "users: row 1, column username: expected a string"),
        ("json", "[{\"usrname\": \"ada\"}]", "users: row 1, column usrname: is not known; expected username, "),
        (
            "json",
            "[{\"username\": \"ada\", \"roles\": \"developer\"}]",
            "users: row 1, column roles: expected a list of strings",
        ),
        (
            "json",
            "[{\"username\": \"ada\", \"password_hash\": \"BCRYPT\", \"fields\": [1]}]",
            "users: row 1, column fields: expected an object",
        ),
    ] {
        let ended = import(&here, "stockapi", format, &text.replace("BCRYPT", BCRYPT));
        assert_eq!(ended.code, Some(1), "{text}");
        assert!(ended.err.starts_with(told), "{text}: {}", ended.err);
        assert!(ended.err.ends_with("nothing was imported\n"));
    }
    let gone = here.run(&["user", "import", "--realm", "stockapi", "--format", "csv", "gone.csv"]);
    assert!(gone.code == Some(1) && gone.err.starts_with("gone.csv: "), "{}", gone.err);
}
