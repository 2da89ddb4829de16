//! A deployed stack sends nothing to private networks, whatever callers name (R41). The tests use its door, names that lead to
//! this machine and to private networks, and a server here that counts connections.

use std::{
    io,
    net::{IpAddr, SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

use async_trait::async_trait;
use emulators::factorial;
use rollcall::{
    api::{self, Edge, Function, Request, key::FIRST_KEY_SECRET, routes},
    connection::Home,
    event::{
        Undelivered,
        webhook::{self, WebhookEvents},
    },
    http::{BaseUrls, Client, Names, Resolver},
    queue::memory::MemoryQueue,
    run::{self, Ports},
    runtime::{BuiltInTargets, ProviderSettings, RandomIds, SystemClock, outbound_settings, providers},
    secret::memory::MemorySecretStore,
    store::memory::MemoryStore,
};
use serde_json::{Value, json};

/// The secret part of the first key.
const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The addresses that names lead to.
#[derive(Clone, Default)]
struct Zone(Arc<Mutex<Vec<IpAddr>>>);

#[async_trait]
impl Resolver for Zone {
    async fn resolve(&self, _name: &str) -> io::Result<Vec<SocketAddr>> {
        let numbers = self.0.lock().unwrap();
        Ok(numbers.iter().map(|number| SocketAddr::new(*number, 0)).collect())
    }
}

impl Zone {
    fn leads_to(&self, numbers: &[&str]) {
        *self.0.lock().unwrap() = numbers.iter().map(|number| number.parse().unwrap()).collect();
    }
}

/// Returns a port of this machine, and the count of connections that came to it.
fn counting() -> (u16, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, came) = (listener.local_addr().unwrap().port(), Arc::<AtomicU32>::default());
    let counted = Arc::clone(&came);
    thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::Relaxed);
            drop(stream);
        }
    });
    (port, came)
}

/// A deployed stack's door: of the addresses that callers name, only those of the emulated HR system are listed.
struct Deployed {
    edge: Edge,
    zone: Zone,
    hr: factorial::Running,
}

impl Deployed {
    async fn start(listed: &[String]) -> Self {
        let options = factorial::Options {
            employees: 10,
            seed: 1,
            ..factorial::Options::default()
        };
        let hr = factorial::start(options).await.unwrap();
        let zone = Zone::default();
        let mut settings = outbound_settings().unwrap();
        settings.names = Names::new(zone.clone());
        let client = Client::new(settings).unwrap();
        let listed: Vec<String> = listed.iter().cloned().chain([hr.url()]).collect();
        let base_urls = BaseUrls::parse(&listed.join(",")).unwrap();
        let (store, secrets) = (Arc::new(MemoryStore::new()), Arc::new(MemorySecretStore::new()));
        let clock = Arc::new(SystemClock);
        let settings = ProviderSettings {
            base_urls: base_urls.clone(),
            ..ProviderSettings::default()
        };
        let events = WebhookEvents::new(
            client.clone(),
            Arc::clone(&secrets) as _,
            Arc::clone(&clock) as _,
            webhook::Settings::default(),
        );
        let targets = BuiltInTargets::new(
            Arc::clone(&store) as _,
            client.clone(),
            base_urls.clone(),
            Arc::clone(&clock) as _,
        );
        let ports = Ports {
            store: Arc::clone(&store) as _,
            secrets,
            queue: Arc::new(MemoryQueue::new(Arc::clone(&clock) as _)),
            events: Arc::new(events),
            providers: providers(&client, &settings),
            targets: Arc::new(targets),
            clock,
            ids: Arc::new(RandomIds::new().unwrap()),
            home: Home {
                stage: "test".to_owned(),
                account: "000000000000".to_owned(),
                table: "rollcall".to_owned(),
            },
            settings: run::Settings::default(),
        };
        ports
            .secrets
            .put_secret(FIRST_KEY_SECRET, &KEY.to_owned().into())
            .await
            .unwrap();
        let settings = api::Settings {
            public_url: "https://rollcall.example".to_owned(),
            base_urls,
            schedule: run::Schedule {
                at: jiff::civil::time(4, 0, 0, 0),
                zone: jiff::tz::TimeZone::UTC,
            },
            allowance: api::Allowance::default(),
            build: String::new(),
        };
        let edge = Edge::new(ports, Arc::clone(&store) as _, store, settings, routes::all());
        Self { edge, zone, hr }
    }

    async fn send(&self, function: Function, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let headers = [
            ("authorization", format!("Bearer rck_first_{KEY}")),
            ("content-type", "application/json".to_owned()),
            ("x-acting-user", "admin-3".to_owned()),
        ];
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            body: body.to_string().into_bytes(),
            id: "req-1".to_owned(),
            deadline: self.edge.ports.clock.now() + jiff::SignedDuration::from_mins(1),
            ..Request::default()
        };
        let answer = self.edge.answer(function, &request).await;
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    async fn connect(&self, change: impl FnOnce(&mut Value)) -> (u16, Value) {
        let mut body = json!({
            "tenant": "acme",
            "provider": "factorial",
            "base_url": self.hr.url(),
            "credential": { "kind": "api_key", "key": self.hr.api_key() },
        });
        change(&mut body);
        self.send(Function::Connect, "POST", "/v1/connections", &body).await
    }
}

