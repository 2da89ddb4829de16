//! The morning: it makes one run for each connection that is due, however often the morning is begun, and reports the
//! connections that are overdue.

use std::{sync::Arc, time::Duration};

use acceptance::journey::{Ground, Office, Place, Stage, Verdict};
use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, date},
};
use rollcall::{
    connection::{ConnectionId, ConnectionSecret, Credential, Preset, Status, TokenSet},
    event::EventKind,
    run::{Actor, DailyReport, SPREAD, change_connection, daily, disconnect, pause, resume, secret_name},
    source::Class,
    store::{RunId, RunStatus},
};

use crate::support::Nth;

/// The day on which the journey of every stage begins.
const DAY: Date = date(2026, 3, 2);

async fn stage(office: &Office) -> Stage {
    Stage::automatic(office).await.unwrap()
}

fn office() -> Office {
    let office = Office::new("7");
    office.hire_many(1..=3);
    office
}

/// Returns the instant at which a function that begins now would end.
fn later(stage: &Stage) -> Timestamp {
    stage.now() + SignedDuration::from_mins(5)
}

async fn morning(stage: &Stage) -> DailyReport {
    stage.morning().await.unwrap()
}

fn counts(report: &DailyReport) -> (u32, u32, u32) {
    (report.connections, report.due, report.started)
}

#[tokio::test]
async fn a_morning_reads_everybody_once_and_the_next_one_again() {
    let stage = stage(&office()).await;
    assert_eq!(counts(&morning(&stage).await), (1, 1, 1));
    stage.deliver().await.unwrap();
    assert_eq!(stage.accounts().await.unwrap().len(), 3);
    assert_eq!(counts(&morning(&stage).await), (1, 1, 0));
    assert!(
        stage.letters.next_at().is_none(),
        "a run that has ended is not asked for again"
    );
    stage.pass_hours(24);
    let report = morning(&stage).await;
    assert_eq!((report.started, report.overdue), (1, Vec::new()));
    stage.deliver().await.unwrap();
    let runs = stage.store.list_runs(&stage.connection, None, 10).await.unwrap();
    assert!(runs.iter().all(|run| run.status == RunStatus::Succeeded));
    assert_eq!(runs.len(), 3, "two diffs and one apply");
}

#[tokio::test]
async fn two_schedulers_at_once_make_one_run() {
    let stage = stage(&office()).await;
    let (one, other) = tokio::join!(stage.morning(), stage.morning());
    assert_eq!(one.unwrap().started + other.unwrap().started, 1);
    stage.deliver().await.unwrap();
    let runs = stage.store.list_runs(&stage.connection, None, 10).await.unwrap();
    assert_eq!(runs.len(), 2, "a diff and its apply");
    assert_eq!(stage.accounts().await.unwrap().len(), 3);
}

#[tokio::test]
async fn starts_lie_within_a_quarter_of_an_hour() {
    let mut stage = stage(&office()).await;
    for _ in 0..20 {
        stage.connect(Preset::Users.configuration()).await.unwrap();
    }
    let now = stage.now();
    assert_eq!(
        counts(&daily(&stage.ports, DAY, Duration::MAX, later(&stage)).await.unwrap()),
        (21, 21, 21)
    );
    let first = stage.letters.next_at().unwrap();
    assert!(first > now, "not all at once");
    stage.clock.advance(SignedDuration::from_mins(15));
    let mut received = 0;
    while let Some(letter) = stage.letters.receive() {
        stage.letters.delete(&letter);
        received += 1;
    }
    assert_eq!(received, 21);
}

#[tokio::test]
async fn only_what_is_connected_daily_and_neither_paused_nor_stopped_is_due() {
    let stage = stage(&office()).await;
    pause(&stage.ports, &Actor::named("somebody"), &stage.connection)
        .await
        .unwrap();
    assert_eq!(counts(&morning(&stage).await), (1, 0, 0));
    resume(&stage.ports, &Actor::named("somebody"), &stage.connection)
        .await
        .unwrap();

    stage.stop(Some(&stage.tenant), true).await.unwrap();
    assert_eq!(counts(&morning(&stage).await), (1, 0, 0));
    stage.stop(Some(&stage.tenant), false).await.unwrap();

    let mut by_hand = Preset::Users.configuration();
    (by_hand.version, by_hand.daily) = (2, false);
    stage
        .store
        .put_configuration(&stage.connection, &by_hand)
        .await
        .unwrap();
    set_version(&stage, 2).await;
    assert_eq!(counts(&morning(&stage).await), (1, 0, 0));
    set_version(&stage, 1).await;

    let mut elsewhere = stage.ports.clone();
    elsewhere.home.table = "restored".to_owned();
    let report = daily(&elsewhere, DAY, SPREAD, later(&stage)).await.unwrap();
    assert_eq!(counts(&report), (1, 0, 0), "a copy of the table starts nothing (R03)");
    assert_eq!(counts(&morning(&stage).await), (1, 1, 1));
}

async fn set_version(stage: &Stage, version: u64) {
    let id = &stage.connection;
    let change = |connection: &rollcall::connection::Connection| {
        let mut connection = connection.clone();
        connection.configuration_version = version;
        Some(connection)
    };
    change_connection(&stage.ports, id, change).await.unwrap();
}

