//! The profile: written once and told again, and never again after what it tells has changed.

use crate::support::{World, speech};
use relatch_dialects::DOCUMENTS;

#[tokio::test]
async fn a_profile_shows_the_account_as_it_is_now_however_often_it_was_told() {
    for realm in ["gatego", "integra", "stockapi", "investgo"] {
        let world = World::new().await;
        let token = world.token(realm, "ada").await;
        let first = world.profile(realm, &token).await;
        assert_eq!(world.profile(realm, &token).await.body, first.body);
        assert_eq!(world.profile(realm, &world.token(realm, "ada").await).await.body, first.body, "in each session");
        assert_ne!(world.profile(realm, &world.token(realm, "grace").await).await.body, first.body);
        let renamed = "UPDATE accounts SET email = 'new@example.com', roles = '[]', \
                       extension = replace(extension, 'Ada', 'Augusta') WHERE username = 'ada'";
        world.edit(renamed).await;
        // By a statement that this process makes, which is heard of at once.
        world.set_enabled(realm, "ada", true).await;
        world.set_enabled(realm, "ada", false).await;
        world.set_enabled(realm, "ada", true).await;
        let token = world.token(realm, "ada").await;
        let after = world.profile(realm, &token).await;
        assert_eq!(after.status, 200, "{realm}");
        assert_ne!(after.body, first.body, "{realm}");
    }
}

#[tokio::test]
async fn a_profile_is_of_the_organization_that_is_asked_for_each_time() {
    let world = World::new().await;
    let (token, path) = (world.token("gatego", "ada").await, speech("gatego").profile_path());
    let own = world.profile("gatego", &token).await;
    for organization in ["42", "43", "42"] {
        let got = world.get(&path).bearer(&token).header("organization_id", organization).send().await;
        assert_eq!((got.status, got.text("organization_id")), (200, organization.to_owned()));
        assert_eq!(world.profile("gatego", &token).await.body, own.body);
    }
}

#[tokio::test]
async fn a_profile_that_tells_the_time_or_the_trace_is_written_each_time() {
    let world = World::new().await;
    let (_, text) = DOCUMENTS.iter().find(|(name, _)| *name == "gatego").expect("the document");
    let mut document: serde_json::Value = serde_json::from_str(text).expect("JSON");
    document["operations"]["profile"]["answers"][0]["json"] =
        serde_json::json!({ "user": "{user}", "trace": "{trace_id}" });
    let server = world.speaking(&document).await;
    let speech = speech("gatego");
    let session =
        server.post(&speech.login_path()).json(speech.credentials("ada", crate::support::PASSWORD)).send().await;
    let token = session.text("access_token");
    let ask = async || server.get(&speech.profile_path()).bearer(&token).send().await;
    let (one, other) = (ask().await, ask().await);
    assert_eq!((one.status, one.text("trace").len()), (200, 16), "{one:?}");
    assert_ne!(one.text("trace"), other.text("trace"));
}
