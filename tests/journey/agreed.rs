//! A drop in headcount that the tenant's admin approved holds no later plan, and the next drop holds one (R08).

use acceptance::journey::{Office, Stage};
use rollcall::{
    plan::HoldCode,
    store::{RunRecord, RunStatus},
};

use crate::support::automatic;

/// Returns the holds of the open plan; none where there is no open plan.
async fn holds(stage: &Stage) -> Vec<HoldCode> {
    let open = stage.open_plan().await.unwrap();
    let holds = open.map(|open| open.plan.holds).unwrap_or_default();
    holds.iter().map(|hold| hold.code).collect()
}

/// Lets a day pass and then a night. Returns the night's run.
async fn night(stage: &Stage) -> RunRecord {
    stage.pass_hours(24).night().await.unwrap()
}

/// Lets nights pass until nothing is held. Each held plan is approved.
async fn settle(stage: &Stage) {
    for _ in 0..4 {
        night(stage).await;
        if holds(stage).await.is_empty() {
            return;
        }
        let run = stage.approve().await.unwrap();
        stage.deliver().await.unwrap();
        assert_eq!(stage.run(&run).await.unwrap().status, RunStatus::Succeeded);
    }
    panic!("each night is held");
}

/// Lets nights pass, and asserts that none of them changes anything or asks a person anything.
async fn quiet(stage: &Stage, nights: u32) {
    for _ in 0..nights {
        let run = night(stage).await;
        assert_eq!((run.status, run.counts.changes()), (RunStatus::Succeeded, 0));
        assert_eq!(holds(stage).await, []);
        assert!(
            stage.open_plan().await.unwrap().is_none(),
            "there is nothing to be asked about"
        );
    }
}

#[tokio::test]
async fn r08_a_drop_that_somebody_approved_is_asked_about_once_and_the_next_drop_again() {
    let office = Office::new("7");
    office.hire_many(1..=20);
    let stage = automatic(&office).await;
    stage.night().await.unwrap();
    for id in 16..=20 {
        office.vanish(id);
    }
    night(&stage).await;
    assert_eq!(holds(&stage).await, [HoldCode::HeadcountDrop]);
    settle(&stage).await;
    quiet(&stage, 3).await;
    for id in 12..=15 {
        office.vanish(id);
    }
    night(&stage).await;
    assert_eq!(holds(&stage).await, [HoldCode::HeadcountDrop], "four fewer than agreed");
}

#[tokio::test]
async fn r08_an_empty_roster_that_somebody_approved_is_asked_about_until_nothing_is_left_to_do() {
    let office = Office::new("7");
    office.hire_many(1..=8);
    let stage = automatic(&office).await;
    stage.night().await.unwrap();
    office.close();
    night(&stage).await;
    assert_eq!(holds(&stage).await, [HoldCode::EmptyRoster]);
    settle(&stage).await;
    quiet(&stage, 3).await;
    office.hire_many(1..=8);
    settle(&stage).await;
    office.close();
    night(&stage).await;
    assert_eq!(
        holds(&stage).await,
        [HoldCode::EmptyRoster],
        "it is not the emptiness that was agreed to"
    );
}
