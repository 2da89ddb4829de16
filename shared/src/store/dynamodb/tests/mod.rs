//! What the emulator never does: items left undone, transactions that meet, throttling. The answers are written here.

mod size;

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use aws_sdk_dynamodb::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_runtime_api::{
    client::{
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;

use super::DynamoStore;
use crate::{
    account::{AccountId, TargetIdentity},
    connection::{ConnectionId, TenantId},
    employee::EmployeeId,
    plan::{Evidence, Link, LinkState, Prints},
    store::{ConnectionStore, Error, LinkStore, Meter, Stop, StopOf},
};

/// Answers that are given one after another, and the bodies that were sent.
#[derive(Clone, Debug, Default)]
struct Script {
    answers: Arc<Mutex<VecDeque<(u16, String)>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        self.requests
            .lock()
            .unwrap()
            .push(String::from_utf8_lossy(body).into_owned());
        let (status, answer) = self.answers.lock().unwrap().pop_front().unwrap();
        let status = StatusCode::try_from(status).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(answer))))
    }
}

impl HttpClient for Script {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// A store to which the service gives these answers.
fn answered(answers: &[(u16, String)]) -> (DynamoStore, Script) {
    let script = Script::default();
    script.answers.lock().unwrap().extend(answers.iter().cloned());
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("id", "key", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(script.clone())
        .build();
    (DynamoStore::new(Client::from_conf(config), "rollcall"), script)
}

fn link(employee: &str) -> Link {
    Link {
        employee_id: EmployeeId::parse(employee).unwrap(),
        account_id: AccountId::parse("a-1").unwrap(),
        evidence: Evidence::Created,
        state: LinkState::Active,
        absent_since: None,
        prints: Prints::default(),
        journal: None,
        former_ids: Vec::new(),
        linked_at: Timestamp::UNIX_EPOCH,
    }
}

fn connection() -> ConnectionId {
    ConnectionId::parse("c-1").unwrap()
}

fn ok(body: &str) -> (u16, String) {
    (200, body.to_owned())
}

fn cancelled(codes: &[&str]) -> (u16, String) {
    let reasons: Vec<_> = codes.iter().map(|code| format!("{{\"Code\":\"{code}\"}}")).collect();
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    let body = format!(
        "{{\"__type\":\"{kind}\",\"Message\":\"canary\",\"CancellationReasons\":[{}]}}",
        reasons.join(",")
    );
    (400, body)
}

#[tokio::test]
async fn items_that_were_left_undone_are_written_again_and_no_others() {
    let left = r#"{"UnprocessedItems":{"rollcall":[{"PutRequest":{"Item":{"pk":{"S":"left"},"sk":{"S":"1"}}}}]}}"#;
    let (store, script) = answered(&[ok(left), ok(left), ok("{}")]);
    store
        .put_links(&connection(), &[link("1"), link("2"), link("3")])
        .await
        .unwrap();
    let requests = script.requests.lock().unwrap().clone();
    let puts: Vec<_> = requests
        .iter()
        .map(|request| request.matches("PutRequest").count())
        .collect();
    assert_eq!(puts, [3, 1, 1]);
    assert!(requests[1].contains("left") && requests[2].contains("left"));
    assert_eq!(store.writes(), 3);
}

#[tokio::test]
async fn keys_that_were_left_unread_are_read_again() {
    let left = r#"{"Responses":{"rollcall":[]},"UnprocessedKeys":{"rollcall":{"ConsistentRead":true,"Keys":[{"pk":{"S":"STOP"},"sk":{"S":"ALL"}}]}}}"#;
    let found = r#"{"Responses":{"rollcall":[{"pk":{"S":"STOP"},"sk":{"S":"ALL"},"v":{"N":"1"}}]}}"#;
    let (store, script) = answered(&[ok(left), ok(found)]);
    assert!(store.is_stopped(&TenantId::parse("acme").unwrap()).await.unwrap());
    let requests = script.requests.lock().unwrap();
    assert!(requests[0].contains("TENANT#acme") && !requests[1].contains("TENANT#acme"));
}

#[tokio::test]
async fn r49_a_stop_of_the_form_before_is_the_operators() {
    let found = r#"{"Responses":{"rollcall":[{"pk":{"S":"STOP"},"sk":{"S":"TENANT#acme"},"v":{"N":"1"}}]}}"#;
    let (store, _) = answered(&[ok(found)]);
    let acme = TenantId::parse("acme").unwrap();
    let stops = store.find_stops(&acme).await.unwrap();
    let of = StopOf::TenantByOperator(acme);
    assert_eq!(stops, [Stop { of, set: None }]);
}

#[tokio::test]
async fn a_transaction_that_met_another_one_is_sent_again() {
    let (store, script) = answered(&[
        cancelled(&["None", "TransactionConflict"]),
        cancelled(&["ThrottlingError", "None"]),
        ok("{}"),
    ]);
    let target = TargetIdentity::new("directory", "acme");
    assert!(
        store
            .claim_link(&connection(), &target, &link("1"), None)
            .await
            .unwrap()
    );
    assert_eq!((script.requests.lock().unwrap().len(), store.writes()), (3, 2));
}

#[tokio::test]
async fn a_condition_that_failed_is_an_answer_and_is_not_tried_again() {
    let (store, script) = answered(&[cancelled(&["ConditionalCheckFailed", "TransactionConflict"])]);
    let target = TargetIdentity::new("directory", "acme");
    assert!(
        !store
            .claim_link(&connection(), &target, &link("1"), None)
            .await
            .unwrap()
    );
    assert_eq!((script.requests.lock().unwrap().len(), store.writes()), (1, 0));
}

#[tokio::test]
async fn throttling_and_faults_are_unavailable_and_keep_what_the_service_said_to_themselves() {
    let throttled = "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException";
    for (status, body) in [
        (400, format!("{{\"__type\":\"{throttled}\",\"message\":\"canary\"}}")),
        (503, "canary".to_owned()),
        (200, "canary".to_owned()),
        cancelled(&["ThrottledAnew"]),
    ] {
        let (store, _) = answered(&[(status, body.clone()), (status, body)]);
        let read = store.find_link(&connection(), &EmployeeId::parse("1").unwrap()).await;
        let target = TargetIdentity::new("directory", "acme");
        let written = store.claim_link(&connection(), &target, &link("1"), None).await;
        for error in [read.map(drop).unwrap_err(), written.map(drop).unwrap_err()] {
            assert!(matches!(error, Error::Unavailable { .. }), "{error:?}");
            assert!(!format!("{error} {error:?}").contains("canary"), "r38: {error:?}");
        }
    }
}

#[tokio::test]
async fn r47_a_refusal_for_its_size_or_form_is_for_good_and_is_not_tried_again() {
    let refusal = |code: &str| {
        let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
        (400, format!("{{\"__type\":\"{kind}\",\"message\":\"canary\"}}"))
    };
    for answer in [
        refusal("ValidationException"),
        refusal("ItemCollectionSizeLimitExceededException"),
        (413, r#"{"__type":"RequestEntityTooLarge"}"#.to_owned()),
        cancelled(&["None", "ValidationError"]),
        cancelled(&["ItemCollectionSizeLimitExceeded", "None"]),
    ] {
        let (store, script) = answered(std::slice::from_ref(&answer));
        let target = TargetIdentity::new("directory", "acme");
        let written = store.claim_link(&connection(), &target, &link("1"), None).await;
        let error = written.unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{answer:?}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("canary"), "r38: {error:?}");
        assert_eq!(script.requests.lock().unwrap().len(), 1);
    }
}
