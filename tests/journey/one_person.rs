//! A sync of one person: HR is read as ever, one person is brought in step, and a plan for other people is not lost by it.

use acceptance::journey::{Office, Stage};
use rollcall::{
    connection::{ApplyMode, Configuration, Preset},
    employee::{Canonical, EmployeeId},
    plan::{PlanId, Purpose, Status},
    run::{Asked, request},
    store::RunRecord,
};

fn office() -> Office {
    let office = Office::new("7");
    office.hire_many(1..=12);
    office
}

async fn stage(office: &Office, configuration: Configuration) -> Stage {
    let mut stage = Stage::new(crate::ground().await, office).unwrap();
    stage.connect(configuration).await.unwrap();
    stage
}

/// Returns a configuration under which a person approves each plan.
fn approving() -> Configuration {
    let mut configuration = Preset::Users.configuration();
    configuration.apply = ApplyMode::Approve;
    configuration
}

/// Asks for a sync of one person and delivers every message that follows. Returns the run.
async fn sync(stage: &Stage, employee: &str) -> RunRecord {
    let asked = Asked::OnePerson(EmployeeId::parse(employee).unwrap());
    let run = request(&stage.ports, &stage.connection, asked).await.unwrap();
    stage.deliver().await.unwrap();
    stage.run(&run).await.unwrap()
}

async fn status(stage: &Stage, plan: &PlanId) -> Status {
    stage.store.find_plan(plan, stage.now()).await.unwrap().unwrap().status
}

async fn title(stage: &Stage, employee: u64) -> String {
    let account = stage.account_of(employee).await.unwrap();
    account.value(Canonical::JobTitle).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn one_person_is_brought_in_step_and_nobody_else() {
    let office = office();
    let stage = stage(&office, Preset::Users.configuration()).await;
    stage.night().await.unwrap();
    let before = stage.store.load_state(&stage.connection).await.unwrap();
    office
        .set(1, Canonical::JobTitle, "Cook")
        .set(2, Canonical::JobTitle, "Cook");
    office.end(3, "2026-03-01").hire(13, "Mo", "Last");
    stage.pass_hours(2);
    let run = sync(&stage, "2").await;
    assert_eq!((run.counts.movers, run.counts.changes()), (1, 1));
    assert_eq!(
        (title(&stage, 2).await, title(&stage, 1).await),
        ("Cook".to_owned(), "Clerk".to_owned())
    );
    assert!(stage.account_of(3).await.unwrap().active);
    assert_eq!(stage.accounts().await.unwrap().len(), 12);
    let after = stage.store.load_state(&stage.connection).await.unwrap();
    assert_eq!(after.baseline, before.baseline, "one person is no measure (R08)");
    // A leaver and a joiner are brought in step alone, too; then the night has the rest to do.
    sync(&stage, "3").await;
    assert!(!stage.account_of(3).await.unwrap().active);
    sync(&stage, "13").await;
    assert_eq!(stage.accounts().await.unwrap().len(), 13);
    let night = stage.pass_hours(22).night().await.unwrap();
    assert_eq!(night.counts.changes(), 1);
    assert_eq!(title(&stage, 1).await, "Cook");
}

#[tokio::test]
async fn a_first_sync_of_one_person_leaves_the_first_sync_of_all_what_it_was() {
    let office = office();
    let stage = stage(&office, Preset::Users.configuration()).await;
    sync(&stage, "5").await;
    assert_eq!(stage.accounts().await.unwrap().len(), 1);
    let kept = stage.store.load_state(&stage.connection).await.unwrap();
    assert!(!kept.applied_once);
    let night = stage.pass_hours(1).night().await.unwrap();
    assert_eq!((night.counts.joiners, night.counts.unchanged), (11, 1));
}

#[tokio::test]
async fn somebody_without_changes_costs_no_plan_its_place() {
    let office = office();
    let stage = stage(&office, approving()).await;
    stage.approved_night().await.unwrap();
    office.set(1, Canonical::JobTitle, "Cook");
    stage.pass_hours(24).night().await.unwrap();
    let waiting = stage.open_plan().await.unwrap().unwrap();
    let run = sync(&stage, "2").await;
    assert_eq!((run.plan, run.counts.changes()), (None, 0));
    assert_eq!(stage.open_plan().await.unwrap(), Some(waiting.clone()));
    // Where the wider plan is about this very person, the sync points at that plan.
    let run = sync(&stage, "1").await;
    assert_eq!(run.plan, Some(waiting.plan.id.clone()));
    assert_eq!(stage.open_plan().await.unwrap(), Some(waiting));
    assert_eq!(sync(&stage, "nobody-here").await.counts.changes(), 0);
}

#[tokio::test]
async fn r22_a_wider_plan_gives_way_and_comes_back_without_what_was_done() {
    let office = office();
    let stage = stage(&office, approving()).await;
    stage.approved_night().await.unwrap();
    office
        .set(1, Canonical::JobTitle, "Cook")
        .set(2, Canonical::JobTitle, "Cook");
    stage.pass_hours(24).night().await.unwrap();
    let wider = stage.open_plan().await.unwrap().unwrap().plan.id;
    sync(&stage, "2").await;
    let narrow = stage.open_plan().await.unwrap().unwrap();
    let instead_of = Some(wider.clone());
    assert_eq!(narrow.plan.purpose, Purpose::OnePerson { instead_of });
    assert_eq!(status(&stage, &wider).await, Status::Superseded);
    stage.approve().await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(status(&stage, &narrow.plan.id).await, Status::Applied);
    let back = stage.open_plan().await.unwrap().unwrap();
    assert_eq!((back.plan.purpose, back.plan.counts.movers), (Purpose::Sync, 1));
    assert_eq!(
        (title(&stage, 2).await, title(&stage, 1).await),
        ("Cook".to_owned(), "Clerk".to_owned())
    );
}

#[tokio::test]
async fn a_held_plan_is_held_again_after_one_person_went_through() {
    let office = office();
    let stage = stage(&office, Preset::Users.configuration()).await;
    stage.night().await.unwrap();
    for id in 1..=8 {
        office.end(id, "2026-03-01");
    }
    office.set(12, Canonical::JobTitle, "Cook");
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(stage.open_plan().await.unwrap().unwrap().status, Status::Held);
    sync(&stage, "12").await;
    assert_eq!(title(&stage, 12).await, "Cook");
    let open = stage.open_plan().await.unwrap().unwrap();
    assert_eq!(
        (open.status, open.plan.counts.leavers, open.plan.counts.movers),
        (Status::Held, 8, 0)
    );
    assert!(stage.accounts().await.unwrap().iter().all(|account| account.active));
}
