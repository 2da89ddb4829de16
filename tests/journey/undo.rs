//! An applied plan is undone: as far as the accounts are still as the plan left them, and with a person's approval (R32).

use std::sync::Arc;

use acceptance::journey::{Ground, Nobody, Office, Stage, Verdict, Watch};
use rollcall::{
    connection::{ApplyMode, Configuration, Preset},
    employee::Canonical,
    event::EventKind,
    plan::{Code, HoldCode, PlanId, Purpose, Status},
    queue::QueueName,
    run::{Actor, UndoRefused, approve, request_diff, resume, undo},
    store::{PlanRecord, RunId, RunStatus},
};

use crate::support::{Nth, last_run, next_letter};

fn office() -> Office {
    let office = Office::new("7");
    office.hire_many(1..=12);
    office
}

/// Returns a stage after its first night.
async fn settled(office: &Office, watch: Arc<dyn Watch>) -> Stage {
    let ground = Ground {
        watch,
        ..crate::ground().await
    };
    let mut stage = Stage::new(ground, office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    stage
}

/// Lets a night pass. Returns the plan that it applied.
async fn applied_by_night(stage: &Stage) -> PlanId {
    let diff = stage.pass_hours(24).night().await.unwrap();
    let apply = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
    assert_eq!(apply.status, RunStatus::Succeeded);
    apply.plan.unwrap()
}

/// Returns a configuration under which a person approves each plan.
fn approving() -> Configuration {
    let mut configuration = Preset::Users.configuration();
    configuration.apply = ApplyMode::Approve;
    configuration
}

async fn is_paused(stage: &Stage) -> bool {
    let stored = stage.store.find_connection(&stage.connection).await.unwrap();
    stored.unwrap().record.paused
}

async fn carry_out(stage: &Stage) -> Status {
    let run = stage.approve().await.unwrap();
    stage.deliver().await.unwrap();
    let plan = stage.run(&run).await.unwrap().plan.unwrap();
    stage.store.find_plan(&plan, stage.now()).await.unwrap().unwrap().status
}

async fn text(stage: &Stage, employee: u64, attribute: Canonical) -> String {
    let account = stage.account_of(employee).await.unwrap();
    account.value(attribute).unwrap_or_default().to_owned()
}

fn codes(record: &PlanRecord) -> Vec<HoldCode> {
    record.plan.holds.iter().map(|hold| hold.code).collect()
}

#[tokio::test]
async fn r32_what_a_night_wrote_goes_back_but_for_what_was_changed_since() {
    let office = office();
    let stage = settled(&office, Arc::new(Nobody)).await;
    office
        .set(1, Canonical::JobTitle, "Cook")
        .set(2, Canonical::JobTitle, "Cook");
    office.hire(13, "Mo", "Last").end(3, "2026-03-01");
    let applied = applied_by_night(&stage).await;
    let edited = stage.account_of(2).await.unwrap().id;
    stage.edit_by_hand(&edited, Canonical::JobTitle, "Chef").await.unwrap();
    stage.events.take();

    let made = undo(&stage.ports, &Actor::named("somebody"), &applied).await.unwrap();
    assert_eq!(made.plan.purpose, Purpose::Undo { plan: applied.clone() });
    assert_eq!(
        (
            made.plan.counts.movers,
            made.plan.counts.rehires,
            made.plan.counts.leavers
        ),
        (1, 1, 1)
    );
    let findings = stage.store.list_findings(&made).await.unwrap();
    assert_eq!(findings.len(), 1, "what stays is named");
    assert_eq!(findings[0].code, Code::ChangedSince);
    assert_eq!(stage.open_plan().await.unwrap().as_ref(), Some(&made));
    let run = stage.run(&made.run).await.unwrap();
    assert_eq!(
        (run.status, run.plan.as_ref()),
        (RunStatus::Succeeded, Some(&made.plan.id))
    );
    let told = stage.events.take();
    assert_eq!(
        (told.len(), told[0].kind),
        (1, EventKind::PlanReady),
        "nobody applies it but a person"
    );
    assert!(!is_paused(&stage).await, "a plan changes nothing");

    assert_eq!(carry_out(&stage).await, Status::Applied);
    assert!(is_paused(&stage).await);
    assert_eq!(text(&stage, 1, Canonical::JobTitle).await, "Clerk");
    assert_eq!(text(&stage, 2, Canonical::JobTitle).await, "Chef");
    assert!(stage.account_of(3).await.unwrap().active);
    assert!(!stage.account_of(13).await.unwrap().active);

    // The morning leaves the connection alone until the tenant's admin lets it run again; then HR wins, as ever.
    let morning = stage.pass_hours(24).morning().await.unwrap();
    assert_eq!(morning.due, 0);
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &applied).await,
        Err(UndoRefused::Nothing)
    ));
    resume(&stage.ports, &Actor::named("somebody"), &stage.connection)
        .await
        .unwrap();
    stage.night().await.unwrap();
    assert_eq!(text(&stage, 1, Canonical::JobTitle).await, "Cook");
    assert!(!stage.account_of(3).await.unwrap().active);
}

