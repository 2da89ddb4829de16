//! Runs whose messages are lost end all the same. Where the connection of such a run ends, the run ends with it. Else the
//! connection's next diff ends the run. Where the connection has no next diff, the morning's sweep ends the run.

use acceptance::journey::{Office, Stage};
use jiff::SignedDuration;
use rollcall::{
    connection::{Connection, Preset, Status, Transition},
    event::EventKind,
    plan,
    queue::QueueName,
    run::{Actor, change_connection, disconnect, pause, request_diff, undo},
    store::{RunId, RunStatus},
};

use crate::support::{automatic, errors, next_letter};

/// Returns a stage whose first night has passed.
async fn stage() -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=3);
    let stage = automatic(&office).await;
    stage.night().await.unwrap();
    stage
}

/// Loses all messages.
fn lose(stage: &Stage) {
    while let Some(letter) = stage.letters.receive() {
        stage.letters.delete(&letter);
    }
}

/// Makes a run whose message is lost. Returns the run's id.
async fn lost(stage: &Stage) -> RunId {
    let run = request_diff(&stage.ports, &stage.connection).await.unwrap();
    lose(stage);
    run
}

async fn change(stage: &Stage, change: impl Fn(&Connection) -> Connection + Send + Sync) {
    let changed = |connection: &Connection| Some(change(connection));
    change_connection(&stage.ports, &stage.connection, changed)
        .await
        .unwrap();
}

/// The reason for which a connection has no diff of its own.
#[derive(Clone, Copy, Debug)]
enum Rest {
    Paused,
    NeedsLogin,
    Stopped,
    ByHand,
    Ended,
}

/// Brings a connection into a state in which it has no diff of its own.
async fn rest(stage: &Stage, how: Rest) {
    match how {
        Rest::Paused => {
            let actor = Actor::named("somebody");
            pause(&stage.ports, &actor, &stage.connection).await.unwrap();
        }
        Rest::NeedsLogin => {
            let lose = |one: &Connection| one.clone().change(Transition::LoseAuthorization).unwrap();
            change(stage, lose).await;
        }
        Rest::Stopped => stage.stop(Some(&stage.tenant), true).await.unwrap(),
        Rest::ByHand => {
            let mut configuration = Preset::Users.configuration();
            (configuration.version, configuration.daily) = (2, false);
            let id = &stage.connection;
            assert!(stage.store.put_configuration(id, &configuration).await.unwrap());
            let by_hand = |one: &Connection| Connection {
                configuration_version: 2,
                ..one.clone()
            };
            change(stage, by_hand).await;
        }
        Rest::Ended => {
            let ended = |one: &Connection| one.clone().change(Transition::Disconnect).unwrap();
            change(stage, ended).await;
        }
    }
}

#[tokio::test]
async fn a_lost_run_of_a_connection_that_does_not_run_is_ended_by_the_morning_a_day_later() {
    for how in [Rest::Paused, Rest::NeedsLogin, Rest::Stopped, Rest::ByHand, Rest::Ended] {
        let stage = stage().await;
        let run = lost(&stage).await;
        rest(&stage, how).await;
        stage.events.take();
        let early = stage.pass_hours(20).morning().await.unwrap();
        assert_eq!(early.swept.runs, 0, "{how:?}");
        let waiting = stage.run(&run).await.unwrap().status;
        assert_eq!(waiting, RunStatus::Queued, "{how:?}: it may still come");
        let late = stage.pass_hours(5).morning().await.unwrap();
        assert_eq!(late.swept.runs, 1, "{how:?}");
        let ended = stage.run(&run).await.unwrap();
        assert_eq!(
            (ended.status, errors(&ended)),
            (RunStatus::Failed, vec![("abandoned", None)]),
            "{how:?}"
        );
        assert!(ended.ended_at.is_some(), "{how:?}");
        let told = stage.events.take();
        let failed = told.iter().filter(|event| event.kind == EventKind::RunFailed);
        assert_eq!(failed.count(), 1, "{how:?}: {told:?}");
        let again = stage.pass_hours(24).morning().await.unwrap();
        assert_eq!(again.swept.runs, 0, "{how:?}");
    }
}

