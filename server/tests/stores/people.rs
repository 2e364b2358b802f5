//! One person's password and data, and the kinds of hashes that a realm has.

use crate::support::{HOUR, NOW, begin, create, named, reread};
use relatch_server::account::{NewAccount, PasswordHash};
use relatch_server::store::{CodeHash, CodePurpose, EndReason, Store};

const BCRYPT: &str = "$2b$10$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
const ARGON2: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
const BCRYPT_KIND: &str = "$2b$10$";
const ARGON2_KIND: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

fn with_hash(username: &str, hash: &str) -> NewAccount {
    NewAccount { password_hash: PasswordHash(hash.into()), ..named("a", username) }
}

async fn kinds(store: &dyn Store, realm: &str) -> Vec<String> {
    let mut kinds = store.password_kinds(realm).await.unwrap();
    kinds.sort();
    kinds
}

pub(crate) async fn the_kinds_of_a_realms_hashes_are_those_that_its_accounts_have_now(store: &dyn Store) {
    assert!(kinds(store, "a").await.is_empty());
    let ada = create(store, with_hash("ada", BCRYPT)).await;
    let grace = create(store, with_hash("grace", BCRYPT)).await;
    create(store, NewAccount { password_hash: PasswordHash(ARGON2.into()), ..named("b", "ada") }).await;
    assert_eq!(kinds(store, "a").await, [BCRYPT_KIND]);
    assert!(store.set_password(ada.id, &PasswordHash(ARGON2.into()), NOW).await.unwrap());
    assert_eq!(kinds(store, "a").await, [BCRYPT_KIND, ARGON2_KIND]);
    assert!(store.delete_account(grace.id).await.unwrap());
    assert_eq!(kinds(store, "a").await, [ARGON2_KIND]);
    assert_eq!(kinds(store, "b").await, [ARGON2_KIND]);
}

pub(crate) async fn a_new_hash_of_the_same_password_keeps_sessions_and_loses_against_a_change(store: &dyn Store) {
    let ada = create(store, with_hash("ada", BCRYPT)).await;
    let session = begin(store, &ada).await;
    assert!(store.rehash(&ada, &PasswordHash(ARGON2.into())).await.unwrap());
    let now = reread(store, &ada).await;
    assert_eq!((now.password_hash.0.as_str(), now.password_changed_at_ms), (ARGON2, ada.password_changed_at_ms));
    assert_eq!(store.session("a", session).await.unwrap().unwrap().0.ended, None);
    assert!(!store.rehash(&ada, &PasswordHash("$2b$…".into())).await.unwrap(), "the hash is another one by now");
    assert_eq!(reread(store, &ada).await.password_hash.0, ARGON2);
}

pub(crate) async fn of_two_changes_that_were_checked_against_one_password_the_first_holds(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let hash = |text: &str| PasswordHash(text.into());
    // In the millisecond in which the account was made, too.
    assert!(store.change_password(&ada, &hash("first"), ada.password_changed_at_ms).await.unwrap());
    assert!(!store.change_password(&ada, &hash("second"), NOW + 1).await.unwrap());
    let read = reread(store, &ada).await;
    assert_eq!(read.password_hash, hash("first"));
    assert!(store.rehash(&read, &hash("first, dearer")).await.unwrap());
    assert!(store.change_password(&read, &hash("third"), NOW + 1).await.unwrap(), "it is the same password");
    assert!(store.set_password(ada.id, &hash("an operator's"), NOW).await.unwrap(), "without regard to what was");
}

pub(crate) async fn of_two_with_one_reset_code_one_sets_a_password_and_the_code_goes_with_it(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let (reset, code) = (CodePurpose::PasswordReset, CodeHash([1; 32]));
    store.put_code(ada.id, reset, code, NOW, NOW + HOUR).await.unwrap();
    let found = store.code_account("a", reset, code, NOW).await.unwrap().unwrap();
    let (first, second) = (PasswordHash("first".into()), PasswordHash("second".into()));
    let (one, other) =
        tokio::join!(store.change_password(&found, &first, NOW), store.change_password(&found, &second, NOW));
    assert!(one.unwrap() != other.unwrap());
    assert_eq!(store.code_account("a", reset, code, NOW).await.unwrap(), None);
}

pub(crate) async fn a_deleted_account_leaves_nothing_behind(store: &dyn Store) {
    let ada = create(store, NewAccount { email: Some("ada@example.com".into()), ..named("a", "ada") }).await;
    let session = begin(store, &ada).await;
    store.put_code(ada.id, CodePurpose::Validation, CodeHash([1; 32]), NOW, NOW + HOUR).await.unwrap();
    assert!(store.delete_account(ada.id).await.unwrap());
    assert!(!store.delete_account(ada.id).await.unwrap());
    assert_eq!(store.account("a", ada.id).await.unwrap(), None);
    assert!(store.session("a", session).await.unwrap().is_none());
    assert!(store.sessions_of("a", ada.id, 10).await.unwrap().is_empty());
    assert_eq!(store.code_account("a", CodePurpose::Validation, CodeHash([1; 32]), NOW).await.unwrap(), None);
    // Its names are free again.
    let again = create(store, NewAccount { email: Some("ada@example.com".into()), ..named("a", "ada") }).await;
    assert_ne!(again.id, ada.id);
}

pub(crate) async fn the_sessions_of_one_account_are_told_with_how_they_ended(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let (first, second) = (begin(store, &ada).await, begin(store, &ada).await);
    store.end_session(second, EndReason::LoggedOut, NOW + 1).await.unwrap();
    let records = store.sessions_of("a", ada.id, 10).await.unwrap();
    assert_eq!(records.len(), 2);
    let of = |id| records.iter().find(|it| it.id == id).unwrap();
    assert_eq!((of(first).created_at_ms, of(first).expires_at_ms, of(first).ended), (NOW, NOW + HOUR, None));
    assert_eq!(of(second).ended, Some((NOW + 1, EndReason::LoggedOut)));
}
