//! Against small receivers on this machine, with a verification that shares no code with the signing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::SecretString;
use sha2::{Digest, Sha256};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use super::*;
use crate::{
    connection::TenantId,
    event::EventKind,
    plan::PlanId,
    secret::memory::MemorySecretStore,
    testing::{
        FixedClock,
        builder::{at, connection_id},
    },
};

const NOW: &str = "2026-03-02T04:00:00Z";

/// In the place of a status: the request is taken and never answered.
const SILENT: &str = "";

/// Collects what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let writer = self.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false);
        tracing::subscriber::set_default(subscriber.with_writer(move || writer.clone()).finish())
    }

    /// Returns the lines with a message.
    fn lines(&self, message: &str) -> Vec<String> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .filter(|line| line.contains(message))
            .map(str::to_owned)
            .collect()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
struct Arrived {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A receiver that answers with these statuses in turn, and 200 afterwards.
struct Receiving {
    url: String,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

impl Receiving {
    async fn start(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks", listener.local_addr().unwrap());
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let (kept, answers) = (Arc::clone(&arrived), answers.to_vec());
        let mut answers = answers.into_iter();
        tokio::spawn(async move {
            let mut unanswered = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                kept.lock().unwrap().push(request);
                let status = answers.next().unwrap_or("200 OK");
                if status == SILENT {
                    unanswered.push(stream);
                    continue;
                }
                let answer = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { url, arrived }
    }

    fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap().clone()
    }

    /// Returns the ids of what arrived, in its order.
    fn ids(&self) -> Vec<String> {
        let arrived = self.arrived().into_iter();
        arrived
            .map(|mut arrived| arrived.headers.remove("webhook-id").unwrap())
            .collect()
    }
}

async fn read(stream: &mut TcpStream) -> Arrived {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4_096];
        let length = stream.read(&mut part).await.unwrap();
        bytes.extend_from_slice(&part[..length]);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let mut lines = head.lines();
        let line = lines.next().unwrap().to_owned();
        let pairs = lines.map(|line| line.split_once(": ").unwrap());
        let headers: BTreeMap<_, _> = pairs
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        if body.len() >= headers["content-length"].parse().unwrap() {
            let body = body.to_owned();
            return Arrived { line, headers, body };
        }
    }
}

fn secret(number: u8) -> SecretString {
    Receiver::secret(&[number; 32])
}

/// Returns the sender of events to a receiver that is kept with these secrets.
async fn events(url: &str, numbers: &[u8], settings: Settings) -> WebhookEvents {
    let secrets = Arc::new(MemorySecretStore::new());
    let receiver = Receiver {
        url: url.to_owned(),
        secrets: numbers.iter().map(|number| secret(*number)).collect(),
        requests: Vec::new(),
    };
    let text = receiver.to_secret_text().unwrap();
    secrets.put_secret(RECEIVER_SECRET, &text).await.unwrap();
    unset(secrets, settings)
}

fn unset(secrets: Arc<MemorySecretStore>, settings: Settings) -> WebhookEvents {
    let client = Client::new(http::Settings::new(|| at(NOW), 1)).unwrap();
    WebhookEvents::new(client, secrets, Arc::new(FixedClock::new(at(NOW))), settings)
}

fn local() -> Settings {
    Settings {
        allow_any_host: true,
        pages: Some("http://127.0.0.1:8787".to_owned()),
    }
}

fn event(kind: EventKind) -> Event {
    let tenant = TenantId::parse("acme").unwrap();
    Event {
        plan: Some(PlanId::parse("plan_1").unwrap()),
        run: Some("run_1".to_owned()),
        ..Event::new(kind, tenant, connection_id("con_1"), at("2026-03-02T03:59:58Z"))
    }
}

/// Returns HMAC-SHA256 from its definition (RFC 2104), over what the specification says is signed.
fn expected(number: u8, arrived: &Arrived) -> String {
    let signed = format!(
        "{}.{}.{}",
        arrived.headers["webhook-id"], arrived.headers["webhook-timestamp"], arrived.body
    );
    let mut block = [0; 64];
    block[..32].fill(number);
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(signed)
        .finalize();
    let outer = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x5c))
        .chain_update(inner)
        .finalize();
    format!("v1,{}", STANDARD.encode(outer))
}

#[tokio::test]
async fn an_event_arrives_signed_with_ids_a_link_and_no_value() {
    let receiving = Receiving::start(&[]).await;
    let events = events(&receiving.url, &[1], local()).await;
    events.publish(&[event(EventKind::PlanHeld)]).await;
    let [arrived] = receiving.arrived().try_into().unwrap();
    assert_eq!(arrived.line, "POST /hooks HTTP/1.1");
    assert_eq!(arrived.headers["content-type"], "application/json");
    assert_eq!(arrived.headers["webhook-id"], event(EventKind::PlanHeld).id());
    let now = at(NOW).as_second().to_string();
    assert_eq!(arrived.headers["webhook-timestamp"], now);
    assert_eq!(arrived.headers["webhook-signature"], expected(1, &arrived));
    assert_eq!(
        arrived.body,
        r#"{"type":"plan.held","timestamp":"2026-03-02T03:59:58Z","data":{"tenant":"acme","connection":"con_1","plan":"plan_1","run":"run_1","url":"http://127.0.0.1:8787/plans/plan_1"}}"#
    );
}

