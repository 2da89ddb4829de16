//! The target of a connection, chosen when the connection is made.

use emulators::{
    factorial,
    scim::{self, CLIENT, CLIENT_SECRET, NAME, Opener, Options, PASSWORD, Running, TOKEN},
};
use rollcall::http::{BaseUrl, HostRule, Method, Pace, Request};
use serde_json::{Value, json};

use crate::support::{Served, client};

async fn service() -> Running {
    scim::start(Options::default()).await.unwrap()
}

/// Returns a request for a connection to a SCIM server, opened by `credential`.
fn to(served: &Served, service: &Running, tenant: &str, credential: &Value) -> Value {
    let mut body = served.by_key(tenant);
    body["target"] = json!({ "kind": "scim", "base_url": service.base(), "credential": credential });
    body
}

#[tokio::test]
async fn a_connection_to_a_scim_server_is_made_whatever_opens_it_and_shows_none_of_it() {
    let service = service().await;
    let client = json!({ "token_url": service.token_url(), "client_id": CLIENT, "client_secret": CLIENT_SECRET });
    for credential in [
        json!({ "bearer": TOKEN }),
        json!({ "basic": { "user": NAME, "password": PASSWORD } }),
        json!({ "client_credentials": client }),
    ] {
        let served = Served::start(10).await;
        let made = served
            .post("/v1/connections", &to(&served, &service, "acme", &credential))
            .await;
        assert_eq!(made.status, 201, "{}", made.text);
        let shown = served.get(&format!("/v1/connections/{}", made.at("/id"))).await;
        let expected = json!({
            "kind": "scim", "base_url": service.base(), "profile": "generic", "needs_reauthorization": false,
        });
        assert_eq!(shown.body["target"], expected);
        for secret in [TOKEN, PASSWORD, CLIENT_SECRET] {
            assert!(!shown.text.contains(secret) && !made.text.contains(secret));
        }
        let plan = served.preview(&made.at("/id")).await;
        let applied = served.apply(&plan.at("/id")).await;
        assert_eq!(applied.at("/status"), "succeeded", "{}", applied.text);
        assert_eq!(service.users().len(), 10);
        served.stop().await;
    }
    service.stop().await;
}

#[tokio::test]
async fn what_opens_a_target_is_tried_before_anything_is_kept() {
    let (served, service) = (Served::start(10).await, service().await);
    let wrong = to(&served, &service, "acme", &json!({ "bearer": "not-a-token-of-theirs" }));
    let refused = served.post("/v1/connections", &wrong).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.text
    );
    assert!(!refused.text.contains("not-a-token"));
    let mut nowhere = to(&served, &service, "acme", &json!({ "bearer": TOKEN }));
    nowhere["target"]["base_url"] = json!("http://127.0.0.1:9/scim");
    let refused = served.post("/v1/connections", &nowhere).await;
    assert_eq!(
        (refused.status, refused.code()),
        (503, "provider-unavailable"),
        "{}",
        refused.text
    );
    let listed = served.get("/v1/connections?tenant=acme").await;
    assert_eq!(listed.body["data"], json!([]));
    let good = to(&served, &service, "acme", &json!({ "bearer": TOKEN }));
    assert_eq!(served.post("/v1/connections", &good).await.status, 201);
    served.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn a_target_that_is_no_target_is_refused_by_the_name_of_its_member() {
    let (served, service) = (Served::start(10).await, service().await);
    let good = json!({ "kind": "scim", "base_url": service.base(), "credential": { "bearer": TOKEN } });
    for (member, value) in [
        ("kind", json!("carrier-pigeon")),
        ("base_url", json!("no address")),
        ("profile", json!("nobodys")),
        ("extension", json!("not a urn")),
        ("credential", json!({ "password": "x" })),
        ("more", json!(1)),
    ] {
        let mut body = served.by_key("acme");
        body["target"] = good.clone();
        body["target"][member] = value;
        let refused = served.post("/v1/connections", &body).await;
        assert_eq!(refused.status, 422, "{member}: {}", refused.text);
        assert!(refused.text.contains("/target"), "{member}: {}", refused.text);
    }
    assert_eq!(served.get("/v1/connections?tenant=acme").await.body["data"], json!([]));
    served.stop().await;
    service.stop().await;
}

/// Two tenants with companies of their own, who are to write to one server.
struct Neighbours {
    served: Served,
    elsewhere: factorial::Running,
    service: Running,
}

impl Neighbours {
    async fn start() -> Self {
        let elsewhere = factorial::Options {
            employees: 10,
            seed: 2,
            companies: 3,
            ..factorial::Options::default()
        };
        Self {
            served: Served::start(10).await,
            elsewhere: factorial::start(elsewhere).await.unwrap(),
            service: service().await,
        }
    }

    /// Returns what connects a tenant with the company at `number` of the other HR system.
    fn other(&self, tenant: &str, number: usize) -> Value {
        let mut body = to(&self.served, &self.service, tenant, &json!({ "bearer": TOKEN }));
        body["base_url"] = json!(self.elsewhere.url());
        let key = self.elsewhere.api_key_of(number).unwrap();
        body["credential"] = json!({ "kind": "api_key", "key": key });
        body
    }

