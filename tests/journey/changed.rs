//! A change that the tenant's admin makes by hand between plan and apply stays: the step is skipped, and the run says so (R28).

use std::sync::Arc;

use acceptance::journey::{Nobody, Office, Plot, Stage, play};
use rollcall::{
    employee::Canonical,
    plan::{LeaverReason, LinkState, Status},
    queue::QueueName,
    store::{RunRecord, RunStatus},
    target::Class,
    testing::builder::employee_id,
};

use crate::support::{automatic, errors, last_run, next_letter, prepared};

/// Returns the stage of a rich night whose plan is made and waits for approval.
pub(crate) async fn planned() -> Stage {
    let stage = prepared(Plot::Rich, Arc::new(Nobody), None).await;
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    assert_eq!(stage.open_plan().await.unwrap().unwrap().status, Status::Held);
    stage
}

/// Approves the open plan and carries it out. Returns the apply's run.
pub(crate) async fn applied(stage: &Stage) -> RunRecord {
    let run = stage.approve().await.unwrap();
    play(stage).await.unwrap();
    stage.run(&run).await.unwrap()
}

#[tokio::test]
async fn r28_a_value_that_was_edited_by_hand_since_the_plan_is_left_and_said() {
    let stage = planned().await;
    let id = stage.account_of(2).await.unwrap().id;
    stage.edit_by_hand(&id, Canonical::JobTitle, "Duke").await.unwrap();
    let run = applied(&stage).await;
    assert_eq!(run.status, RunStatus::SucceededWithErrors);
    assert_eq!(errors(&run), [("changed_since_plan", Some("2"))]);
    assert_eq!(run.progress.done, run.progress.total, "all others were seen to");
    let account = stage.account_of(2).await.unwrap();
    assert_eq!(account.value(Canonical::JobTitle), Some("Duke"));
    assert_eq!(
        stage.account_of(20).await.unwrap().value(Canonical::JobTitle),
        Some("Clerk")
    );

    // The next plan sees the change. HR wins for what it manages, and the plan announces that it overwrites.
    let next = stage.pass_hours(24).approved_night().await.unwrap();
    assert_eq!((next.status, next.counts.movers), (RunStatus::Succeeded, 1));
    let account = stage.account_of(2).await.unwrap();
    assert_eq!(account.value(Canonical::JobTitle), Some("Head"));
}

#[tokio::test]
async fn r28_an_account_that_was_switched_off_by_hand_since_the_plan_is_not_written_to() {
    let stage = planned().await;
    let id = stage.account_of(2).await.unwrap().id;
    let off = stage.switch_by_hand(&id, false).await.unwrap();
    let run = applied(&stage).await;
    assert_eq!(errors(&run), [("changed_since_plan", Some("2"))]);
    assert_eq!(stage.account_of(2).await.unwrap(), off);
}

#[tokio::test]
async fn r28_a_leaver_who_was_switched_off_by_hand_since_the_plan_is_done_and_stays_somebody_elses_work() {
    let stage = planned().await;
    let id = stage.account_of(8).await.unwrap().id;
    let off = stage.switch_by_hand(&id, false).await.unwrap();
    let run = applied(&stage).await;
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert_eq!(stage.account_of(8).await.unwrap(), off);
    let link = stage
        .store
        .find_link(&stage.connection, &employee_id("8"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(link.state, LinkState::Active, "we have not switched it off (R15)");
}

#[tokio::test]
async fn r28_a_leaver_who_is_switched_off_by_us_is_remembered_as_ours() {
    let stage = planned().await;
    applied(&stage).await;
    assert!(!stage.account_of(8).await.unwrap().active);
    let link = stage
        .store
        .find_link(&stage.connection, &employee_id("8"))
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(
        link.state,
        LinkState::Deactivated {
            reason: LeaverReason::Terminated,
            ..
        }
    ));
}

#[tokio::test]
async fn r28_an_account_that_is_gone_counts_as_switched_off_and_as_failed_for_everything_else() {
    let stage = planned().await;
    for employee in [2, 8] {
        let id = stage.account_of(employee).await.unwrap().id;
        stage.trouble.put(&id, Class::Gone);
    }
    let run = applied(&stage).await;
    assert_eq!(errors(&run), [("account_gone", Some("2"))]);
    assert_eq!(run.progress.done, run.progress.total);
}

#[tokio::test]
async fn r28_a_joiner_whose_address_somebody_took_since_the_plan_is_named_and_not_taken_over() {
    let office = Office::new("7");
    office.hire_many(1..=8);
    let stage = automatic(&office).await;
    stage.night().await.unwrap();
    office.hire_many(9..=10);
    stage.pass_hours(24);
    rollcall::run::request_diff(&stage.ports, &stage.connection)
        .await
        .unwrap();
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    let id = stage.account_of(8).await.unwrap().id;
    stage
        .edit_by_hand(&id, Canonical::Email, "p9@example.com")
        .await
        .unwrap();
    play(&stage).await.unwrap();
    let run = last_run(&stage).await;
    assert_eq!(
        (run.status, errors(&run)),
        (RunStatus::SucceededWithErrors, vec![("value_taken", Some("9"))])
    );
    assert!(stage.account_of(9).await.is_err());
    assert!(
        stage.account_of(10).await.unwrap().active,
        "one bad record stops nobody else (R31)"
    );
}
