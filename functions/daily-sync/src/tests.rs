//! What the door does with a schedule's event as AWS sends it (AWS: "Scheduled events", example event).

use std::sync::Arc;

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
    store: Arc<MemoryStore>,
    queue: Arc<MemoryQueue>,
    ports: Ports,
    deadline: Timestamp,
}

/// Three connected connections.
async fn scene() -> Scene {
    let clock = Arc::new(FixedClock::new(at("2026-03-02T04:02:00Z")));
    let (store, queue) = (Arc::new(MemoryStore::new()), Arc::new(MemoryQueue::new(clock.clone())));
    let ports = ports(store.clone(), queue.clone(), clock.clone());
    for id in ["con_1", "con_2", "con_3"] {
        let connected = Connection {
            home: ports.home.clone(),
            ..connection(id, "acme").connect(&company("7")).unwrap()
        };
        store.put_connection(&connected, None).await.unwrap();
        let configuration = Preset::Users.configuration();
        store.put_configuration(&connected.id, &configuration).await.unwrap();
    }
    Scene {
        store,
        queue,
        ports,
        deadline: clock.now() + SignedDuration::from_mins(5),
    }
}

#[tokio::test]
async fn an_event_begins_one_run_per_connection_of_the_day_for_which_it_was_due() {
    let scene = scene().await;
    let answer = handle(&scene.ports, event(), scene.deadline).await.unwrap();
    assert_eq!((answer.connections, answer.due, answer.started), (3, 3, 3));
    for id in ["con_1", "con_2", "con_3"] {
        let run = RunId::parse(&format!("run_2026-03-02_{id}")).unwrap();
        assert!(scene.store.find_run(&run).await.unwrap().is_some(), "{id}");
    }
    assert_eq!(scene.queue.next_visible_at(QueueName::Apply), None);
    assert!(scene.queue.next_visible_at(QueueName::Diff).is_some());
    let again = handle(&scene.ports, event(), scene.deadline).await.unwrap();
    assert_eq!((again.due, again.started), (3, 0));
}

#[tokio::test]
async fn a_call_by_hand_without_an_event_means_today() {
    let scene = scene().await;
    let by_hand: Event = serde_json::from_str("{}").unwrap();
    let answer = handle(&scene.ports, by_hand, scene.deadline).await.unwrap();
    assert_eq!(answer.started, 3);
    let text = serde_json::to_string(&answer).unwrap();
    assert!(
        text.starts_with(r#"{"connections":3,"due":3,"started":3,"refreshed":0,"overdue":"#),
        "{text}"
    );
}

#[tokio::test]
async fn a_function_without_time_says_so_and_is_called_again() {
    let scene = scene().await;
    let error = handle(&scene.ports, event(), scene.ports.clock.now())
        .await
        .unwrap_err();
    assert!(matches!(error, Error::TooLate));
    let again = handle(&scene.ports, event(), scene.deadline).await.unwrap();
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
    let error = handle(&scene.ports, event(), scene.deadline).await.unwrap_err();
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
