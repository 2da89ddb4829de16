//! What the door does with SQS events as AWS sends them (AWS: "Using Lambda with Amazon SQS", example event).

use std::sync::Arc;

use aws_lambda_events::sqs::SqsEvent;
use rollcall::{
    connection::Home,
    event::memory::MemoryEvents,
    http::BaseUrls,
    queue::memory::MemoryQueue,
    run::{Clock, Message, Ports, Settings, Targets, Task},
    runtime::{BuiltInTargets, RandomIds, SystemClock, outbound_client},
    secret::memory::MemorySecretStore,
    store::{ConnectionStore, RunId, RunStatus, RunStore, memory::MemoryStore},
    testing::builder::{at, connection, run},
};

use super::*;

fn event(bodies: &[&str]) -> SqsEvent {
    let records: Vec<_> = (0..)
        .zip(bodies)
        .map(|(number, body)| {
            serde_json::json!({
                "messageId": format!("059f36b4-87a3-44ab-83d2-66197566000{number}"),
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": body,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": "1545082649183",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185"
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:rollcall-diff",
                "awsRegion": "eu-west-1"
            })
        })
        .collect();
    serde_json::from_value(serde_json::json!({ "Records": records })).unwrap()
}

fn ports(store: Arc<MemoryStore>) -> Ports {
    let targets: Arc<dyn Targets> = Arc::new(BuiltInTargets::new(
        store.clone(),
        outbound_client().unwrap(),
        BaseUrls::Any,
        Arc::new(SystemClock),
    ));
    Ports {
        store,
        secrets: Arc::new(MemorySecretStore::new()),
        queue: Arc::new(MemoryQueue::new(Arc::new(SystemClock))),
        events: Arc::new(MemoryEvents::new()),
        providers: Vec::new(),
        targets,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds::new().unwrap()),
        home: Home {
            stage: "test".to_owned(),
            account: "000000000000".to_owned(),
            table: "rollcall".to_owned(),
        },
        settings: Settings::default(),
    }
}

/// Answers the identifiers that are to be delivered again.
async fn failures(ports: &Ports, bodies: &[&str]) -> Vec<String> {
    let answer = handle(ports, event(bodies), SystemClock.now() + Settings::default().lease).await;
    answer
        .batch_item_failures
        .into_iter()
        .map(|failure| failure.item_identifier)
        .collect()
}

fn message(run: &str) -> Message {
    Message::new(
        RunId::parse(run).unwrap(),
        "con_1".parse().unwrap(),
        Task::Diff {
            preview: false,
            employee_id: None,
            slice: 0,
        },
    )
}

#[tokio::test]
async fn a_body_that_is_no_message_is_given_back_and_the_others_go_on() {
    let store = Arc::new(MemoryStore::new());
    let ports = ports(store.clone());
    let mut asked = run("run_1", "con_1", at("2026-03-01T04:00:00Z"));
    assert!(store.create_run(&asked).await.unwrap());
    asked.status = RunStatus::Succeeded;
    assert!(store.put_run(&asked, 1).await.unwrap());
    let good = message("run_1").to_text();
    for bad in ["", "not JSON", "{}", "[]", r#"{"version":9}"#] {
        let failures = failures(&ports, &[bad, &good]).await;
        assert_eq!(failures, ["059f36b4-87a3-44ab-83d2-661975660000"], "{bad}");
    }
}

#[tokio::test]
async fn a_message_for_another_function_is_given_back() {
    let ports = ports(Arc::new(MemoryStore::new()));
    let mut stray = message("run_1");
    stray.task = Task::Apply {
        plan: "plan_1".parse().unwrap(),
        slice: 0,
    };
    assert_eq!(failures(&ports, &[&stray.to_text()]).await.len(), 1);
}

#[tokio::test]
async fn a_message_whose_run_is_not_there_is_given_back_so_that_it_is_found_among_the_dead_letters() {
    let store = Arc::new(MemoryStore::new());
    assert!(store.put_connection(&connection("con_1", "acme"), None).await.unwrap());
    let message = message("run_nobody_knows").to_text();
    assert_eq!(failures(&ports(store), &[&message]).await.len(), 1);
}

#[tokio::test]
async fn r37_a_message_of_a_connection_that_was_erased_is_taken_and_disturbs_nobody() {
    let ports = ports(Arc::new(MemoryStore::new()));
    let message = message("run_nobody_knows").to_text();
    assert!(failures(&ports, &[&message]).await.is_empty());
}

#[tokio::test]
async fn an_event_without_records_is_answered_with_nothing_to_repeat() {
    let ports = ports(Arc::new(MemoryStore::new()));
    assert!(failures(&ports, &[]).await.is_empty());
}
