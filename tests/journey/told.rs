//! What the application is told of a night: each event once, in ids, after the application can read what it is about.

use std::sync::Arc;

use acceptance::journey::{Ground, Nobody, Office, Place, Stage, Verdict, Watch};
use rollcall::{
    connection::{ApplyMode, ConnectionSecret, Credential, LeaverPolicy, Preset, TokenSet},
    employee::Canonical,
    event::{Event, EventKind, Receiver},
    queue::QueueName,
    run::{
        Actor, Asked, ReceiverRefused, cancel, find_receiver, put_receiver, remove_receiver, request, rotate_receiver,
        secret_name,
    },
    source::Class,
    store::{RunRecord, RunStatus},
};

use crate::support::{Nth, errors, next_letter};

fn office(people: u64) -> Office {
    let office = Office::new("7");
    office.hire_many(1..=people);
    office
}

/// Returns a stage on which a person approves each plan.
async fn approving(office: &Office, watch: Arc<dyn Watch>) -> Stage {
    let ground = Ground {
        watch,
        ..Ground::memory()
    };
    let mut stage = Stage::new(ground, office).unwrap();
    let mut configuration = Preset::Users.configuration();
    configuration.apply = ApplyMode::Approve;
    stage.connect(configuration).await.unwrap();
    stage.events.take();
    stage
}

fn words(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

/// Returns what the application was told since the last look, by the words of the events.
fn told(stage: &Stage) -> Vec<&'static str> {
    words(&stage.events.take())
}

#[tokio::test]
async fn an_automatic_night_tells_its_runs_and_no_plan() {
    let office = office(3);
    let stage = Stage::automatic(&office).await.unwrap();
    assert_eq!(told(&stage), ["connection.connected"]);
    stage.night().await.unwrap();
    assert_eq!(told(&stage), ["run.completed", "run.completed"]);
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(told(&stage), ["run.completed"]);
}

#[tokio::test]
async fn r06_a_read_that_broke_off_says_so_in_its_run_and_in_its_event() {
    let office = office(30);
    let stage = Stage::automatic(&office).await.unwrap();
    stage.night().await.unwrap();
    let told_of = |run: &RunRecord| {
        let events = stage.events.take();
        let is_it =
            |event: &&Event| event.run.as_deref() == Some(run.id.as_str()) && event.kind == EventKind::RunCompleted;
        events.iter().find(is_it).and_then(|event| event.status)
    };
    for broken in [None, Some(7)] {
        office.hire(40, "Di", "Last");
        office.set(2, Canonical::City, if broken.is_some() { "Rome" } else { "Oslo" });
        office.break_after(Some(broken.unwrap_or(0)));
        let run = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(
            (run.status, errors(&run)),
            (RunStatus::SucceededWithErrors, vec![("unavailable", None)])
        );
        let detail = &run.errors[0].detail;
        assert!(detail.starts_with("the read broke off after"), "{detail}");
        assert_eq!(told_of(&run), Some("succeeded_with_errors"));
    }
    office.break_after(None);
    let run = stage.pass_hours(24).night().await.unwrap();
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    assert_eq!(told_of(&run), Some("succeeded"));
}

#[tokio::test]
async fn a_plan_that_waits_is_told_once_and_so_is_the_one_whose_place_it_takes() {
    let office = office(3);
    let stage = approving(&office, Arc::new(Nobody)).await;
    stage.night().await.unwrap();
    let first = stage.open_plan().await.unwrap().unwrap().plan.id;
    let events = stage.events.take();
    assert_eq!(words(&events), ["plan.ready", "run.completed"]);
    assert_eq!(events[0].plan, Some(first.clone()));
    assert!(
        events
            .iter()
            .all(|event| event.tenant == stage.tenant && event.connection == stage.connection)
    );
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(told(&stage), ["run.completed"], "the same content is the same plan");
    office.hire(4, "Di", "Last");
    stage.pass_hours(24).night().await.unwrap();
    let events = stage.events.take();
    assert_eq!(words(&events), ["plan.superseded", "plan.ready", "run.completed"]);
    assert_eq!(events[0].plan, Some(first));
    assert_ne!(events[1].plan, events[0].plan);
    stage.approve().await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(told(&stage), ["run.completed"]);
}

#[tokio::test]
async fn a_held_plan_and_a_preview_that_nobody_applies_are_told() {
    let office = office(30);
    let stage = Stage::automatic(&office).await.unwrap();
    stage.night().await.unwrap();
    for id in 1..=20 {
        office.end(id, "2026-03-01");
    }
    stage.events.take();
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(told(&stage), ["plan.held", "run.completed"]);
    for id in 2..=20 {
        office.set(id, Canonical::TerminationDate, "");
    }
    request(&stage.ports, &stage.connection, Asked::Preview).await.unwrap();
    stage.deliver().await.unwrap();
    assert_eq!(told(&stage), ["plan.superseded", "plan.ready", "run.completed"]);
}

