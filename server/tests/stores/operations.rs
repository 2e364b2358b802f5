//! The operator's side of a store.

use crate::support::{NOW, begin, create, named};
use relatch_server::account::AccountId;
use relatch_server::audit::{Action, Actor, AuditEntry, AuditOutcome, AuditQuery, Channel};
use relatch_server::store::Store;

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

pub(crate) async fn a_store_that_works_answers_when_it_is_asked(store: &dyn Store) {
    store.ping().await.unwrap();
}
