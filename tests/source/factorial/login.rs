//! Logging in: keys, tokens, and what a refresh brings.

use rollcall::{
    connection::{Credential, TokenSet},
    roster::Reading,
    source::{Class, Login as _},
};
use secrecy::ExposeSecret;

use crate::support::{Hr, Read, administrator, at, named, now, tokens};

#[tokio::test]
async fn key_company_token_and_administrator_read_the_same_people() {
    let hr = Hr::start(120).await;
    let by_key = hr.read().await;
    let company = tokens(&hr.running.company_token().unwrap());
    let by_company = Read::of(hr.open(company).as_ref()).await;
    let by_user = Read::of(hr.open(administrator(&hr)).as_ref()).await;
    assert_eq!(by_key.roster, by_company.roster);
    assert_eq!(by_key.roster.header.employees, by_user.roster.header.employees);
    assert_eq!(by_key.roster.header.coverage, by_user.roster.header.coverage);
}

#[tokio::test]
async fn r38_a_refused_key_is_unauthorized_and_not_shown() {
    let hr = Hr::start(20).await;
    let wrong = Credential::ApiKey {
        key: "wr0ng-key".to_owned().into(),
    };
    let error = hr.open(wrong).identify().await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
    assert!(!format!("{error} {error:?}").contains("wr0ng"));
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

#[tokio::test]
async fn r40_a_refresh_gives_new_tokens_and_when_they_end() {
    let hr = Hr::start(20).await;
    let old = administrator(&hr);
    let renewed = hr.provider().renew(at(&hr.running.url()), &old).await.unwrap();
    let (old, new) = (token_set(&old), token_set(&renewed));
    assert_ne!(old.access_token.expose_secret(), new.access_token.expose_secret());
    let refresh_token = |set: &TokenSet| set.refresh_token.as_ref().unwrap().expose_secret().to_owned();
    assert_ne!(refresh_token(old), refresh_token(new));
    assert_eq!(new.expires_at.unwrap().duration_since(now()).as_secs(), 3_600);
    assert!(hr.open(renewed.clone()).identify().await.is_ok());
}

#[tokio::test]
async fn r40_what_has_no_refresh_token_is_not_renewed() {
    let hr = Hr::start(20).await;
    let mut company = token_set(&administrator(&hr)).clone();
    company.refresh_token = None;
    for credential in [Credential::Tokens(company), hr.key()] {
        let refused = hr.provider().renew(at(&hr.running.url()), &credential).await;
        assert_eq!(refused.unwrap_err().class, Class::Unauthorized);
    }
    assert_eq!(hr.requests().await, [], "no request is spent on it");
}

#[tokio::test]
async fn a_read_asks_who_it_is_where_nobody_asked_before() {
    let hr = Hr::start(20).await;
    let company = named(hr.open(hr.key()).as_ref()).await.unwrap();
    let mut reading = Reading::whole(company);
    hr.open(administrator(&hr)).read(&mut reading).await.unwrap();
    assert!(reading.roster.len() > 20);
}
