//! What the refusals of a server teach: something of an attribute only where the same user took something else, and of a form of
//! writing only where it has worked.

use emulators::scim::{Changes, Habits, UserNames};
use rollcall::{
    account::Account,
    employee::Canonical::{Department, DisplayName, Email, FirstName, JobTitle, LastName, Manager, MobilePhone},
    target::{Class, Target as _, scim::Profile},
    testing::builder::attributes,
};
use serde_json::{Value, json};

use super::forms::{EMAIL, MANAGER, Scene, names};

/// Makes people on a service, whose login names are returned with them.
async fn people(scene: &Scene, employees: &[&str]) -> (Vec<Account>, Vec<String>) {
    let mut made = Vec::new();
    for employee in employees {
        made.push(scene.make(employee).await);
    }
    let names = employees.iter().map(|employee| format!("{employee}@acme.example"));
    (made, names.collect())
}

/// Another process, which has seen the server take nothing of anybody.
fn in_another_process(scene: Scene) -> Scene {
    let target = super::target(&scene.service.base(), &Profile::GENERIC, super::bearer());
    target.recall(scene.target.learned());
    Scene { target, ..scene }
}

#[tokio::test]
async fn a_credential_that_may_not_write_one_attribute_writes_all_others() {
    for status in [401, 403] {
        let scene = Scene::with(Habits {
            refuses_attributes: vec!["title".into()],
            refuses_attributes_with: Some(status),
            ..Habits::default()
        })
        .await;
        let ana = scene.change(&[(JobTitle, "Cook"), (Department, "Kitchen")]).await;
        assert_eq!((ana.value(JobTitle), ana.value(Department)), (None, Some("Kitchen")));
        let detail = format!("status {status} for this alone");
        assert_eq!(names(&scene.refusals()), [("title", detail.as_str())]);

        // As any refusal, it is remembered once it is several people's.
        for employee in ["2", "3"] {
            let made = scene.make(employee).await;
            scene.set(&made, attributes(&[(JobTitle, "Cook")]), None).await.unwrap();
        }
        assert!(scene.target.learned().is_refused("title"), "{status}");
        scene.service.stop().await;
    }
}

#[tokio::test]
async fn a_new_user_is_made_without_what_the_credential_may_not_write() {
    let habits = Habits {
        refuses_attributes: vec!["title".into()],
        refuses_attributes_with: Some(403),
        ..Habits::default()
    };
    let scene = Scene::of(habits, &[EMAIL, (JobTitle, "Cook"), (Department, "Kitchen")]).await;
    assert_eq!(
        (scene.ana.value(JobTitle), scene.ana.value(Department)),
        (None, Some("Kitchen"))
    );
    assert_eq!(names(&scene.refusals()), [("title", "status 403 for this alone")]);
    scene.service.stop().await;
}

#[tokio::test]
async fn users_who_take_nothing_condemn_no_attribute() {
    let scene = Scene::with(Habits::default()).await;
    let (fixed, logins) = people(&scene, &["2", "3", "4", "5"]).await;
    let scene = in_another_process(scene);
    scene.service.change_habits(|habits| habits.fixes = logins);
    for account in &fixed {
        let fields = attributes(&[(JobTitle, "Cook"), (Department, "Kitchen")]);
        scene.set(account, fields, None).await.unwrap();
        assert_eq!(scene.target.take_refusals(&account.id).len(), 2);
    }
    for path in [
        "title",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
    ] {
        assert!(!scene.target.learned().is_refused(path), "{path}");
    }
    let ana = scene.change(&[(JobTitle, "Cook")]).await;
    assert_eq!(ana.value(JobTitle), Some("Cook"));
    scene.service.stop().await;
}

