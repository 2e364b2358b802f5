//! `user add`, `list`, `show`, `disable`, `enable`, `set-password`.

use crate::support::{Deployment, FIVE};
use serde_json::json;

const INTEGRA: [&str; 20] = [
    "--field",
    "codigo=E-1",
    "--field",
    "nombre=Ada",
    "--field",
    "apellidoPaterno=Lovelace",
    "--field",
    "nombreCompleto=Ada Lovelace",
    "--field",
    "puesto.id=3",
    "--field",
    "puesto.nombre=Jefa",
    "--field",
    "departamento.id=4",
    "--field",
    "departamento.nombre=TI",
    "--field",
    "fechaAlta=2024-02-29",
    "--field",
    "estatus=ACTIVO",
];

#[test]
fn an_account_that_was_added_is_shown_with_everything_but_its_password() {
    let here = Deployment::new(FIVE);
    let line = [
        "--username",
        "ada",
        "--email",
        "ada@example.com",
        "--phone",
        "+51 900 000 001",
        "--role",
        "USER",
        "--role",
        "ADMIN",
        "--organization",
        "1",
        "--member-of",
        "7",
        "--member-of",
        "42",
        "--not-validated",
    ];
    let id = here.add("gatego", &line);
    let shown = here.shown("gatego", "ADA@example.com");
    let expected = json!({
        "id": id, "number": 1, "realm": "gatego", "username": "ada", "email": "ada@example.com",
        "phone": "+51900000001", "enabled": true, "validated": false, "roles": ["ADMIN", "USER"],
        "organization": "1", "memberships": ["7", "42"], "fields": {},
        "created_at": shown["created_at"], "password_changed_at": shown["created_at"],
    });
    assert_eq!(shown, expected);
    let plain = here.run(&["user", "show", "--realm", "gatego", &id]).out;
    assert!(plain.contains("username              ada\n"), "{plain}");
    let list = here.run(&["user", "list", "--realm", "gatego"]).out;
    let expected = format!(
        "number\tid\tusername\temail\tphone\troles\tstate\n\
         1\t{id}\tada\tada@example.com\t+51900000001\tADMIN,USER\tnot-validated\n"
    );
    assert_eq!(list, expected);
    let lines = here.run(&["user", "list", "--realm", "gatego", "--json"]).out;
    for text in [plain, list, lines] {
        assert!(!text.contains("argon2") && !text.contains("hash"), "{text}");
    }
}

#[test]
fn fields_have_their_type() {
    let here = Deployment::new(FIVE);
    here.add("integra", &[&["--username", "ada", "--field", "sexo=F"], INTEGRA.as_slice()].concat());
    let shown = here.shown("integra", "ada");
    assert_eq!(shown["fields"]["puesto"], json!({ "id": 3, "nombre": "Jefa" }));
    assert_eq!(shown["fields"]["fechaAlta"], "2024-02-29");
    assert_eq!(shown["roles"], json!(["EMPLOYEE"]), "the lowest, since none was given");
}

#[test]
fn every_fault_of_a_new_account_is_told_before_a_password_is_asked_for() {
    let here = Deployment::new(FIVE);
    let line = [
        "user",
        "add",
        "--realm",
        "integra",
        "--username",
        "ab",
        "--email",
        "nowhere",
        "--role",
        "BOSS",
        "--field",
        "puesto.id=tres",
        "--field",
        "fechaAlta=2024-02-30",
        "--field",
        "altura=3",
    ];
    let ended = here.run(&line);
    assert_eq!((ended.code, ended.out.as_str()), (Some(1), ""));
    let told: Vec<&str> = ended.err.lines().collect();
    assert_eq!(
        told[..6],
        [
            "--username: expected 3 to 50 characters",
            "--email: expected an address such as ada@example.com",
            "--role: expected one of ADMIN, EMPLOYEE, got \"BOSS\"",
            "--field puesto.id: expected a whole number",
            "--field fechaAlta: expected a date, yyyy-MM-dd",
            "--field altura: is not known; this dialect has codigo, nombre, apellidoPaterno, apellidoMaterno, \
             nombreCompleto, puesto.id, puesto.nombre, departamento.id, departamento.nombre, fechaAlta, estatus, sexo",
        ]
    );
    assert!(told.contains(&"--field codigo: is missing; expected text"), "{told:?}");
    assert!(!told.iter().any(|it| it.starts_with("--field apellidoMaterno")), "{told:?}");
    assert_eq!(here.run(&["user", "list", "--realm", "integra"]).out.lines().count(), 1);
}

