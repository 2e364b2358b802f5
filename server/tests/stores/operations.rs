//! The operator's side of a store.

use crate::support::{HOUR, NOW, begin, create, named, reread};
use relatch_server::account::{Account, AccountId, PasswordHash};
use relatch_server::audit::{Action, Actor, AuditEntry, AuditOutcome, AuditQuery, AuditRecord, Channel};
use relatch_server::store::{CodeHash, CodePurpose, EndReason, Retirement, SessionId, SigningKey, Store};
use zeroize::Zeroizing;

pub(crate) async fn an_accounts_sessions_are_listed_within_its_realm_and_no_others(store: &dyn Store) {
    let (ada, grace) = (create(store, named("a", "ada")).await, create(store, named("a", "grace")).await);
    let (first, second) = (begin(store, &ada).await, begin(store, &ada).await);
    begin(store, &grace).await;
    let listed = store.sessions_of("a", ada.id, 10).await.unwrap();
    let mut ids: Vec<_> = listed.iter().map(|it| it.id).collect();
    ids.sort_by_key(|it| it.0);
    let mut expected = vec![first, second];
    expected.sort_by_key(|it| it.0);
    assert_eq!(ids, expected);
    assert_eq!(store.sessions_of("a", ada.id, 1).await.unwrap().len(), 1);
    assert!(store.sessions_of("b", ada.id, 10).await.unwrap().is_empty());
}

fn entry(realm: &str, account: AccountId) -> AuditEntry {
    AuditEntry {
        actor: Actor { channel: Channel::AdminApi, name: "ops".into(), address: Some("::1".into()) },
        action: Action::UserDisable,
        outcome: AuditOutcome::Done,
        realm: Some(realm.into()),
        account: Some(account),
        detail: Some("why".into()),
    }
}

pub(crate) async fn the_audit_log_is_read_from_its_newest_entry_and_page_by_page(store: &dyn Store) {
    let (ada, grace) = (AccountId::random(), AccountId::random());
    for (at, account) in [ada, grace, ada, ada].into_iter().enumerate() {
        let realm = if at == 3 { "b" } else { "a" };
        let number = store.append_audit(&entry(realm, account), NOW + at as i64).await.unwrap();
        assert_eq!(number, at as u64 + 1);
    }
    let read = async |query: AuditQuery| -> Vec<u64> {
        store.audit_log(&query).await.unwrap().iter().map(|it| it.number).collect()
    };
    let all = AuditQuery { limit: 10, ..AuditQuery::default() };
    assert_eq!(read(all.clone()).await, [4, 3, 2, 1]);
    assert_eq!(read(AuditQuery { limit: 2, ..all.clone() }).await, [4, 3]);
    assert_eq!(read(AuditQuery { before: Some(3), ..all.clone() }).await, [2, 1]);
    assert_eq!(read(AuditQuery { realm: Some("a".into()), ..all.clone() }).await, [3, 2, 1]);
    assert_eq!(read(AuditQuery { account: Some(ada), ..all.clone() }).await, [4, 3, 1]);
    let newest = store.audit_log(&all).await.unwrap().remove(0);
    assert_eq!((newest.at_ms, newest.account, newest.realm.as_deref()), (NOW + 3, Some(ada), Some("b")));
    let texts = [&newest.channel, &newest.actor, &newest.action, &newest.outcome].map(String::as_str);
    assert_eq!(texts, ["admin-api", "ops", "user.disable", "done"]);
    assert_eq!((newest.address.as_deref(), newest.detail.as_deref()), (Some("::1"), Some("why")));
}

/// The entries that an act left behind, after it was carried out on the record.
async fn entries_of<T>(store: &dyn Store, act: impl AsyncFnOnce(Box<dyn Store>) -> T) -> (T, Vec<AuditRecord>) {
    let all = AuditQuery { limit: 1000, ..AuditQuery::default() };
    let before = store.audit_log(&all).await.unwrap().len();
    let plain = AuditEntry { account: None, detail: None, ..entry("a", AccountId::random()) };
    let done = act(store.recording(plain, NOW + 7)).await;
    let mut log = store.audit_log(&all).await.unwrap();
    log.truncate(log.len() - before);
    (done, log)
}

fn one(log: &[AuditRecord]) -> &AuditRecord {
    assert_eq!(log.len(), 1, "{log:?}");
    let one = log.first().unwrap();
    assert_eq!((one.at_ms, one.outcome.as_str(), one.actor.as_str()), (NOW + 7, "done", "ops"));
    one
}

