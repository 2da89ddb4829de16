//! An account has at most one link across all connections (R04).

use emulators::scim::{self, EXTENSION, Options};
use rollcall::plan::{Code, State, Status};
use serde_json::json;

use crate::support::{Journey, Place, errors};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// A person of the tenant's other company has the address of a person whose account is linked already.
#[tokio::test]
async fn r04_who_matches_an_account_that_another_connection_has_is_a_conflict() {
    for place in Place::both().await {
        let journey = Journey::in_step(&place).await;
        let first = journey.everybody().await.remove(4);
        let id = journey.account_of(&first).await;
        let before = journey.user(&id).await;
        let second = journey.employee_at(1).await;
        journey
            .change_at(1, &second, &json!({ "work_email": before["userName"] }))
            .await;
        let other = journey.connect_other().await;
        for _ in 0..2 {
            let (_, plan) = journey.night_of(&other).await;
            let findings = journey.findings(&plan).await;
            let named = (State::Conflict, Code::LinkedElsewhere, second.clone());
            assert!(findings.contains(&named), "{findings:?}");
            if plan.status != Status::Empty {
                journey.apply(&plan).await;
            }
            journey.pass_hours(24);
        }
        assert_eq!(journey.user(&id).await, before);
    }
}

/// Both connections have planned to take one free account: the second connection finds it taken, and takes nothing.
#[tokio::test]
async fn r04_of_two_connections_that_want_one_account_the_first_has_it() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let email = "wanted@kettle.example";
        let started_on = journey.stage.clock.today().to_string();
        // This user shows already what both HR systems say: only the reference is to be written.
        let free = json!({
            "schemas": [SCHEMA, EXTENSION], "userName": email,
            "emails": [{ "value": email, "primary": true }], "name": { "givenName": "Nova", "familyName": "Noon" },
            "displayName": "Nova Noon", EXTENSION: { "work_email": email, "start_date": started_on },
        });
        let free = journey.add_by_hand(&free).await;
        let joiner = json!({
            "first_name": "Nova", "last_name": "Noon", "work_email": email, "start_date": started_on, "work_location": null,
            "manager": null,
        });
        let first = journey.hire_at(0, &joiner).await;
        let second = journey.hire_at(1, &joiner).await;
        let other = journey.connect_other().await;
        let (_, theirs) = journey.night_of(&other).await;
        let (_, ours) = journey.night().await;
        assert_eq!((ours.plan.counts.links, theirs.plan.counts.links), (1, 1));
        let run = journey.apply(&ours).await;
        assert!(run.errors.is_empty(), "{run:?}");
        let linked = journey.user(&free).await;
        let run = journey.apply(&theirs).await;
        assert_eq!(errors(&run), [("linked_elsewhere", second.as_str())]);
        assert_eq!(journey.user(&free).await, linked);
        assert_eq!(journey.account_of(&first).await, free);

        // From the next night on, the preview names the conflict.
        journey.pass_hours(24);
        let (_, plan) = journey.night_of(&other).await;
        let findings = journey.findings(&plan).await;
        let named = (State::Conflict, Code::LinkedElsewhere, second.clone());
        assert!(findings.contains(&named), "{findings:?}");
    }
}

#[tokio::test]
async fn a_user_whose_name_is_written_otherwise_is_the_same_person_and_stays_one() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let user = json!({ "schemas": [SCHEMA], "userName": "Nova.Noon@Kettle.example", "title": "Pilot" });
        let id = journey.add_by_hand(&user).await;
        let before = journey.users().await.len();
        let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
        let joiner = journey.hire_at(0, &joiner).await;
        let (_, plan) = journey.night().await;
        assert_eq!((plan.plan.counts.links, plan.plan.counts.joiners), (1, 0));
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        assert_eq!(journey.account_of(&joiner).await, id);
        assert_eq!(journey.users().await.len(), before);
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

/// A server may show another address as the primary one, or the one for work behind another.
#[tokio::test]
async fn a_user_with_the_address_as_name_or_in_the_second_place_is_the_same_person_and_stays_one() {
    let address = "nova.noon@kettle.example";
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        for (number, (name, emails)) in [
            (
                address,
                json!([{ "value": "nova@home.example", "type": "home", "primary": true }]),
            ),
            (
                "nova",
                json!([{ "value": "nova@home.example", "type": "home" }, { "value": address, "type": "work" }]),
            ),
        ]
        .into_iter()
        .enumerate()
        {
            let numbered = |text: &str| text.replace("nova", &format!("nova{number}"));
            let emails: serde_json::Value = serde_json::from_str(&numbered(&emails.to_string())).unwrap();
            let user = json!({ "schemas": [SCHEMA], "userName": numbered(name), "emails": emails, "title": "Pilot" });
            let id = journey.add_by_hand(&user).await;
            let before = journey.users().await.len();
            let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": numbered(address) });
            let joiner = journey.hire_at(0, &joiner).await;
            let (_, plan) = journey.night().await;
            assert_eq!((plan.plan.counts.links, plan.plan.counts.joiners), (1, 0), "{name}");
            let run = journey.apply(&plan).await;
            assert!(run.errors.is_empty(), "{run:?}");
            assert_eq!(journey.account_of(&joiner).await, id);
            assert_eq!(journey.users().await.len(), before);
            journey.pass_hours(24);
            journey.quiet_night().await;
        }
    }
}

/// No two users have one name: whom an address belongs to as a name is asked, and nobody takes it or is made with it.
#[tokio::test]
async fn a_name_that_another_user_has_is_taken() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let named = |name: &str, email: &str| json!({ "userName": name, "emails": [{ "value": email, "primary": true }] });
    service.add(&named("nova.noon@kettle.example", "nova@home.example"));
    service.add(&named("nova", "nova.noon@kettle.example"));
    service.add(&named("taken@kettle.example", "other@home.example"));
    let before = service.users();
    let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
    let joiner = journey.hire_at(0, &joiner).await;
    let mover = journey.employee_at(0).await;
    journey
        .change(&mover, &json!({ "work_email": "taken@kettle.example" }))
        .await;
    let (_, plan) = journey.night().await;
    let findings = journey.findings(&plan).await;
    for named in [
        (State::Conflict, Code::SeveralAccounts, joiner),
        (State::Conflict, Code::EmailTaken, mover),
    ] {
        assert!(findings.contains(&named), "{named:?} in {findings:?}");
    }
    assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
    assert_eq!(service.users(), before);
    service.stop().await;
}

/// Where a server tells names apart by case, nothing tells which of two users is meant: none is linked, and none is
/// made.
#[tokio::test]
async fn r27_of_two_users_that_differ_by_case_none_is_touched() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    service.change_habits(|habits| habits.case_sensitive = true);
    for name in ["Nova.Noon@kettle.example", "nova.noon@KETTLE.example"] {
        service.add(&json!({ "userName": name }));
    }
    let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
    let joiner = journey.hire_at(0, &joiner).await;
    let before = service.users();
    let (_, plan) = journey.night().await;
    let findings = journey.findings(&plan).await;
    let named = (State::Conflict, Code::SeveralAccounts, joiner);
    assert!(findings.contains(&named), "{findings:?}");
    assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
    assert_eq!(service.users(), before);
    service.stop().await;
}
