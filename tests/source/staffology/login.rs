//! Logging in: tokens of a name and a password, asked for by headers.

use jiff::{SignedDuration, Timestamp};
use rollcall::{
    connection::{Credential, TokenSet},
    source::{Class, Identity, Login as _, Renewal},
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::support::Staffology;
use crate::support::{key_of, now};

const EVERYTHING: &str = "Administrator";
/// How often a request that may be repeated is sent.
const TRIES: u32 = 4;

fn token_set(credential: &Credential) -> &TokenSet {
    let Credential::Granted { tokens, .. } = credential else {
        panic!("expected the tokens of a user")
    };
    tokens
}

fn refresh_token(credential: &Credential) -> String {
    let token = token_set(credential).refresh_token.as_ref().unwrap();
    token.expose_secret().to_owned()
}

/// Returns the same credential with another refresh token.
fn with_refresh_token(credential: &Credential, token: &str) -> Credential {
    let Credential::Granted { by, tokens } = credential else {
        panic!("expected the tokens of a user")
    };
    Credential::Granted {
        by: by.clone(),
        tokens: TokenSet {
            refresh_token: Some(token.to_owned().into()),
            ..tokens.clone()
        },
    }
}

#[tokio::test]
async fn r01_a_small_number_names_no_company() {
    let hr = Staffology::start(20).await;
    let source = hr.open(hr.renew(&hr.user(EVERYTHING)).await.unwrap());
    assert_eq!(source.identify().await.unwrap(), Identity::Unknown);
    assert_eq!(source.calls(), 1);
    for (fault, class) in [("html", Class::Temporary), ("error_inside", Class::Malformed)] {
        hr.0.arm(json!({"mode": fault, "path": "api/Employees", "times": 1}))
            .await;
        assert_eq!(source.identify().await.unwrap_err().class, class, "{fault}");
    }
}

#[tokio::test]
async fn r40_a_name_and_a_password_get_tokens_of_half_an_hour_which_are_refreshed_before_they_end() {
    let hr = Staffology::start(20).await;
    let user = hr.user(EVERYTHING);
    assert_eq!(hr.provider().renewal(&user, now()), Renewal::Due);
    let first = hr.renew(&user).await.unwrap();
    let ends = token_set(&first).expires_at.unwrap();
    assert_eq!(ends.duration_since(now()), SignedDuration::from_mins(30));
    assert_eq!(hr.provider().renewal(&first, now()), Renewal::At(ends));
    let soon = ends - SignedDuration::from_secs(30);
    assert_eq!(hr.provider().renewal(&first, soon), Renewal::Due);
    let second = hr.renew(&first).await.unwrap();
    let token = |credential: &Credential| token_set(credential).access_token.expose_secret().to_owned();
    assert_ne!(token(&first), token(&second));
    assert_eq!(refresh_token(&first), refresh_token(&second), "it stays the same");
    assert!(matches!(second, Credential::Granted { by, .. } if matches!(*by, Credential::Basic { .. })));
}

#[tokio::test]
async fn r40_where_the_refresh_token_has_ended_the_password_counts_again() {
    let hr = Staffology::start(20).await;
    let first = hr.renew(&hr.user(EVERYTHING)).await.unwrap();
    let spent = with_refresh_token(&first, "ended");
    let next = hr.renew(&spent).await.unwrap();
    assert_ne!(refresh_token(&next), "ended");
    hr.open(next).identify().await.unwrap();
}

#[tokio::test]
async fn r40_an_outage_while_tokens_are_refreshed_does_not_ask_for_the_password() {
    let hr = Staffology::start(20).await;
    let first = hr.renew(&hr.user(EVERYTHING)).await.unwrap();
    let requests = async || {
        let seen =
            hr.0.control(rollcall::http::Method::Get, "/_emulator/requests", &json!(null))
                .await;
        seen["data"].as_array().unwrap().len()
    };
    let before = requests().await;
    hr.0.arm(json!({"mode": "html", "path": "token"})).await;
    assert_eq!(hr.renew(&first).await.unwrap_err().class, Class::Temporary);
    assert_eq!(requests().await, before + 1);
}

/// Returns the same credential, whose access token ended at this instant.
fn ended_at(credential: &Credential, at: Timestamp) -> Credential {
    let Credential::Granted { by, tokens } = credential else {
        panic!("expected the tokens of a user")
    };
    Credential::Granted {
        by: by.clone(),
        tokens: TokenSet {
            expires_at: Some(at),
            ..tokens.clone()
        },
    }
}

#[tokio::test]
async fn r40_a_server_that_breaks_at_the_refresh_token_is_given_time_and_then_the_password() {
    let hr = Staffology::start(20).await;
    let first = hr.renew(&hr.user(EVERYTHING)).await.unwrap();
    let over = ended_at(&first, now() - SignedDuration::from_secs(1));
    for fault in [
        json!({"mode": "status", "status": 500, "path": "token", "times": TRIES}),
        json!({"mode": "status", "status": 503, "path": "token", "times": TRIES}),
        json!({"mode": "error_inside", "path": "token", "times": 1}),
    ] {
        hr.0.arm(fault.clone()).await;
        let error = hr.renew(&first).await.unwrap_err();
        assert!(
            matches!(error.class, Class::Temporary | Class::Malformed),
            "{fault}: {error}"
        );
        hr.0.arm(fault.clone()).await;
        let next = hr.renew(&over).await.unwrap();
        hr.open(next).identify().await.unwrap();
    }
    hr.0.arm(json!({"mode": "status", "status": 503, "path": "token"}))
        .await;
    assert_eq!(hr.renew(&over).await.unwrap_err().class, Class::Temporary, "an outage");
}

#[tokio::test]
async fn a_name_or_a_password_with_any_letters_is_sent_as_it_is_and_a_name_with_a_colon_is_not_sent() {
    let hr = Staffology::start(20).await;
    let with = |user: &str, password: &str| Credential::Basic {
        user: user.to_owned(),
        password: password.to_owned().into(),
    };
    for (user, password) in [("wrong", "p:a:ss & wörd+ %20"), ("Ünï", "")] {
        let error = hr.renew(&with(user, password)).await.unwrap_err();
        assert_eq!(error.class, Class::Unauthorized, "{user}");
    }
    let error = hr.renew(&with("a:b", "c")).await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
    assert!(error.to_string().contains("colon"), "{error}");
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = Staffology::start(20).await;
    let tokens = token_set(&hr.renew(&hr.user(EVERYTHING)).await.unwrap()).clone();
    for credential in [Credential::Tokens(tokens), hr.user(EVERYTHING), key_of("a key")] {
        let source = hr.open(credential);
        let error = source.identify().await.unwrap_err();
        assert_eq!((error.class, source.calls()), (Class::Unauthorized, 0));
    }
    let error = hr.renew(&key_of("a key")).await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
}
