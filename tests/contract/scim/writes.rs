//! Writes: which member carries which value, lost replies, habits of creating and changing, what opens a server.

use rollcall::{
    account::Account,
    employee::Canonical::{self, City, DisplayName, Email, FirstName, JobTitle, LastName, Manager, MobilePhone},
    target::{Class, Patch, Target as _, scim::Client},
    testing::builder::{account_id, attributes, by_plan, new_account, reference},
};
use serde_json::json;

use super::{
    Access, BaseUrl, Changes, Created, Filters, Habits, HostRule, Opener, Profile, ScimTarget, bearer, service, target,
};

async fn make(target: &ScimTarget, employee: &str, fields: &[(Canonical, &str)]) -> Account {
    target
        .create(&account_id("hint"), &new_account(employee, fields))
        .await
        .unwrap()
}

async fn change(target: &ScimTarget, account: &Account, fields: &[(Canonical, &str)], active: Option<bool>) -> Account {
    let patch = Patch {
        id: account.id.clone(),
        attributes: attributes(fields),
        active,
        external_id: None,
        version: account.version.clone(),
        origin: by_plan("p-2"),
    };
    target.update(&[patch]).await.unwrap().remove(0)
}

#[tokio::test]
async fn what_is_written_stands_where_the_rfc_has_it() {
    let service = service(Habits::default()).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let fields = [
        (Email, "ana@acme.example"),
        (FirstName, "Ana"),
        (LastName, "Ruiz"),
        (JobTitle, "Cook"),
        (City, "Rome"),
    ];
    let boss = make(&target, "1", &fields).await;
    let ana = make(&target, "2", &[(Email, "ben@acme.example")]).await;
    let ana = change(
        &target,
        &ana,
        &[(Manager, boss.id.as_str()), (JobTitle, "Waiter")],
        Some(false),
    )
    .await;
    assert_eq!((ana.active, ana.value(Manager)), (false, Some(boss.id.as_str())));
    let users = service.users();
    assert_eq!(users[0]["externalId"], reference("1").as_str());
    assert_eq!(users[0]["name"], json!({ "givenName": "Ana", "familyName": "Ruiz" }));
    assert_eq!(
        users[0]["emails"],
        json!([{ "type": "work", "value": "ana@acme.example", "primary": true }])
    );
    assert_eq!(users[0][super::EXTENSION]["city"], "Rome");
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(users[1][enterprise]["manager"]["value"], boss.id.as_str());
    assert_eq!(
        (&users[1]["active"], &users[1]["title"]),
        (&json!(false), &json!("Waiter"))
    );
    let back = change(&target, &ana, &[(JobTitle, "Cook")], Some(true)).await;
    assert_eq!((back.active, back.value(JobTitle)), (true, Some("Cook")));
    service.stop().await;
}

#[tokio::test]
async fn r31_a_lost_reply_to_a_create_makes_no_duplicate() {
    let service = service(Habits {
        lost_creates: 1,
        ..Habits::default()
    })
    .await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let new = new_account("1", &[(Email, "ana@acme.example")]);
    let error = target.create(&account_id("hint"), &new).await.unwrap_err();
    assert_eq!(error.class, Class::Unknown);
    let found = target.find_by_external_id(&reference("1")).await.unwrap().unwrap();
    assert_eq!(target.create(&account_id("hint"), &new).await.unwrap(), found);
    assert_eq!(service.users().len(), 1);
    service.stop().await;
}

#[tokio::test]
async fn r29_a_lost_reply_to_a_change_is_found_done() {
    let service = service(Habits {
        lost_changes: 1,
        ..Habits::default()
    })
    .await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let ana = make(&target, "1", &[(Email, "ana@acme.example")]).await;
    let changed = change(&target, &ana, &[(JobTitle, "Cook")], None).await;
    assert_eq!(changed.value(JobTitle), Some("Cook"));
    service.stop().await;
}

#[tokio::test]
async fn r27_a_wrong_answer_to_a_filter_touches_nobody_else() {
    for habits in [
        Habits {
            filters: Filters::Wrong,
            ..Habits::default()
        },
        Habits {
            filters: Filters::Ignored,
            ..Habits::default()
        },
    ] {
        let service = service(habits).await;
        let other = service.add(&json!({ "userName": "zoe@acme.example", "title": "Owner" }));
        let target = target(&service.base(), &Profile::GENERIC, bearer());
        assert_eq!(target.find_by_external_id(&reference("1")).await.unwrap(), None);
        assert!(
            target
                .find_by_attribute(Email, "ana@acme.example")
                .await
                .unwrap()
                .is_empty()
        );
        let ana = make(&target, "1", &[(Email, "ana@acme.example")]).await;
        assert_ne!(ana.id.as_str(), other);
        assert_eq!(service.users()[0]["title"], "Owner");
        service.stop().await;
    }
}

