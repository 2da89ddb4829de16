//! What a server does not take is found out once: part by part, in another form, and remembered. All else is written.

use emulators::scim::{Changes, Running};
use rollcall::{
    account::{Account, WriteForm},
    employee::{
        Attributes,
        Canonical::{self, Department, Email, FirstName, JobTitle, LastName, Manager, MobilePhone},
    },
    target::{Class, Error, Patch, Refusal, Target as _, scim::ScimTarget},
    testing::builder::{account_id, attributes, by_plan, new_account},
};
use serde_json::{Value, json};

use super::{Habits, Profile, bearer, service, target};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub(super) const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
pub(super) const EMAIL: (Canonical, &str) = (Email, "ana@acme.example");

/// A service with these habits, and a target that has made one person there.
pub(super) struct Scene {
    pub(super) service: Running,
    pub(super) target: ScimTarget,
    pub(super) ana: Account,
}

impl Scene {
    pub(super) async fn with(habits: Habits) -> Self {
        Self::of(habits, &[EMAIL]).await
    }

    pub(super) async fn of(habits: Habits, fields: &[(Canonical, &str)]) -> Self {
        Self::at(&Profile::GENERIC, habits, fields).await
    }

    pub(super) async fn at(profile: &'static Profile, habits: Habits, fields: &[(Canonical, &str)]) -> Self {
        let service = service(habits).await;
        let target = target(&service.base(), profile, bearer());
        let new = new_account("1", fields);
        let ana = target.create(&account_id("hint"), &new).await.unwrap();
        Self { service, target, ana }
    }

    pub(super) async fn make(&self, employee: &str) -> Account {
        let address = format!("{employee}@acme.example");
        let new = new_account(employee, &[(Email, &address)]);
        self.target.create(&account_id("hint"), &new).await.unwrap()
    }

    pub(super) async fn set(
        &self,
        account: &Account,
        fields: Attributes,
        active: Option<bool>,
    ) -> Result<Account, Error> {
        let seen = self.target.find_account(&account.id).await.unwrap().unwrap();
        let patch = Patch {
            id: account.id.clone(),
            attributes: fields,
            active,
            external_id: None,
            version: seen.version,
            origin: by_plan("p-2"),
        };
        Ok(self.target.update(&[patch]).await?.remove(0))
    }

    pub(super) async fn change(&self, fields: &[(Canonical, &str)]) -> Account {
        self.set(&self.ana, attributes(fields), None).await.unwrap()
    }

    pub(super) fn refusals(&self) -> Vec<Refusal> {
        self.target.take_refusals(&self.ana.id)
    }

    /// How many requests the service got that change users, since it was asked last.
    pub(super) fn changes(&self, before: usize) -> usize {
        let asked = self.service.asked().split_off(before);
        asked
            .iter()
            .filter(|asked| ["PATCH", "PUT"].contains(&&*asked.method))
            .count()
    }

    pub(super) fn user(&self) -> Value {
        self.service.users().remove(0)
    }
}

pub(super) fn names(refusals: &[Refusal]) -> Vec<(&str, &str)> {
    refusals
        .iter()
        .map(|refusal| (&*refusal.member, &*refusal.detail))
        .collect()
}

#[tokio::test]
async fn one_refused_value_blocks_nothing_else_of_a_person() {
    let scene = Scene::with(Habits {
        refuses_attributes: vec!["phoneNumbers".into()],
        ..Habits::default()
    })
    .await;
    let fields = [
        (JobTitle, "Cook"),
        (MobilePhone, "+34600000001"),
        (Department, "Kitchen"),
    ];
    let ana = scene.change(&fields).await;
    assert_eq!(
        (ana.value(JobTitle), ana.value(Department)),
        (Some("Cook"), Some("Kitchen"))
    );
    let refused = scene.refusals();
    assert_eq!(refused[0].attributes, [MobilePhone.into()]);
    assert_eq!(names(&refused).len(), 1);
    assert!(refused[0].detail.starts_with("status 400"), "{}", refused[0].detail);
    assert!(scene.refusals().is_empty(), "told once");
    scene.service.stop().await;
}

#[tokio::test]
async fn what_is_refused_of_several_people_is_not_sent_of_the_next_ones() {
    let scene = Scene::with(Habits {
        refuses_attributes: vec!["title".into()],
        ..Habits::default()
    })
    .await;
    for employee in ["2", "3", "4"] {
        let made = scene.make(employee).await;
        scene.set(&made, attributes(&[(JobTitle, "Cook")]), None).await.unwrap();
    }
    assert!(scene.target.learned().is_refused("title"));
    let next = target(&scene.service.base(), &Profile::GENERIC, bearer());
    next.recall(scene.target.learned());
    let before = scene.service.asked().len();
    let patch = Patch {
        id: scene.ana.id.clone(),
        attributes: attributes(&[(JobTitle, "Cook")]),
        active: None,
        external_id: None,
        version: None,
        origin: by_plan("p-2"),
    };
    next.update(&[patch]).await.unwrap();
    assert_eq!(scene.changes(before), 0);
    scene.service.stop().await;
}

