//! What a server does not take or does not keep is said once, remembered, and stops nothing else; what nobody asked for stays.

use std::collections::BTreeMap;

use emulators::scim::{self, Habits, Options, Running};
use rollcall::{
    plan::{Action, HoldCode, Lines},
    store::{PlanRecord, RunRecord, RunStatus},
};
use serde_json::json;

use crate::support::{FEW, Journey, Place, errors};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

async fn start(habits: Habits) -> (Running, Journey) {
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let journey = Journey::of_few(&service).await;
    (service, journey)
}

/// Lives a night and carries its plan out.
async fn live(journey: &mut Journey) -> RunRecord {
    let (_, plan) = journey.night().await;
    journey.apply(&plan).await
}

/// Returns the changes of a plan.
async fn changes(journey: &Journey, plan: &PlanRecord) -> Vec<rollcall::plan::Change> {
    let store = &journey.stage.ports.store;
    let mut changes = Vec::new();
    for chunk in 0..plan.chunks {
        let bytes = store.find_lines(plan, chunk).await.unwrap().unwrap();
        changes.extend(Lines::read_chunk(&bytes).unwrap());
    }
    changes
}

#[tokio::test]
async fn a_value_that_the_server_refuses_is_an_error_once_and_a_finding_from_then_on() {
    let (service, mut journey) = start(Habits {
        refuses_attributes: vec!["title".into()],
        refuses_without_kind: true,
        ..Habits::default()
    })
    .await;
    let run = live(&mut journey).await;
    assert_eq!(run.status, RunStatus::SucceededWithErrors);
    assert!(run.errors.iter().all(|error| error.code == "not_accepted"), "{run:?}");
    assert!(
        run.errors[0].detail.contains("job_title (title: status 400)"),
        "{}",
        run.errors[0].detail
    );
    assert!(
        run.errors.len() <= 3 + 16,
        "after some people it is known: {}",
        run.errors.len()
    );
    assert_eq!(service.users().len(), FEW as usize);
    for _ in 0..2 {
        journey.pass_hours(24);
        journey.quiet_night().await;
        let (_, plan) = journey.night().await;
        let named = journey.not_kept(&plan).await;
        assert_eq!((named.len(), named[0].0.as_str()), (1, "job_title"));
        assert!(named[0].1 > 10, "{named:?}");
    }

    // What HR changes beside it is written with one request, and the refused one is not sent again.
    let person = journey.everybody().await.remove(0);
    journey
        .change(
            &person,
            &json!({ "job_title": "Astronomer", "last_name": "Castellano" }),
        )
        .await;
    let before = service.writes();
    let run = live(&mut journey).await;
    assert_eq!((errors(&run), service.writes() - before), (vec![], 1));
    assert_eq!(
        journey.user(&journey.account_of(&person).await).await["name"]["familyName"],
        "Castellano"
    );
    service.stop().await;
}

#[tokio::test]
async fn managers_that_the_server_answers_with_200_and_does_not_keep_are_counted_in_the_plan() {
    // Some servers answer with what was sent, whatever they keep.
    for echoes in [false, true] {
        let (service, mut journey) = start(Habits {
            drops: vec!["manager".into()],
            echoes,
            ..Habits::default()
        })
        .await;
        let run = live(&mut journey).await;
        assert_eq!(errors(&run), []);
        let (_, plan) = journey.night().await;
        let named = journey.not_kept(&plan).await;
        assert_eq!((named.len(), named[0].0.as_str()), (1, "manager"), "echoes: {echoes}");
        assert!(named[0].1 > 10, "{named:?}");
        journey.pass_hours(24);
        journey.quiet_night().await;
        service.stop().await;
    }
}

/// What a new user is answered with is no proof of what is kept of them.
#[tokio::test]
async fn a_value_that_is_only_echoed_is_not_written_again_every_night() {
    for dropped in ["title", "phoneNumbers", "nickName", "name.familyName"] {
        let (service, mut journey) = start(Habits {
            drops: vec![dropped.into()],
            echoes: true,
            ..Habits::default()
        })
        .await;
        let run = live(&mut journey).await;
        assert_eq!(errors(&run), [], "{dropped}");
        journey.pass_hours(24);
        journey.quiet_night().await;
        service.stop().await;
    }
}