#[tokio::test]
async fn an_attribute_that_breaks_is_condemned_once_it_broke_for_several_users_who_took_others() {
    let scene = Scene::with(Habits::default()).await;
    let (made, _) = people(&scene, &["2", "3", "4", "5", "6", "7"]).await;
    let scene = in_another_process(scene);
    scene
        .service
        .change_habits(|habits| habits.fails_changes = vec!["manager".into()]);
    let boss = scene.ana.id.as_str();
    // Nothing else of these is written in the same pass: that may be theirs alone.
    for account in &made[..3] {
        scene.set(account, attributes(&[(Manager, boss)]), None).await.unwrap();
        assert_eq!(
            names(&scene.target.take_refusals(&account.id)),
            [(MANAGER, "status 500")]
        );
    }
    assert!(!scene.target.learned().is_refused(MANAGER));
    for account in &made[3..] {
        assert!(!scene.target.learned().is_refused(MANAGER));
        let fields = attributes(&[(Manager, boss), (JobTitle, "Cook")]);
        let changed = scene.set(account, fields, None).await.unwrap();
        assert_eq!((changed.value(JobTitle), changed.value(Manager)), (Some("Cook"), None));
    }
    assert!(scene.target.learned().is_refused(MANAGER));
    scene.service.stop().await;
}

/// A server that says 405 to `PATCH` and then refuses the `PUT` has not shown that it takes `PUT`.
#[tokio::test]
async fn a_form_of_writing_is_learnt_only_where_it_worked() {
    let scene = Scene::with(Habits::default()).await;
    scene.service.change_habits(|habits| {
        habits.changes = Changes::PutNotAllowed;
        habits.forbids = vec!["ana@acme.example".into()];
        habits.forbids_with = Some(400);
    });
    let error = scene
        .set(&scene.ana, attributes(&[(JobTitle, "Cook")]), None)
        .await
        .unwrap_err();
    assert_eq!(error.class, Class::Refused);
    scene.service.change_habits(|habits| *habits = Habits::default());
    let before = scene.service.asked().len();
    scene.change(&[(JobTitle, "Cook")]).await;
    let methods: Vec<String> = scene
        .service
        .asked()
        .split_off(before)
        .into_iter()
        .map(|asked| asked.method)
        .collect();
    assert!(
        methods.contains(&"PATCH".to_owned()) && !methods.contains(&"PUT".to_owned()),
        "{methods:?}"
    );
    scene.service.stop().await;
}

/// Where `PUT` is all that a server takes, one refused value shows that as well.
#[tokio::test]
async fn a_refused_value_at_a_server_that_only_replaces_is_named() {
    let scene = Scene::with(Habits {
        changes: Changes::PutNotAllowed,
        refuses_attributes: vec!["title".into()],
        ..Habits::default()
    })
    .await;
    scene.change(&[(JobTitle, "Cook")]).await;
    assert_eq!(names(&scene.refusals()), [("title", "status 400, invalidValue")]);
    scene.service.stop().await;
}

/// A user without an address gets one; a server that takes no kinds of addresses takes the address alone.
#[tokio::test]
async fn parts_of_an_address_that_are_refused_in_a_change_are_left_out_of_it() {
    for changes in [Changes::Both, Changes::PutNotImplemented] {
        let scene = Scene::with(Habits {
            changes,
            ..Habits::default()
        })
        .await;
        scene.service.edit(scene.ana.id.as_str(), json!({ "emails": null }));
        scene.service.change_habits(|habits| {
            habits.refuses_attributes = vec!["emails.type".into(), "emails.primary".into()];
        });
        let ana = scene.change(&[(Email, "ana.ruiz@acme.example")]).await;
        assert_eq!(ana.value(Email), Some("ana.ruiz@acme.example"), "{changes:?}");
        assert_eq!(
            scene.user()["emails"],
            json!([{ "value": "ana.ruiz@acme.example" }]),
            "{changes:?}"
        );
        assert!(scene.refusals().is_empty());
        scene.service.stop().await;
    }
}