#[tokio::test]
async fn r32_an_undone_first_sync_is_held_and_switches_everybody_off() {
    let office = office();
    let stage = settled(&office, Arc::new(Nobody)).await;
    let applied = last_run(&stage).await.plan.unwrap();
    let made = undo(&stage.ports, &Actor::named("somebody"), &applied).await.unwrap();
    assert_eq!(
        (made.status, codes(&made)),
        (Status::Held, vec![HoldCode::TooManyLeavers])
    );
    let refused = approve(
        &stage.ports,
        &Actor::named("somebody"),
        &made.plan.id,
        &made.plan.hash,
        &[],
    )
    .await;
    assert!(refused.is_err());
    assert_eq!(carry_out(&stage).await, Status::Applied);
    assert!(stage.accounts().await.unwrap().iter().all(|account| !account.active));
    // An undo is a plan like any other, and can be taken back.
    let redone = undo(&stage.ports, &Actor::named("somebody"), &made.plan.id)
        .await
        .unwrap();
    assert_eq!(redone.plan.counts.rehires, 12);
}

#[tokio::test]
async fn r32_an_undo_that_ends_half_way_pauses_all_the_same() {
    let office = office();
    let mut stage = settled(&office, Arc::new(Nobody)).await;
    let applied = last_run(&stage).await.plan.unwrap();
    undo(&stage.ports, &Actor::named("somebody"), &applied).await.unwrap();
    stage.ports.settings.slice_steps = 5;
    stage.approve().await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Apply)).await.unwrap();
    assert!(is_paused(&stage).await);
    stage.stop(None, true).await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(last_run(&stage).await.status, RunStatus::Cancelled);
    let active = stage
        .accounts()
        .await
        .unwrap()
        .iter()
        .filter(|account| account.active)
        .count();
    assert_eq!(active, 7);
    stage.stop(None, false).await.unwrap();
    assert_eq!(
        stage.pass_hours(24).night().await.unwrap().next_run,
        None,
        "a paused connection applies nothing"
    );
}

#[tokio::test]
async fn r32_what_was_not_applied_or_is_not_kept_or_is_at_work_is_not_undone() {
    let office = office();
    let mut stage = Stage::new(crate::ground().await, &office).unwrap();
    stage.connect(approving()).await.unwrap();
    let nowhere = PlanId::parse("plan-of-nobody").unwrap();
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &nowhere).await,
        Err(UndoRefused::NotFound)
    ));
    stage.night().await.unwrap();
    let plan = stage.open_plan().await.unwrap().unwrap().plan.id;
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &plan).await,
        Err(UndoRefused::NotApplied("ready"))
    ));
    stage.approve().await.unwrap();
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &plan).await,
        Err(UndoRefused::NotApplied("applying"))
    ));
    stage.deliver().await.unwrap();

    // Another run holds the connection.
    let other = RunId::parse("another").unwrap();
    let now = stage.now();
    let until = now + stage.ports.settings.lease;
    let lease = stage.store.acquire_lease(&stage.connection, &other, now, until).await;
    let lease = lease.unwrap().unwrap();
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &plan).await,
        Err(UndoRefused::Busy)
    ));
    stage.store.release_lease(&lease).await.unwrap();

    // Another plan is being applied.
    office.set(1, Canonical::JobTitle, "Cook");
    stage.pass_hours(24).night().await.unwrap();
    stage.approve().await.unwrap();
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &plan).await,
        Err(UndoRefused::Busy)
    ));
    stage.deliver().await.unwrap();

    stage.pass_hours(31 * 24);
    assert!(matches!(
        undo(&stage.ports, &Actor::named("somebody"), &plan).await,
        Err(UndoRefused::NotFound)
    ));
}

#[tokio::test]
async fn r22_an_undo_takes_the_place_of_the_open_plan_and_gives_way_to_the_next_night() {
    let office = office();
    let mut stage = Stage::new(crate::ground().await, &office).unwrap();
    stage.connect(approving()).await.unwrap();
    let applied = stage.approved_night().await.unwrap().plan.unwrap();
    office.set(1, Canonical::JobTitle, "Cook");
    stage.pass_hours(24).night().await.unwrap();
    let waiting = stage.open_plan().await.unwrap().unwrap();
    let made = undo(&stage.ports, &Actor::named("somebody"), &applied).await.unwrap();
    let status = async |id: &PlanId| stage.store.find_plan(id, stage.now()).await.unwrap().unwrap().status;
    assert_eq!(status(&waiting.plan.id).await, Status::Superseded);
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(status(&made.plan.id).await, Status::Superseded);
    let again = stage.open_plan().await.unwrap().unwrap();
    assert_eq!(
        (again.plan.hash, again.plan.purpose),
        (waiting.plan.hash, Purpose::Sync)
    );
}

#[tokio::test]
async fn r32_an_undo_that_dies_anywhere_can_be_asked_for_again() {
    // Each write of an undo loses its answer once, until the undo has no further write.
    for number in 1.. {
        let watch = Nth::new(number, Verdict::LoseReply);
        let office = office();
        let stage = settled(&office, Arc::clone(&watch) as _).await;
        let applied = last_run(&stage).await.plan.unwrap();
        watch.arm();
        let first = undo(&stage.ports, &Actor::named("somebody"), &applied).await;
        if watch.writes() < number {
            assert!(first.is_ok() && number > 3, "write {number}");
            return;
        }
        if first.is_err() {
            stage.clock.advance(stage.ports.settings.lease);
            undo(&stage.ports, &Actor::named("somebody"), &applied).await.unwrap();
        }
        assert_eq!(carry_out(&stage).await, Status::Applied, "write {number}");
        assert!(
            stage.accounts().await.unwrap().iter().all(|account| !account.active),
            "write {number}"
        );
        assert!(is_paused(&stage).await);
    }
}
