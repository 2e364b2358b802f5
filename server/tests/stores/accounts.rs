//! Accounts.

use crate::support::{HOUR, NOW, begin, create, named, reread};
use relatch_dialects::Value;
use relatch_server::account::{AccountId, IdentifierKind, NewAccount, PasswordHash};
use relatch_server::store::{CodeHash, CodePurpose, EndReason, Store, StoreError};

pub(crate) async fn an_account_comes_back_as_it_was_created(store: &dyn Store) {
    let extension = Value::from(&serde_json::json!({ "puesto": { "id": 3, "nombre": "Jefa 🦀" }, "foto": null }));
    let new = NewAccount {
        username: Some("Ada".into()),
        email: Some("Ada@Example.com".into()),
        phone: Some("+51 900 000 001".into()),
        enabled: false,
        validated: false,
        roles: vec!["ADMIN".into(), "USER".into()],
        organization: Some("1".into()),
        memberships: vec!["7".into(), "42".into()],
        extension: extension.clone(),
        ..NewAccount::new("gatego", PasswordHash("$argon2id$…".into()))
    };
    let created = create(store, new).await;
    let read = reread(store, &created).await;
    assert_eq!(read, created);
    assert_eq!((read.username.as_deref(), read.email.as_deref()), (Some("Ada"), Some("Ada@Example.com")));
    assert_eq!(read.phone.as_deref(), Some("+51900000001"));
    assert_eq!((read.enabled, read.validated), (false, false));
    assert_eq!((read.roles.len(), read.memberships.len(), read.organization.as_deref()), (2, 2, Some("1")));
    assert_eq!((read.extension == extension, read.created_at_ms, read.password_changed_at_ms), (true, NOW, NOW));
}

pub(crate) async fn numbers_are_serial_within_a_realm_and_start_at_one(store: &dyn Store) {
    for (realm, name, number) in [("a", "ada", 1), ("a", "grace", 2), ("b", "ada", 1), ("a", "dora", 3)] {
        assert_eq!(create(store, named(realm, name)).await.number, number);
    }
}

pub(crate) async fn an_account_is_found_by_any_of_its_identifiers_in_any_spelling(store: &dyn Store) {
    let email = Some("ada@example.com".into());
    let ada = create(store, NewAccount { email, phone: Some("+51900000001".into()), ..named("a", "Ñandú") }).await;
    for text in ["ñandú", "ÑANDÚ", "ADA@example.com", "+51 900-000-001"] {
        let found = store.find_account("a", &IdentifierKind::ALL, text).await.unwrap();
        assert_eq!(found.map(|it| it.id), Some(ada.id), "{text}");
    }
    for text in ["", "nadie", "51900000001", "ada@example.com\0", "' OR 1=1 --"] {
        assert_eq!(store.find_account("a", &IdentifierKind::ALL, text).await.unwrap(), None, "{text}");
    }
}

pub(crate) async fn an_account_is_not_found_by_a_kind_that_was_not_asked_for(store: &dyn Store) {
    create(store, NewAccount { email: Some("ada@example.com".into()), ..named("a", "ada") }).await;
    let by_name = store.find_account("a", &[IdentifierKind::Username], "ada@example.com").await.unwrap();
    assert_eq!(by_name, None);
    assert!(store.find_account("a", &[IdentifierKind::Email], "ada@example.com").await.unwrap().is_some());
}

pub(crate) async fn an_account_is_not_found_from_another_realm(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    assert_eq!(store.account("b", ada.id).await.unwrap(), None);
    assert_eq!(store.find_account("b", &IdentifierKind::ALL, "ada").await.unwrap(), None);
    assert_eq!(store.list_accounts("b", 0, 10).await.unwrap(), []);
}

pub(crate) async fn one_text_never_finds_two_accounts_whatever_its_kind(store: &dyn Store) {
    create(store, NewAccount { email: Some("ada@example.com".into()), ..named("a", "ada") }).await;
    let thief = store.create_accounts(&[named("a", "ADA@example.com")], NOW).await;
    assert!(matches!(thief, Err(StoreError::Taken { position: 0, kind: IdentifierKind::Username })), "{thief:?}");
    let twin = NewAccount { email: Some("Ada@Example.com".into()), ..named("a", "grace") };
    let twin = store.create_accounts(&[named("a", "dora"), twin], NOW).await;
    assert!(matches!(twin, Err(StoreError::Taken { position: 1, kind: IdentifierKind::Email })), "{twin:?}");
}

