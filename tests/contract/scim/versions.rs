//! A change on the server that was made after we looked is not written over, whether the server has versions or not (R28).

use emulators::scim::Habits;
use jiff::SignedDuration;
use rollcall::{
    account::Account,
    employee::Canonical,
    target::{Class, Patch, Target as _, scim::Profile},
    testing::builder::{account_id, attributes, by_plan, new_account},
};
use serde_json::json;

use super::{bearer, service, target, target_with_clock};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Returns a patch that moves a person to the circus, if the account is as it was seen.
fn circus(seen: &Account) -> Patch {
    to("Circus", seen)
}

fn to(department: &str, seen: &Account) -> Patch {
    Patch {
        id: seen.id.clone(),
        attributes: attributes(&[(Canonical::Department, department)]),
        active: None,
        external_id: None,
        version: seen.version.clone(),
        origin: by_plan("p-1"),
    }
}

/// Longer than a user who was read counts as just read.
const A_WHILE: SignedDuration = SignedDuration::from_secs(3);

/// A server that has versions and one that looks at none, one without any; and whether time passes between our look and our write.
#[tokio::test]
async fn r28_who_was_changed_since_we_looked_is_left_on_servers_without_versions_too() {
    let versionless = Habits {
        versionless: true,
        ..Habits::default()
    };
    let ignoring = Habits {
        ignores_versions: true,
        ..Habits::default()
    };
    for (habits, waits) in [
        (Habits::default(), false),
        (Habits::default(), true),
        (versionless, true),
        (ignoring, true),
    ] {
        let service = service(habits.clone()).await;
        let (target, clock) = target_with_clock(&service.base(), &Profile::GENERIC, bearer());
        let fields = [(Canonical::Email, "ana@acme.example"), (Canonical::JobTitle, "Cook")];
        let made = target
            .create(&account_id("1"), &new_account("1", &fields))
            .await
            .unwrap();
        for (edit, is_seen) in [
            (json!({ "title": "Duke" }), true),
            (json!({ ENTERPRISE: { "department": "Stable" } }), true),
            (json!({ "active": false }), true),
            (json!({ "externalId": "another:7:1" }), true),
            // Rollcall manages nothing of these edits, and loses nothing of them.
            (json!({ "locale": "de-AT" }), false),
            (json!({ "nickName": "Anita" }), false),
        ] {
            let seen = target.find_account(&made.id).await.unwrap().unwrap();
            service.edit(made.id.as_str(), edit.clone());
            if waits {
                clock.advance(A_WHILE);
            }
            let writes = service.writes();
            let department = if edit.get("nickName").is_some() {
                "Ring"
            } else {
                "Circus"
            };
            let answer = target.update(&[to(department, &seen)]).await;
            let class = answer.err().map(|error| error.class);
            assert_eq!(class, is_seen.then_some(Class::Changed), "{habits:?}, {waits}, {edit}");
            // A user who was just read is written with the version that was seen, and a server that guards versions says that there
            // is another. Where that one shows the same, it is asked again.
            let asked = usize::from(!waits) + usize::from(!is_seen);
            assert_eq!(service.writes(), writes + asked, "{habits:?}, {waits}, {edit}");
        }
        let user = &service.users()[0];
        assert_eq!((&user["title"], &user["locale"]), (&json!("Duke"), &json!("de-AT")));
        assert_eq!(
            (&user["nickName"], &user[ENTERPRISE]["department"]),
            (&json!("Anita"), &json!("Ring"))
        );
        service.stop().await;
    }
}

/// A server that was seen to guard versions needs no second look.
#[tokio::test]
async fn a_user_who_was_read_a_while_ago_is_read_again_unless_versions_were_seen_to_work() {
    let service = service(Habits::default()).await;
    let (target, clock) = target_with_clock(&service.base(), &Profile::GENERIC, bearer());
    let email = (Canonical::Email, "ana@acme.example");
    let made = target
        .create(&account_id("1"), &new_account("1", &[email]))
        .await
        .unwrap();
    // The first answer about a member is not believed before a user who was read has shown it.
    let seen = target.find_account(&made.id).await.unwrap().unwrap();
    target.update(&[to("Tent", &seen)]).await.unwrap();
    for (department, works, expected) in [
        ("Circus", false, ["GET", "PATCH"].as_slice()),
        ("Ring", true, &["PATCH"]),
    ] {
        let seen = target.find_account(&made.id).await.unwrap().unwrap();
        clock.advance(A_WHILE);
        assert_eq!(target.learned().versions_work, works);
        let before = service.asked().len();
        target.update(&[to(department, &seen)]).await.unwrap();
        let asked: Vec<String> = service
            .asked()
            .split_off(before)
            .into_iter()
            .map(|asked| asked.method)
            .collect();
        assert_eq!(asked, expected);
        // An edit right before a write shows that they do.
        let seen = target.find_account(&made.id).await.unwrap().unwrap();
        service.edit(made.id.as_str(), json!({ "active": false }));
        target.update(&[to("Stable", &seen)]).await.unwrap_err();
        service.edit(made.id.as_str(), json!({ "active": true }));
    }
    service.stop().await;
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

/// Versions guard the moment of the write where they can. One that is new at each reading, or is refused although it is right,
/// stops nothing, and is not named again (R28).
#[tokio::test]
async fn r28_a_version_that_moves_by_itself_stops_neither_a_change_nor_a_leaver() {
    for refuses_versions in [false, true] {
        let service = service(Habits {
            moving_versions: true,
            refuses_versions,
            ..Habits::default()
        })
        .await;
        let target = target(&service.base(), &Profile::GENERIC, bearer());
        let email = (Canonical::Email, "ana@acme.example");
        let made = target
            .create(&account_id("1"), &new_account("1", &[email]))
            .await
            .unwrap();
        let seen = target.find_account(&made.id).await.unwrap().unwrap();
        target.update(&[circus(&seen)]).await.unwrap();
        let seen = target.find_account(&made.id).await.unwrap().unwrap();
        let off = Patch {
            attributes: attributes(&[]),
            active: Some(false),
            ..circus(&seen)
        };
        assert!(!target.update(&[off]).await.unwrap()[0].active);
        assert_eq!(service.users()[0]["active"], json!(false));
        // Twice it was tried with a version, and then no more.
        let refused = service.asked().into_iter().filter(|asked| asked.status == 412).count();
        assert_eq!(refused, if refuses_versions { 2 } else { 0 });
        assert_eq!(target.learned().versions_fail, refuses_versions);
        service.stop().await;
    }
}

/// A version that is refused because the account was changed is no version that moves by itself.
#[tokio::test]
async fn r28_an_edit_between_our_look_and_our_write_is_left_whatever_versions_do() {
    let service = service(Habits {
        moving_versions: true,
        meddles: 1,
        ..Habits::default()
    })
    .await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let fields = [(Canonical::Email, "ana@acme.example"), (Canonical::JobTitle, "Cook")];
    let made = target
        .create(&account_id("1"), &new_account("1", &fields))
        .await
        .unwrap();
    let seen = target.find_account(&made.id).await.unwrap().unwrap();
    let error = target.update(&[circus(&seen)]).await.unwrap_err();
    assert_eq!(error.class, Class::Changed);
    assert_eq!(service.users()[0]["title"], "By Hand");
    assert!(!target.learned().versions_fail);
    service.stop().await;
}