    async fn listed(&self, tenant: &str) -> Value {
        let path = format!("/v1/connections?tenant={tenant}");
        self.served.get(&path).await.body["data"].clone()
    }

    /// Gives this work address to the first person of the other company who is to have an account.
    async fn give_address(&self, number: usize, address: &str) {
        let company = self.elsewhere.company_id_of(number).unwrap().to_string();
        let base = BaseUrl::parse(&self.elsewhere.url(), HostRule::Any).unwrap();
        let session = client().open_session("elsewhere", Pace::default());
        let ask = |method, path: &str| Request::new(method, &base, path, "/").query([("company", company.as_str())]);
        let answer = session.send(&ask(Method::Get, "/_emulator/people")).await.unwrap();
        let people: Value = serde_json::from_slice(answer.body()).unwrap();
        let is_joiner = |person: &&Value| person["status"] == "active" && person["work_email"].is_string();
        let somebody = people["data"].as_array().unwrap().iter().find(is_joiner).unwrap();
        let path = format!("/_emulator/people/{}", somebody["employee_id"].as_str().unwrap());
        let change = ask(Method::Put, &path).json(&json!({ "work_email": address })).unwrap();
        assert!(session.send(&change).await.unwrap().is_success());
    }

    async fn stop(self) {
        self.served.stop().await;
        self.elsewhere.stop().await;
        self.service.stop().await;
    }
}

#[tokio::test]
async fn r04_a_second_tenant_writes_to_a_server_only_where_the_operator_says_that_it_is_shared() {
    let near = Neighbours::start().await;
    let served = &near.served;
    let first = to(served, &near.service, "acme", &json!({ "bearer": TOKEN }));
    let first = served.post("/v1/connections", &first).await;
    assert_eq!(first.status, 201, "{}", first.text);

    let mut second = near.other("other", 1);
    // This is the address of the first server, written otherwise.
    second["target"]["base_url"] = json!(format!("{}/", near.service.base()));
    let mut by_login = second.clone();
    by_login.as_object_mut().unwrap().remove("credential");
    for body in [&second, &by_login] {
        let refused = served.post("/v1/connections", body).await;
        assert_eq!((refused.status, refused.code()), (409, "conflict"), "{}", refused.text);
        assert!(refused.text.contains("`\\\"shared\\\": true`"), "{}", refused.text);
    }
    assert_eq!(near.listed("other").await, json!([]), "nothing is kept");
    second["target"]["shared"] = json!(true);
    let own = served.key_of("other").await;
    let refused = served
        .send_as(Some(&own), Method::Post, "/v1/connections", Some(&second), &[])
        .await;
    assert_eq!(
        (refused.status, refused.code()),
        (403, "operator-only"),
        "{}",
        refused.text
    );
    let made = served.post("/v1/connections", &second).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let shown = served.get(&format!("/v1/connections/{}", made.at("/id"))).await;
    assert_eq!(shown.body["target"]["shared"], true);

    // The server is free for a third tenant once the last connection to it is gone.
    let third = near.other("third", 2);
    for connection in [made.at("/id"), first.at("/id")] {
        assert_eq!(served.post("/v1/connections", &third).await.status, 409);
        let path = format!("/v1/connections/{connection}");
        assert_eq!(served.send(Method::Delete, &path, None).await.status, 200);
    }
    assert_eq!(served.post("/v1/connections", &third).await.status, 201);
    near.stop().await;
}

/// Where two tenants write to one server, no account of one tenant is linked to a person of the other tenant.
#[tokio::test]
async fn r04_an_account_of_another_tenant_is_never_linked() {
    let near = Neighbours::start().await;
    let served = &near.served;
    let first = to(served, &near.service, "acme", &json!({ "bearer": TOKEN }));
    let first = served.post("/v1/connections", &first).await;
    let plan = served.preview(&first.at("/id")).await;
    served.apply(&plan.at("/id")).await;
    let before = near.service.users();
    assert_eq!(before.len(), 10);

    // A person at the other company has the address of one of these users.
    let mut second = near.other("other", 1);
    second["target"]["shared"] = json!(true);
    let taken = before[0]["userName"].as_str().unwrap();
    near.give_address(1, taken).await;
    let second = served.post("/v1/connections", &second).await;
    assert_eq!(second.status, 201, "{}", second.text);
    let plan = served.preview(&second.at("/id")).await;
    assert_eq!(plan.body["counts"]["conflicts"], 1, "{}", plan.text);
    assert_eq!(plan.body["counts"]["links"], 0, "{}", plan.text);
    assert_eq!(plan.body["counts"]["joiners"], 9, "{}", plan.text);
    served.apply(&plan.at("/id")).await;
    let after = near.service.users();
    assert_eq!(after.len(), 19);
    assert!(
        before.iter().all(|user| after.contains(user)),
        "an account of the first tenant changed"
    );
    near.stop().await;
}

