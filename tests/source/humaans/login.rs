//! Logging in with a token.

use std::collections::BTreeSet;

use rollcall::{
    connection::Credential,
    source::{Class, Identity, Provider as _},
};
use serde_json::json;

use super::support::Humaans;

#[tokio::test]
async fn r01_the_one_company_that_is_listed_is_whose_data_it_is() {
    let hr = Humaans::start(20).await;
    let source = hr.open(hr.token(), &BTreeSet::new());
    let Identity::Known(company) = source.identify().await.unwrap() else {
        panic!("the company is named");
    };
    let id = hr.0.running.company_id_of(0).unwrap();
    assert_eq!((company.id.as_str(), source.calls()), (id.to_string().as_str(), 1));
    assert!(!company.name.is_empty());
}

#[tokio::test]
async fn r01_a_list_of_companies_without_any_is_no_answer() {
    let hr = Humaans::start(20).await;
    hr.0.arm(json!({"mode": "empty", "path": "companies"})).await;
    let error = hr.open(hr.token(), &BTreeSet::new()).identify().await.unwrap_err();
    assert_eq!(error.class, Class::Malformed);
}

#[tokio::test]
async fn a_token_is_kept_as_it_was_sent_and_nothing_renews_it() {
    let hr = Humaans::start(20).await;
    assert!(hr.provider().login().is_none());
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = Humaans::start(20).await;
    let basic = Credential::Basic {
        user: "hr".to_owned(),
        password: "s3cret".to_owned().into(),
    };
    let source = hr.open(basic, &BTreeSet::new());
    let error = source.identify().await.unwrap_err();
    assert_eq!((error.class, source.calls()), (Class::Unauthorized, 0));
}