/// A server that has to have a name to show gets one made of the names. It follows them while nobody has given another one.
#[tokio::test]
async fn a_name_to_show_that_was_made_of_the_names_follows_them() {
    let fields = [EMAIL, (FirstName, "Ana"), (LastName, "Ruiz")];
    for (by_hand, sent, expected) in [
        (Value::Null, None, "Ana Soto"),
        (json!("Anita"), None, "Anita"),
        (Value::Null, Some("Dr. Soto"), "Dr. Soto"),
    ] {
        let scene = Scene::at(&Profile::AWS_IDENTITY_CENTER, Habits::default(), &fields).await;
        assert_eq!(scene.user()["displayName"], "Ana Ruiz");
        if by_hand.is_string() {
            scene
                .service
                .edit(scene.ana.id.as_str(), json!({ "displayName": by_hand }));
        }
        let mut change = vec![(LastName, "Soto")];
        change.extend(sent.map(|name| (DisplayName, name)));
        scene.change(&change).await;
        assert_eq!(scene.user()["displayName"], expected);
        scene.service.stop().await;
    }
    // Where names to show are HR's, they change with HR only.
    let shown = [EMAIL, (FirstName, "Ana"), (LastName, "Ruiz"), (DisplayName, "Ana Ruiz")];
    let scene = Scene::at(&Profile::AWS_IDENTITY_CENTER, Habits::default(), &shown).await;
    scene.change(&[(LastName, "Soto")]).await;
    assert_eq!(scene.user()["displayName"], "Ana Ruiz");
    scene.service.stop().await;
}

/// A server that says done and keeps the login is told of: no attribute shows a login.
#[tokio::test]
async fn a_login_that_is_not_kept_is_named_and_the_address_is_written() {
    let scene = Scene::with(Habits {
        user_names: UserNames::Kept,
        ..Habits::default()
    })
    .await;
    let ana = scene.change(&[(Email, "ana.ruiz@acme.example")]).await;
    assert_eq!(ana.value(Email), Some("ana.ruiz@acme.example"));
    assert_eq!(scene.user()["userName"], "ana@acme.example");
    let told = [("userName", "it says done, and keeps the one before")];
    assert_eq!(names(&scene.refusals()), told);
    scene.service.stop().await;
}

/// What a server says of itself is believed again once it is true.
#[tokio::test]
async fn a_server_whose_users_move_to_where_it_says_is_found_there() {
    let scene = Scene::with(Habits {
        endpoint: Some("/People".into()),
        ..Habits::default()
    })
    .await;
    assert_eq!(scene.target.learned().is_not_at.as_deref(), Some("/People"));
    scene
        .service
        .change_habits(|habits| habits.home = Some("People".into()));
    let scene = in_another_process(scene);
    let ana = scene.change(&[(JobTitle, "Cook")]).await;
    assert_eq!(ana.value(JobTitle), Some("Cook"));
    assert_eq!(scene.target.learned().is_not_at, None);
    scene.service.stop().await;
}

/// Schemas are a hint: what they do not have is tried by itself before it counts as refused.
#[tokio::test]
async fn what_the_schemas_do_not_have_and_the_server_keeps_is_written() {
    let habits = Habits {
        untold: vec!["title".into()],
        refuses_attributes: vec!["phoneNumbers".into()],
        ..Habits::default()
    };
    let fields = [EMAIL, (JobTitle, "Cook"), (MobilePhone, "+34600000001")];
    let scene = Scene::of(habits, &fields).await;
    assert_eq!(
        (scene.ana.value(JobTitle), scene.ana.value(MobilePhone)),
        (Some("Cook"), None)
    );
    for employee in ["2", "3", "4"] {
        let made = scene.make(employee).await;
        let fields = [
            (JobTitle, "Waiter"),
            (MobilePhone, "+34600000002"),
            (Department, "Kitchen"),
        ];
        let made = scene.set(&made, attributes(&fields), None).await.unwrap();
        assert_eq!(
            (made.value(JobTitle), made.value(Department)),
            (Some("Waiter"), Some("Kitchen"))
        );
    }
    assert!(!scene.target.learned().is_refused("title"));
    scene.service.stop().await;
}
