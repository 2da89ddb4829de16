//! Every HR system, connected over HTTP by each way to log in that it describes; its first preview is made from its emulator, and
//! shows the people whom the emulator knows.

use rollcall::{
    runtime::{ProviderSettings, outbound_client, providers},
    source::{Kind, Method as By},
};
use serde_json::json;

use crate::support::{Browser, Served, parse};

/// How many people ought to join.
const PEOPLE: u32 = 30;

/// The address of the application to which a login comes back.
pub(super) const BACK: &str = "http://127.0.0.1:9/settings";

/// Returns the ways to log in that an HR system describes.
fn ways(kind: Kind) -> Vec<By> {
    let all = providers(&outbound_client().unwrap(), &ProviderSettings::default());
    let provider = all.iter().find(|provider| provider.kind() == kind).unwrap();
    provider.description().ways.iter().map(|way| way.method).collect()
}

/// Connects as a person does in a browser. Returns the id of the connection.
async fn log_in(served: &Served) -> String {
    let body = served.connecting("acme", &json!({ "return_url": BACK }));
    let made = served.post("/v1/connections", &body).await;
    assert_eq!(
        (made.status, made.at("/status").as_str()),
        (201, "awaiting_authorization"),
        "{}",
        made.text
    );
    allow(served, &made.at("/authorize_url")).await
}

/// Goes through a login as a person who allows it. Returns the id of the connection.
pub(super) async fn allow(served: &Served, start: &str) -> String {
    let mut browser = Browser::new();
    let (_, page) = browser.open(start).await;
    assert!(page.starts_with(&served.hr), "{page}");
    let back = browser.decide(&page, "allow", "0").await;
    let (status, home) = browser.open(&back).await;
    assert_eq!(status, 303, "{home}");
    let (_, query) = home.split_once('?').unwrap();
    let activation = parse(query).into_iter().find(|(name, _)| name == "activation");
    let body = json!({ "activation": activation.unwrap().1 });
    let told = served.post("/v1/connect-sessions/activate", &body).await;
    assert_eq!(told.at("/status"), "connected", "{}", told.text);
    told.at("/id")
}

/// Connects with the credential of this form. Returns the id of the connection.
async fn paste(served: &Served, form: &str) -> String {
    let forms = served.emulated["credentials"].as_array().unwrap();
    let credential = forms.iter().find(|credential| credential["kind"] == form).unwrap();
    let body = served.connecting("acme", &json!({ "credential": credential }));
    let made = served.post("/v1/connections", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.at("/id")
}

#[tokio::test]
async fn every_hr_system_is_connected_by_each_of_its_ways_and_its_first_preview_is_whole() {
    for kind in Kind::ALL {
        for way in ways(*kind) {
            let served = Served::start_of(*kind, PEOPLE).await;
            let connection = match way {
                By::OAuth => log_in(&served).await,
                By::ApiKey | By::ClientCredentials | By::Basic => paste(&served, way.as_str()).await,
            };
            let case = format!("{kind} by {}", way.as_str());
            let runs = served.get(&format!("/v1/connections/{connection}/runs")).await;
            let run = served.ended(&runs.at("/data/0/id")).await;
            assert_eq!(run.at("/status"), "succeeded", "{case}: {}", run.text);
            assert_eq!(run.at("/completeness"), "complete", "{case}: {}", run.text);
            assert_eq!(run.body["counts"]["joiners"], PEOPLE, "{case}: {}", run.text);
            let plan = served.get(&format!("/v1/plans/{}", run.at("/plan"))).await;
            assert_eq!(plan.body["counts"]["joiners"], PEOPLE, "{case}: {}", plan.text);
            served.stop().await;
        }
    }
}

#[tokio::test]
async fn r40_a_wrong_credential_of_any_hr_system_is_refused_and_connects_nothing() {
    for kind in Kind::ALL {
        let served = Served::start_of(*kind, PEOPLE).await;
        let mut wrong = json!({ "credential": served.emulated["credential"] });
        for secret in ["key", "password", "client_secret"] {
            if wrong["credential"][secret].is_string() {
                wrong["credential"][secret] = json!("wrong");
            }
        }
        let refused = served.post("/v1/connections", &served.connecting("acme", &wrong)).await;
        assert_eq!(
            (refused.status, refused.code()),
            (422, "credential-refused"),
            "{kind}: {}",
            refused.text
        );
        let listed = served.get("/v1/connections?tenant=acme").await;
        assert_eq!(listed.body["data"], json!([]), "{kind}: {}", listed.text);
        served.stop().await;
    }
}

#[tokio::test]
async fn the_ready_file_says_the_same_of_every_hr_system() {
    for kind in Kind::ALL {
        let served = Served::start_of(*kind, PEOPLE).await;
        let members: Vec<&String> = served.emulated.as_object().unwrap().keys().collect();
        assert_eq!(members, ["connection", "credential", "credentials", "url"], "{kind}");
        let usual = match kind {
            Kind::HiBob | Kind::Staffology => "basic",
            Kind::Personio => "client_credentials",
            Kind::Factorial | Kind::BambooHr | Kind::Lucca | Kind::Humaans | Kind::PayFit | Kind::Merge => "api_key",
        };
        assert_eq!(served.emulated["credential"]["kind"], usual, "{kind}");
        assert_eq!(served.emulated["connection"]["provider"], kind.as_str());
        served.stop().await;
    }
}
