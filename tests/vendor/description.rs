//! Every request of the BambooHR connector, and every answer of its emulator, against the vendor's own description.
//!
//! The description is the vendor's and not part of the project. It is looked for where `ROLLCALL_BAMBOOHR_DESCRIPTION` says, and else
//! in tests/descriptions/bamboohr/public.yaml, which git passes over. Without it the test says that it was skipped. Where answers of a real
//! account are known to differ from the description, the emulator answers as the account did, and the checker lets that pass.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use emulators::{Kind, PermissionGroup, Running};
use rollcall::{
    connection::{Credential, TokenSet},
    employee::{Canonical, CompanyId, Wanted},
    http::{BaseUrls, Client, Pace, Settings as Outbound},
    roster::{Company, Reading},
    source::{
        Access, Address, Authorization, Error, Login as _, Opening, Provider as _,
        bamboohr::{BambooHr, Settings},
        factorial::Applications,
    },
};
use serde_json::{Value, json};

use crate::{
    recorder::Recorder,
    support::{emulated, now, run},
};

/// Where the description may be named.
const VARIABLE: &str = "ROLLCALL_BAMBOOHR_DESCRIPTION";

/// Returns the vendor's description, where it is at hand.
fn description() -> Option<PathBuf> {
    let agreed = Path::new(env!("CARGO_MANIFEST_DIR")).join("descriptions/bamboohr/public.yaml");
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    if let Some(named) = &named {
        assert!(named.is_file(), "{VARIABLE} names no file: {}", named.display());
    }
    named.or_else(|| agreed.is_file().then_some(agreed))
}

/// A credential that is held in memory.
pub(crate) struct Held(pub(crate) Credential);

#[async_trait]
impl Access for Held {
    async fn credential(&self) -> Result<Credential, Error> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        panic!("nothing is refused here");
    }
}

fn provider(running: &Running) -> BambooHr {
    let application = json!({ "client_id": running.client_id(), "client_secret": running.client_secret() });
    let settings = Settings {
        applications: Applications::given(&json!({ "bamboohr": application })),
        base_urls: BaseUrls::Any,
        pace: Pace {
            per_second: 10_000,
            burst: 10_000,
            in_flight: 6,
        },
        limit: None,
    };
    BambooHr::new(Client::new(Outbound::new(now, 1)).unwrap(), settings)
}

/// Returns the tokens of an administrator's login.
fn login(running: &Running) -> Credential {
    let issued = running.user_tokens(PermissionGroup::administrator()).unwrap();
    Credential::Tokens(TokenSet {
        access_token: issued.access_token.into(),
        refresh_token: issued.refresh_token.map(Into::into),
        expires_at: None,
        obtained_at: running.now(),
        scope: None,
    })
}

/// What a read may want: everything, as a survey does, or little.
fn reads() -> [Wanted; 3] {
    [
        Wanted::everything(),
        Wanted::only([Canonical::WorkEmail.into()]),
        Wanted::only([Canonical::TimeZone.into(), Canonical::PayRate.into()]),
    ]
}

/// Reads in all ways, and logs in; returns where the browser would be sent.
async fn use_all_of(provider: &BambooHr, running: &Running, url: &str) -> String {
    let at = Address {
        base_url: Some(url),
        site: None,
    };
    let key = Credential::ApiKey {
        key: running.api_key().to_owned().into(),
    };
    let renewed = provider.renew(at, &login(running)).await.unwrap();
    for credential in [key, renewed] {
        for wanted in reads() {
            let opening = Opening {
                at,
                access: Arc::new(Held(credential.clone())),
                allowance: None,
                allowed: &BTreeSet::new(),
                company: None,
            };
            let source = provider.open(opening).unwrap();
            source.identify().await.unwrap();
            let company = Company {
                id: CompanyId::parse("site-acme.bamboohr.com").unwrap(),
                name: "acme.bamboohr.com".to_owned(),
            };
            let mut reading = Reading::wanting(wanted, company, None, &|| false);
            source.read(&mut reading).await.unwrap();
        }
    }
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: "https://app.example/callback",
        state: "state",
        code_challenge: "challenge",
    };
    provider.authorize_url(at, &request).await.unwrap()
}

/// The calls of the connector, without their queries.
fn calls(seen: &[Value]) -> BTreeSet<String> {
    let call = |seen: &Value| {
        let text = |member: &str| seen[member].as_str().unwrap().to_owned();
        format!("{} {}", text("method"), text("path"))
    };
    seen.iter().map(call).collect()
}

