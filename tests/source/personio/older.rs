//! What version 1 says beside version 2, and what is left where it says nothing.

use rollcall::{
    employee::{Attribute, Canonical},
    http::Method,
    source::Class,
};
use serde_json::{Value, json};

use super::support::Personio;

fn custom(name: &str) -> Attribute {
    Attribute::parse(name).unwrap()
}

#[tokio::test]
async fn without_version_1_people_are_read_and_custom_fields_are_hidden() {
    for (path, status) in [
        ("v1/auth", 401),
        ("v1/auth", 403),
        ("v1/company", 403),
        ("v1/company", 404),
    ] {
        let hr = Personio::start(60).await;
        let before = hr.read(hr.granted(None).await).await;
        hr.0.arm(json!({"mode": "status", "status": status, "path": path}))
            .await;
        let read = hr.read(hr.granted(None).await).await;
        assert!(read.error.is_none(), "{path}: {:?}", read.error);
        let header = &read.roster.header;
        assert_eq!(
            (header.announced, header.employees),
            (None, before.roster.header.employees)
        );
        assert!(header.walk_ended);
        assert!(!header.coverage.contains_key(&custom("custom.cost_centre")), "{path}");
    }
}

#[tokio::test]
async fn r06_what_version_1_answers_in_another_form_is_never_read_as_nothing() {
    for path in ["v1/auth", "employees$", "attributes"] {
        for mode in ["html", "no_body", "error_inside"] {
            let hr = Personio::start(20).await;
            let tokens = hr.granted(None).await;
            let before = hr.read(tokens.clone()).await;
            hr.0.arm(json!({"mode": mode, "path": path})).await;
            let read = hr.read(tokens).await;
            read.assert_broken(&before, &[Class::Malformed, Class::Temporary]);
        }
    }
}

#[tokio::test]
async fn r38_the_secret_of_a_client_stands_in_no_address() {
    let hr = Personio::start(20).await;
    assert!(hr.read(hr.granted(None).await).await.error.is_none());
    let asked = hr.0.control(Method::Get, "/_emulator/requests", &Value::Null).await;
    assert!(asked.to_string().contains("/v1/auth"));
    assert!(!asked.to_string().contains(hr.0.running.client_secret()));
}

#[tokio::test]
async fn r34_an_iban_is_hidden_whatever_the_customer_calls_it() {
    let hr = Personio::start(60).await;
    let read = hr.read(hr.granted(None).await).await;
    assert_eq!(read.roster.header.hidden[&custom("custom.iban")], "forbidden_category");
    assert!(read.roster.header.coverage.get(&Canonical::BirthDate.into()).copied() > Some(0));
}
