//! Every request of the Personio connector, and every answer of its emulator, against the vendor's own descriptions, where there is one:
//! of persons, employments and credentials (version 2), of employees and tokens (version 1).
//!
//! The descriptions are the vendor's and not part of the project. They are looked for where `ROLLCALL_PERSONIO_DESCRIPTIONS` says, and else in
//! tests/descriptions/personio, which git passes over. Without them the test says that it was skipped.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use emulators::{Kind, Options, Running};
use rollcall::{
    connection::Credential,
    employee::{CompanyId, Wanted},
    http::{BaseUrls, Client, Pace, Settings as Outbound},
    roster::{Company, Reading},
    source::{
        Address, Login as _, Opening, Provider as _,
        personio::{Personio, Settings},
    },
};
use serde_json::{Value, json};

use crate::{
    description::Held,
    recorder::Recorder,
    support::{now, run},
};

/// Where the folder of the descriptions may be named.
const VARIABLE: &str = "ROLLCALL_PERSONIO_DESCRIPTIONS";

/// Tells of a path what a description speaks of.
type Speaks = fn(&str) -> bool;

/// The descriptions, and the paths that each speaks of.
const DESCRIPTIONS: [(&str, Speaks); 5] = [
    ("credentials-service-api-v2.json", |path| path.starts_with("/v2/auth/")),
    ("persons-service-api-v2.json", |path| path == "/v2/persons"),
    ("employment-contract-v2.json", |path| path.ends_with("/employments")),
    ("personio-auth-api-v1.yaml", |path| path == "/v1/auth"),
    ("personio-v1-employees.yaml", |path| path.starts_with("/v1/company/")),
];

/// Returns the folder of the vendor's descriptions, where it is at hand.
fn descriptions() -> Option<PathBuf> {
    let agreed = Path::new(env!("CARGO_MANIFEST_DIR")).join("descriptions/personio");
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    if let Some(named) = &named {
        assert!(named.is_dir(), "{VARIABLE} names no folder: {}", named.display());
    }
    named.or_else(|| agreed.is_dir().then_some(agreed))
}

/// Asks for tokens and reads everything, as a survey does.
async fn use_all_of(running: &Running, url: &str) {
    let settings = Settings {
        base_urls: BaseUrls::Any,
        pace: Pace {
            per_second: 10_000,
            burst: 10_000,
            in_flight: 6,
        },
        ..Settings::default()
    };
    let provider = Personio::new(Client::new(Outbound::new(now, 1)).unwrap(), settings);
    let at = Address {
        base_url: Some(url),
        site: None,
    };
    let client = Credential::Client {
        token_url: None,
        id: running.client_id().to_owned(),
        secret: running.client_secret().to_owned().into(),
        scope: None,
    };
    let granted = provider.renew(at, &client).await.unwrap();
    let opening = Opening {
        at,
        access: Arc::new(Held(granted)),
        allowance: None,
        allowed: &BTreeSet::new(),
        company: None,
    };
    let source = provider.open(opening).unwrap();
    source.identify().await.unwrap();
    let company = Company {
        id: CompanyId::parse("acme").unwrap(),
        name: "acme".to_owned(),
    };
    let mut reading = Reading::wanting(Wanted::everything(), company, None, &|| false);
    source.read(&mut reading).await.unwrap();
}

#[tokio::test]
async fn every_request_and_every_answer_that_a_description_of_personios_speaks_of_is_valid_against_it() {
    let options = Options {
        employees: 60,
        today: Some(now().to_zoned(jiff::tz::TimeZone::UTC).date()),
        requests_per_minute: Some(0),
        ..Options::default()
    };
    let running = emulators::start(Kind::Personio, options).await.unwrap();
    let (recorder, url) = Recorder::open(running.url()).await;
    use_all_of(&running, &url).await;
    let seen = recorder.take();
    running.stop().await;
    for (name, speaks) in DESCRIPTIONS {
        let own: Vec<&Value> = seen
            .iter()
            .filter(|seen| speaks(seen["path"].as_str().unwrap()))
            .collect();
        assert!(!own.is_empty(), "nothing that {name} speaks of is asked for");
        let Some(folder) = descriptions() else {
            println!("skipped: {name} is not at hand; {VARIABLE} names its folder");
            continue;
        };
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(
            file.path(),
            json!({ "authorize_url": null, "exchanges": own }).to_string(),
        )
        .unwrap();
        let description = folder.join(name);
        let paths = [description.as_path(), file.path()].map(|path| path.to_str().unwrap());
        let said = run("check_description.py", &paths).await;
        assert_eq!(said.trim(), format!("{} exchanges are valid", own.len()), "{name}");
    }
}