/// A user whom the server refuses as a whole is no refused value: nothing of it is remembered.
#[tokio::test]
async fn a_user_who_must_not_be_written_is_refused_and_nothing_is_learnt_from_it() {
    let scene = Scene::with(Habits::default()).await;
    scene.service.change_habits(|habits| {
        habits.forbids = vec!["ana@acme.example".into()];
        habits.forbids_with = Some(400);
    });
    let fields = attributes(&[(JobTitle, "Cook"), (Department, "Kitchen")]);
    let error = scene.set(&scene.ana, fields, None).await.unwrap_err();
    assert_eq!(error.class, Class::Refused);
    assert!(!scene.target.learned().is_refused("title") && scene.refusals().is_empty());
    scene.service.stop().await;
}

#[tokio::test]
async fn a_manager_that_always_breaks_is_written_in_another_form_and_only_the_first_one_is_tried() {
    let scene = Scene::with(Habits {
        fails_patches: vec!["manager".into()],
        ..Habits::default()
    })
    .await;
    let boss = scene.make("2").await;
    let ana = scene.change(&[(Manager, boss.id.as_str())]).await;
    assert_eq!(ana.value(Manager), Some(boss.id.as_str()));
    assert_eq!(scene.target.learned().form(MANAGER), Some(WriteForm::Put));
    let ben = scene.make("3").await;
    let before = scene.service.asked().len();
    let ben = scene
        .set(&ben, attributes(&[(Manager, boss.id.as_str())]), None)
        .await
        .unwrap();
    assert_eq!(ben.value(Manager), Some(boss.id.as_str()));
    assert_eq!(scene.changes(before), 1);
    assert!(scene.refusals().is_empty());
    scene.service.stop().await;
}

#[tokio::test]
async fn a_manager_that_breaks_in_every_form_is_named_and_the_rest_is_written() {
    let scene = Scene::with(Habits {
        fails_patches: vec!["manager".into()],
        changes: Changes::PatchOnly,
        ..Habits::default()
    })
    .await;
    let boss = scene.make("2").await;
    let ana = scene.change(&[(JobTitle, "Cook"), (Manager, boss.id.as_str())]).await;
    assert_eq!((ana.value(JobTitle), ana.value(Manager)), (Some("Cook"), None));
    assert_eq!(names(&scene.refusals()), [(MANAGER, "status 500")]);
    scene.service.stop().await;
}

/// A success that changes nothing is looked through: the manager stands under another name.
#[tokio::test]
async fn what_is_taken_and_not_kept_is_written_in_another_form() {
    let scene = Scene::with(Habits {
        misplaces: vec!["manager".into()],
        ..Habits::default()
    })
    .await;
    let boss = scene.make("2").await;
    let ana = scene.change(&[(Manager, boss.id.as_str())]).await;
    assert_eq!(ana.value(Manager), Some(boss.id.as_str()));
    assert_eq!(scene.user()[ENTERPRISE]["manager"]["value"], boss.id.as_str());
    assert_eq!(scene.target.learned().form(MANAGER), Some(WriteForm::WithoutPath));
    scene.service.stop().await;
}

#[tokio::test]
async fn what_is_kept_in_no_form_is_tried_with_few_people_and_then_sent_as_usual() {
    let scene = Scene::with(Habits {
        drops: vec!["title".into()],
        ..Habits::default()
    })
    .await;
    for employee in ["2", "3", "4"] {
        let made = scene.make(employee).await;
        scene.set(&made, attributes(&[(JobTitle, "Cook")]), None).await.unwrap();
    }
    assert!(scene.target.learned().is_unkept("title"));
    let before = scene.service.asked().len();
    assert_eq!(scene.change(&[(JobTitle, "Cook")]).await.value(JobTitle), None);
    assert_eq!(scene.changes(before), 1);
    scene.service.stop().await;
}

/// An account that is still on after it was switched off is no success.
#[tokio::test]
async fn a_leaver_who_stays_switched_on_is_not_done() {
    let scene = Scene::with(Habits {
        drops: vec!["active".into()],
        ..Habits::default()
    })
    .await;
    let error = scene.set(&scene.ana, attributes(&[]), Some(false)).await.unwrap_err();
    assert_eq!(error.class, Class::Refused);
    scene.service.stop().await;
}