#[tokio::test]
async fn every_request_of_the_connector_and_every_answer_of_the_emulator_is_valid_against_the_vendors_description() {
    let running = emulated(Kind::BambooHr, 120).await;
    let (recorder, url) = Recorder::open(running.url()).await;
    let authorize_url = use_all_of(&provider(&running), &running, &url).await;
    let seen = recorder.take();
    let expected = [
        "GET /api/v1/hris/org/locations",
        "GET /api/v1/meta/fields",
        "POST /api/v1/reports/custom",
        "POST /api/v2/datasets/employee/data",
        "POST /token.php",
    ];
    assert_eq!(
        calls(&seen),
        expected.map(str::to_owned).into(),
        "the connector asks all that it can ask"
    );
    let ahead = |seen: &&Value| seen["query"].as_str().unwrap().contains("onlyCurrent=false");
    assert!(
        seen.iter().any(|seen| ahead(&seen)),
        "people who begin later are asked for"
    );
    let Some(description) = description() else {
        println!("skipped: the vendor's description is not at hand; {VARIABLE} names it, README says where it is");
        return;
    };
    let file = tempfile::NamedTempFile::new().unwrap();
    let all = json!({ "authorize_url": authorize_url, "exchanges": seen });
    std::fs::write(file.path(), all.to_string()).unwrap();
    let paths = [description.as_path(), file.path()].map(|path| path.to_str().unwrap());
    let said = run("check_description.py", &paths).await;
    assert_eq!(said.trim(), format!("{} exchanges are valid", seen.len()));
    running.stop().await;
}

/// Returns what the checker says of exchanges and a login, by a description of one's own.
async fn check(exchanges: &Value, authorize_url: &str) -> Vec<String> {
    let folder = tempfile::TempDir::new().unwrap();
    let [description, recorded] = ["description.yaml", "recorded.json"].map(|name| folder.path().join(name));
    std::fs::write(&description, include_str!("sample.yaml")).unwrap();
    let all = json!({ "authorize_url": authorize_url, "exchanges": exchanges });
    std::fs::write(&recorded, all.to_string()).unwrap();
    let paths = [description.as_path(), recorded.as_path()].map(|path| path.to_str().unwrap());
    let said = run("check_description.py", &paths).await;
    said.lines().map(str::to_owned).collect()
}

#[tokio::test]
async fn the_checker_notices_what_a_description_does_not_allow() {
    let login = "https://hr.example/authorize.php?scope=people";
    let good = json!({
        "method": "POST", "path": "/people/7", "query": "format=json",
        "headers": { "accept": "application/json", "content-type": "application/json" },
        "body": r#"{"fields":["id"]}"#, "status": 200, "content_type": "application/json",
        "answer": r#"{"total":1}"#,
    });
    let mut token = good.clone();
    token["path"] = json!("/token.php");
    assert_eq!(check(&json!([good, token]), login).await, ["2 exchanges are valid"]);
    let wrong = [
        ("method", json!("PUT"), "Operation put not found"),
        ("path", json!("/persons/7"), "Path not found"),
        ("path", json!("/people/seven"), "Path parameter error: id"),
        ("query", json!("format=pdf"), "'pdf' is not one of"),
        ("query", json!(""), "Missing required query parameter: format"),
        ("query", json!("format=json&page=1"), "page is not in the description"),
        ("body", json!(r#"{"fields":[]}"#), "should be non-empty"),
        ("body", json!("{}"), "'fields' is a required property"),
        ("status", json!(207), "Unknown response http status"),
        (
            "answer",
            json!(r#"{"total":"many"}"#),
            "'many' is not of type 'integer'",
        ),
    ];
    let bad = |(member, value, _): &(&str, Value, &str)| {
        let mut bad = good.clone();
        bad[member] = value.clone();
        bad
    };
    let said = check(&wrong.iter().map(bad).collect(), login).await;
    assert_eq!(said.len(), wrong.len(), "{said:#?}");
    for (line, (member, value, fault)) in said.iter().zip(&wrong) {
        assert!(line.contains(fault), "{member} {value}: {line}");
    }
    token["method"] = json!("GET");
    let said = check(&json!([token]), "https://hr.example/login?scope=people+pay").await;
    assert_eq!(
        said.len(),
        3,
        "address and scope of the login, and how tokens are asked for: {said:#?}"
    );
}
