//! Lists of heavy entries: every page is an answer that arrives, and the pages together are the list (R47).
//!
//! The door answers in this process, on a store that is filled faster than a served stage could fill it.

mod every;

use std::sync::Arc;

use acceptance::journey::{Ground, Office, Stage};
use jiff::{civil::time, tz::TimeZone};
use rollcall::{
    api::{Allowance, Edge, Function, Request, Response, Settings, key, routes},
    connection::{CustomAttribute, Preset, Role},
    employee::CustomName,
    http::BaseUrls,
    run::Schedule,
    store::{KeyRecord, KeyStore as _, Reach, RosterId, memory::MemoryStore},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

/// The most bytes of an answer.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// How many people the tenant has; each has values as long as Rollcall carries them.
const PEOPLE: u64 = 120;

/// A tenant whose people have long fields, and the door before it.
struct Heavy {
    stage: Stage,
    store: Arc<MemoryStore>,
    edge: Edge,
    key: SecretString,
}

fn field(number: u64) -> CustomName {
    CustomName::parse(&format!("field-{number}")).unwrap()
}

impl Heavy {
    async fn new() -> Self {
        let office = Office::new("7");
        office.hire_many(1..=PEOPLE);
        for id in 1..=PEOPLE {
            for number in 0..15 {
                office.set_custom(id, &field(number), &format!("{id} {}", "\"x".repeat(2_000)));
            }
        }
        let store = Arc::new(MemoryStore::new());
        let ground = Ground {
            store: store.clone(),
            directory: store.clone(),
            ..Ground::memory()
        };
        let mut stage = Stage::new(ground, &office).unwrap();
        let mut configuration = Preset::Users.configuration();
        configuration.custom_attributes = (0..15)
            .map(|number| CustomAttribute {
                from: field(number),
                to: field(number),
            })
            .collect();
        stage.connect(configuration).await.unwrap();
        let settings = Settings {
            public_url: "https://rollcall.example".to_owned(),
            base_urls: BaseUrls::Any,
            schedule: Schedule {
                at: time(4, 0, 0, 0),
                zone: TimeZone::UTC,
            },
            allowance: Allowance::default(),
            build: String::new(),
        };
        let edge = Edge::new(
            stage.ports.clone(),
            store.clone(),
            store.clone(),
            settings,
            routes::all(),
        );
        let key = key::compose("caller", &[7; 32]);
        let record = KeyRecord {
            id: "caller".to_owned(),
            name: "caller".to_owned(),
            hash: key::hash(&key),
            reach: Reach::All,
            role: Role::Admin,
            created_at: stage.now(),
            created_by: None,
            revoked_at: None,
        };
        store.create_key(&record).await.unwrap();
        Self {
            stage,
            store,
            edge,
            key,
        }
    }

    async fn get(&self, path: &str, accept: &str) -> Response {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let headers = [
            ("authorization", format!("Bearer {}", self.key.expose_secret())),
            ("accept", accept.to_owned()),
        ];
        let request = Request {
            method: "GET".to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: headers.map(|(name, value)| (name.to_owned(), value)).into(),
            ..Request::default()
        };
        let answer = self.edge.answer(Function::Console, &request).await;
        let shown = String::from_utf8_lossy(&answer.body[..answer.body.len().min(300)]).into_owned();
        assert_eq!(answer.status, 200, "{path}?{query}: {shown}");
        assert!(
            answer.body.len() <= MOST_BYTES,
            "{path}?{query}: {} bytes",
            answer.body.len()
        );
        answer
    }

    /// Returns the number of pages of a list, each as large as it may be, and the entries that they have under a member.
    async fn pages(&self, path: &str, entries: &str) -> (usize, Vec<Value>) {
        let (mut pages, mut found) = (0, Vec::new());
        let mut cursor = String::new();
        loop {
            let answer = self.get(&format!("{path}{cursor}"), "application/json").await;
            let body: Value = serde_json::from_slice(&answer.body).unwrap();
            pages += 1;
            found.extend(body[entries].as_array().unwrap().iter().cloned());
            let Some(next) = body["next_cursor"].as_str() else {
                return (pages, found);
            };
            cursor = format!("{}cursor={next}", if path.contains('?') { "&" } else { "?" });
        }
    }
}

/// Returns how many entries are different by the member that tells them apart.
fn different(entries: &[Value], by: &str) -> usize {
    let names: std::collections::BTreeSet<String> = entries.iter().map(|entry| entry[by].to_string()).collect();
    names.len()
}

#[tokio::test]
async fn r47_a_list_of_heavy_changes_comes_in_pages_and_in_parts_of_a_sheet() {
    let heavy = Heavy::new().await;
    let run = heavy.stage.night().await.unwrap();
    let plan = run.plan.unwrap();
    let (pages, changes) = heavy
        .pages(&format!("/v1/plans/{plan}/changes?limit=200"), "data")
        .await;
    assert_eq!((changes.len(), different(&changes, "employee_id")), (120, 120));
    assert!(pages > 2, "{pages} pages");
    let (mut parts, mut lines) = (0, 0);
    let mut path = format!("/v1/plans/{plan}/changes?limit=200");
    loop {
        let part = heavy.get(&path, "text/csv").await;
        parts += 1;
        lines += String::from_utf8(part.body.clone()).unwrap().lines().count();
        let Some(link) = part.header("link") else { break };
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    // Each person has fifteen fields and seven other attributes, and the list begins with a headline.
    assert_eq!(lines % 120, 1, "{lines} lines");
    assert!(parts > 2, "{parts} parts");
}

#[tokio::test]
async fn r47_heavy_users_their_history_and_what_is_held_on_one_come_in_pages() {
    let heavy = Heavy::new().await;
    heavy.stage.night().await.unwrap();
    let (pages, users) = heavy.pages("/v1/tenants/acme/users?limit=200", "data").await;
    assert_eq!((users.len(), different(&users, "id")), (120, 120));
    assert!(pages > 2, "{pages} pages");
    // Each person now stands in the rosters of a hundred heavy nights as well.
    let roster = heavy.store_roster().await;
    for number in 0..100 {
        let id = RosterId::parse(&format!("kept-{number}")).unwrap();
        let until = heavy.stage.now() + jiff::SignedDuration::from_hours(24);
        heavy
            .stage
            .store
            .put_roster(&heavy.stage.connection, &id, &roster, until)
            .await
            .unwrap();
    }
    let (pages, held) = heavy.pages("/v1/tenants/acme/people/1", "connections").await;
    let rosters: usize = held.iter().map(|one| one["rosters"].as_object().unwrap().len()).sum();
    assert_eq!(rosters, 101);
    assert!(pages > 2, "{pages} pages");
    assert_eq!(held.iter().filter(|one| one["user"].is_object()).count(), 1);
    let (_, history) = heavy
        .pages(
            &format!("/v1/tenants/acme/users/{}/history?limit=1", text(&users[0], "id")),
            "data",
        )
        .await;
    assert_eq!(history.len(), 1);
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

impl Heavy {
    /// Returns the roster that was read last.
    async fn store_roster(&self) -> rollcall::roster::Roster {
        let (store, connection) = (&self.stage.store, &self.stage.connection);
        let id = store.list_rosters(connection).await.unwrap().pop().unwrap();
        store
            .find_roster(connection, &id, self.stage.now())
            .await
            .unwrap()
            .unwrap()
    }
}
