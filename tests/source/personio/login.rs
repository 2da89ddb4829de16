//! Logging in: the tokens of a client.

use jiff::SignedDuration;
use rollcall::{
    connection::{Credential, TokenSet},
    source::{Class, Identity, Login as _, Renewal},
};
use secrecy::ExposeSecret as _;

use super::support::{Personio, client_of};
use crate::support::{key_of, now};

fn token_set(credential: &Credential) -> &TokenSet {
    let Credential::Granted { tokens, .. } = credential else {
        panic!("expected the tokens of a client")
    };
    tokens
}

#[tokio::test]
async fn r01_nobody_names_the_company_and_a_credential_is_tried_all_the_same() {
    let hr = Personio::start(20).await;
    let source = hr.open(hr.granted(None).await);
    assert_eq!(source.identify().await.unwrap(), Identity::Unknown);
    assert_eq!(source.calls(), 1);
}

#[tokio::test]
async fn r40_a_client_gets_tokens_of_a_day_and_the_next_ones_by_itself() {
    let hr = Personio::start(20).await;
    let client = client_of(&hr.0.running);
    assert_eq!(hr.provider().renewal(&client, now()), Renewal::Due);
    let first = hr.renew(&client).await.unwrap();
    let ends = token_set(&first).expires_at.unwrap();
    assert_eq!(ends.duration_since(now()), SignedDuration::from_hours(24));
    assert_eq!(hr.provider().renewal(&first, now()), Renewal::At(ends));
    let soon = ends - SignedDuration::from_secs(30);
    assert_eq!(hr.provider().renewal(&first, soon), Renewal::Due);
    let second = hr.renew(&first).await.unwrap();
    let token = |credential: &Credential| token_set(credential).access_token.expose_secret().to_owned();
    assert_ne!(token(&first), token(&second));
}

#[tokio::test]
async fn a_client_that_names_no_scope_gets_all_that_it_may_have() {
    let hr = Personio::start(20).await;
    let scope = token_set(&hr.granted(None).await).scope.clone().unwrap();
    assert!(scope.contains("personio:persons:read") && scope.contains("personio:org-units:read"));
    let own = token_set(&hr.granted(Some("personio:persons:read")).await)
        .scope
        .clone();
    assert_eq!(own.as_deref(), Some("personio:persons:read"));
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = Personio::start(20).await;
    let tokens = token_set(&hr.granted(None).await).clone();
    for credential in [
        Credential::Tokens(tokens),
        client_of(&hr.0.running),
        key_of("a key"),
        Credential::Basic {
            user: "hr".to_owned(),
            password: "s3cret".to_owned().into(),
        },
    ] {
        let source = hr.open(credential);
        let error = source.identify().await.unwrap_err();
        assert_eq!((error.class, source.calls()), (Class::Unauthorized, 0));
    }
}