pub(crate) async fn a_username_that_reads_as_a_phone_number_is_one_to_everybody_else(store: &dyn Store) {
    let dora = NewAccount { phone: Some("+51900000001".into()), ..named("a", "dora") };
    create(store, dora.clone()).await;
    let thief = store.create_accounts(&[named("a", "+51 900 000 001")], NOW).await;
    assert!(matches!(thief, Err(StoreError::Taken { kind: IdentifierKind::Username, .. })), "{thief:?}");
    let name = create(store, named("b", "+51 900 000 001")).await;
    let twin = store.create_accounts(&[NewAccount { realm: "b".into(), ..dora }], NOW).await;
    assert!(matches!(twin, Err(StoreError::Taken { kind: IdentifierKind::Phone, .. })), "{twin:?}");
    let found = store.find_account("b", &IdentifierKind::ALL, "+51 900 000 001").await.unwrap();
    assert_eq!(found.map(|it| it.id), Some(name.id));
    assert_eq!(store.find_account("b", &IdentifierKind::ALL, "+51900000001").await.unwrap(), None);
}

pub(crate) async fn an_account_may_have_its_email_as_its_username_too(store: &dyn Store) {
    let email = Some("ada@example.com".into());
    let ada = create(store, NewAccount { email, ..named("a", "Ada@example.com") }).await;
    for kind in [IdentifierKind::Username, IdentifierKind::Email] {
        let found = store.find_account("a", &[kind], "ada@example.com").await.unwrap();
        assert_eq!(found.map(|it| it.id), Some(ada.id));
    }
}

pub(crate) async fn accounts_are_created_all_or_none(store: &dyn Store) {
    create(store, named("a", "ada")).await;
    let three = [named("a", "grace"), named("a", "ada"), named("a", "dora")];
    assert!(matches!(store.create_accounts(&three, NOW).await, Err(StoreError::Taken { position: 1, .. })));
    assert_eq!(store.list_accounts("a", 0, 10).await.unwrap().len(), 1);
    let broken = NewAccount { phone: Some("nueve".into()), ..named("a", "grace") };
    assert!(matches!(store.create_accounts(&[broken], NOW).await, Err(StoreError::Identifier(_))));
    assert_eq!(create(store, named("a", "grace")).await.number, 2);
}

pub(crate) async fn a_list_goes_on_where_the_page_before_it_ended(store: &dyn Store) {
    let names = ["a", "b", "c", "d", "e"].map(|name| named("a", name));
    store.create_accounts(&names, NOW).await.unwrap();
    let mut seen = Vec::new();
    for after in [0, 2, 4, 5] {
        let page = store.list_accounts("a", after, 2).await.unwrap();
        seen.push(page.into_iter().map(|it| it.number).collect::<Vec<_>>());
    }
    assert_eq!(seen, [vec![1, 2], vec![3, 4], vec![5], vec![]]);
}

pub(crate) async fn disabling_ends_the_sessions_and_enabling_does_not_revive_them(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let session = begin(store, &ada).await;
    assert!(store.set_enabled(ada.id, false, NOW + 1).await.unwrap());
    assert!(!reread(store, &ada).await.enabled);
    assert!(store.set_enabled(ada.id, true, NOW + 2).await.unwrap());
    assert!(reread(store, &ada).await.enabled);
    let (session, _) = store.session("a", session).await.unwrap().unwrap();
    assert_eq!(session.ended, Some((NOW + 1, EndReason::Disabled)));
}

pub(crate) async fn a_new_password_ends_the_sessions(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let session = begin(store, &ada).await;
    assert!(store.set_password(ada.id, &PasswordHash("new".into()), NOW + HOUR).await.unwrap());
    let (session, read) = store.session("a", session).await.unwrap().unwrap();
    assert_eq!(session.ended, Some((NOW + HOUR, EndReason::PasswordChanged)));
    assert_eq!((read.password_hash, read.password_changed_at_ms), (PasswordHash("new".into()), NOW + HOUR));
}

pub(crate) async fn a_new_password_makes_letters_for_another_one_useless(store: &dyn Store) {
    let (ada, grace) = (create(store, named("a", "ada")).await, create(store, named("a", "grace")).await);
    let codes = [(&ada, CodePurpose::PasswordReset), (&ada, CodePurpose::Resend), (&grace, CodePurpose::PasswordReset)];
    let hash = |at: usize| CodeHash([at as u8; 32]);
    for (at, (account, purpose)) in codes.into_iter().enumerate() {
        store.put_code(account.id, purpose, hash(at), NOW, NOW + HOUR).await.unwrap();
    }
    store.set_password(ada.id, &PasswordHash("new".into()), NOW + 1).await.unwrap();
    let mut good = Vec::new();
    for (at, (_, purpose)) in codes.into_iter().enumerate() {
        good.push(store.code_account("a", purpose, hash(at), NOW + 2).await.unwrap().is_some());
    }
    assert_eq!(good, [false, true, true], "its own, for that purpose, and no others");
}

pub(crate) async fn an_account_that_is_not_there_cannot_be_changed(store: &dyn Store) {
    let nobody = AccountId::random();
    assert!(!store.set_enabled(nobody, false, NOW).await.unwrap());
    assert!(!store.set_password(nobody, &PasswordHash("new".into()), NOW).await.unwrap());
}
