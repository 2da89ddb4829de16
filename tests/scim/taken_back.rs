//! What is taken back, or tried out, where a server does not show every user; and what addresses a person decides about.

use rollcall::{
    connection::Decision,
    plan::{Code, State},
    run::{Actor, UndoRefused, compare_configuration, undo},
};
use serde_json::json;

use crate::{
    in_part::{hide, joiner, service},
    support::{Journey, Place, errors},
};

#[tokio::test]
async fn r32_an_undo_leaves_a_user_who_is_unseen_today_as_they_are_and_says_so() {
    let service = service(5).await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let mut people = journey.everybody().await.split_off(10);
    let [hidden, mover] = [(); 2].map(|()| people.pop().unwrap());
    for employee in [&hidden, &mover] {
        journey.change(employee, &json!({ "job_title": "Astronomer" })).await;
    }
    let (_, applied) = journey.night().await;
    assert_eq!(errors(&journey.apply(&applied).await), []);
    let unseen = journey.account_of(&hidden).await;
    hide(&service, &journey, &unseen, 403).await;
    let ports = &journey.stage.ports;
    let made = undo(ports, &Actor::named("a person"), &applied.plan.id).await.unwrap();
    let findings = journey.findings(&made).await;
    assert_eq!(findings, [(State::Skipped, Code::Unseen, hidden.clone())]);
    assert_eq!(made.plan.counts.movers, 1);
    assert_eq!(errors(&journey.apply(&made).await), []);
    let user = |id: &str| service.users().into_iter().find(|user| user["id"] == id).unwrap();
    assert_eq!(user(&unseen)["title"], "Astronomer");
    let seen = journey.account_of(&mover).await;
    assert_ne!(user(&seen)["title"], "Astronomer");
    service.stop().await;
}

#[tokio::test]
async fn r32_an_undo_of_what_cannot_be_seen_alone_is_none() {
    let service = service(5).await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let hidden = journey.everybody().await.pop().unwrap();
    journey.change(&hidden, &json!({ "job_title": "Astronomer" })).await;
    let (_, applied) = journey.night().await;
    assert_eq!(errors(&journey.apply(&applied).await), []);
    hide(&service, &journey, &journey.account_of(&hidden).await, 403).await;
    let made = undo(&journey.stage.ports, &Actor::named("a person"), &applied.plan.id).await;
    assert!(matches!(made, Err(UndoRefused::Nothing)), "{made:?}");
    service.stop().await;
}

#[tokio::test]
async fn a_dry_run_of_a_configuration_counts_nobody_who_is_unseen_among_the_changes() {
    let service = service(5).await;
    let mut journey = Journey::of_few(&service).await.first_night().await;
    journey.quiet_night().await;
    let hidden = journey.everybody().await.pop().unwrap();
    let unseen = journey.account_of(&hidden).await;
    service.edit(&unseen, json!({ "title": "Duke" }));
    let ports = &journey.stage.ports;
    let stored = ports
        .store
        .find_connection(&journey.connection)
        .await
        .unwrap()
        .unwrap()
        .record;
    let version = stored.configuration_version;
    let configuration = ports
        .store
        .find_configuration(&journey.connection, version)
        .await
        .unwrap()
        .unwrap();
    let seen = compare_configuration(ports, &stored, &configuration).await.unwrap();
    assert_eq!(seen.present.counts.movers, 1);
    let skipped = seen.present.counts.skipped + 1;
    hide(&service, &journey, &unseen, 500).await;
    let dry = compare_configuration(ports, &stored, &configuration).await.unwrap();
    for side in [dry.present, dry.proposed] {
        assert_eq!(
            (side.counts.changes(), side.counts.skipped),
            (0, skipped),
            "{:?}",
            side.counts
        );
    }
    service.stop().await;
}