pub(crate) async fn what_changes_on_the_record_leaves_one_entry(store: &dyn Store) {
    let new = [named("a", "ada")];
    let (created, log) = entries_of(store, async |it| it.create_accounts(&new, NOW).await).await;
    let ada = created.unwrap().remove(0);
    assert_eq!(one(&log).account, Some(ada.id), "the account that was made is named");
    let two = [named("a", "b"), named("a", "c")];
    let (_, log) = entries_of(store, async |it| it.create_accounts(&two, NOW).await.unwrap()).await;
    assert_eq!(one(&log).account, None);
    let first = begin(store, &ada).await;
    let (_, log) = entries_of(store, async |it| it.end_session(first, EndReason::SignedOut, NOW).await.unwrap()).await;
    one(&log);
    begin(store, &ada).await;
    let (_, log) =
        entries_of(store, async |it| it.end_sessions(ada.id, EndReason::SignedOut, NOW).await.unwrap()).await;
    one(&log);
    begin(store, &ada).await;
    let (_, log) = entries_of(store, async |it| it.end_every_session(EndReason::Restored, NOW).await.unwrap()).await;
    one(&log);
    let (_, log) = entries_of(store, async |it| it.set_enabled(ada.id, false, NOW).await.unwrap()).await;
    one(&log);
    let hash = PasswordHash("new".into());
    let (_, log) = entries_of(store, async |it| it.set_password(ada.id, &hash, NOW).await.unwrap()).await;
    one(&log);
    let code = CodeHash([1; 32]);
    store.put_code(ada.id, CodePurpose::Validation, code, NOW, NOW + HOUR).await.unwrap();
    let (_, log) = entries_of(store, async |it| it.validate_account(ada.id, code, NOW).await.unwrap()).await;
    one(&log);
    let again = reread(store, &ada).await;
    let (_, log) = entries_of(store, async |it| it.change_password(&again, &hash, NOW).await.unwrap()).await;
    one(&log);
    let (_, log) = entries_of(store, async |it| it.delete_account(ada.id).await.unwrap()).await;
    one(&log);
    let key = |id: &str| SigningKey::new(id, "HS256", Zeroizing::new(vec![1; 64]), NOW);
    store.ensure_signing_key("a", key("first"), NOW).await.unwrap();
    let rotated =
        async |it: Box<dyn Store>| it.rotate_signing_key("a", key("second"), NOW, NOW + HOUR, None).await.unwrap();
    assert_eq!(one(&entries_of(store, rotated).await.1).detail.as_deref(), Some("key second"));
    let (_, log) = entries_of(store, async |it| it.retire_signing_key("a", "first", NOW, false).await.unwrap()).await;
    one(&log);
}

pub(crate) async fn what_changes_nothing_leaves_no_entry(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let (nobody, nothing) = (AccountId::random(), SessionId::random());
    let taken = [named("a", "grace"), named("a", "ada")];
    let hash = PasswordHash("new".into());
    let (_, log) = entries_of(store, async |it| {
        assert!(it.create_accounts(&taken, NOW).await.is_err());
        assert!(it.create_accounts(&[], NOW).await.unwrap().is_empty());
        assert!(!it.set_enabled(nobody, false, NOW).await.unwrap());
        assert!(!it.set_password(nobody, &hash, NOW).await.unwrap());
        let stale = Account { password_changed_at_ms: NOW - 1, ..ada.clone() };
        assert!(!it.change_password(&stale, &hash, NOW).await.unwrap());
        assert!(!it.validate_account(ada.id, CodeHash([1; 32]), NOW).await.unwrap());
        assert!(!it.delete_account(nobody).await.unwrap());
        assert!(!it.end_session(nothing, EndReason::Theft, NOW).await.unwrap());
        assert_eq!(it.end_sessions(ada.id, EndReason::SignedOut, NOW).await.unwrap(), 0);
        assert_eq!(it.end_every_session(EndReason::Restored, NOW).await.unwrap(), 0);
        assert_eq!(it.retire_signing_key("a", "none", NOW, false).await.unwrap(), Retirement::Refused);
    })
    .await;
    assert!(log.is_empty(), "{log:?}");
    // And the store itself records nothing for having been asked to once.
    store.set_enabled(ada.id, false, NOW).await.unwrap();
    assert!(store.audit_log(&AuditQuery { limit: 1, ..AuditQuery::default() }).await.unwrap().is_empty());
}

pub(crate) async fn of_many_that_end_one_session_on_the_record_one_leaves_an_entry(store: &dyn Store) {
    let ada = create(store, named("a", "ada")).await;
    let session = begin(store, &ada).await;
    let (ended, log) = entries_of(store, async |it| {
        let end = || it.end_session(session, EndReason::Theft, NOW);
        let (a, b, c) = tokio::join!(end(), end(), end());
        [a, b, c].into_iter().filter(|it| *it.as_ref().unwrap()).count()
    })
    .await;
    assert_eq!(ended, 1);
    one(&log);
}

pub(crate) async fn a_store_that_works_answers_when_it_is_asked(store: &dyn Store) {
    store.ping().await.unwrap();
}
