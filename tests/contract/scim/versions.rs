//! A change on the server that was made after we looked is not written over, whether the server has versions or not (R28).

use emulators::scim::Habits;
use rollcall::{
    account::Account,
    employee::Canonical,
    target::{Class, Patch, Target as _, scim::Profile},
    testing::builder::{account_id, attributes, by_plan, new_account},
};
use serde_json::{Value, json};

use super::{bearer, service, target};

/// Returns a patch that moves a person to the circus, if the account is as it was seen.
fn circus(seen: &Account) -> Patch {
    Patch {
        id: seen.id.clone(),
        attributes: attributes(&[(Canonical::Department, "Circus")]),
        active: None,
        external_id: None,
        version: seen.version.clone(),
        origin: by_plan("p-1"),
    }
}

#[tokio::test]
async fn r28_who_was_changed_since_we_looked_is_left_on_servers_without_versions_too() {
    for versionless in [false, true] {
        let service = service(Habits {
            versionless,
            ..Habits::default()
        })
        .await;
        let target = target(&service.base(), &Profile::GENERIC, bearer());
        let email = (Canonical::Email, "ana@acme.example");
        let made = target
            .create(&account_id("1"), &new_account("1", &[email]))
            .await
            .unwrap();
        for (edit, is_seen) in [
            (json!({ "title": "Duke" }), true),
            (json!({ "active": false }), true),
            (json!({ "externalId": "another:7:1" }), true),
            // Rollcall manages nothing of this edit. Only a version shows it, and where the server has no version nothing is
            // lost.
            (json!({ "locale": "de-AT" }), !versionless),
        ] {
            let seen = target.find_account(&made.id).await.unwrap().unwrap();
            service.edit(made.id.as_str(), edit.clone());
            let writes = service.writes();
            let answer = target.update(&[circus(&seen)]).await;
            let class = answer.err().map(|error| error.class);
            assert_eq!(class, is_seen.then_some(Class::Changed), "{versionless}, {edit}");
            // A server with versions is asked to write over none but the one that was seen, and says that there is another.
            let is_asked = !is_seen || !versionless;
            assert_eq!(
                service.writes(),
                writes + usize::from(is_asked),
                "{versionless}, {edit}"
            );
        }
        let user = &service.users()[0];
        assert_eq!((&user["title"], &user["locale"]), (&json!("Duke"), &json!("de-AT")));
        let department = &user["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]["department"];
        assert_eq!(*department == Value::Null, !versionless);
        service.stop().await;
    }
}

/// A target's own substitute for a version is never sent, whatever the server says of itself.
#[tokio::test]
async fn a_server_without_versions_is_sent_none() {
    let service = service(Habits::default()).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let email = (Canonical::Email, "ana@acme.example");
    let made = target
        .create(&account_id("1"), &new_account("1", &[email]))
        .await
        .unwrap();
    // The server has said that it has versions; now its users show none.
    service.change_habits(|habits| habits.versionless = true);
    let seen = target.find_account(&made.id).await.unwrap().unwrap();
    target.update(&[circus(&seen)]).await.unwrap();
    service.stop().await;
}
