//! Logging in: a key for the older API, the tokens of a client for the newer one.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
};

use jiff::SignedDuration;
use rollcall::{
    connection::{Credential, TokenSet},
    source::{Class, Identity, Login as _, Renewal},
};
use secrecy::ExposeSecret as _;

use super::support::Lucca;
use crate::support::{at, now};

fn token_set(credential: &Credential) -> &TokenSet {
    let Credential::Granted { tokens, .. } = credential else {
        panic!("expected the tokens of a client")
    };
    tokens
}

#[tokio::test]
async fn r01_nobody_names_the_company_and_a_credential_is_tried_all_the_same() {
    let hr = Lucca::start(20).await;
    for way in hr.ways().await {
        let source = hr.open(way.credential);
        assert_eq!(source.identify().await.unwrap(), Identity::Unknown);
        assert_eq!(source.calls(), 1);
    }
}

#[tokio::test]
async fn r40_a_client_gets_tokens_of_half_an_hour_and_the_next_ones_by_itself() {
    let hr = Lucca::start(20).await;
    let client = hr.client(None);
    assert_eq!(hr.provider().renewal(&client, now()), Renewal::Due);
    let first = hr.renew(&client).await.unwrap();
    let ends = token_set(&first).expires_at.unwrap();
    assert_eq!(ends.duration_since(now()), SignedDuration::from_mins(30));
    assert_eq!(hr.provider().renewal(&first, now()), Renewal::At(ends));
    let soon = ends - SignedDuration::from_secs(30);
    assert_eq!(hr.provider().renewal(&first, soon), Renewal::Due);
    let second = hr.renew(&first).await.unwrap();
    let token = |credential: &Credential| token_set(credential).access_token.expose_secret().to_owned();
    assert_ne!(token(&first), token(&second));
    assert!(matches!(second, Credential::Granted { by, .. } if matches!(*by, Credential::Client { .. })));
}

#[tokio::test]
async fn a_scope_that_does_not_exist_is_told_as_a_setting() {
    let hr = Lucca::start(20).await;
    let error = hr.renew(&hr.client(Some("everything"))).await.unwrap_err();
    assert_eq!(
        (error.class, error.detail.as_str()),
        (Class::Misconfigured, "invalid_scope")
    );
}

/// Answers as a token endpoint whose client may not have all scopes: it refuses those that are named, and gives its own where none
/// is named. Returns its address, and the bodies that came.
fn narrow_accounts() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let came = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&came);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = String::new();
            while !request.contains("client_secret=") {
                let mut bytes = [0; 4_096];
                let read = stream.read(&mut bytes).unwrap();
                request.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            let (status, body) = if request.contains("scope=") {
                ("400 Bad Request", r#"{"error":"invalid_scope"}"#)
            } else {
                (
                    "200 OK",
                    r#"{"access_token":"narrow","expires_in":1800,"scope":"employees.readonly"}"#,
                )
            };
            let length = body.len();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            kept.lock().unwrap().push(request);
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    (url, came)
}

#[tokio::test]
async fn a_client_that_may_not_have_all_scopes_asks_for_its_own() {
    let hr = Lucca::start(20).await;
    let (url, came) = narrow_accounts();
    let granted = hr.provider().renew(at(&url), &hr.client(None)).await.unwrap();
    assert_eq!(token_set(&granted).scope.as_deref(), Some("employees.readonly"));
    assert_eq!(came.lock().unwrap().len(), 2);
    let chosen = hr.client(Some("departments.readonly"));
    let error = hr.provider().renew(at(&url), &chosen).await.unwrap_err();
    assert_eq!(
        error.class,
        Class::Misconfigured,
        "a scope that was chosen is not given up"
    );
    assert_eq!(came.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_credential_of_another_kind_is_refused_before_anything_is_sent() {
    let hr = Lucca::start(20).await;
    let tokens = token_set(&hr.granted(None).await).clone();
    for credential in [
        Credential::Tokens(tokens),
        hr.client(None),
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