#[test]
fn an_account_needs_an_identifier_that_its_realm_logs_in_by() {
    let here = Deployment::new(FIVE);
    let line = ["user", "add", "--realm", "apitickets", "--username", "ada", "--field", "Nombre=Ada"];
    let ended = here.run(&line);
    assert_eq!(ended.err, "--email: is missing; accounts of this realm log in by email\n");
    assert_eq!(ended.code, Some(1));
}

#[test]
fn an_identifier_that_is_taken_is_refused() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada", "--email", "ada@example.com"]);
    for (line, told) in [
        (["--username", "Ada"], "--username: another account of this realm has it\n"),
        (["--username", "ADA@example.com"], "--username: another account of this realm has it\n"),
    ] {
        let line = [&["user", "add", "--realm", "stockapi", "--password-stdin"], line.as_slice()].concat();
        let ended = here.run_with(&line, "correct horse 9", &[]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(1), told));
    }
}

#[test]
fn a_password_comes_from_standard_input_or_the_environment_and_never_from_an_argument() {
    let here = Deployment::new(FIVE);
    let line = ["user", "add", "--realm", "stockapi", "--username", "ada"];
    let none = here.run(&line);
    assert_eq!(none.code, Some(2));
    assert!(none.err.contains("--password-stdin") && none.err.contains("RELATCH_PASSWORD"), "{}", none.err);
    assert_eq!(here.run(&[&line[..], &["--password", "x"]].concat()).code, Some(2));
    assert_eq!(here.run_with(&line, "", &[("RELATCH_PASSWORD", "correct horse 9")]).code, Some(0));
}

#[test]
fn a_password_that_cannot_be_kept_whole_is_refused() {
    let here = Deployment::new(FIVE);
    let fields = ["nombre=Ada", "apellidoPa=Lovelace", "apellidoMa=Byron", "fecha=1990-12-10", "dni=40000001"];
    let fields: Vec<&str> = fields.into_iter().flat_map(|it| ["--field", it]).collect();
    let line = [&["user", "add", "--realm", "investgo", "--username", "ada", "--password-stdin"], &fields[..]].concat();
    let ended = here.run_with(&line, &"x".repeat(73), &[]);
    assert_eq!(ended.err, "a password may have at most 72 bytes where bcrypt is used; this one has 73\n");
    assert_eq!(ended.code, Some(1));
    assert_eq!(here.run_with(&line, "\n", &[]).err, "a password has at least one character, and no NUL\n");
    assert_eq!(here.run_with(&line, &"x".repeat(72), &[]).code, Some(0));
    let integra = ["user", "add", "--realm", "integra", "--username", "ada", "--field", "sexo=F", "--password-stdin"];
    let ended = here.run_with(&[&integra[..], &INTEGRA[..]].concat(), &"x".repeat(101), &[]);
    assert_eq!(ended.err, "the password must have 8 to 100 characters; this one has 101\n");
}

#[test]
fn who_is_not_there_cannot_be_shown_or_changed() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    for line in [["user", "show", "--realm", "gatego", "ada"], ["user", "disable", "--realm", "stockapi", "grace"]] {
        let ended = here.run(&line);
        assert_eq!(ended.code, Some(1));
        assert_eq!(ended.err, format!("realm {} has no account {:?}\n", line[3], line[4]));
    }
    let ended = here.run(&["user", "list", "--realm", "nope"]);
    assert_eq!(ended.code, Some(2));
    assert_eq!(ended.err, "--realm: expected one of investgo, apitickets, stockapi, gatego, integra, got \"nope\"\n");
}