/// A person who is back under another id took over an account of another product; taken back, that product finds it again.
#[tokio::test]
async fn r32_an_undone_move_of_a_link_gives_the_other_products_reference_back() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let new = joiner("Nova");
        let former = journey.hire_at(0, &new).await;
        let (_, plan) = journey.night().await;
        assert_eq!(errors(&journey.apply(&plan).await), []);
        let id = journey.account_of(&former).await;
        journey.let_go(&former).await;
        journey.hire_at(0, &new).await;
        journey.set_by_hand(&id, "externalId", &json!("okta-77")).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.plan.counts.rehires, 1, "{:?}", journey.findings(&plan).await);
        assert_eq!(errors(&journey.apply(&plan).await), []);
        assert_ne!(journey.user(&id).await["externalId"], "okta-77");
        let made = undo(&journey.stage.ports, &Actor::named("a person"), &plan.plan.id)
            .await
            .unwrap();
        assert_eq!(errors(&journey.apply(&made).await), []);
        let user = journey.user(&id).await;
        assert_eq!(
            (&user["externalId"], &user["active"]),
            (&json!("okta-77"), &json!(true))
        );
        assert_eq!(journey.account_of(&former).await, id);
    }
}

/// Any address of a user is theirs: a person who gets it is not made beside them unless a person says so.
#[tokio::test]
async fn r10_an_address_beside_the_primary_one_is_a_key_and_a_person_decides_whose() {
    for (kind, is_theirs) in [("work", true), ("work", false), ("other", true), ("other", false)] {
        for place in Place::both().await {
            let mut journey = Journey::in_step(&place).await;
            let new = joiner("Nova");
            let home = json!({ "value": "nova@home.example", "type": "home", "primary": true });
            let user = json!({
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": "nnoon",
                "emails": [home, { "value": new["work_email"], "type": kind }],
            });
            let there = journey.add_by_hand(&user).await;
            let employee = journey.hire_at(0, &new).await;
            let (_, plan) = journey.night().await;
            let findings = journey.findings(&plan).await;
            assert!(
                findings.contains(&(State::Conflict, Code::Taken, employee.clone())),
                "{findings:?}"
            );
            assert_eq!(plan.plan.counts.changes(), 0, "{:?}", plan.plan.counts);
            let decision = if is_theirs {
                let account_id = rollcall::account::AccountId::parse(&there).unwrap();
                Decision::Link { account_id }
            } else {
                Decision::NewAccount
            };
            journey.decide(&employee, decision).await;
            journey.pass_hours(24);
            let (_, plan) = journey.night().await;
            assert_eq!(errors(&journey.apply(&plan).await), []);
            assert_eq!(journey.account_of(&employee).await == there, is_theirs);
            journey.pass_hours(24);
            journey.quiet_night().await;
        }
    }
}

/// A decision for a new account is carried out where only the login has to be free, whether the list shows all users or not.
#[tokio::test]
async fn a_new_account_beside_one_that_has_the_address_is_made_by_decision() {
    for shown in [5, 100] {
        let service = service(shown).await;
        let mut journey = Journey::of_few(&service).await.first_night().await;
        let new = joiner("Nova");
        let emails = json!([{ "value": new["work_email"], "primary": true }]);
        service.add(&json!({ "userName": "nnoon", "externalId": "factorial:999:4", "emails": emails }));
        let employee = journey.hire_at(0, &new).await;
        let (_, plan) = journey.night().await;
        let findings = journey.findings(&plan).await;
        assert!(
            findings.contains(&(State::Conflict, Code::LinkedElsewhere, employee.clone())),
            "{findings:?}"
        );
        journey.decide(&employee, Decision::NewAccount).await;
        // Also where the list is too old to count for it.
        for hours in [0, 3] {
            journey.pass_hours(24);
            let (_, plan) = journey.night().await;
            if hours > 0 {
                break;
            }
            assert_eq!(plan.plan.counts.joiners, 1, "{:?}", journey.findings(&plan).await);
            journey.pass_hours(3);
            assert_eq!(errors(&journey.apply(&plan).await), []);
        }
        let made = journey.user(&journey.account_of(&employee).await).await;
        assert_eq!(made["userName"], new["work_email"]);
        journey.quiet_night().await;
        service.stop().await;
    }
}
