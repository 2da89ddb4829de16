//! What the door does with a schedule's event as AWS sends it (AWS: "Scheduled events", example event).

use std::{collections::BTreeSet, sync::Arc};

use jiff::{
    ToSpan as _,
    civil::{Date, time},
    tz::TimeZone,
};
use rollcall::{
    connection::{Connection, Home, Preset},
    event::memory::MemoryEvents,
    http::BaseUrls,
    queue::{QueueName, memory::MemoryQueue},
    run::{Clock, Settings, Targets},
    runtime::{BuiltInTargets, RandomIds, outbound_client},
    secret::memory::MemorySecretStore,
    store::{ConnectionStore, RunId, RunStore, memory::MemoryStore},
    testing::{
        FixedClock,
        builder::{at, company, connection},
    },
};

use super::*;

fn event() -> Event {
    serde_json::from_value(serde_json::json!({
        "version": "0",
        "id": "cdc73f9d-aea9-11e3-9d5a-835b769c0d9c",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-03-02T04:00:00Z",
        "region": "eu-west-1",
        "resources": ["arn:aws:events:eu-west-1:123456789012:rule/rollcall-daily"],
        "detail": {}
    }))
    .unwrap()
}

/// The schedule of a stack that was deployed as it is.
fn utc() -> Schedule {
    schedule("UTC", 4, 0)
}

fn schedule(zone: &str, hour: i8, minute: i8) -> Schedule {
    Schedule {
        at: time(hour, minute, 0, 0),
        zone: TimeZone::get(zone).unwrap(),
    }
}

/// Everything outside the use case, two minutes after the event.
fn ports(store: Arc<MemoryStore>, queue: Arc<MemoryQueue>, clock: Arc<FixedClock>) -> Ports {
    let targets: Arc<dyn Targets> = Arc::new(BuiltInTargets::new(
        store.clone(),
        outbound_client().unwrap(),
        BaseUrls::Any,
        clock.clone(),
    ));
    Ports {
        store,
        secrets: Arc::new(MemorySecretStore::new()),
        queue,
        events: Arc::new(MemoryEvents::new()),
        providers: Vec::new(),
        targets,
        clock,
        ids: Arc::new(RandomIds::new().unwrap()),
        home: Home {
            stage: "test".to_owned(),
            account: "000000000000".to_owned(),
            table: "rollcall".to_owned(),
        },
        settings: Settings::default(),
    }
}

struct Scene {
    clock: Arc<FixedClock>,
    store: Arc<MemoryStore>,
    queue: Arc<MemoryQueue>,
    ports: Ports,
    deadline: Timestamp,
}

impl Scene {
    /// Begins a morning with an event of this time, or of none.
    async fn begin(&self, schedule: &Schedule, time: Option<&str>) -> Result<Answer, Error> {
        let event = serde_json::from_value(serde_json::json!({ "time": time })).unwrap();
        let deadline = self.clock.now() + SignedDuration::from_mins(5);
        handle(&self.ports, schedule, event, deadline).await
    }

    /// The days of the runs that were asked for, in order.
    fn days(&self) -> Vec<String> {
        let bodies = self.queue.bodies(QueueName::Diff);
        let day = |body: &String| body.split("run_").nth(1).unwrap()[..10].to_owned();
        let days: BTreeSet<String> = bodies.iter().map(day).collect();
        days.into_iter().collect()
    }
}

/// Three connected connections.
async fn scene() -> Scene {
    scene_of(&["con_1", "con_2", "con_3"]).await
}

async fn scene_of(ids: &[&str]) -> Scene {
    let clock = Arc::new(FixedClock::new(at("2026-03-02T04:02:00Z")));
    let (store, queue) = (Arc::new(MemoryStore::new()), Arc::new(MemoryQueue::new(clock.clone())));
    let ports = ports(store.clone(), queue.clone(), clock.clone());
    for id in ids {
        let connected = Connection {
            home: ports.home.clone(),
            ..connection(id, "acme").connect(&company("7")).unwrap()
        };
        store.put_connection(&connected, None).await.unwrap();
        let configuration = Preset::Users.configuration();
        store.put_configuration(&connected.id, &configuration).await.unwrap();
    }
    Scene {
        clock: clock.clone(),
        store,
        queue,
        ports,
        deadline: clock.now() + SignedDuration::from_mins(5),
    }
}

#[tokio::test]
async fn an_event_begins_one_run_per_connection_of_the_day_for_which_it_was_due() {
    let scene = scene().await;
    let answer = handle(&scene.ports, &utc(), event(), scene.deadline).await.unwrap();
    assert_eq!((answer.connections, answer.due, answer.started), (3, 3, 3));
    for id in ["con_1", "con_2", "con_3"] {
        let run = RunId::parse(&format!("run_2026-03-02_{id}")).unwrap();
        assert!(scene.store.find_run(&run).await.unwrap().is_some(), "{id}");
    }
    assert_eq!(scene.queue.next_visible_at(QueueName::Apply), None);
    assert!(scene.queue.next_visible_at(QueueName::Diff).is_some());
    let again = handle(&scene.ports, &utc(), event(), scene.deadline).await.unwrap();
    assert_eq!((again.due, again.started), (3, 0));
}