#[tokio::test]
async fn two_users_whose_names_differ_by_case_are_both_found_and_none_is_chosen() {
    let service = service(Habits {
        case_sensitive: true,
        filters: Filters::Refused,
        ..Habits::default()
    })
    .await;
    service.add(&json!({ "userName": "Ana@acme.example" }));
    service.add(&json!({ "userName": "ana@acme.example" }));
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    assert_eq!(
        target.find_by_attribute(Email, "ana@acme.example").await.unwrap().len(),
        2
    );
    let new = new_account("1", &[(Email, "ana@acme.example")]);
    assert_eq!(
        target.create(&account_id("hint"), &new).await.unwrap_err().class,
        Class::Conflict
    );
    assert_eq!(service.users().len(), 2);
    service.stop().await;
}

#[tokio::test]
async fn whoever_is_there_already_is_not_taken_over_by_an_empty_answer() {
    let habits = Habits {
        created: Created::EmptyAlsoForExisting,
        filters: Filters::Refused,
        ..Habits::default()
    };
    let service = service(habits).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    // The server's administrator makes that user between the look and the create.
    assert_eq!(target.find_by_external_id(&reference("1")).await.unwrap(), None);
    let id = service.add(&json!({ "userName": "ana@acme.example" }));
    let new = new_account("1", &[(Email, "ana@acme.example")]);
    assert_eq!(
        target.create(&account_id("hint"), &new).await.unwrap_err().class,
        Class::Conflict
    );
    assert!(
        service
            .users()
            .iter()
            .any(|user| user["id"] == id.as_str() && user.get("externalId").is_none())
    );
    service.stop().await;
}

#[tokio::test]
async fn what_the_schemas_do_not_have_is_left_out_where_it_is_refused() {
    let service = service(Habits {
        strict: true,
        ..Habits::default()
    })
    .await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let ana = make(
        &target,
        "1",
        &[(Email, "ana@acme.example"), (JobTitle, "Cook"), (City, "Rome")],
    )
    .await;
    assert_eq!((ana.value(JobTitle), ana.value(City)), (Some("Cook"), None));
    let ana = change(&target, &ana, &[(JobTitle, "Waiter"), (City, "Oslo")], None).await;
    assert_eq!((ana.value(JobTitle), ana.value(City)), (Some("Waiter"), None));
    service.stop().await;
}

#[tokio::test]
async fn whoever_is_forgotten_when_switched_off_is_off() {
    let service = service(Habits {
        forgets_inactive: true,
        ..Habits::default()
    })
    .await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let ana = make(&target, "1", &[(Email, "ana@acme.example")]).await;
    assert!(!change(&target, &ana, &[], Some(false)).await.active);
    assert_eq!(target.find_account(&ana.id).await.unwrap(), None);
    service.stop().await;
}

#[tokio::test]
async fn r27_telephone_numbers_that_nobody_manages_stay() {
    let service = service(Habits::default()).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let ana = make(
        &target,
        "1",
        &[(Email, "ana@acme.example"), (MobilePhone, "+34600000001")],
    )
    .await;
    let numbers = json!([{ "type": "work", "value": "+34910000000" }, { "type": "mobile", "value": "+34600000001" }]);
    service.edit(ana.id.as_str(), json!({ "phoneNumbers": numbers }));
    let ana = target.find_account(&ana.id).await.unwrap().unwrap();
    let ana = change(&target, &ana, &[(MobilePhone, "+34600000002")], None).await;
    assert_eq!(ana.value(MobilePhone), Some("+34600000002"));
    assert_eq!(service.users()[0]["phoneNumbers"][0]["value"], "+34910000000");
    let ana = change(&target, &ana, &[(MobilePhone, "")], None).await;
    assert_eq!(ana.value(MobilePhone), None);
    assert_eq!(
        service.users()[0]["phoneNumbers"],
        json!([{ "type": "work", "value": "+34910000000" }])
    );
    service.stop().await;
}

/// A list that can hold only one value keeps the value that Rollcall does not manage.
#[tokio::test]
async fn r27_where_a_list_holds_one_value_another_number_stays() {
    let habits = Habits {
        single_values: true,
        ..Habits::default()
    };
    let service = service(habits).await;
    let target = target(&service.base(), &Profile::AWS_IDENTITY_CENTER, bearer());
    let ana = make(
        &target,
        "1",
        &[(Email, "ana@acme.example"), (MobilePhone, "+34600000001")],
    )
    .await;
    let ana = change(&target, &ana, &[(MobilePhone, "+34600000002")], None).await;
    assert_eq!(ana.value(MobilePhone), Some("+34600000002"));
    let work = json!([{ "type": "work", "value": "+34910000000" }]);
    service.edit(ana.id.as_str(), json!({ "phoneNumbers": work }));
    let ana = target.find_account(&ana.id).await.unwrap().unwrap();
    let ana = change(
        &target,
        &ana,
        &[(JobTitle, "Chief"), (MobilePhone, "+34600000003")],
        None,
    )
    .await;
    assert_eq!(ana.value(JobTitle), Some("Chief"));
    assert_eq!(service.users()[0]["phoneNumbers"], work);
    service.stop().await;
}