#[tokio::test]
async fn a_connection_without_a_complete_run_for_26_hours_is_named_until_it_has_one() {
    let office = office();
    let stage = stage(&office).await;
    office.break_after(Some(1));
    let overdue = |report: DailyReport| -> Vec<ConnectionId> { report.overdue };
    assert!(overdue(morning(&stage).await).is_empty());
    stage.deliver().await.unwrap();
    stage.pass_hours(25);
    assert!(
        overdue(morning(&stage).await).is_empty(),
        "a day and a bit is no reason"
    );
    stage.deliver().await.unwrap();
    stage.pass_hours(24);
    assert_eq!(overdue(morning(&stage).await), std::slice::from_ref(&stage.connection));
    office.break_after(None);
    stage.deliver().await.unwrap();
    assert!(overdue(morning(&stage).await).is_empty());

    // A connection whose login was refused gets no further run, and is reported as overdue all the same.
    office.refuse(Some(Class::Unauthorized));
    stage.pass_hours(24);
    morning(&stage).await;
    stage.deliver().await.unwrap();
    let stored = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    assert_eq!(stored.record.status, Status::NeedsReauthorization);
    stage.pass_hours(24);
    stage.events.take();
    let report = morning(&stage).await;
    assert_eq!((report.due, report.overdue), (0, vec![stage.connection.clone()]));
    morning(&stage).await;
    let told = stage.events.take();
    let kinds: Vec<_> = told.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [EventKind::RunOverdue, EventKind::RunOverdue]);
    assert_eq!(told[0].id(), told[1].id(), "the same day is the same event");
    stage.pass_hours(24);
    morning(&stage).await;
    assert_ne!(stage.events.take()[0].id(), told[0].id());
}

#[tokio::test]
async fn a_morning_that_dies_between_record_and_message_is_made_good_by_the_next_call() {
    let watch = Nth::at(Place::Queue, Verdict::Fail);
    let ground = Ground {
        watch: Arc::clone(&watch) as _,
        ..Ground::memory()
    };
    let mut stage = Stage::new(ground, &office()).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    watch.arm();
    assert!(stage.morning().await.is_err());
    assert!(stage.letters.next_at().is_none());
    let again = morning(&stage).await;
    assert_eq!((again.due, again.started), (1, 0));
    stage.deliver().await.unwrap();
    let run = RunId::parse(&format!("run_2026-03-02_{}", stage.connection)).unwrap();
    assert_eq!(stage.run(&run).await.unwrap().status, RunStatus::Succeeded);
}

#[tokio::test]
async fn r40_a_morning_keeps_credentials_fresh_also_of_what_is_paused() {
    let stage = stage(&office()).await;
    let tokens = TokenSet {
        access_token: "token-of-the-office".to_owned().into(),
        refresh_token: Some("refresh-of-the-office".to_owned().into()),
        expires_at: None,
        obtained_at: stage.now(),
        scope: None,
    };
    let secret = ConnectionSecret {
        version: 4,
        source: Some(Credential::Tokens(tokens)),
        ..ConnectionSecret::default()
    };
    let name = secret_name(&stage.connection);
    let text = secret.to_secret_text().unwrap();
    stage.ports.secrets.put_secret(&name, &text).await.unwrap();
    pause(&stage.ports, &Actor::named("somebody"), &stage.connection)
        .await
        .unwrap();
    assert_eq!(morning(&stage).await.refreshed, 0, "they are fresh");
    stage.pass_hours(24);
    let report = morning(&stage).await;
    assert_eq!((report.due, report.refreshed), (0, 1));
    let kept = stage.ports.secrets.find_secret(&name).await.unwrap().unwrap();
    assert_eq!(ConnectionSecret::from_secret_text(&kept).unwrap().version, 5);
}

#[tokio::test]
async fn r42_links_of_a_disconnected_connection_end_after_ninety_days() {
    let stage = stage(&office()).await;
    stage.night().await.unwrap();
    let connection = stage
        .store
        .find_connection(&stage.connection)
        .await
        .unwrap()
        .unwrap()
        .record;
    disconnect(&stage.ports, &Actor::named("somebody"), connection)
        .await
        .unwrap();
    let links = async || stage.store.list_links(&stage.connection).await.unwrap().len();
    stage.pass_hours(90 * 24 - 1);
    morning(&stage).await;
    assert_eq!(links().await, 3);
    stage.pass_hours(1);
    morning(&stage).await;
    assert_eq!(links().await, 0);
    let writes = stage.store.writes();
    morning(&stage).await;
    assert_eq!(stage.store.writes(), writes, "nothing is left to be forgotten");
}

#[tokio::test]
async fn leavers_count_on_the_date_of_the_schedules_zone() {
    let office = office();
    let mut stage = stage(&office).await;
    // In this zone it is the next day already for most of a day in UTC.
    stage.ports.settings.zone = jiff::tz::TimeZone::get("Pacific/Kiritimati").unwrap();
    stage.night().await.unwrap();
    let yesterday = stage.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    office.end(3, &yesterday.to_string());
    stage.pass_hours(48).night().await.unwrap();
    // One leaver of three people is more than a plan may have without a person's approval.
    if stage.approve().await.is_ok() {
        stage.deliver().await.unwrap();
    }
    let there = stage.now().to_zoned(stage.ports.settings.zone.clone()).date();
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    assert_eq!(remembered.leavers, [(there, 1)]);
}
