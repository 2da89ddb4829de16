//! Logging in: a service user, and a login in the browser at a host of its own.

use std::collections::BTreeSet;

use rollcall::{
    connection::Credential,
    source::{Authorization, Class, Exchange, Identity, Login as _, Renewal},
};
use serde_json::json;

use super::support::HiBob;
use crate::support::{at, key_of, now};

#[tokio::test]
async fn r01_people_are_shown_with_the_id_of_their_company() {
    let hr = HiBob::start(20).await;
    for credential in [hr.service_user(), hr.login()] {
        let source = hr.open(credential, &BTreeSet::new());
        let Identity::Known(company) = source.identify().await.unwrap() else {
            panic!("the company is named");
        };
        let id = hr.0.running.company_id_of(0).unwrap().to_string();
        assert_eq!((company.id.as_str(), source.calls()), (id.as_str(), 1));
    }
}

#[tokio::test]
async fn a_service_user_who_sees_nobody_is_told_to_get_a_permission_group() {
    let hr = HiBob::start(20).await;
    hr.0.arm(json!({"mode": "empty"})).await;
    let error = hr
        .open(hr.service_user(), &BTreeSet::new())
        .identify()
        .await
        .unwrap_err();
    assert_eq!(error.class, Class::Forbidden);
    assert!(error.to_string().contains("permission group"), "{error}");
}

#[tokio::test]
async fn a_login_begins_at_the_vendors_own_page_and_asks_for_what_is_read() {
    let hr = HiBob::start(20).await;
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: "https://rollcall.example/back",
        state: "s",
        code_challenge: "c",
    };
    let provider = hr.provider();
    let usual = rollcall::source::Address::default();
    let page = provider.authorize_url(usual, &request).await.unwrap();
    let expected = "https://auth.app.hibob.com/oauth2/v1/apps/authorize?";
    assert!(page.starts_with(expected), "{page}");
    assert!(page.contains("employee_data%3Aread"), "{page}");
    let url = hr.0.running.url();
    let local = provider.authorize_url(at(&url), &request).await.unwrap();
    assert!(local.starts_with(&url), "{local}");
}

#[tokio::test]
async fn r40_a_code_of_another_server_is_refused_and_a_bad_one_has_to_begin_anew() {
    let hr = HiBob::start(20).await;
    let url = hr.0.running.url();
    let exchange = |issuer| Exchange {
        code: "wrong",
        redirect_uri: "https://rollcall.example/back",
        code_verifier: "v",
        issuer,
    };
    let refused = hr
        .provider()
        .exchange(at(&url), &exchange(Some("https://evil.example")))
        .await;
    assert_eq!(refused.unwrap_err().class, Class::Misconfigured);
    let refused = hr.provider().exchange(at(&url), &exchange(None)).await;
    assert_eq!(refused.unwrap_err().class, Class::Unauthorized);
}

#[tokio::test]
async fn r40_a_logins_tokens_end_and_are_refreshed_and_a_service_user_never_is() {
    let hr = HiBob::start(20).await;
    let url = hr.0.running.url();
    let provider = hr.provider();
    assert_eq!(provider.renewal(&hr.service_user(), now()), Renewal::Never);
    let Credential::Tokens(renewed) = provider.renew(at(&url), &hr.login()).await.unwrap() else {
        panic!("expected tokens");
    };
    let life = renewed.expires_at.unwrap().duration_since(now()).as_hours();
    assert_eq!((life, renewed.refresh_token.is_some()), (1, true));
    let error = provider.renew(at(&url), &hr.service_user()).await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = HiBob::start(20).await;
    let source = hr.open(key_of("key"), &BTreeSet::new());
    let error = source.identify().await.unwrap_err();
    assert_eq!((error.class, source.calls()), (Class::Unauthorized, 0));
}
