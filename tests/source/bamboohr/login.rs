//! Logging in: a key, a login in the browser, and the answers to a refresh.

use rollcall::{
    connection::{Credential, TokenSet},
    employee::Canonical,
    http::{BaseUrl, HostRule, Method, Pace, Request},
    roster::Header,
    source::{
        Address, Authorization, Class, Exchange, Identity, Login as _, Method as By, Provider as _, Renewal,
        bamboohr::BambooHr,
    },
};
use secrecy::ExposeSecret as _;
use serde_json::json;
use url::Url;

use super::support::Bamboo;
use crate::support::{at, now};

const BACK: &str = "https://app.example/callback";

#[tokio::test]
async fn a_key_and_a_login_read_the_same_people() {
    let bamboo = Bamboo::start(120).await;
    let (by_key, by_login) = (bamboo.read().await, bamboo.read_as(bamboo.login()).await);
    let (key, login) = (&by_key.roster.header, &by_login.roster.header);
    assert_eq!(key.employees, login.employees);
    let without_town = |header: &Header| {
        let mut coverage = header.coverage.clone();
        coverage.remove(&Canonical::WorkCity.into());
        coverage
    };
    assert_eq!(without_town(key), without_town(login));
}

#[tokio::test]
async fn each_way_of_the_description_opens_it_and_no_other() {
    let bamboo = Bamboo::start(20).await;
    let ways: Vec<By> = bamboo
        .provider()
        .description()
        .ways
        .iter()
        .map(|way| way.method)
        .collect();
    assert_eq!(ways, [By::OAuth, By::ApiKey]);
    for credential in [bamboo.key(), bamboo.login()] {
        assert_eq!(bamboo.open(credential).identify().await.unwrap(), Identity::Unknown);
    }
    let other = Credential::Basic {
        user: bamboo.0.running.api_key().to_owned(),
        password: "x".to_owned().into(),
    };
    assert_eq!(
        bamboo.open(other).identify().await.unwrap_err().class,
        Class::Unauthorized
    );
}

#[tokio::test]
async fn r38_a_refused_key_is_unauthorized_and_not_shown() {
    let bamboo = Bamboo::start(20).await;
    let wrong = Credential::ApiKey {
        key: "wr0ng-key".to_owned().into(),
    };
    let error = bamboo.open(wrong).identify().await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
    assert!(!format!("{error} {error:?}").contains("wr0ng"));
}

/// Signs in as an administrator in the browser and allows what is asked for. Returns the code.
async fn sign_in(bamboo: &Bamboo, provider: &BambooHr) -> String {
    let url = bamboo.0.running.url();
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: BACK,
        state: "st4te",
        code_challenge: "",
    };
    let page = Url::parse(&provider.authorize_url(at(&url), &request).await.unwrap()).unwrap();
    assert_eq!(page.path(), "/authorize.php");
    let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    assert!(form.contains(&("request".to_owned(), "authorize".to_owned())));
    form.push(("decision".to_owned(), "allow".to_owned()));
    let base = BaseUrl::parse(&url, HostRule::Any).unwrap();
    let allowing = Request::new(Method::Post, &base, "/authorize.php", "/authorize.php")
        .query([("request", "authorize")])
        .form(form.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .take_redirect();
    let session = bamboo.0.http.open_session("browser", Pace::default());
    let answer = session.send(&allowing).await.unwrap();
    let back = Url::parse(answer.header("location").unwrap()).unwrap();
    let find = |wanted: &str| {
        let mut pairs = back.query_pairs();
        pairs
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    assert_eq!(find("state").as_deref(), Some("st4te"));
    find("code").unwrap()
}

#[tokio::test]
async fn a_login_in_the_browser_opens_everything_that_is_read() {
    let bamboo = Bamboo::start(60).await;
    let (provider, url) = (bamboo.provider(), bamboo.0.running.url());
    let code = sign_in(&bamboo, &provider).await;
    let exchange = Exchange {
        code: &code,
        redirect_uri: BACK,
        code_verifier: "",
        issuer: None,
    };
    let credential = provider.exchange(at(&url), &exchange).await.unwrap();
    let tokens = token_set(&credential);
    assert!(tokens.refresh_token.is_some());
    assert_eq!(tokens.expires_at.unwrap().duration_since(now()).as_secs(), 3_600);
    assert!(matches!(provider.renewal(&credential, now()), Renewal::At(_)));
    let read = bamboo.read_as(credential).await;
    assert_eq!(read.roster, bamboo.read_as(bamboo.login()).await.roster);
    assert!(read.judge(None).certificate().is_some());
    let again = provider.exchange(at(&url), &exchange).await.unwrap_err();
    assert_eq!(again.class, Class::Unauthorized, "a code is good once");
    let elsewhere = Exchange {
        issuer: Some("https://evil.example"),
        ..exchange
    };
    let refused = provider.exchange(at(&url), &elsewhere).await.unwrap_err();
    assert_eq!(refused.class, Class::Misconfigured);
}

#[tokio::test]
async fn without_an_application_there_is_no_login_and_keys_work() {
    let bamboo = Bamboo::start(20).await;
    let url = bamboo.0.running.url();
    let provider = bamboo.provider_with(&json!({}));
    assert!(!provider.is_registered().await.unwrap() && bamboo.provider().is_registered().await.unwrap());
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: BACK,
        state: "s",
        code_challenge: "",
    };
    let error = provider.authorize_url(at(&url), &request).await.unwrap_err();
    assert_eq!(error.class, Class::Misconfigured);
    assert_eq!(provider.renewal(&bamboo.key(), now()), Renewal::Never);
}

#[tokio::test]
async fn r41_a_login_leads_to_the_companys_own_host() {
    let bamboo = Bamboo::start(20).await;
    let request = Authorization {
        connection: "c-1",
        tenant: "acme",
        redirect_uri: BACK,
        state: "s",
        code_challenge: "",
    };
    let site = |site| Address {
        base_url: None,
        site: Some(site),
    };
    let url = bamboo.provider().authorize_url(site("acme"), &request).await.unwrap();
    assert_eq!(Url::parse(&url).unwrap().host_str(), Some("acme.bamboohr.com"));
    let error = bamboo
        .provider()
        .authorize_url(site("acme.evil.example"), &request)
        .await;
    assert_eq!(error.unwrap_err().member, Some("site"));
}

fn token_set(credential: &Credential) -> &TokenSet {
    match credential {
        Credential::Tokens(tokens) => tokens,
        Credential::ApiKey { .. }
        | Credential::Basic { .. }
        | Credential::Client { .. }
        | Credential::Granted { .. } => panic!("expected tokens"),
    }
}

fn refresh_token(credential: &Credential) -> String {
    let token = token_set(credential).refresh_token.as_ref();
    token.unwrap().expose_secret().to_owned()
}

#[tokio::test]
async fn r40_a_refresh_keeps_the_old_refresh_token_until_a_new_one_comes() {
    let bamboo = Bamboo::start(20).await;
    let (provider, url) = (bamboo.provider(), bamboo.0.running.url());
    let first = bamboo.login();
    let second = provider.renew(at(&url), &first).await.unwrap();
    assert_eq!(refresh_token(&second), refresh_token(&first));
    assert_ne!(
        token_set(&second).access_token.expose_secret(),
        token_set(&first).access_token.expose_secret()
    );
    let third = provider.renew(at(&url), &second).await.unwrap();
    assert_ne!(refresh_token(&third), refresh_token(&second));
    assert!(bamboo.open(third).identify().await.is_ok());
}
