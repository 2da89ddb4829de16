//! One SCIM server under several addresses. It counts as one target however its address is written. Where no spelling shows
//! that, the users on the server show it (R04).

use emulators::{
    factorial,
    scim::{self, Options, Running, TOKEN},
};
use rollcall::http::Method;
use serde_json::{Value, json};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::support::{Answer, Browser, Served};

/// Another way to a server. Nothing shows that it leads there, as with a second name in the DNS.
struct Alias {
    base: String,
    serving: JoinHandle<()>,
}

impl Alias {
    async fn of(service: &Running) -> Self {
        let base = url::Url::parse(&service.base()).unwrap();
        let to = format!("127.0.0.1:{}", base.port().unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let to = to.clone();
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(to).await.unwrap();
                    let _: std::io::Result<_> = copy_bidirectional(&mut stream, &mut server).await;
                });
            }
        });
        let base = format!("http://127.0.0.1:{port}{}", base.path());
        Self { base, serving }
    }
}

impl Drop for Alias {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Two tenants with companies of their own, and one server.
struct Street {
    served: Served,
    elsewhere: factorial::Running,
    service: Running,
}

impl Street {
    async fn start() -> Self {
        let elsewhere = factorial::Options {
            employees: 10,
            seed: 2,
            companies: 2,
            ..factorial::Options::default()
        };
        Self {
            served: Served::start(10).await,
            elsewhere: factorial::start(elsewhere).await.unwrap(),
            service: scim::start(Options::default()).await.unwrap(),
        }
    }

    /// Returns what connects the first tenant's own company to a server at this address.
    fn first(&self, base_url: &str) -> Value {
        let mut body = self.served.by_key("acme");
        body["target"] = json!({ "kind": "scim", "base_url": base_url, "credential": { "bearer": TOKEN } });
        body
    }

    /// Returns what connects the second tenant's own company to a server at this address.
    fn second(&self, base_url: &str) -> Value {
        let mut body = self.first(base_url);
        body["tenant"] = json!("other");
        body["base_url"] = json!(self.elsewhere.url());
        body["credential"]["key"] = json!(self.elsewhere.api_key_of(1).unwrap());
        body
    }

    async fn connect(&self, body: &Value) -> Answer {
        self.served.post("/v1/connections", body).await
    }

    /// Connects the first tenant, and writes its people to the server.
    async fn live(&self) -> String {
        let made = self.connect(&self.first(&self.service.base())).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let plan = self.served.preview(&made.at("/id")).await;
        self.served.apply(&plan.at("/id")).await;
        made.at("/id")
    }

