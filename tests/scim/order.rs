//! One change per account, in the order that frees addresses; people who swap addresses are named, and not changed
//! (R20).

use rollcall::plan::{Code, State, Status};
use serde_json::{Value, json};

use crate::support::{Journey, Place};

/// Returns the user name of an employee's account.
async fn address(journey: &Journey, employee: &str) -> Value {
    let id = journey.account_of(employee).await;
    journey.user(&id).await["userName"].clone()
}

#[tokio::test]
async fn r20_an_address_that_is_freed_the_same_night_is_taken_after_that() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let people = journey.everybody().await;
        // In the order of ids, the person who takes the address would come before the person who frees it.
        let (first, second, third) = (&people[0], &people[1], &people[2]);
        let freed = [address(&journey, second).await, address(&journey, third).await];
        let left = address(&journey, first).await;
        journey
            .change(first, &json!({ "work_email": freed[0], "job_title": "First" }))
            .await;
        journey
            .change(second, &json!({ "work_email": freed[1], "job_title": "Second" }))
            .await;
        journey
            .change(third, &json!({ "work_email": "brand.new@kettle.example" }))
            .await;
        let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": left });
        let joiner = journey.hire_at(0, &joiner).await;

        let (_, plan) = journey.night().await;
        let counts = plan.plan.counts;
        assert_eq!(
            (counts.joiners, counts.movers, counts.conflicts),
            (1, 3, 0),
            "{counts:?}"
        );
        let before = journey.stage.writes().target;
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        assert_eq!(journey.stage.writes().target, before + 4, "one change per account");
        for (employee, expected) in [
            (first, &freed[0]),
            (second, &freed[1]),
            (third, &json!("brand.new@kettle.example")),
            (&joiner, &left),
        ] {
            let user = journey.user(&journey.account_of(employee).await).await;
            assert_eq!((&user["userName"], &user["emails"][0]["value"]), (expected, expected));
        }
        journey.pass_hours(24);
        journey.quiet_night().await;
    }
}

#[tokio::test]
async fn r20_who_swap_addresses_are_conflicts_and_nobody_elses_night_is_lost() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let people = journey.everybody().await;
        let (one, other, third) = (&people[7], &people[11], &people[13]);
        let addresses = [address(&journey, one).await, address(&journey, other).await];
        journey.change(one, &json!({ "work_email": addresses[1] })).await;
        journey.change(other, &json!({ "work_email": addresses[0] })).await;
        journey.change(third, &json!({ "job_title": "Astronomer" })).await;
        let mut before = Vec::new();
        for employee in [one, other] {
            before.push(journey.user(&journey.account_of(employee).await).await);
        }
        let (_, plan) = journey.night().await;
        let counts = plan.plan.counts;
        assert_eq!((counts.movers, counts.conflicts), (1, 2), "{counts:?}");
        let findings = journey.findings(&plan).await;
        for employee in [one, other] {
            let named = (State::Conflict, Code::EmailCycle, employee.clone());
            assert!(findings.contains(&named), "{findings:?}");
        }
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        for (employee, before) in [one, other].into_iter().zip(&before) {
            assert_eq!(journey.user(&journey.account_of(employee).await).await, *before);
        }
        let user = journey.user(&journey.account_of(third).await).await;
        assert_eq!(user["title"], "Astronomer");

        // HR changes an address in the circle: then both changes go through, in order.
        journey
            .change(one, &json!({ "work_email": "way.out@kettle.example" }))
            .await;
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!((plan.plan.counts.movers, plan.plan.counts.conflicts), (2, 0));
        let run = journey.apply(&plan).await;
        assert!(run.errors.is_empty(), "{run:?}");
        assert_eq!(address(&journey, one).await, "way.out@kettle.example");
        assert_eq!(address(&journey, other).await, addresses[0]);
    }
}

#[tokio::test]
async fn r20_an_address_that_a_former_account_holds_is_named_and_stays_with_it() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let people = journey.everybody().await;
        let (former, mover) = (&people[9], &people[2]);
        let held = address(&journey, former).await;
        journey.let_go(former).await;
        let (_, plan) = journey.night().await;
        journey.apply(&plan).await;
        journey.pass_hours(24);
        journey.change(mover, &json!({ "work_email": held })).await;
        let before = address(&journey, mover).await;
        for _ in 0..2 {
            let (_, plan) = journey.night().await;
            let findings = journey.findings(&plan).await;
            let named = (State::Conflict, Code::EmailStillTaken, mover.clone());
            assert!(findings.contains(&named), "{findings:?}");
            assert_eq!(plan.status, Status::Empty);
            journey.pass_hours(24);
        }
        assert_eq!(address(&journey, mover).await, before);
        assert_eq!(address(&journey, former).await, held);
    }
}