/// A 403 says that this user is not to be written, or that the credential is dead: the list tells which.
#[tokio::test]
async fn r31_a_403_for_one_user_is_that_users_and_a_403_for_all_is_the_credentials() {
    let habits = Habits {
        forbids: vec!["bo@acme.example".to_owned()],
        ..Habits::default()
    };
    let service = service(habits).await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let bo = new_account("2", &[(Email, "bo@acme.example")]);
    let refused = target.create(&account_id("hint"), &bo).await.unwrap_err();
    assert_eq!(refused.class, Class::Refused);
    make(&target, "1", &[(Email, "ana@acme.example")]).await;
    service.change_habits(|habits| {
        habits.refuses = vec![Opener::Bearer];
        habits.refuses_with_403 = true;
    });
    let cy = new_account("3", &[(Email, "cy@acme.example")]);
    let refused = target.create(&account_id("hint"), &cy).await.unwrap_err();
    assert_eq!(refused.class, Class::Unauthorized);
    service.stop().await;
}

#[tokio::test]
async fn a_put_carries_everything_that_was_there() {
    let service = service(Habits {
        changes: Changes::PutNotImplemented,
        ..Habits::default()
    })
    .await;
    let target = target(&service.base(), &Profile::GENERIC, bearer());
    let ana = make(&target, "1", &[(Email, "ana@acme.example"), (City, "Rome")]).await;
    service.edit(ana.id.as_str(), json!({ "locale": "en", "nickName": "Annie" }));
    let ana = target.find_account(&ana.id).await.unwrap().unwrap();
    change(&target, &ana, &[(JobTitle, "Cook")], None).await;
    let user = &service.users()[0];
    assert_eq!(
        (&user["locale"], &user["nickName"], &user["title"]),
        (&json!("en"), &json!("Annie"), &json!("Cook"))
    );
    assert_eq!(
        (&user["active"], &user["externalId"]),
        (&json!(true), &json!(reference("1").as_str()))
    );
    assert_eq!(user[super::EXTENSION]["city"], "Rome");
    service.stop().await;
}

#[tokio::test]
async fn a_name_to_show_is_made_where_the_server_needs_one() {
    let service = service(Habits::default()).await;
    let target = target(&service.base(), &Profile::AWS_IDENTITY_CENTER, bearer());
    make(
        &target,
        "1",
        &[(Email, "ana@acme.example"), (FirstName, "Ana"), (LastName, "Ruiz")],
    )
    .await;
    make(&target, "2", &[(Email, "ben@acme.example"), (DisplayName, "Benny")]).await;
    let names: Vec<_> = service.users().iter().map(|user| user["displayName"].clone()).collect();
    assert_eq!(names, ["Ana Ruiz", "Benny"]);
    service.stop().await;
}

#[tokio::test]
async fn a_token_a_password_and_a_client_open_it_and_nothing_else_does() {
    let service = service(Habits::default()).await;
    let client = |secret: &str| {
        let url = BaseUrl::parse(&service.token_url(), HostRule::Any).unwrap();
        Access::Client(Client::new(
            url,
            emulators::scim::CLIENT.to_owned(),
            secret.to_owned().into(),
            None,
        ))
    };
    let basic = |password: &str| Access::Basic {
        user: emulators::scim::NAME.to_owned(),
        password: password.to_owned().into(),
    };
    let refused = [Access::Bearer("no".to_owned().into()), basic("no"), client("no")];
    for access in refused {
        let target = target(&service.base(), &Profile::GENERIC, access);
        assert_eq!(target.list_accounts(None).await.unwrap_err().class, Class::Unauthorized);
    }
    for access in [bearer(), basic(emulators::scim::PASSWORD)] {
        target(&service.base(), &Profile::GENERIC, access)
            .list_accounts(None)
            .await
            .unwrap();
    }
    let target = target(
        &service.base(),
        &Profile::GENERIC,
        client(emulators::scim::CLIENT_SECRET),
    );
    make(&target, "1", &[(Email, "ana@acme.example")]).await;
    service.forget_tokens();
    make(&target, "2", &[(Email, "ben@acme.example")]).await;
    assert_eq!(service.users().len(), 2);
    service.stop().await;
}
