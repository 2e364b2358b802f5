//! Codes.

use crate::support::{HOUR, NOW, create, named, reread};
use relatch_server::account::{Account, NewAccount};
use relatch_server::store::{CodeHash, CodePurpose, Store};

const VALIDATION: CodePurpose = CodePurpose::Validation;
const RESEND: CodePurpose = CodePurpose::Resend;

fn code(byte: u8) -> CodeHash {
    CodeHash([byte; 32])
}

async fn nova(store: &dyn Store) -> Account {
    create(store, NewAccount { validated: false, ..named("a", "nova") }).await
}

pub(crate) async fn a_code_is_good_for_its_purpose_in_its_realm_until_it_expires(store: &dyn Store) {
    let nova = nova(store).await;
    store.put_code(nova.id, RESEND, code(1), NOW, NOW + HOUR).await.unwrap();
    let found = store.code_account("a", RESEND, code(1), NOW + HOUR - 1).await.unwrap();
    assert_eq!(found, Some(nova));
    for (realm, purpose, byte, now_ms) in
        [("b", RESEND, 1, NOW), ("a", VALIDATION, 1, NOW), ("a", RESEND, 2, NOW), ("a", RESEND, 1, NOW + HOUR)]
    {
        assert_eq!(store.code_account(realm, purpose, code(byte), now_ms).await.unwrap(), None);
    }
}

pub(crate) async fn an_account_may_have_several_codes_and_validating_uses_them_all_up(store: &dyn Store) {
    let nova = nova(store).await;
    for (purpose, byte) in [(VALIDATION, 1), (VALIDATION, 2), (RESEND, 3)] {
        store.put_code(nova.id, purpose, code(byte), NOW, NOW + HOUR).await.unwrap();
    }
    assert!(store.validate_account(nova.id, code(1), NOW).await.unwrap());
    assert!(reread(store, &nova).await.validated);
    assert!(!store.validate_account(nova.id, code(2), NOW).await.unwrap());
    assert_eq!(store.code_account("a", RESEND, code(3), NOW).await.unwrap(), None);
}

pub(crate) async fn a_resend_code_or_an_expired_one_or_one_of_another_account_validates_nothing(store: &dyn Store) {
    let nova = nova(store).await;
    let other = create(store, NewAccount { validated: false, ..named("a", "otra") }).await;
    store.put_code(nova.id, RESEND, code(1), NOW, NOW + HOUR).await.unwrap();
    store.put_code(nova.id, VALIDATION, code(2), NOW, NOW + HOUR).await.unwrap();
    assert!(!store.validate_account(nova.id, code(1), NOW).await.unwrap());
    assert!(!store.validate_account(nova.id, code(2), NOW + HOUR).await.unwrap());
    assert!(!store.validate_account(other.id, code(2), NOW).await.unwrap());
    assert!(!reread(store, &nova).await.validated && !reread(store, &other).await.validated);
}