/// Half a surrogate in a value costs that value, and neither the list nor the night.
#[tokio::test]
async fn r31_a_broken_text_of_one_user_stops_no_other() {
    let (service, journey) = start(Habits::default()).await;
    let mut journey = journey.first_night().await;
    let people = journey.everybody().await;
    let broken = journey.account_of(&people[2]).await;
    service.edit(&broken, json!({ "title": "Duke \u{f8ff}", "locale": "de \u{f8ff}" }));
    let guest = json!({ "schemas": [SCHEMA], "userName": "guest@partner.example", "displayName": "Eva \u{f8ff}" });
    service.add(&guest);
    journey.let_go(&people[4]).await;
    journey.pass_hours(24);
    let run = live(&mut journey).await;
    assert_eq!(errors(&run), []);
    assert_eq!(
        journey.user(&journey.account_of(&people[4]).await).await["active"],
        false
    );
    let mended = service
        .users()
        .into_iter()
        .find(|user| user["id"] == broken.as_str())
        .unwrap();
    assert!(!mended["title"].to_string().contains("Duke"), "{mended}");
    assert_eq!(mended["locale"], "de \u{f8ff}", "what nobody asked for stays");
    journey.pass_hours(24);
    journey.quiet_night().await;
    service.stop().await;
}

/// The manager is a 500 by every `PATCH`: the first people find out, and all have their managers by the same night.
#[tokio::test]
async fn managers_that_always_break_cost_no_night_and_what_works_is_kept_with_the_connection() {
    let (service, mut journey) = start(Habits {
        fails_patches: vec!["manager".into()],
        ..Habits::default()
    })
    .await;
    let run = live(&mut journey).await;
    assert_eq!(errors(&run), []);
    journey.agrees(&service.users());
    journey.pass_hours(24);
    journey.quiet_night().await;
    let state = journey.stage.ports.store.load_state(&journey.connection).await.unwrap();
    assert!(state.learned.is_some());

    // Days later another process knows it.
    let people = journey.everybody().await;
    let managed = |user: &serde_json::Value| user[ENTERPRISE]["manager"]["value"].as_str().map(str::to_owned);
    let mut person = None;
    for employee in &people {
        if managed(&journey.user(&journey.account_of(employee).await).await).is_some() {
            person = Some(employee.clone());
        }
    }
    let person = person.unwrap();
    journey
        .set_by_hand(&journey.account_of(&person).await, "title", &json!("Duke"))
        .await;
    let before = service.asked().len();
    let run = live(&mut journey).await;
    assert_eq!(errors(&run), []);
    assert!(!service.asked()[before..].iter().any(|asked| asked.status == 500));
    service.stop().await;
}

/// No form of a manager works: each person is written all the same, and the first few people find it out for all.
#[tokio::test]
async fn managers_that_break_in_every_form_are_named_and_cost_few_requests() {
    let (service, mut journey) = start(Habits {
        fails_changes: vec!["manager".into()],
        ..Habits::default()
    })
    .await;
    let run = live(&mut journey).await;
    assert!(run.errors.iter().all(|error| error.code == "not_accepted"), "{run:?}");
    let managed = run.errors.len();
    assert!(managed > 2, "{run:?}");
    assert_eq!(service.users().len(), FEW as usize);
    let broken = service.asked().into_iter().filter(|asked| asked.status == 500).count();
    assert!(broken < 12 * (3 + 16), "{broken}");
    journey.pass_hours(24);
    journey.quiet_night().await;
    service.stop().await;
}

#[tokio::test]
async fn r28_versions_that_move_by_themselves_keep_no_leaver_switched_on() {
    let (service, journey) = start(Habits {
        moving_versions: true,
        refuses_versions: true,
        ..Habits::default()
    })
    .await;
    let mut journey = journey.first_night().await;
    let leaver = journey.everybody().await.remove(3);
    journey.let_go(&leaver).await;
    let run = live(&mut journey).await;
    assert_eq!(errors(&run), []);
    assert_eq!(journey.user(&journey.account_of(&leaver).await).await["active"], false);
    service.stop().await;
}

/// A person's other addresses are theirs, and so is a login that is not the address.
#[tokio::test]
async fn r27_a_new_address_leaves_the_others_and_a_login_of_its_own() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let people = journey.everybody().await;
        for (number, employee) in people[..2].iter().enumerate() {
            let id = journey.account_of(employee).await;
            let mut emails = journey.user(&id).await["emails"].as_array().cloned().unwrap();
            emails.push(json!({ "type": "home", "value": format!("home-{number}@kettle.example") }));
            journey.set_by_hand(&id, "emails", &json!(emails)).await;
            let address = format!("new-{number}@kettle.example");
            journey.change(employee, &json!({ "work_email": address })).await;
        }
        let second = journey.account_of(&people[1]).await;
        journey.set_by_hand(&second, "userName", &json!("second")).await;
        let (_, plan) = journey.night().await;
        // The plan says whose login goes with the address.
        let moves = changes(&journey, &plan).await.into_iter().filter_map(|change| {
            let moves = change.edits()?.login;
            Some((change.employee_id.as_str().to_owned(), moves))
        });
        let expected = [(people[0].clone(), true), (people[1].clone(), false)];
        assert_eq!(moves.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));
        assert_eq!(errors(&journey.apply(&plan).await), []);
        for (number, login) in [(0, "new-0@kettle.example"), (1, "second")] {
            let user = journey.user(&journey.account_of(&people[number]).await).await;
            let mut values: Vec<_> = user["emails"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["value"].clone())
                .collect();
            values.sort_by_key(ToString::to_string);
            assert_eq!(
                values,
                [
                    format!("home-{number}@kettle.example"),
                    format!("new-{number}@kettle.example")
                ]
            );
            assert_eq!(user["userName"], login);
        }
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

