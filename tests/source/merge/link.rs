//! Linking a customer in the browser, and the organisation's key beside a customer's token.

use std::collections::BTreeSet;

use rollcall::{
    connection::Credential,
    http::{BaseUrl, HostRule, Method, Request},
    source::{Authorization, Class, Exchange, Login as _, Provider as _, Renewal},
};
use serde_json::json;

use super::support::{Merge, open, operator_of, provider_on};
use crate::support::{PACE, at, now};

/// Where a browser comes back to.
const BACK: &str = "http://127.0.0.1:9/back";

const REQUEST: Authorization<'_> = Authorization {
    connection: "c-7",
    tenant: "acme",
    redirect_uri: BACK,
    state: "s-1",
    code_challenge: "",
};

/// Returns the members of an address's query.
fn members(address: &str) -> Vec<(String, String)> {
    let (_, query) = address.split_once('?').unwrap();
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

fn member(address: &str, name: &str) -> String {
    let found = members(address).into_iter().find(|(own, _)| own == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

/// Goes through Merge Link on the operator's page. Returns where the browser is sent then.
async fn decide(hr: &Merge, page: &str) -> String {
    let base = BaseUrl::parse(&hr.0.running.url(), HostRule::Any).unwrap();
    let asked = members(page);
    let asked = asked.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let form = Request::new(Method::Post, &base, "/link", "/link").form(asked.chain([("decision", "allow")]));
    let session = hr.0.http().open_session("browser", PACE);
    let answer = session.send(&form.take_redirect()).await.unwrap();
    answer.header("location").unwrap_or_default().to_owned()
}

async fn exchange(hr: &Merge, code: &str) -> Result<Credential, rollcall::source::Error> {
    let exchange = Exchange {
        code,
        redirect_uri: BACK,
        code_verifier: "",
        issuer: None,
    };
    hr.provider().exchange(at(&hr.0.running.url()), &exchange).await
}

#[tokio::test]
async fn a_customer_is_linked_on_the_operators_page_and_the_public_token_is_exchanged_once() {
    let hr = Merge::start(20).await;
    let provider = hr.provider();
    assert!(provider.is_registered().await.unwrap());
    let url = hr.0.running.url();
    let page = provider.authorize_url(at(&url), &REQUEST).await.unwrap();
    assert!(page.starts_with(&format!("{url}/link?")), "{page}");
    assert_eq!(
        (member(&page, "redirect_uri").as_str(), member(&page, "state").as_str()),
        (BACK, "s-1")
    );
    let back = decide(&hr, &page).await;
    assert!(back.starts_with(BACK) && member(&back, "state") == "s-1", "{back}");
    let code = member(&back, "code");
    let linked = exchange(&hr, &code).await.unwrap();
    let Credential::Tokens(tokens) = &linked else {
        panic!("a token that was not pasted")
    };
    assert!(tokens.refresh_token.is_none() && tokens.expires_at.is_none());
    assert_eq!(provider.renewal(&linked, now()), Renewal::Never);
    let read = hr.read(linked).await;
    read.assert_certified(None);
    let again = exchange(&hr, &code).await.unwrap_err();
    assert_eq!(again.class, Class::Unauthorized, "a public token is good once");
    let odd = exchange(&hr, "../linked-accounts").await.unwrap_err();
    assert_eq!(odd.class, Class::Unauthorized, "r41: a code leads nowhere else");
}

#[tokio::test]
async fn a_page_that_is_opened_with_an_old_or_made_up_link_token_links_nobody() {
    let hr = Merge::start(20).await;
    let page = hr
        .provider()
        .authorize_url(at(&hr.0.running.url()), &REQUEST)
        .await
        .unwrap();
    let token = member(&page, "link_token");
    let back = decide(&hr, &page.replace(&token, "made-up")).await;
    assert_eq!(
        (member(&back, "error").as_str(), member(&back, "code").as_str()),
        ("invalid_request", "")
    );
}

#[tokio::test]
async fn a_login_that_is_only_tried_asks_merge_for_nothing() {
    let hr = Merge::start(20).await;
    let probe = Authorization { state: "", ..REQUEST };
    let page = hr
        .provider()
        .authorize_url(at(&hr.0.running.url()), &probe)
        .await
        .unwrap();
    assert_eq!(member(&page, "link_token"), "");
    assert!(hr.0.requests().await.is_empty());
}

#[tokio::test]
async fn without_a_page_of_the_operators_there_is_no_login_and_a_token_works_all_the_same() {
    let hr = Merge::start(20).await;
    let url = hr.0.running.url();
    for missing in ["page", "email"] {
        let mut operator = operator_of(&hr.0.running);
        operator.as_object_mut().unwrap().remove(missing);
        let provider = provider_on(hr.0.http(), &json!({ "merge": operator }));
        assert!(!provider.is_registered().await.unwrap());
        let error = provider.authorize_url(at(&url), &REQUEST).await.unwrap_err();
        assert_eq!(error.class, Class::Misconfigured);
        let source = open(&provider, &url, hr.token(), &BTreeSet::new());
        assert!(source.identify().await.is_ok());
    }
}

#[tokio::test]
async fn without_the_organisations_key_nothing_is_sent() {
    let hr = Merge::start(20).await;
    let provider = provider_on(hr.0.http(), &json!({}));
    let source = open(&provider, &hr.0.running.url(), hr.token(), &BTreeSet::new());
    let error = source.identify().await.unwrap_err();
    assert_eq!((error.class, source.calls()), (Class::Misconfigured, 0));
}

#[tokio::test]
async fn a_refused_key_of_the_organisation_ends_no_customers_connection() {
    let hr = Merge::start(20).await;
    let mut operator = operator_of(&hr.0.running);
    operator["key"] = json!("wr0ng");
    let provider = provider_on(hr.0.http(), &json!({ "merge": operator }));
    let url = hr.0.running.url();
    let error = open(&provider, &url, hr.token(), &BTreeSet::new())
        .identify()
        .await
        .unwrap_err();
    assert_eq!(error.class, Class::Misconfigured);
    assert!(!format!("{error} {error:?}").contains("wr0ng"), "r38");
    let asked = provider.authorize_url(at(&url), &REQUEST).await.unwrap_err();
    assert_eq!(asked.class, Class::Misconfigured);
    // What was asked for, the look at the key alone, and the link token: none is sent again.
    assert_eq!(
        hr.0.requests()
            .await
            .iter()
            .filter(|(_, status)| *status == 401)
            .count(),
        3
    );
}

#[tokio::test]
async fn each_region_has_a_key_of_its_own_where_the_operator_names_one() {
    let hr = Merge::start(20).await;
    let right = operator_of(&hr.0.running)["key"].clone();
    let operator = json!({ "merge": { "key": "another", "keys": { "eu": right } } });
    let provider = provider_on(hr.0.http(), &operator);
    let url = hr.0.running.url();
    let none = BTreeSet::new();
    let opening = |site| rollcall::source::Opening {
        at: rollcall::source::Address {
            base_url: Some(&url),
            site,
        },
        access: std::sync::Arc::new(crate::support::Held(hr.token())),
        allowance: None,
        allowed: &none,
        company: None,
    };
    assert!(provider.open(opening(Some("eu"))).unwrap().identify().await.is_ok());
    let other = provider.open(opening(Some("us"))).unwrap().identify().await;
    assert_eq!(other.unwrap_err().class, Class::Misconfigured);
}

#[tokio::test]
async fn a_success_with_errors_in_it_is_none() {
    let hr = Merge::start(20).await;
    let error = json!({"mode": "error_inside", "path": "link-token"});
    hr.0.arm(error).await;
    let asked = hr
        .provider()
        .authorize_url(at(&hr.0.running.url()), &REQUEST)
        .await
        .unwrap_err();
    assert_eq!(asked.class, Class::Malformed);
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = Merge::start(20).await;
    let basic = Credential::Basic {
        user: "hr".to_owned(),
        password: "s3cret".to_owned().into(),
    };
    let source = hr.open(basic, &BTreeSet::new());
    let error = source.identify().await.unwrap_err();
    assert_eq!((error.class, source.calls()), (Class::Unauthorized, 0));
    assert_eq!(hr.0.requests().await, Vec::<(String, u64)>::new());
}
