//! A change that is made on the server after the plan, or while we write, is reported and not overwritten (R28).

use emulators::scim::{self, Habits, Options};
use rollcall::{
    connection::Decision,
    plan::{Code, State, Status},
    store::RunStatus,
};
use serde_json::json;

use crate::support::{Journey, Place, errors};

#[tokio::test]
async fn r28_what_an_edit_by_hand_changed_since_the_plan_is_left_and_named_and_the_next_plan_sees_it() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let people = journey.everybody().await;
        for employee in &people[..3] {
            journey.change(employee, &json!({ "job_title": "Astronomer" })).await;
        }
        journey.let_go(&people[3]).await;
        let (_, plan) = journey.night().await;
        let (edited, off) = (
            journey.account_of(&people[1]).await,
            journey.account_of(&people[2]).await,
        );
        journey.set_by_hand(&edited, "title", &json!("Duke")).await;
        journey.set_by_hand(&off, "active", &json!(false)).await;
        let before = [journey.user(&edited).await, journey.user(&off).await];
        let run = journey.apply(&plan).await;
        assert_eq!(run.status, RunStatus::SucceededWithErrors);
        let (first, second) = (people[1].as_str(), people[2].as_str());
        assert_eq!(
            errors(&run),
            [("changed_since_plan", first), ("changed_since_plan", second)]
        );
        assert_eq!([journey.user(&edited).await, journey.user(&off).await], before);
        let done = journey.user(&journey.account_of(&people[0]).await).await;
        assert_eq!(done["title"], "Astronomer");
        assert_eq!(
            journey.user(&journey.account_of(&people[3]).await).await["active"],
            false
        );

        // HR wins for what it manages, and the next preview says so; an account that was switched off by hand stays off
        // (R15).
        journey.pass_hours(24);
        let (_, plan) = journey.night().await;
        assert_eq!((plan.plan.counts.movers, plan.plan.counts.skipped > 0), (1, true));
        journey.apply(&plan).await;
        assert_eq!(journey.user(&edited).await["title"], "Astronomer");
        assert_eq!(journey.user(&off).await, before[1]);
    }
}

#[tokio::test]
async fn r28_who_was_deleted_since_the_plan_is_done_as_a_leaver_and_named_otherwise() {
    for place in Place::both().await {
        let mut journey = Journey::in_step(&place).await;
        let people = journey.everybody().await;
        journey.let_go(&people[4]).await;
        journey.change(&people[5], &json!({ "job_title": "Astronomer" })).await;
        let (_, plan) = journey.night().await;
        for employee in [&people[4], &people[5]] {
            journey.delete_by_hand(&journey.account_of(employee).await).await;
        }
        let run = journey.apply(&plan).await;
        assert_eq!(errors(&run), [("account_gone", people[5].as_str())]);
        assert_eq!(run.progress.done, run.progress.total);
        // No account is made anew by itself: a person at work whose account was deleted is named until a decision is
        // made.
        for _ in 0..2 {
            journey.pass_hours(24);
            let (_, plan) = journey.night().await;
            assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
            let findings = journey.findings(&plan).await;
            let about = |code| findings.iter().filter(move |(_, found, _)| *found == code);
            let named: Vec<_> = about(Code::AccountGone).map(|(_, _, employee)| employee).collect();
            assert_eq!(named, [&people[5]]);
        }
    }
}

/// An edit by hand is made between our look and our write: the server's version shows it, and the edit stays.
#[tokio::test]
async fn r28_who_is_changed_between_our_look_and_our_write_is_left_by_the_version() {
    let service = scim::start(Options::default()).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let people = journey.everybody().await;
    journey.change(&people[0], &json!({ "job_title": "Astronomer" })).await;
    let leaver = &people[1];
    for (meddles, expected) in [(1, vec![("changed_since_plan", people[0].as_str())]), (0, Vec::new())] {
        let (_, plan) = journey.night().await;
        service.change_habits(|habits| habits.meddles = meddles);
        let run = journey.apply(&plan).await;
        assert_eq!(errors(&run), expected);
        let title = &journey.user(&journey.account_of(&people[0]).await).await["title"];
        assert_eq!(title == "By Hand", meddles == 1, "{title}");
        journey.pass_hours(24);
    }

    journey.let_go(leaver).await;
    let (_, plan) = journey.night().await;
    service.change_habits(|habits| habits.meddles = 1);
    let run = journey.apply(&plan).await;
    assert_eq!(errors(&run), [("changed_since_plan", leaver.as_str())]);
    let refused = service.asked().into_iter().filter(|asked| asked.status == 412);
    assert_eq!(refused.count(), 2);
    journey.pass_hours(24);
    let (_, plan) = journey.night().await;
    assert_eq!(plan.plan.counts.leavers, 1, "they leave with the next plan");
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    assert_eq!(journey.user(&journey.account_of(leaver).await).await["active"], false);
    service.stop().await;
}

/// Some products forget a user who is switched off. The step is done all the same, the nights after it are quiet, and the user
/// is made anew only after a decision.
#[tokio::test]
async fn r28_who_is_forgotten_when_switched_off_is_done_and_comes_back_by_a_decision() {
    let habits = Habits {
        forgets_inactive: true,
        ..Habits::default()
    };
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let mut journey = Journey::of_few(&service).await.first_night().await;
    let leaver = journey.everybody().await.remove(2);
    let before = service.users().len();
    journey.let_go(&leaver).await;
    let (_, plan) = journey.night().await;
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    assert_eq!(service.users().len(), before - 1);
    for _ in 0..2 {
        journey.pass_hours(24);
        let writes = service.writes();
        let (_, plan) = journey.night().await;
        assert_eq!((plan.status, service.writes()), (Status::Empty, writes));
    }

    journey.change(&leaver, &json!({ "termination_date": null })).await;
    journey.pass_hours(24);
    let (_, plan) = journey.night().await;
    assert_eq!(plan.status, Status::Empty, "{:?}", plan.plan.counts);
    let gone = journey.findings(&plan).await;
    let named = |(_, code, employee): &(State, Code, String)| *code == Code::AccountGone && *employee == leaver;
    assert!(gone.iter().any(named), "{gone:?}");
    journey.decide(&leaver, Decision::NewAccount).await;
    let (_, plan) = journey.night().await;
    assert_eq!(plan.plan.counts.joiners, 1, "{:?}", plan.plan.counts);
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    journey.agrees(&service.users());
    journey.pass_hours(24);
    journey.quiet_night().await;
    service.stop().await;
}