#[tokio::test]
async fn a_call_by_hand_without_an_event_means_the_last_morning_that_has_begun() {
    let scene = scene().await;
    let by_hand: Event = serde_json::from_str("{}").unwrap();
    let answer = handle(&scene.ports, &utc(), by_hand, scene.deadline).await.unwrap();
    assert_eq!(answer.started, 3);
    let text = serde_json::to_string(&answer).unwrap();
    assert!(
        text.starts_with(r#"{"connections":3,"due":3,"started":3,"refreshed":0,"overdue":"#),
        "{text}"
    );
    assert_eq!(scene.days(), ["2026-03-02"]);
    // After midnight it is still that one.
    scene.clock.set(at("2026-03-03T00:30:00Z"));
    let again = scene.begin(&utc(), None).await.unwrap();
    assert_eq!(again.started, 0);
}

#[tokio::test]
async fn an_event_of_a_day_to_come_is_refused_so_that_the_day_is_not_lost() {
    let scene = scene().await;
    let error = scene.begin(&utc(), Some("2026-03-03T04:00:00Z")).await.unwrap_err();
    assert!(matches!(error, Error::Early), "{error}");
    assert!(scene.days().is_empty());
    // A clock that is somewhat late is no reason.
    scene.clock.set(at("2026-03-03T03:59:58Z"));
    assert_eq!(
        scene.begin(&utc(), Some("2026-03-03T04:00:00Z")).await.unwrap().started,
        3
    );
    assert_eq!(scene.days(), ["2026-03-03"]);
}

/// Zones west and east, with and without changes of clocks, by an hour and by half of one, at night and at midnight.
const ZONES: [&str; 16] = [
    "UTC",
    "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/St_Johns",
    "Africa/Cairo",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Australia/Lord_Howe",
    "Europe/London",
    "Europe/Madrid",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
];

/// When mornings begin: at the default, around midnight there and in UTC, and when clocks are changed.
const TIMES: [(i8, i8); 8] = [(4, 0), (0, 0), (0, 30), (2, 30), (9, 15), (16, 30), (23, 30), (23, 59)];

#[tokio::test]
async fn every_day_of_every_zone_has_one_morning_whenever_its_events_come_and_whatever_clocks_are_changed() {
    for zone in ZONES {
        for (hour, minute) in TIMES {
            let schedule = schedule(zone, hour, minute);
            for changed_at in changes(&schedule.zone) {
                let scene = scene_of(&["con_1"]).await;
                let first = changed_at
                    .to_zoned(schedule.zone.clone())
                    .date()
                    .saturating_sub(2.days());
                let days: Vec<Date> = first.series(1.day()).take(6).collect();
                for day in &days {
                    let due_at = day
                        .to_datetime(schedule.at)
                        .to_zoned(schedule.zone.clone())
                        .unwrap()
                        .timestamp();
                    let told = due_at.to_string();
                    // At once, by a clock that is behind; late; and again. With the event's time, and without.
                    let deliveries = [
                        (-1, Some(&told)),
                        (0, None),
                        (50, Some(&told)),
                        (170, Some(&told)),
                        (170, None),
                    ];
                    let mut started = 0;
                    for (minutes_late, time) in deliveries {
                        scene.clock.set(due_at + SignedDuration::from_mins(minutes_late));
                        started += scene.begin(&schedule, time.map(String::as_str)).await.unwrap().started;
                    }
                    assert_eq!(started, 1, "{zone} {hour}:{minute} {day}");
                }
                let expected: Vec<String> = days.iter().map(Date::to_string).collect();
                assert_eq!(scene.days(), expected, "{zone} {hour}:{minute}");
            }
        }
    }
}

/// When the clocks of a zone are changed in some years; where they never are, an instant all the same.
fn changes(zone: &TimeZone) -> Vec<Timestamp> {
    let (from, until) = (at("2024-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    let changes = zone.following(from).map(|change| change.timestamp());
    let mut changes: Vec<_> = changes.take_while(|change| *change < until).collect();
    changes.push(from);
    changes
}

#[tokio::test]
async fn a_function_without_time_says_so_and_is_called_again() {
    let scene = scene().await;
    let error = handle(&scene.ports, &utc(), event(), scene.ports.clock.now())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TooLate));
    let again = handle(&scene.ports, &utc(), event(), scene.deadline).await.unwrap();
    assert_eq!(again.due, 3);
}

#[tokio::test]
async fn one_connection_that_cannot_be_asked_for_stops_none_of_the_others() {
    let scene = scene().await;
    let broken = Connection {
        home: scene.ports.home.clone(),
        ..connection("con_0", "acme").connect(&company("7")).unwrap()
    };
    scene.store.put_connection(&broken, None).await.unwrap();
    let error = handle(&scene.ports, &utc(), event(), scene.deadline).await.unwrap_err();
    assert!(matches!(error, Error::Run(_)));
    let run = RunId::parse("run_2026-03-02_con_3").unwrap();
    assert!(scene.store.find_run(&run).await.unwrap().is_some());
}

#[test]
fn a_placeholder_that_nobody_filled_in_says_nothing_and_a_text_that_is_no_instant_is_refused() {
    let read = |time: &str| serde_json::from_value::<Event>(serde_json::json!({ "id": "e-1", "time": time }));
    assert_eq!(read("<aws.scheduler.scheduled-time>").unwrap().time, None);
    assert_eq!(
        read("2026-11-26T04:00:00Z").unwrap().time,
        Some("2026-11-26T04:00:00Z".parse().unwrap())
    );
    assert!(
        read("this morning")
            .unwrap_err()
            .to_string()
            .contains("expects an instant")
    );
}
