//! Lucca through the door: connected by a key at its site, connected again by a client, and told apart from another company, which
//! it does not name.

use std::sync::Arc;

use acceptance::journey::{Nobody, Office};
use emulators::{Kind, Options, Running};
use rollcall::{
    http::{BaseUrl, BaseUrls, Client, HostRule, Method, Pace, Request, Session},
    runtime::outbound_client,
    source::{
        Provider,
        lucca::{Lucca, Settings},
    },
};
use serde_json::{Value, json};

use super::{apply, sync, users};
use crate::desk::Desk;

/// As fast as this machine answers.
const PACE: Pace = Pace {
    per_second: 10_000,
    burst: 10_000,
    in_flight: 3,
};

/// The door of a stack that knows Lucca, and the emulated one.
struct Scene {
    desk: Desk,
    hr: Running,
    controls: Session,
}

impl Scene {
    async fn open() -> Self {
        let options = Options {
            employees: 40,
            requests_per_minute: Some(0),
            ..Options::default()
        };
        let hr = emulators::start(Kind::Lucca, options).await.unwrap();
        let client: Client = outbound_client().unwrap();
        let settings = Settings {
            base_urls: BaseUrls::Any,
            pace: PACE,
            ..Settings::default()
        };
        let provider: Arc<dyn Provider> = Arc::new(Lucca::new(client.clone(), settings));
        let mut desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
        desk.edge.ports.providers = vec![Arc::clone(&provider)];
        desk.stage.ports.providers = vec![provider];
        let controls = client.open_session("controls", PACE);
        Self { desk, hr, controls }
    }

    async fn arm(&self, fault: &Value) {
        let base = BaseUrl::parse(&self.hr.url(), HostRule::Any).unwrap();
        let path = "/_emulator/break";
        let request = Request::new(Method::Post, &base, path, path).json(fault).unwrap();
        assert!(self.controls.send(&request).await.unwrap().is_success());
    }

    fn connecting(&self, credential: &Value) -> Value {
        json!({
            "tenant": "acme",
            "provider": "lucca",
            "site": "Acme",
            "base_url": self.hr.url(),
            "credential": credential,
        })
    }

    fn key(&self) -> Value {
        json!({ "kind": "api_key", "key": self.hr.api_key() })
    }

    fn client(&self) -> Value {
        json!({
            "kind": "client_credentials",
            "client_id": self.hr.client_id(),
            "client_secret": self.hr.client_secret(),
        })
    }

    /// Connects with a key, and carries the first plan out. Returns the connection and how many users there are.
    async fn in_step(&self) -> (String, usize) {
        let body = self.connecting(&self.key());
        let made = self.desk.send("POST", "/v1/connections", Some(&body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        self.desk.stage.deliver().await.unwrap();
        let connection = made.at("/id");
        let path = format!("/v1/connections/{connection}");
        let shown = self.desk.send("GET", &path, None).await;
        assert_eq!(shown.at("/site"), "acme.ilucca.net");
        // The emulator's address is not the site's own, and makes the company another one.
        assert!(
            shown.at("/company/id").starts_with("site-acme.ilucca.net-"),
            "{}",
            shown.body
        );
        let run = sync(&self.desk, &connection).await;
        assert_eq!(run.at("/status"), "succeeded", "{}", run.body);
        assert_eq!(run.at("/completeness"), "complete", "{}", run.body);
        apply(&self.desk, &run).await;
        let users = users(&self.desk).await;
        assert!(users >= 40, "{users}");
        (connection, users)
    }
}

#[tokio::test]
async fn lucca_is_connected_by_a_key_and_again_by_a_client_and_its_people_stay_the_same() {
    let scene = Scene::open().await;
    let (connection, before) = scene.in_step().await;
    let path = format!("/v1/connections/{connection}/reconnect");
    let wrong = json!({ "credential": { "kind": "api_key", "key": "wrong" } });
    let refused = scene.desk.send("POST", &path, Some(&wrong)).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.body
    );
    let by_client = json!({ "credential": scene.client() });
    let again = scene.desk.send("POST", &path, Some(&by_client)).await;
    assert_eq!(again.status, 200, "{}", again.body);
    let run = sync(&scene.desk, &connection).await;
    assert_eq!(run.at("/status"), "succeeded", "{}", run.body);
    // The key showed pay, which a client does not see: the read is whole, and says that it shows less than before.
    assert_eq!(run.at("/completeness"), "narrowed", "{}", run.body);
    assert_eq!(run.body["counts"]["unchanged"], before, "{}", run.body);
    assert_eq!(users(&scene.desk).await, before);
}

#[tokio::test]
async fn r01_another_companys_people_behind_the_same_key_make_no_plan() {
    let scene = Scene::open().await;
    let (connection, before) = scene.in_step().await;
    scene.arm(&json!({ "mode": "other_company" })).await;
    let run = sync(&scene.desk, &connection).await;
    assert_eq!(run.at("/status"), "failed", "{}", run.body);
    assert_eq!(run.at("/errors/0/code"), "different-company", "{}", run.body);
    assert_eq!(users(&scene.desk).await, before);
}

#[tokio::test]
async fn r41_a_domain_that_is_not_luccas_is_refused_with_those_that_are() {
    let scene = Scene::open().await;
    for site in [json!("acme.evil.example"), json!("accounts.world.luccasoftware.com")] {
        let mut body = scene.connecting(&scene.key());
        body["site"] = site.clone();
        let refused = scene.desk.send("POST", "/v1/connections", Some(&body)).await;
        assert_eq!(
            (refused.status, refused.code()),
            (422, "invalid"),
            "{site}: {}",
            refused.body
        );
        let (pointer, detail) = refused.faults().remove(0);
        assert_eq!(pointer, "/site");
        assert!(detail.contains("`name.ilucca.net`"), "{detail}");
    }
}