#[test]
fn a_list_has_every_account_in_order() {
    let here = Deployment::new(FIVE);
    let rows: String =
        (1..=1203).map(|it| format!("u{it},$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n")).collect();
    std::fs::write(here.path("users.csv"), format!("username,password_hash\n{rows}")).unwrap();
    here.run(&["user", "import", "--realm", "stockapi", "--format", "csv", "users.csv"]);
    let list = here.run(&["user", "list", "--realm", "stockapi", "--json"]).out;
    let numbers: Vec<u64> = list
        .lines()
        .map(|it| serde_json::from_str::<serde_json::Value>(it).unwrap()["number"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=1203).collect::<Vec<_>>());
}

#[test]
fn a_password_that_everybody_tries_first_or_that_is_the_own_name_is_refused() {
    let here = Deployment::new(FIVE);
    let line = ["user", "add", "--realm", "stockapi", "--username", "ada.lovelace", "--password-stdin"];
    for (password, told) in [
        ("PassWord1", "the password is one of the most common ones; choose another\n"),
        ("Ada.Lovelace", "the password is the account's own name or address; choose another\n"),
        ("7 chars", "the password must have 8 to 256 characters; this one has 7\n"),
    ] {
        let ended = here.run_with(&line, password, &[]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(1), told));
    }
    here.add("stockapi", &["--username", "ada.lovelace"]);
    let set = ["user", "set-password", "--realm", "stockapi", "ada.lovelace", "--password-stdin"];
    assert_eq!(here.run_with(&set, "123456789", &[]).code, Some(1));
}

#[test]
fn what_is_kept_about_a_person_is_exported_without_any_hash() {
    let here = Deployment::new(FIVE);
    let id = here.add("stockapi", &["--username", "ada", "--email", "ada@example.com", "--phone", "+51 900-000-001"]);
    let server = here.serve();
    assert!(server.log_in("ada", "correct horse 9").is_some());
    let ended = here.run(&["user", "export", "--realm", "stockapi", "ada"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let exported: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&exported["account"]["id"], &exported["account"]["phone"]), (&id.into(), &"+51900000001".into()));
    assert_eq!(exported["sessions"].as_array().unwrap().len(), 1);
    assert!(exported["sessions"][0]["began_at"].is_string() && exported["sessions"][0]["ended_at"].is_null());
    assert!(!ended.out.contains("hash") && !ended.out.contains("$argon2"), "{}", ended.out);
}

#[test]
fn a_deleted_person_is_gone_from_a_running_server_too() {
    let here = Deployment::new(FIVE);
    let id = here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    let token = server.log_in("ada", "correct horse 9").unwrap();
    assert_eq!(server.me(&token), 200);
    let unsure = here.run(&["user", "delete", "--realm", "stockapi", "ada"]);
    assert_eq!(unsure.code, Some(2));
    assert!(unsure.err.contains("--yes"), "{}", unsure.err);
    let ended = here.run(&["user", "delete", "--realm", "stockapi", "ada", "--yes"]);
    assert_eq!((ended.code, ended.out), (Some(0), format!("{id} is deleted\n")));
    server.wait_until_refused(&token);
    assert_eq!(server.me(&token), 403);
    assert_eq!(server.log_in("ada", "correct horse 9"), None);
    assert_eq!(here.run(&["user", "show", "--realm", "stockapi", "ada"]).code, Some(1));
    here.add("stockapi", &["--username", "ada"]);
}

#[test]
fn a_restarted_server_still_knows_who_failed() {
    let here = Deployment::new(FIVE);
    here.add("stockapi", &["--username", "ada"]);
    let server = here.serve();
    for _ in 0..10 {
        assert_eq!(server.log_in("ada", "wrong"), None);
    }
    assert_eq!(server.stop("-TERM").0, Some(0));
    let server = here.serve();
    assert_eq!(server.log_in("ada", "correct horse 9"), None, "locked");
    assert_eq!(server.stop("-TERM").0, Some(0));
}