/// The numbers of private networks, as a resolver may answer them: alone, or among public ones.
const OWN: [&[&str]; 7] = [
    &["127.0.0.1"],
    &["::ffff:127.0.0.1"],
    &["10.0.0.1"],
    &["169.254.169.254"],
    &["fd00:ec2::254"],
    &["100.100.100.200"],
    &["3000::1", "127.0.0.1"],
];

/// Asserts that an answer refuses the request for this member, and shows neither name nor number.
#[track_caller]
fn assert_refused((status, body): &(u16, Value), pointer: &str) {
    assert_eq!((*status, body["code"].as_str()), (422, Some("invalid")), "{body}");
    assert_eq!(body["errors"][0]["pointer"], pointer, "{body}");
    let text = body.to_string();
    assert!(text.contains("does not lead to the public internet"), "{text}");
    assert!(!text.contains("app.example") && !text.contains("127.0"), "{text}");
}

#[tokio::test]
async fn r41_a_targets_address_that_leads_to_a_network_of_ones_own_is_refused_by_its_member() {
    let deployed = Deployed::start(&[]).await;
    let (port, came) = counting();
    let there = |path: &str| format!("https://scim.app.example:{port}{path}");
    for numbers in OWN {
        deployed.zone.leads_to(numbers);
        let credential = json!({ "bearer": "t0ken" });
        let target = json!({ "kind": "scim", "base_url": there("/scim/v2"), "credential": credential });
        let refused = deployed.connect(|body| body["target"] = target).await;
        assert_refused(&refused, "/target/base_url");

        let client = json!({ "token_url": there("/token"), "client_id": "c", "client_secret": "s" });
        let credential = json!({ "client_credentials": client });
        let target = json!({ "kind": "scim", "base_url": there("/scim/v2"), "credential": credential });
        let refused = deployed.connect(|body| body["target"] = target).await;
        assert_refused(&refused, "/target/credential/client_credentials/token_url");
    }
    assert_eq!(came.load(Ordering::Relaxed), 0);
    let (_, listed) = deployed
        .send(Function::Console, "GET", "/v1/connections?tenant=acme", &json!({}))
        .await;
    assert_eq!(listed["data"], json!([]), "{listed}");
    deployed.hr.stop().await;
}

#[tokio::test]
async fn r41_an_hr_systems_address_is_judged_when_it_is_dialled_unless_the_operator_listed_it() {
    let deployed = Deployed::start(&[]).await;
    for numbers in OWN {
        deployed.zone.leads_to(numbers);
        // The vendor's own name leads to a private network, as a poisoned DNS answer would make it.
        let refused = deployed
            .connect(|body| drop(body.as_object_mut().unwrap().remove("base_url")))
            .await;
        assert_refused(&refused, "/base_url");
    }
    deployed.zone.leads_to(&[]);
    let (status, body) = deployed.connect(|_| {}).await;
    assert_eq!(status, 201, "what is listed may be here: {body}");
    deployed.hr.stop().await;
}

#[tokio::test]
async fn r41_events_are_not_sent_to_a_network_of_ones_own() {
    let deployed = Deployed::start(&[]).await;
    let (port, came) = counting();
    let receiver = json!({ "url": format!("https://hooks.app.example:{port}/in") });
    let (status, body) = deployed.send(Function::Console, "PUT", "/v1/webhooks", &receiver).await;
    assert_eq!(status, 200, "{body}");
    for numbers in OWN {
        deployed.zone.leads_to(numbers);
        assert_eq!(deployed.edge.ports.events.try_out().await, Err(Undelivered::NotPublic));
    }
    assert_eq!(came.load(Ordering::Relaxed), 0);
    deployed.hr.stop().await;
}

#[tokio::test]
async fn r41_a_host_that_is_a_number_in_any_form_is_refused_by_its_member() {
    let deployed = Deployed::start(&[]).await;
    let (port, came) = counting();
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "017700000001",
        "2130706433",
        "[::1]",
        "[::ffff:7f00:1]",
        "localhost",
        "LOCALHOST.",
    ] {
        let base_url = format!("https://{host}:{port}/scim");
        let target = json!({ "kind": "scim", "base_url": base_url, "credential": { "bearer": "t0ken" } });
        let (status, body) = deployed.connect(|body| body["target"] = target).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!("/target/base_url")),
            "{host}: {body}"
        );
        let (status, body) = deployed.connect(|body| body["base_url"] = json!(base_url)).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!("/base_url")),
            "{host}: {body}"
        );
        let receiver = json!({ "url": base_url });
        let (status, body) = deployed.send(Function::Console, "PUT", "/v1/webhooks", &receiver).await;
        assert_eq!(
            (status, &body["errors"][0]["pointer"]),
            (422, &json!("/url")),
            "{host}: {body}"
        );
    }
    assert_eq!(came.load(Ordering::Relaxed), 0);
    deployed.hr.stop().await;
}