#[tokio::test]
async fn a_run_that_waits_is_called_off_with_its_connection() {
    let stage = stage().await;
    let (unsent, waiting) = (lost(&stage).await, lost(&stage).await);
    let was = stage.run(&waiting).await.unwrap();
    let deferred = rollcall::store::RunRecord {
        status: RunStatus::Deferred,
        due_at: Some(stage.now()),
        ..was.clone()
    };
    assert!(stage.store.change_run(&was, &deferred).await.unwrap());
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    disconnect(&stage.ports, &Actor::named("somebody"), connection.record)
        .await
        .unwrap();
    for run in [unsent, waiting] {
        let run = stage.run(&run).await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::Cancelled, vec![("stopped", None)])
        );
        assert_eq!((run.ended_at, run.due_at), (Some(stage.now()), None));
    }
}

/// A late message finds its run ended, and does nothing.
#[tokio::test]
async fn a_run_that_was_called_off_is_not_begun_by_its_late_message() {
    let stage = stage().await;
    let run = request_diff(&stage.ports, &stage.connection).await.unwrap();
    let letter = next_letter(&stage, QueueName::Diff);
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    disconnect(&stage.ports, &Actor::named("somebody"), connection.record)
        .await
        .unwrap();
    stage.handle(&letter).await.unwrap();
    assert_eq!(stage.run(&run).await.unwrap().status, RunStatus::Cancelled);
}

#[tokio::test]
async fn an_undo_whose_message_was_lost_goes_on_a_day_later_though_its_connection_is_paused() {
    let stage = stage().await;
    let applied = stage.store.list_plans(&stage.connection).await.unwrap().remove(0);
    undo(&stage.ports, &Actor::named("somebody"), &applied).await.unwrap();
    let run = stage.approve().await.unwrap();
    lose(&stage);
    pause(&stage.ports, &Actor::named("somebody"), &stage.connection)
        .await
        .unwrap();
    let report = stage.pass_hours(25).morning().await.unwrap();
    assert_eq!(report.swept.runs, 0, "it has not ended by that");
    stage.deliver().await.unwrap();
    assert_eq!(stage.run(&run).await.unwrap().status, RunStatus::Succeeded);
    assert!(stage.open_plan().await.unwrap().is_none());
    let active = stage.accounts().await.unwrap();
    assert!(active.iter().all(|account| !account.active), "what was made is off");
}

#[tokio::test]
async fn a_run_that_is_at_work_is_not_ended_by_the_sweep() {
    let stage = stage().await;
    let run = lost(&stage).await;
    rest(&stage, Rest::Paused).await;
    stage.pass_hours(25);
    let until = stage.now() + SignedDuration::from_mins(10);
    let lease = stage.store.acquire_lease(&stage.connection, &run, stage.now(), until);
    assert!(lease.await.unwrap().is_some());
    assert_eq!(stage.morning().await.unwrap().swept.runs, 0);
    assert_eq!(stage.run(&run).await.unwrap().status, RunStatus::Queued);
}

/// The connection that had the accounts ends. The tenant's other connection takes them up at its next diff, at any age.
#[tokio::test]
async fn r02_people_of_a_connection_that_ended_are_the_others_at_its_next_diff() {
    let office = Office::new("7");
    office.hire_many(1..=3);
    let mut stage = automatic(&office).await;
    stage.night().await.unwrap();
    let first = stage
        .store
        .find_connection(&stage.connection)
        .await
        .unwrap()
        .unwrap()
        .record;
    office.hire_many(4..=4);
    stage.connect(Preset::Users.configuration()).await.unwrap();
    let beside = stage.night().await.unwrap();
    assert_eq!((beside.counts.joiners, beside.counts.conflicts), (1, 3));
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    assert!(remembered.applied_once);
    disconnect(&stage.ports, &Actor::named("somebody"), first.clone())
        .await
        .unwrap();
    assert_eq!(first.status, Status::Connected);
    let after = stage.night().await.unwrap();
    assert_eq!((after.counts.unchanged, after.counts.conflicts), (4, 0));
    assert_eq!(stage.store.list_links(&stage.connection).await.unwrap().len(), 4);
    assert_eq!(stage.store.list_links(&first.id).await.unwrap(), []);
    let open = stage.open_plan().await.unwrap();
    assert!(open.is_none_or(|open| open.status == plan::Status::Empty));
}