/// What an approver sees of a new address: the login goes with it, and has a line of its own.
#[tokio::test]
async fn a_login_that_goes_with_an_address_is_shown_in_the_change() {
    let near = Neighbours::start().await;
    let served = &near.served;
    let connection = served.post("/v1/connections", &near.other("acme", 0)).await;
    let plan = served.preview(&connection.at("/id")).await;
    served.apply(&plan.at("/id")).await;
    near.give_address(0, "quite.new@other.example").await;
    let plan = served.preview(&connection.at("/id")).await;
    let changes = served.get(&format!("/v1/plans/{}/changes", plan.at("/id"))).await;
    let shown = changes.body["data"].as_array().unwrap();
    assert_eq!(shown.len(), 1, "{}", changes.text);
    let line = |name: &str| {
        let mut lines = shown[0]["attributes"].as_array().unwrap().iter();
        lines.find(|line| line["name"] == name).cloned().unwrap()
    };
    let (email, login) = (line("email"), line("login"));
    assert_eq!(login["note"], "goes with the e-mail address");
    for of in ["before", "after"] {
        assert_eq!(login[of], email[of], "{}", changes.text);
    }
    assert_eq!(login["after"], "quite.new@other.example");
    near.stop().await;
}

#[tokio::test]
async fn a_new_credential_of_a_target_takes_the_place_of_the_old_one_once_it_is_tried() {
    let (served, service) = (Served::start(10).await, service().await);
    let made = to(&served, &service, "acme", &json!({ "bearer": TOKEN }));
    let made = served.post("/v1/connections", &made).await;
    let connection = made.at("/id");
    served.preview(&connection).await;
    service.change_habits(|habits| habits.refuses = vec![Opener::Bearer]);
    let run = served
        .post(&format!("/v1/connections/{connection}/sync"), &json!({}))
        .await;
    let run = served.ended(&run.at("/run")).await;
    assert_eq!(
        (run.at("/status"), run.at("/errors/0/code")),
        ("failed".to_owned(), "target-unauthorized".to_owned())
    );
    assert!(
        run.at("/errors/0/detail").contains("`target_credential`"),
        "{}",
        run.text
    );

    let path = format!("/v1/connections/{connection}/reconnect");
    let wrong = json!({ "target_credential": { "basic": { "user": NAME, "password": "not-theirs" } } });
    let refused = served.post(&path, &wrong).await;
    assert_eq!(
        (refused.status, refused.code()),
        (422, "credential-refused"),
        "{}",
        refused.text
    );
    let both = json!({
        "target_credential": { "basic": { "user": NAME, "password": PASSWORD } },
        "credential": { "kind": "api_key", "key": served.hr_key },
    });
    assert_eq!(served.post(&path, &both).await.status, 422);
    // The old user is still there.
    service.change_habits(|habits| habits.refuses = Vec::new());
    served.preview(&connection).await;
    let right = json!({ "target_credential": { "basic": { "user": NAME, "password": PASSWORD } } });
    let renewed = served.post(&path, &right).await;
    assert_eq!(
        (renewed.status, renewed.at("/status")),
        (200, "connected".to_owned()),
        "{}",
        renewed.text
    );
    service.change_habits(|habits| habits.refuses = vec![Opener::Bearer]);
    let plan = served.preview(&connection).await;
    served.apply(&plan.at("/id")).await;
    assert_eq!(service.users().len(), 10);
    let audit = served.get("/v1/audit?tenant=acme&limit=50").await;
    assert!(audit.text.contains("connection.renew_target"), "{}", audit.text);
    assert!(!audit.text.contains(PASSWORD));
    served.stop().await;
    service.stop().await;
}

#[tokio::test]
async fn a_new_credential_of_a_target_waits_for_a_run_and_for_a_target_that_has_one() {
    let (served, service) = (Served::start(10).await, service().await);
    let made = to(&served, &service, "acme", &json!({ "bearer": TOKEN }));
    let made = served.post("/v1/connections", &made).await;
    let connection = made.at("/id");
    served.preview(&connection).await;
    let path = format!("/v1/connections/{connection}/reconnect");
    let renewal = json!({ "target_credential": { "bearer": TOKEN } });
    served
        .control(Method::Post, "/_emulator/break", &json!({ "mode": "slow", "ms": 1500 }))
        .await;
    let run = served
        .post(&format!("/v1/connections/{connection}/sync"), &json!({}))
        .await;
    let refused = loop {
        let answer = served.post(&path, &renewal).await;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!((refused.status, refused.code()), (409, "busy"), "{}", refused.text);
    assert!(refused.text.contains("a run is at work"), "{}", refused.text);
    served.control(Method::Delete, "/_emulator/break", &json!({})).await;
    served.ended(&run.at("/run")).await;
    assert_eq!(served.post(&path, &renewal).await.status, 200);
    let delete = format!("/v1/connections/{connection}");
    assert_eq!(served.send(Method::Delete, &delete, None).await.status, 200);
    assert_eq!(
        served.post(&path, &renewal).await.status,
        409,
        "what is disconnected stays so"
    );

    let (directory, _) = served.connected("acme").await;
    let path = format!("/v1/connections/{directory}/reconnect");
    let refused = served.post(&path, &renewal).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(refused.text.contains("/target_credential"), "{}", refused.text);
    served.stop().await;
    service.stop().await;
}