#[tokio::test]
async fn both_secrets_sign_while_receivers_change_over() {
    let receiving = Receiving::start(&[]).await;
    let events = events(&receiving.url, &[2, 1], local()).await;
    events.publish(&[event(EventKind::RunFailed)]).await;
    let [arrived] = receiving.arrived().try_into().unwrap();
    let both = format!("{} {}", expected(2, &arrived), expected(1, &arrived));
    assert_eq!(arrived.headers["webhook-signature"], both);
}

#[tokio::test]
async fn a_receiver_that_cannot_now_is_asked_again_under_the_same_id() {
    let receiving = Receiving::start(&["503 Busy", "429 Slow"]).await;
    let events = events(&receiving.url, &[1], local()).await;
    events
        .publish(&[event(EventKind::RunCompleted), event(EventKind::PlanReady)])
        .await;
    let (first, second) = (event(EventKind::RunCompleted).id(), event(EventKind::PlanReady).id());
    assert_eq!(receiving.ids(), [first.clone(), first.clone(), first, second]);
}

/// Returns three events of one run.
fn three() -> [Event; 3] {
    [EventKind::PlanSuperseded, EventKind::PlanHeld, EventKind::RunCompleted].map(event)
}

#[tokio::test]
async fn an_event_that_is_refused_does_not_stop_those_behind_it() {
    for status in ["400 What", "410 Gone", "302 There\r\nlocation: /elsewhere"] {
        let receiving = Receiving::start(&[status]).await;
        let log = Log::default();
        let guard = log.listen();
        let events = events(&receiving.url, &[1], local()).await;
        events.publish(&three()).await;
        drop(guard);
        assert_eq!(receiving.ids(), three().each_ref().map(Event::id), "{status}");
        let lines = log.lines("events were not delivered");
        assert_eq!(lines.len(), 1, "{lines:?}");
        for part in ["events=3", "undelivered=1", &three()[0].id()] {
            assert!(lines[0].contains(part), "{part} in {}", lines[0]);
        }
        assert!(!lines[0].contains(&receiving.url), "{}", lines[0]);
    }
}

#[tokio::test]
async fn an_event_that_is_never_answered_does_not_stop_those_behind_it() {
    let receiving = Receiving::start(&[SILENT, SILENT]).await;
    let log = Log::default();
    let guard = log.listen();
    let events = events(&receiving.url, &[1], local()).await;
    events.publish(&three()).await;
    drop(guard);
    assert_eq!(receiving.ids(), three().each_ref().map(Event::id));
    let lines = log.lines("events were not delivered");
    assert!(
        lines[0].contains("events=3") && lines[0].contains("undelivered=2"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn r41_a_redirect_is_not_followed_and_a_refusal_is_not_asked_again() {
    let both = [event(EventKind::RunCompleted), event(EventKind::PlanReady)];
    let elsewhere = Receiving::start(&[]).await;
    let location = format!("307 There\r\nlocation: {}", elsewhere.url);
    for status in [
        Box::leak(location.into_boxed_str()) as &str,
        "410 Gone",
        "401 Who",
        "400 What",
    ] {
        let receiving = Receiving::start(&[status, status, status]).await;
        let events = events(&receiving.url, &[1], local()).await;
        events.publish(&both).await;
        assert_eq!(receiving.ids(), both.each_ref().map(Event::id), "{status}");
        assert!(events.try_out().await.is_err());
    }
    assert!(elsewhere.arrived().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_never_answers_costs_a_few_seconds() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let events = events(&url, &[1], local()).await;
    let begun = Instant::now();
    events
        .publish(&[event(EventKind::RunFailed), event(EventKind::PlanHeld)])
        .await;
    assert!(
        begun.elapsed() <= MOST + Duration::from_millis(10),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(events.try_out().await, Err(Undelivered::Unreachable));
}

#[tokio::test]
async fn a_receiver_is_tried_out_with_an_event_about_nothing() {
    let receiving = Receiving::start(&["204 Fine", "500 Down"]).await;
    let events = events(&receiving.url, &[1], local()).await;
    assert_eq!(events.try_out().await, Ok(()));
    assert_eq!(events.try_out().await, Err(Undelivered::Refused(500)));
    let arrived = receiving.arrived();
    assert_eq!(
        arrived[0].body,
        r#"{"type":"webhook.test","timestamp":"2026-03-02T04:00:00Z","data":{}}"#
    );
    assert_eq!(arrived[0].headers["webhook-signature"], expected(1, &arrived[0]));
}

#[tokio::test]
async fn r41_only_public_https_addresses_are_told_anything() {
    let receiving = Receiving::start(&[]).await;
    let deployed = events(&receiving.url, &[1], Settings::default()).await;
    deployed.publish(&[event(EventKind::RunFailed)]).await;
    assert_eq!(deployed.try_out().await, Err(Undelivered::Unusable));
    assert!(receiving.arrived().is_empty());
    assert_eq!(deployed.check("https://app.example/hooks"), Ok(()));
    for url in [
        "http://app.example",
        "https://127.0.0.1",
        "https://localhost",
        "https://a.example?key=1",
        "app",
    ] {
        assert_eq!(deployed.check(url), Err(InvalidReceiver::Url), "{url}");
    }
    let stage = events(&receiving.url, &[1], local()).await;
    assert_eq!(stage.check("http://127.0.0.1:9000/hooks"), Ok(()));
}

#[tokio::test]
async fn without_a_receiver_nothing_is_told_and_nothing_fails() {
    let events = unset(Arc::new(MemorySecretStore::new()), local());
    events.publish(&[event(EventKind::RunFailed)]).await;
    assert_eq!(events.try_out().await, Err(Undelivered::NoReceiver));
}