    async fn stop(self) {
        self.served.stop().await;
        self.elsewhere.stop().await;
        self.service.stop().await;
    }
}

/// Asserts that connecting is refused until the request says that the target is shared, and that nothing was kept.
async fn assert_asked(street: &Street, refused: &Answer, of: &str) {
    assert_eq!((refused.status, refused.code()), (409, "conflict"), "{}", refused.text);
    assert!(refused.text.contains("`\\\"shared\\\": true`"), "{}", refused.text);
    let listed = street.served.get(&format!("/v1/connections?tenant={of}")).await;
    assert_eq!(listed.body["data"], json!([]), "nothing is kept");
}

#[tokio::test]
async fn r04_a_server_is_one_target_however_its_address_is_written() {
    let street = Street::start().await;
    let made = street.connect(&street.first(&street.service.base())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let base = url::Url::parse(&street.service.base()).unwrap();
    let (port, path) = (base.port().unwrap(), base.path());
    for address in [
        format!("http://localhost:{port}{path}"),
        format!("HTTP://LOCALHOST.:{port}{path}/"),
        format!("http://127.1:{port}{path}"),
        format!("http://0x7f.0.0.1:{port}{path}"),
        format!("http://2130706433:{port}{path}"),
        format!("http://127.0.0.2:{port}{path}"),
        format!("http://[::ffff:127.0.0.1]:{port}{path}"),
        format!("http://127.0.0.1:{port}/elsewhere/..{path}"),
        format!("http://127.0.0.1:{port}/%73%63im/%76%32"),
        format!(" http://127.0.0.1:{port}{path}///\n"),
    ] {
        let body = street.second(&address);
        let refused = street.connect(&body).await;
        assert_ne!(refused.status, 201, "{address}");
        // Some of these addresses do not lead here on every machine; an address that does is recognised.
        if refused.status != 503 {
            assert_asked(&street, &refused, "other").await;
            let mut by_login = body;
            by_login.as_object_mut().unwrap().remove("credential");
            assert_asked(&street, &street.connect(&by_login).await, "other").await;
        }
    }
    let refused = street
        .connect(&street.second(&format!("http://localhost:{port}{path}")))
        .await;
    assert_asked(&street, &refused, "other").await;
    let userinfo = format!("http://me:secret@127.0.0.1:{port}{path}");
    let refused = street.connect(&street.second(&userinfo)).await;
    assert_eq!(
        (refused.status, refused.at("/errors/0/pointer")),
        (422, "/target/base_url".to_owned())
    );
    assert!(!refused.text.contains("secret"));
    street.stop().await;
}

#[tokio::test]
async fn r04_a_tenant_finds_its_people_again_however_the_address_of_its_server_is_written() {
    let street = Street::start().await;
    let connection = street.live().await;
    let users = street.service.users();
    let path = format!("/v1/connections/{connection}");
    assert_eq!(street.served.send(Method::Delete, &path, None).await.status, 200);
    let port = url::Url::parse(&street.service.base()).unwrap().port().unwrap();
    let again = street
        .connect(&street.first(&format!("http://localhost:{port}/scim/v2/")))
        .await;
    assert_eq!(again.status, 201, "{}", again.text);
    let plan = street.served.preview(&again.at("/id")).await;
    assert_eq!(plan.body["counts"]["unchanged"], 10, "{}", plan.text);
    assert_eq!(
        plan.body["counts"]["links"], 0,
        "links are taken up (R02): {}",
        plan.text
    );
    assert_eq!(street.service.users(), users);
    street.stop().await;
}

#[tokio::test]
async fn r04_a_server_that_holds_users_of_another_tenant_is_asked_about_whatever_its_name() {
    let street = Street::start().await;
    let connection = street.live().await;
    let alias = Alias::of(&street.service).await;
    let users = street.service.users();
    let mut second = street.second(&alias.base);
    assert_asked(&street, &street.connect(&second).await, "other").await;
    assert_eq!(street.service.users(), users);

    second["target"]["shared"] = json!(true);
    let made = street.connect(&second).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let plan = street.served.preview(&made.at("/id")).await;
    assert_eq!(plan.body["counts"]["joiners"], 10, "{}", plan.text);
    street.served.apply(&plan.at("/id")).await;
    assert!(users.iter().all(|user| street.service.users().contains(user)));
    // The first tenant goes on, and may have a second connection to the server.
    let plan = street.served.preview(&connection).await;
    assert_eq!(
        (plan.at("/status"), &plan.body["counts"]["unchanged"]),
        ("empty".to_owned(), &json!(10))
    );
    street.stop().await;
}

#[tokio::test]
async fn r04_whoever_was_let_in_does_not_keep_the_first_tenant_from_its_first_sync() {
    let street = Street::start().await;
    let first = street.connect(&street.first(&street.service.base())).await;
    street.served.ended(&first.at("/run")).await;
    let mut second = street.second(&street.service.base());
    second["target"]["shared"] = json!(true);
    let second = street.connect(&second).await;
    assert_eq!(second.status, 201, "{}", second.text);
    let plan = street.served.preview(&second.at("/id")).await;
    street.served.apply(&plan.at("/id")).await;
    let plan = street.served.preview(&first.at("/id")).await;
    assert_eq!(plan.body["counts"]["joiners"], 10, "{}", plan.text);
    street.stop().await;
}

#[tokio::test]
async fn r04_users_of_a_company_that_nobody_here_knows_are_another_systems() {
    let street = Street::start().await;
    street
        .service
        .add(&json!({ "userName": "zoe@elsewhere.example", "externalId": "factorial:999999:7" }));
    assert_asked(
        &street,
        &street.connect(&street.first(&street.service.base())).await,
        "acme",
    )
    .await;
    // A reference that Rollcall did not make says nothing.
    let plain = scim::start(Options::default()).await.unwrap();
    for reference in ["7", "urn:uuid:7", "other-system:999999:7", "factorial:7"] {
        plain.add(&json!({ "userName": format!("{reference}@elsewhere.example"), "externalId": reference }));
    }
    let made = street.connect(&street.first(&plain.base())).await;
    assert_eq!(made.status, 201, "{}", made.text);
    plain.stop().await;
    street.stop().await;
}

#[tokio::test]
async fn r04_after_a_login_the_first_sync_finds_users_of_somebody_else_and_makes_no_plan() {
    let street = Street::start().await;
    street
        .service
        .add(&json!({ "userName": "zoe@elsewhere.example", "externalId": "factorial:999999:7" }));
    let mut body = street.first(&street.service.base());
    body.as_object_mut().unwrap().remove("credential");
    let opened = street.connect(&body).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let mut browser = Browser::new();
    let (_, page) = browser.open(&opened.at("/authorize_url")).await;
    let back = browser.decide(&page, "allow", "0").await;
    let (status, _) = browser.open(&back).await;
    assert_eq!(status, 200);
    let id = opened.at("/id");
    let runs = street.served.get(&format!("/v1/connections/{id}/runs")).await;
    let run = street.served.ended(&runs.at("/data/0/id")).await;
    assert_eq!(
        (run.at("/status"), run.at("/errors/0/code")),
        ("failed".to_owned(), "foreign-target".to_owned()),
        "{}",
        run.text
    );
    assert!(run.at("/errors/0/detail").contains("shared"), "{}", run.text);
    assert!(run.body["plan"].is_null(), "{}", run.text);
    assert_eq!(street.service.writes(), 0);
    street.stop().await;
}