#[tokio::test]
async fn another_address_takes_the_place_of_the_managed_one_and_of_no_other() {
    for changes in [Changes::Both, Changes::PutNotImplemented] {
        let scene = Scene::with(Habits {
            changes,
            ..Habits::default()
        })
        .await;
        let mine = json!({ "type": "other", "value": "ana@acme.example", "primary": true });
        let emails = json!([{ "type": "home", "value": "ana@home.example" }, mine, { "value": "a.ruiz@acme.example" }]);
        scene.service.edit(scene.ana.id.as_str(), json!({ "emails": emails }));
        let ana = scene.change(&[(Email, "ana.ruiz@acme.example")]).await;
        assert_eq!(ana.value(Email), Some("ana.ruiz@acme.example"));
        let mine = json!({ "type": "other", "value": "ana.ruiz@acme.example", "primary": true });
        let emails = json!([{ "type": "home", "value": "ana@home.example" }, mine, { "value": "a.ruiz@acme.example" }]);
        assert_eq!(scene.user()["emails"], emails, "{changes:?}");
        assert_eq!(scene.user()["userName"], "ana.ruiz@acme.example");
        // An address that stands in the list already stands there once.
        scene.change(&[(Email, "a.ruiz@acme.example")]).await;
        assert_eq!(scene.user()["emails"].as_array().unwrap().len(), 2);
        scene.service.stop().await;
    }
}

#[tokio::test]
async fn a_login_that_is_not_the_address_stays_when_the_address_changes() {
    for login in ["aruiz", "ana.old@acme.example"] {
        let scene = Scene::with(Habits::default()).await;
        scene.service.edit(scene.ana.id.as_str(), json!({ "userName": login }));
        let ana = scene.change(&[(Email, "ana.ruiz@acme.example")]).await;
        assert_eq!(ana.value(Email), Some("ana.ruiz@acme.example"));
        assert_eq!(scene.user()["userName"], login);
        scene.service.stop().await;
    }
}

#[tokio::test]
async fn a_whole_name_follows_the_names_where_it_followed_them() {
    let names = [EMAIL, (FirstName, "Ana"), (LastName, "Ruiz")];
    for (shown, expected) in [
        (json!("Ana Ruiz"), json!("Ana Soto")),
        (json!("Ruiz, Ana"), json!("Soto, Ana")),
        (json!("Dr. A. Ruiz"), json!("Dr. A. Ruiz")),
        (Value::Null, Value::Null),
    ] {
        let scene = Scene::of(Habits::default(), &names).await;
        let name = json!({ "givenName": "Ana", "familyName": "Ruiz", "formatted": shown });
        scene.service.edit(scene.ana.id.as_str(), json!({ "name": name }));
        scene.change(&[(LastName, "Soto")]).await;
        assert_eq!(
            (&scene.user()["name"]["familyName"], &scene.user()["name"]["formatted"]),
            (&json!("Soto"), &expected)
        );
        scene.service.stop().await;
    }
}

/// A server that asks for a whole name, and does not take parts of addresses, nor references.
#[tokio::test]
async fn what_a_server_needs_and_does_not_take_is_found_out_with_the_first_user() {
    let habits = Habits {
        needs: vec!["name.formatted".into()],
        refuses_attributes: vec!["emails.type".into(), "emails.primary".into(), "externalId".into()],
        ..Habits::default()
    };
    let scene = Scene::of(
        habits,
        &[EMAIL, (FirstName, "Ana"), (LastName, "Ruiz"), (JobTitle, "Cook")],
    )
    .await;
    assert_eq!(
        (scene.ana.value(JobTitle), scene.ana.value(Email)),
        (Some("Cook"), Some("ana@acme.example"))
    );
    assert_eq!(scene.user()["name"]["formatted"], "Ana Ruiz");
    assert_eq!(scene.user()["emails"], json!([{ "value": "ana@acme.example" }]));
    let posts = || {
        scene
            .service
            .asked()
            .into_iter()
            .filter(|asked| asked.method == "POST")
            .count()
    };
    let before = posts();
    scene.make("2").await;
    assert_eq!(posts(), before + 1);
    let ana = scene
        .change(&[(Email, "ana.ruiz@acme.example"), (LastName, "Soto")])
        .await;
    assert_eq!(ana.value(Email), Some("ana.ruiz@acme.example"));
    assert_eq!(scene.user()["name"]["formatted"], "Ana Soto");
    scene.service.stop().await;
}

#[tokio::test]
async fn a_new_user_with_a_refused_value_is_made_without_it() {
    let habits = Habits {
        refuses_attributes: vec!["phoneNumbers".into()],
        refuses_without_kind: true,
        ..Habits::default()
    };
    let scene = Scene::of(habits, &[EMAIL, (JobTitle, "Cook"), (MobilePhone, "+34600000001")]).await;
    assert_eq!(
        (scene.ana.value(JobTitle), scene.ana.value(MobilePhone)),
        (Some("Cook"), None)
    );
    assert_eq!(names(&scene.refusals()), [("phoneNumbers", "status 400")]);
    scene.service.stop().await;
}