/// A login that has become the same as the address since the plan was made would go with it, and the plan does not say so.
#[tokio::test]
async fn r28_a_login_of_which_the_plan_shows_nothing_does_not_change() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let employee = journey.everybody().await.remove(0);
        let id = journey.account_of(&employee).await;
        let address = journey.user(&id).await["userName"].clone();
        journey.set_by_hand(&id, "userName", &json!("first")).await;
        journey
            .change(&employee, &json!({ "work_email": "new@kettle.example" }))
            .await;
        let (_, plan) = journey.night().await;
        journey.set_by_hand(&id, "userName", &address).await;
        let run = journey.apply(&plan).await;
        assert_eq!(errors(&run).len(), 1, "{:?}", errors(&run));
        assert_eq!(journey.user(&id).await["userName"], address);
        // The next plan says it.
        journey.pass_hours(24);
        let run = live(&mut journey).await;
        assert_eq!(errors(&run), []);
        assert_eq!(journey.user(&id).await["userName"], "new@kettle.example");
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

/// The reference of another product is replaced only where a person has seen it.
#[tokio::test]
async fn r02_a_link_that_replaces_another_products_reference_is_shown_and_held() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let user = json!({ "schemas": [SCHEMA], "userName": "nova.noon@kettle.example", "externalId": "okta-77" });
        let id = journey.add_by_hand(&user).await;
        let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
        journey.hire_at(0, &joiner).await;
        let (_, plan) = journey.night().await;
        let holds: Vec<_> = plan.plan.holds.iter().map(|hold| hold.code).collect();
        assert_eq!(holds, [HoldCode::Relinks]);
        let changes = changes(&journey, &plan).await;
        let linked = changes.iter().find_map(|change| {
            let Action::Link { reference, .. } = &change.action else {
                return None;
            };
            reference.clone()
        });
        let reference = linked.unwrap();
        assert_eq!(reference.before.as_str(), "okta-77");
        let run = journey.apply(&plan).await;
        assert_eq!(errors(&run), []);
        assert_eq!(journey.user(&id).await["externalId"], reference.after.as_str());
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

/// A person who is back under another id takes their account over. Whose reference stands on it by then is shown and held.
#[tokio::test]
async fn r16_a_link_that_moves_and_replaces_another_products_reference_is_shown_and_held() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
        let former = journey.hire_at(0, &joiner).await;
        let (_, plan) = journey.night().await;
        assert_eq!(errors(&journey.apply(&plan).await), []);
        let id = journey.account_of(&former).await;
        journey.let_go(&former).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(errors(&journey.apply(&plan).await), []);
        journey.hire_at(0, &joiner).await;
        journey.pass_hours(24);
        let (_, early) = journey.night().await;
        // It came after the plan was made: nothing is written over.
        journey.set_by_hand(&id, "externalId", &json!("okta-77")).await;
        let run = journey.apply(&early).await;
        assert_eq!(errors(&run).len(), 1, "{:?}", errors(&run));
        assert_eq!(journey.user(&id).await["externalId"], "okta-77");
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        let holds: Vec<_> = plan.plan.holds.iter().map(|hold| hold.code).collect();
        assert_eq!(holds, [HoldCode::Relinks]);
        let changes = changes(&journey, &plan).await;
        let moved = changes.iter().find_map(|change| {
            let Action::Relink { reference, .. } = &change.action else {
                return None;
            };
            reference.clone()
        });
        let reference = moved.unwrap();
        assert_eq!(reference.before.as_str(), "okta-77");
        assert_eq!(errors(&journey.apply(&plan).await), []);
        let user = journey.user(&id).await;
        assert_eq!(
            (&user["externalId"], &user["active"]),
            (&json!(reference.after.as_str()), &json!(true))
        );
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

/// After a lost reply to a create, what the server has no place for is not planned again.
#[tokio::test]
async fn r29_a_lost_reply_to_a_create_makes_no_mover_of_what_has_no_place() {
    let habits = Habits {
        lost_creates: 2,
        ..Habits::default()
    };
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let mut journey = Journey::of_few_in_standard_places(&service).await;
    let run = live(&mut journey).await;
    assert_eq!(errors(&run), []);
    journey.pass_hours(24);
    journey.quiet_night().await;
    service.stop().await;
}
