//! An operator's stop, for one tenant or for all, is obeyed at every slice, and a running apply can be called off (R33).

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicU64, Ordering},
};

use acceptance::journey::{Ground, Nobody, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use rollcall::{
    connection::{Preset, TenantId},
    plan::{PlanId, Status},
    queue::QueueName,
    run::{Actor, Done, Refused, approve, cancel, request_diff},
    store::{RunRecord, RunStatus},
};

use crate::support::{errors, last_run, next_letter};

const PEOPLE: usize = 200;

/// Returns a stage with a watch, before a first night in slices of ten steps.
async fn before_the_first_night(watch: Arc<dyn Watch>) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=PEOPLE as u64);
    let ground = Ground {
        watch,
        ..Ground::memory()
    };
    let mut stage = Stage::new(ground, &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.ports.settings.slice_steps = 10;
    stage
}

/// Carries out the diff and so many slices. Returns the plan.
async fn slices(stage: &Stage, slices: u32) -> PlanId {
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.handle(&next_letter(stage, QueueName::Diff)).await.unwrap();
    for _ in 0..slices {
        let letter = next_letter(stage, QueueName::Apply);
        assert_eq!(stage.handle(&letter).await.unwrap(), Done::Continued);
        stage.clock.advance(SignedDuration::from_secs(1));
    }
    stage.open_plan().await.unwrap().unwrap().plan.id
}

async fn status(stage: &Stage, plan: &PlanId) -> Status {
    stage.store.find_plan(plan, stage.now()).await.unwrap().unwrap().status
}

fn assert_stopped(run: &RunRecord) {
    assert_eq!(
        (run.status, errors(run)),
        (RunStatus::Cancelled, vec![("stopped", None)])
    );
    assert!(run.ended_at.is_some());
}

#[tokio::test]
async fn r33_a_stop_for_one_tenant_or_for_all_ends_an_apply_at_its_next_slice() {
    for is_for_all in [true, false] {
        let stage = before_the_first_night(Arc::new(Nobody)).await;
        let plan = slices(&stage, 3).await;
        let tenant = (!is_for_all).then_some(&stage.tenant);
        stage.stop(tenant, true).await.unwrap();
        stage.deliver().await.unwrap();
        let run = last_run(&stage).await;
        assert_stopped(&run);
        assert_eq!((run.progress.done, stage.accounts().await.unwrap().len()), (30, 30));
        assert_eq!(status(&stage, &plan).await, Status::Cancelled);

        // While the stop lasts no diff begins either; once the stop is lifted, the rest of the plan is carried out.
        let stopped = stage.night().await.unwrap();
        assert_stopped(&stopped);
        stage.stop(tenant, false).await.unwrap();
        let next = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(next.counts.joiners as usize, PEOPLE - 30);
    }
}

#[tokio::test]
async fn r33_a_stop_for_another_tenant_stops_nobody_here() {
    let stage = before_the_first_night(Arc::new(Nobody)).await;
    slices(&stage, 3).await;
    let other = TenantId::parse("globex").unwrap();
    stage.stop(Some(&other), true).await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(last_run(&stage).await.status, RunStatus::Succeeded);
    assert_eq!(stage.accounts().await.unwrap().len(), PEOPLE);
}

#[tokio::test]
async fn r33_an_apply_can_be_called_off_between_two_slices() {
    let stage = before_the_first_night(Arc::new(Nobody)).await;
    let plan = slices(&stage, 2).await;
    cancel(&stage.ports, &Actor::named("somebody"), &plan).await.unwrap();
    stage.deliver().await.unwrap();
    let run = last_run(&stage).await;
    assert_stopped(&run);
    assert_eq!((run.progress.done, stage.accounts().await.unwrap().len()), (20, 20));
    assert!(matches!(
        cancel(&stage.ports, &Actor::named("somebody"), &plan).await,
        Err(Refused::Stale("cancelled"))
    ));
    let next = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(next.counts.joiners as usize, PEOPLE - 20);
}

#[tokio::test]
async fn r45_what_a_called_off_apply_has_done_is_newer_than_a_read_that_began_before() {
    let stage = before_the_first_night(Arc::new(Nobody)).await;
    let plan = slices(&stage, 2).await;
    cancel(&stage.ports, &Actor::named("admin"), &plan).await.unwrap();
    stage.deliver().await.unwrap();
    // A read that is under way compares this with what it began on.
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    assert_eq!((remembered.applied_plan, remembered.applied_once), (Some(plan), false));
    assert!(remembered.leavers.is_empty());
}

#[tokio::test]
async fn r33_a_plan_that_was_called_off_is_not_applied() {
    let office = Office::new("7");
    office.hire_many(1..=3);
    let mut stage = Stage::new(Ground::memory(), &office).unwrap();
    stage.connect(Preset::Standard.configuration()).await.unwrap();
    stage.night().await.unwrap();
    let plan = stage.open_plan().await.unwrap().unwrap().plan;
    cancel(&stage.ports, &Actor::named("somebody"), &plan.id).await.unwrap();
    let refused = approve(&stage.ports, &Actor::named("somebody"), &plan.id, &plan.hash, &[]).await;
    assert!(matches!(refused, Err(Refused::Stale("cancelled"))));
    stage.deliver().await.unwrap();
    assert!(stage.accounts().await.unwrap().is_empty());
}

/// A watch under which every write to the target takes a quarter of a second; at one of the writes the plan is called off or a
/// stop is set.
struct Ticking {
    stage: OnceLock<Stage>,
    writes: AtomicU64,
    at: u64,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Cancel,
    Stop,
}

#[async_trait]
impl Watch for Ticking {
    async fn before(&self, place: Place) -> Verdict {
        let (Some(stage), Place::Target(_)) = (self.stage.get(), place) else {
            return Verdict::Go;
        };
        stage.clock.advance(SignedDuration::from_millis(250));
        if self.writes.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            match self.what {
                What::Cancel => {
                    let plan = stage.open_plan().await.unwrap().unwrap().plan.id;
                    let from = [Status::Applying];
                    let cancelled = stage.store.change_plan(&plan, &from, Status::Cancelled, None).await;
                    assert!(cancelled.unwrap());
                }
                What::Stop => stage.stop(None, true).await.unwrap(),
            }
        }
        Verdict::Go
    }
}

#[tokio::test]
async fn r33_a_long_slice_looks_for_a_stop_on_its_way() {
    for what in [What::Cancel, What::Stop] {
        let ticking = Arc::new(Ticking {
            stage: OnceLock::new(),
            writes: AtomicU64::new(0),
            at: 10,
            what,
        });
        let mut stage = before_the_first_night(Arc::clone(&ticking) as _).await;
        stage.ports.settings.slice_steps = 20_000;
        assert!(ticking.stage.set(stage.clone()).is_ok());
        let diff = stage.night().await.unwrap();
        let run = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
        assert_stopped(&run);
        let made = stage.accounts().await.unwrap().len();
        assert!(
            (10..=64).contains(&made),
            "{what:?}: {made}, at most the window that was under way"
        );
        assert_eq!(run.progress.done as usize, made, "{what:?}");
        assert_eq!(status(&stage, run.plan.as_ref().unwrap()).await, Status::Cancelled);
    }
}
