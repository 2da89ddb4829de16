//! Changes that people make on the server by hand stay. An account that was switched off there stays off, and users that
//! Rollcall does not manage are left alone (R15, R27).

use rollcall::plan::{Code, State, Status};
use serde_json::{Value, json};

use crate::support::{Journey, Place};

#[tokio::test]
async fn r15_who_was_switched_off_by_hand_stays_off_and_is_named_whatever_hr_does() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let employee = journey.everybody().await.remove(3);
        let id = journey.account_of(&employee).await;
        journey.set_by_hand(&id, "active", &json!(false)).await;
        let off = journey.user(&id).await;
        let is_named = |findings: &[(State, Code, String)]| {
            findings.contains(&(State::Skipped, Code::DeactivatedByHand, employee.clone()))
        };

        journey.change(&employee, &json!({ "job_title": "Astronomer" })).await;
        let (_, plan) = journey.night().await;
        assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
        assert!(is_named(&journey.findings(&plan).await));

        // The person leaves and comes back. Rollcall has not switched the account off, so it does not switch the account on.
        journey.let_go(&employee).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
        journey.change(&employee, &json!({ "termination_date": null })).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
        assert!(is_named(&journey.findings(&plan).await));
        assert_eq!(journey.user(&id).await, off);
    }
}

#[tokio::test]
async fn r15_whom_we_switched_off_comes_back_in_one_request_with_what_changed() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let employee = journey.everybody().await.remove(5);
        let id = journey.account_of(&employee).await;
        journey.let_go(&employee).await;
        let (_, plan) = journey.night().await;
        assert_eq!((plan.plan.counts.leavers, plan.plan.counts.movers), (1, 0));
        let before = journey.stage.writes().target;
        journey.apply(&plan).await;
        assert_eq!(journey.stage.writes().target, before + 1);
        assert_eq!(journey.user(&id).await["active"], false);
        journey.pass_hours(24);
        journey.quiet_night().await;

        let back = json!({ "termination_date": null, "job_title": "Astronomer" });
        journey.change(&employee, &back).await;
        let (_, plan) = journey.night().await;
        assert_eq!(plan.plan.counts.rehires, 1, "{:?}", plan.plan.counts);
        let before = journey.stage.writes().target;
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        assert_eq!(journey.stage.writes().target, before + 1, "one request says it all");
        let user = journey.user(&id).await;
        assert_eq!((&user["active"], &user["title"]), (&json!(true), &json!("Astronomer")));
        journey.agrees(&journey.users().await);
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

#[tokio::test]
async fn r15_who_is_switched_on_by_hand_after_we_switched_them_off_stays_on() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let employee = journey.everybody().await.remove(5);
        let id = journey.account_of(&employee).await;
        journey.let_go(&employee).await;
        let (_, plan) = journey.night().await;
        journey.apply(&plan).await;
        journey.set_by_hand(&id, "active", &json!(true)).await;
        let on = journey.user(&id).await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
        let named = (State::Todo, Code::ReactivatedByHand, employee);
        assert!(journey.findings(&plan).await.contains(&named));
        assert_eq!(journey.user(&id).await, on);
    }
}

/// Returns people who are on the server and not in HR: one as other clients make them, one without an address, one
/// switched off, one with the reference of another employee.
fn strangers() -> [Value; 4] {
    let user = |more: Value| {
        let mut user = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"] });
        let members = user.as_object_mut().unwrap();
        members.extend(more.as_object().cloned().unwrap_or_default());
        user
    };
    [
        user(json!({ "userName": "Guest@Partner.example", "displayName": "A guest", "title": "Auditor" })),
        user(json!({ "userName": "svc-backup", "active": true })),
        user(json!({ "userName": "gone@partner.example", "active": false })),
        user(json!({ "userName": "other@partner.example", "externalId": "other-product:17" })),
    ]
}

#[tokio::test]
async fn r27_users_that_rollcall_does_not_manage_are_counted_and_listed_and_neither_touched_nor_lost() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let (mut ids, mut before) = (Vec::new(), Vec::new());
        for stranger in strangers() {
            let id = journey.add_by_hand(&stranger).await;
            before.push(journey.user(&id).await);
            ids.push(id);
        }
        let leaver = journey.everybody().await.remove(0);
        journey.let_go(&leaver).await;
        journey.controls.pass_day(true).await.unwrap();
        for _ in 0..2 {
            let (_, plan) = journey.night().await;
            assert_eq!(plan.plan.counts.unmanaged, 4, "{:?}", plan.plan.counts);
            let findings = journey.findings(&plan).await;
            for id in &ids {
                let unmanaged = (State::Unmanaged, Code::Unmanaged, id.clone());
                assert!(findings.contains(&unmanaged), "{findings:?}");
            }
            if plan.status != Status::Empty {
                let run = journey.apply(&plan).await;
                assert!(run.errors.is_empty(), "{run:?}");
            }
            journey.pass_hours(24);
        }
        for (id, before) in ids.iter().zip(&before) {
            assert_eq!(journey.user(id).await, *before);
        }
    }
}
