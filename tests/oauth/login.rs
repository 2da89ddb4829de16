//! Logins at the strict server.

use rollcall::{
    connection::Status,
    run::{Actor, Callback, ConnectError, LoginError, reopen_login, secret_name},
    source::Class,
};
use serde_json::json;

use crate::support::Strict;

#[tokio::test]
async fn r40_a_login_at_a_strict_server_connects_and_reads() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    let shown = strict.connection(&connection).await;
    assert_eq!(shown.status, Status::Connected);
    assert_eq!(shown.credential_expires_at, None, "it is renewed");
    let night = strict.night(&connection).await;
    assert!(night.errors.is_empty(), "{:?}", night.errors);
    let counts = strict.order(json!({})).await;
    assert_eq!(
        (counts["authorization_code"].as_u64(), counts["refused"].as_u64()),
        (Some(1), Some(0))
    );
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_code_is_sent_once_however_often_the_browser_comes_back() {
    let strict = Strict::start().await;
    let brought = strict.walk("allow").await;
    strict.finish(&brought).await.unwrap().outcome.unwrap();
    for _ in 0..2 {
        let again = strict.finish(&brought).await;
        assert!(
            matches!(again, Err(LoginError::Ended)),
            "a second use would revoke what was issued"
        );
    }
    let night = strict.night(&brought.connection).await;
    assert!(night.errors.is_empty(), "the tokens live: {:?}", night.errors);
    let counts = strict.order(json!({})).await;
    assert_eq!(
        (counts["authorization_code"].as_u64(), counts["refused"].as_u64()),
        (Some(1), Some(0))
    );
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_code_that_another_server_says_to_have_issued_is_not_sent() {
    let strict = Strict::start().await;
    let brought = strict.walk("allow").await;
    assert_eq!(brought.member("iss"), Some(strict.url.as_str()), "RFC 9207");
    let mixed = Callback {
        issuer: Some("https://elsewhere.example"),
        ..brought.callback()
    };
    let arrival = rollcall::run::finish_login(
        &strict.stage.ports,
        &Actor::named("somebody"),
        &mixed,
        crate::support::CALLBACK,
    )
    .await;
    let error = arrival.unwrap().outcome.unwrap_err();
    let LoginError::Connect(ConnectError::Source(error)) = error else {
        panic!("{error}");
    };
    assert_eq!(error.class, Class::Misconfigured);
    let name = secret_name(&brought.connection);
    assert!(
        strict.stage.ports.secrets.find_secret(&name).await.unwrap().is_none(),
        "nothing was kept"
    );
    assert_eq!(strict.order(json!({})).await["authorization_code"], 0);
    strict.stop().await;
}

#[tokio::test]
async fn a_person_who_says_no_leaves_the_connection_as_it_was() {
    let strict = Strict::start().await;
    let brought = strict.walk("deny").await;
    assert_eq!(brought.member("error"), Some("access_denied"));
    let outcome = strict.finish(&brought).await.unwrap().outcome;
    assert!(matches!(outcome, Err(LoginError::Denied)));
    let shown = strict.connection(&brought.connection).await;
    assert_eq!(shown.status, Status::AwaitingAuthorization);
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_lost_connection_is_connected_again_by_another_login() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    crate::refresh::steal(&strict, &connection).await;
    strict.night(&connection).await;
    let lost = strict.connection(&connection).await;
    assert_eq!(lost.status, Status::NeedsReauthorization);
    let again = reopen_login(&strict.stage.ports, &Actor::named("somebody"), lost, None)
        .await
        .unwrap();
    let brought = strict
        .walk_from(again.token.expose(), connection.clone(), "allow")
        .await;
    let login = strict.finish(&brought).await.unwrap().outcome.unwrap();
    assert_eq!(login.connection.status, Status::Connected);
    let night = strict.night(&connection).await;
    assert!(night.errors.is_empty(), "{:?}", night.errors);
    strict.stop().await;
}