#[tokio::test]
async fn people_who_wait_are_told_of_when_they_are_others_than_before() {
    let office = office(30);
    let ground = Ground::memory();
    let mut stage = Stage::new(ground, &office).unwrap();
    let mut configuration = Preset::Users.configuration();
    configuration.leavers.missing = LeaverPolicy::Wait;
    stage.connect(configuration).await.unwrap();
    stage.night().await.unwrap();
    office.vanish(3);
    stage.pass_hours(24).night().await.unwrap();
    stage.pass_hours(24).night().await.unwrap();
    let waiting = |events: Vec<Event>| {
        events
            .into_iter()
            .filter(|event| event.kind == EventKind::PersonWaiting)
            .count()
    };
    assert_eq!(waiting(stage.events.take()), 1);
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(waiting(stage.events.take()), 0, "nobody new");
    office.vanish(4);
    stage.pass_hours(24).night().await.unwrap();
    stage.pass_hours(24).night().await.unwrap();
    assert_eq!(waiting(stage.events.take()), 1);
}

#[tokio::test]
async fn a_refused_login_a_failed_run_and_a_cancelled_one() {
    let office = office(3);
    let stage = approving(&office, Arc::new(Nobody)).await;
    office.refuse(Some(Class::Temporary));
    stage.night().await.unwrap();
    assert_eq!(told(&stage), ["run.failed"]);
    office.refuse(None);
    stage.night().await.unwrap();
    stage.approve().await.unwrap();
    stage.events.take();
    let plan = stage.open_plan().await.unwrap().unwrap().plan.id;
    cancel(&stage.ports, &Actor::named("somebody"), &plan).await.unwrap();
    stage.deliver().await.unwrap();
    assert!(told(&stage).is_empty(), "whoever called it off knows");
    office.refuse(Some(Class::Unauthorized));
    stage.night().await.unwrap();
    assert_eq!(told(&stage), ["connection.needs_reauthorization", "run.failed"]);
}

#[tokio::test]
async fn a_message_that_is_delivered_again_tells_nothing_twice() {
    let stage = approving(&office(3), Arc::new(Nobody)).await;
    request(&stage.ports, &stage.connection, Asked::Sync).await.unwrap();
    let letter = next_letter(&stage, QueueName::Diff);
    for _ in 0..3 {
        stage.carry_out(letter.queue, &letter.body).await.unwrap();
    }
    assert_eq!(told(&stage), ["plan.ready", "run.completed"]);
}

#[tokio::test]
async fn a_plan_whose_maker_died_is_told_by_the_next_delivery() {
    let watch = Nth::at(Place::Store("put_state"), Verdict::Fail);
    let stage = approving(&office(3), Arc::clone(&watch) as _).await;
    watch.arm();
    stage.night().await.unwrap();
    assert_eq!(told(&stage), ["plan.ready", "run.completed"]);
}

#[tokio::test]
async fn a_credential_that_only_a_person_renews_is_told_of_some_days_before_its_end() {
    let stage = Stage::automatic(&office(3)).await.unwrap();
    let tokens = TokenSet {
        access_token: "token-of-the-office".to_owned().into(),
        refresh_token: None,
        expires_at: Some("2026-03-18T12:00:00Z".parse().unwrap()),
        obtained_at: stage.now(),
        scope: None,
    };
    let secret = ConnectionSecret {
        version: 2,
        source: Some(Credential::Tokens(tokens)),
        ..ConnectionSecret::default()
    };
    let name = secret_name(&stage.connection);
    let text = secret.to_secret_text().unwrap();
    stage.ports.secrets.put_secret(&name, &text).await.unwrap();
    let mut told_on = Vec::new();
    for day in 2..18 {
        stage.night().await.unwrap();
        // A second run of the day tells of the expiry once more, under the id of the first event.
        stage.night().await.unwrap();
        let events = stage.events.take();
        let expiring: Vec<_> = events
            .iter()
            .filter(|event| event.kind == EventKind::CredentialExpiring)
            .collect();
        if let [one, other] = expiring[..] {
            assert_eq!(one.id(), other.id());
            told_on.push(day);
        }
        stage.pass_hours(24);
    }
    assert_eq!(told_on, [4, 11, 15, 17]);
}

#[tokio::test]
async fn a_receiver_is_set_rotated_and_removed() {
    let stage = Stage::automatic(&office(1)).await.unwrap();
    let ports = &stage.ports;
    assert!(matches!(
        rotate_receiver(ports, &Actor::named("somebody")).await,
        Err(ReceiverRefused::NotFound)
    ));
    let refused = put_receiver(ports, &Actor::named("somebody"), "http://app.example").await;
    assert!(matches!(refused, Err(ReceiverRefused::Address(_))));
    let first = put_receiver(ports, &Actor::named("somebody"), "https://app.example/hooks")
        .await
        .unwrap();
    let moved = put_receiver(ports, &Actor::named("somebody"), "https://app.example/in")
        .await
        .unwrap();
    let rotated = rotate_receiver(ports, &Actor::named("somebody")).await.unwrap();
    let keys = |receiver: &Receiver| -> Vec<Vec<u8>> {
        let secrets = receiver.secrets.iter();
        secrets
            .map(|secret| Receiver::signing_key(secret).unwrap().to_vec())
            .collect()
    };
    assert_eq!(keys(&first), keys(&moved), "another address keeps its secret");
    assert_eq!(keys(&rotated)[1..], keys(&first)[..]);
    let found = find_receiver(ports).await.unwrap().unwrap();
    assert_eq!(
        (found.url.as_str(), keys(&found)),
        ("https://app.example/in", keys(&rotated))
    );
    remove_receiver(ports, &Actor::named("somebody")).await.unwrap();
    assert!(find_receiver(ports).await.unwrap().is_none());
}
