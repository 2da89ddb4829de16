//! One bad record never stops the others, and a run waits for a target that is down; the results are kept as data (R31).

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use acceptance::journey::{Ground, Nobody, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use rollcall::{
    connection::Preset,
    employee::Canonical,
    plan::Status,
    queue::QueueName,
    run::request_diff,
    store::{RunRecord, RunStatus},
    target::Class,
};

use crate::support::{Nth, errors, last_run, next_letter};

/// Returns a stage with a watch, whose twelve people are in the directory.
pub(crate) async fn settled(office: &Office, watch: Arc<dyn Watch>) -> Stage {
    office.hire_many(1..=12);
    let ground = Ground {
        watch,
        ..crate::ground().await
    };
    let mut stage = Stage::new(ground, office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    stage.pass_hours(24);
    stage
}

/// A night on which everybody gets a new title. Returns the apply's run.
async fn promoted(stage: &Stage, title: &str) -> RunRecord {
    for id in 1..=12 {
        stage.office.set(id, Canonical::JobTitle, title);
    }
    let diff = stage.night().await.unwrap();
    stage.run(diff.next_run.as_ref().unwrap()).await.unwrap()
}

pub(crate) async fn titles(stage: &Stage, title: &str) -> usize {
    let accounts = stage.accounts().await.unwrap();
    accounts
        .iter()
        .filter(|account| account.value(Canonical::JobTitle) == Some(title))
        .count()
}

#[tokio::test]
async fn r31_one_record_that_the_target_refuses_never_stops_the_others() {
    for (class, code) in [
        (Class::Refused, "refused"),
        (Class::Conflict, "value_taken"),
        (Class::Changed, "changed_since_plan"),
        (Class::Unsupported, "unsupported"),
        (Class::Temporary, "unanswered"),
        (Class::Unknown, "unanswered"),
    ] {
        let stage = settled(&Office::new("7"), Arc::new(Nobody)).await;
        stage.trouble.put(&stage.account_of(5).await.unwrap().id, class);
        let run = promoted(&stage, "Head").await;
        assert_eq!(run.status, RunStatus::SucceededWithErrors, "{class:?}");
        assert_eq!(errors(&run), [(code, Some("5"))], "{class:?}");
        assert_eq!((run.progress.done, run.progress.total), (12, 12), "{class:?}");
        assert_eq!(titles(&stage, "Head").await, 11, "{class:?}");

        // The next night makes up for the record that failed.
        stage.trouble.end();
        let next = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(next.counts.movers, 1, "{class:?}");
        assert_eq!(titles(&stage, "Head").await, 12, "{class:?}");
    }
}

#[tokio::test]
async fn r31_what_was_answered_is_not_sent_again_because_somebody_elses_answer_is_missing() {
    let counting = Nth::at(Place::Queue, Verdict::Go);
    let stage = settled(&Office::new("7"), Arc::clone(&counting) as _).await;
    counting.arm();
    stage
        .trouble
        .put(&stage.account_of(5).await.unwrap().id, Class::Temporary);
    stage
        .trouble
        .put(&stage.account_of(6).await.unwrap().id, Class::Refused);
    let run = promoted(&stage, "Head").await;
    assert_eq!(errors(&run), [("refused", Some("6")), ("unanswered", Some("5"))]);
    assert_eq!(counting.writes_at(Place::Target("update")), 12 + 1);
}

/// A target that answers no caller for so many writes.
#[derive(Debug, Default)]
pub(crate) struct Down(pub(crate) AtomicU64);

#[async_trait]
impl Watch for Down {
    async fn before(&self, place: Place) -> Verdict {
        let is_down = matches!(place, Place::Target(_))
            && self
                .0
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_ok();
        if is_down { Verdict::Fail } else { Verdict::Go }
    }
}

#[tokio::test]
async fn r31_a_target_that_is_down_for_a_while_is_waited_for() {
    let down = Arc::new(Down::default());
    let stage = settled(&Office::new("7"), Arc::clone(&down) as _).await;
    // All twelve writes fail, three times.
    down.0.store(36, Ordering::SeqCst);
    let began_at = stage.now();
    let run = promoted(&stage, "Head").await;
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert_eq!((run.slice, titles(&stage, "Head").await), (3, 12));
    let waited = stage.now().duration_since(began_at).as_secs();
    assert!((180..240).contains(&waited), "30, 60 and 90 seconds: {waited}");
}

#[tokio::test]
async fn r31_a_target_that_stays_down_fails_the_run_and_the_next_plan_picks_up_the_rest() {
    let down = Arc::new(Down::default());
    let stage = settled(&Office::new("7"), Arc::clone(&down) as _).await;
    down.0.store(u64::MAX, Ordering::SeqCst);
    let run = promoted(&stage, "Head").await;
    assert_eq!(run.status, RunStatus::Failed);
    assert!(
        errors(&run).contains(&("target-unavailable", None)),
        "{:?}",
        errors(&run)
    );
    let plan = stage
        .store
        .find_plan(run.plan.as_ref().unwrap(), stage.now())
        .await
        .unwrap();
    assert_eq!(plan.unwrap().status, Status::AppliedWithErrors);

    down.0.store(0, Ordering::SeqCst);
    let next = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(
        (next.counts.movers, last_run(&stage).await.status),
        (12, RunStatus::Succeeded)
    );
    assert_eq!(titles(&stage, "Head").await, 12);
}

/// A target that is down until the run that waits for it is given up; then the store fails once.
#[derive(Debug, Default)]
struct BackTooLate {
    down: AtomicBool,
}

#[async_trait]
impl Watch for BackTooLate {
    async fn before(&self, place: Place) -> Verdict {
        let is_down = self.down.load(Ordering::SeqCst);
        let is_refused = matches!(place, Place::Target(_)) && is_down
            || place == Place::Store("change_plan") && self.down.swap(false, Ordering::SeqCst);
        if is_refused { Verdict::Fail } else { Verdict::Go }
    }
}

#[tokio::test]
async fn r29_a_run_that_was_given_up_stays_so_whoever_ends_it() {
    let late = Arc::new(BackTooLate::default());
    let stage = settled(&Office::new("7"), Arc::clone(&late) as _).await;
    for id in 1..=12 {
        stage.office.set(id, Canonical::JobTitle, "Head");
    }
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    late.down.store(true, Ordering::SeqCst);
    stage.deliver().await.unwrap();
    let run = last_run(&stage).await;
    assert!(!late.down.load(Ordering::SeqCst), "the target is there again");
    assert_eq!(run.status, RunStatus::Failed);
    assert!(
        errors(&run).contains(&("target-unavailable", None)),
        "{:?}",
        errors(&run)
    );
    assert_eq!(
        titles(&stage, "Head").await,
        0,
        "what was given up is not carried on with"
    );
    assert_eq!(stage.open_plan().await.unwrap(), None);
}
