//! Refreshes at the strict server: an old refresh token revokes the whole family, so none must ever be used twice.

use jiff::SignedDuration;
use rollcall::{
    connection::{ConnectionId, ConnectionSecret, Credential, Status, TokenSet},
    http::{BaseUrl, HostRule, Method, Pace, Request},
    run::{Actor, Upkeep, pause, secret_name, upkeep},
    runtime::outbound_client,
    store::RunStatus,
};
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::support::Strict;

/// Returns the tokens that are kept, and the version of the secret.
async fn kept(strict: &Strict, connection: &ConnectionId) -> (TokenSet, u64) {
    let text = strict
        .stage
        .ports
        .secrets
        .find_secret(&secret_name(connection))
        .await
        .unwrap()
        .unwrap();
    let secret = ConnectionSecret::from_secret_text(&text).unwrap();
    let Some(Credential::Tokens(tokens)) = secret.source else {
        panic!("no tokens are kept");
    };
    (tokens, secret.version)
}

/// A thief uses the kept refresh token twice: the server revokes the family.
pub(crate) async fn steal(strict: &Strict, connection: &ConnectionId) {
    let (tokens, _) = kept(strict, connection).await;
    let base = BaseUrl::parse(&strict.url, HostRule::Any).unwrap();
    let session = outbound_client().unwrap().open_session("thief", Pace::default());
    for status in [200, 400] {
        let request = Request::new(Method::Post, &base, "/oauth/token", "/oauth/token").form([
            ("client_id", strict.client.0.as_str()),
            ("client_secret", strict.client.1.as_str()),
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens.refresh_token.as_ref().unwrap().expose_secret()),
        ]);
        assert_eq!(session.send(&request).await.unwrap().status(), status);
    }
}

/// Lets half a day pass: then tokens are due to be refreshed.
fn half_a_day(strict: &Strict) {
    strict.stage.clock.advance(SignedDuration::from_hours(13));
}

#[tokio::test]
async fn r40_of_two_refreshes_at_once_one_is_made_and_everybody_goes_on() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    half_a_day(&strict);
    let ports = &strict.stage.ports;
    let both = tokio::join!(
        upkeep(ports, &connection),
        upkeep(ports, &connection),
        upkeep(ports, &connection)
    );
    let outcomes = [both.0.unwrap(), both.1.unwrap(), both.2.unwrap()];
    assert_eq!(
        outcomes.iter().filter(|outcome| **outcome == Upkeep::Refreshed).count(),
        1,
        "{outcomes:?}"
    );
    assert!(
        outcomes
            .iter()
            .all(|outcome| matches!(outcome, Upkeep::Refreshed | Upkeep::Busy | Upkeep::Fresh))
    );
    assert_eq!(strict.counts().await, (1, 0));
    let night = strict.night(&connection).await;
    assert!(night.errors.is_empty(), "the family lives: {:?}", night.errors);
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_token_that_ends_in_the_middle_of_a_run_is_refreshed_once_and_the_run_goes_on() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    let (_, before) = kept(&strict, &connection).await;
    strict.order(json!({ "expireAfter": 5 })).await;
    let night = strict.night(&connection).await;
    assert!(night.errors.is_empty(), "{:?}", night.errors);
    assert_eq!(night.completeness.as_deref(), Some("complete"));
    assert_eq!(strict.counts().await, (1, 0), "requests in parallel share one refresh");
    let (_, after) = kept(&strict, &connection).await;
    assert_eq!(after, before + 1, "the new tokens are kept");
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_run_and_the_mornings_upkeep_at_once_share_one_refresh_and_both_go_on() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    half_a_day(&strict);
    // Another process has ports of its own, over the store and the secrets of the first process.
    let other = rollcall::run::Ports {
        ids: std::sync::Arc::new(rollcall::runtime::RandomIds::new().unwrap()),
        ..strict.stage.ports.clone()
    };
    let (night, outcome) = tokio::join!(strict.night(&connection), upkeep(&other, &connection));
    assert!(night.errors.is_empty(), "{:?}", night.errors);
    assert_eq!(night.completeness.as_deref(), Some("complete"));
    let outcome = outcome.unwrap();
    assert!(
        matches!(outcome, Upkeep::Refreshed | Upkeep::Busy | Upkeep::Fresh),
        "{outcome:?}"
    );
    assert_eq!(strict.counts().await, (1, 0));
    let after = strict.night(&connection).await;
    assert!(after.errors.is_empty(), "the family lives: {:?}", after.errors);
    strict.stop().await;
}

#[tokio::test]
async fn r40_tokens_are_refreshed_daily_even_when_paused() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    pause(&strict.stage.ports, &Actor::named("admin-1"), &connection)
        .await
        .unwrap();
    for day in 1..=9 {
        half_a_day(&strict);
        half_a_day(&strict);
        assert_eq!(
            upkeep(&strict.stage.ports, &connection).await.unwrap(),
            Upkeep::Refreshed
        );
        assert_eq!(upkeep(&strict.stage.ports, &connection).await.unwrap(), Upkeep::Fresh);
        assert_eq!(
            strict.counts().await,
            (day, 0),
            "each day's refresh token is the one before's answer"
        );
    }
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_revoked_family_needs_a_person_and_is_not_asked_again() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    steal(&strict, &connection).await;
    let night = strict.night(&connection).await;
    assert_eq!(night.status, RunStatus::Failed);
    assert_eq!(night.errors[0].code, "needs-reauthorization", "{:?}", night.errors);
    assert_eq!(
        strict.connection(&connection).await.status,
        Status::NeedsReauthorization
    );
    let counts = strict.counts().await;
    half_a_day(&strict);
    assert_eq!(upkeep(&strict.stage.ports, &connection).await.unwrap(), Upkeep::Fresh);
    strict.night(&connection).await;
    assert_eq!(strict.counts().await, counts, "a dead token is not used again");
    strict.stop().await;
}

#[tokio::test]
async fn r40_a_server_that_is_out_of_order_costs_no_credential() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    let (_, before) = kept(&strict, &connection).await;
    half_a_day(&strict);
    let ports = &strict.stage.ports;
    for status in [500, 503, 429] {
        strict.order(json!({ "failWith": status })).await;
        assert_eq!(upkeep(ports, &connection).await.unwrap(), Upkeep::Failed, "{status}");
        assert_eq!(kept(&strict, &connection).await.1, before, "the old tokens stay");
        assert_eq!(strict.connection(&connection).await.status, Status::Connected);
    }
    strict.order(json!({ "failWith": 0 })).await;
    assert_eq!(upkeep(ports, &connection).await.unwrap(), Upkeep::Refreshed);
    strict.stop().await;
}

#[tokio::test]
async fn r40_an_answer_that_is_lost_keeps_the_old_token_and_the_next_refresh_tells_the_truth() {
    let strict = Strict::start().await;
    let connection = strict.connected().await;
    let (_, before) = kept(&strict, &connection).await;
    half_a_day(&strict);
    strict.order(json!({ "loseReply": true })).await;
    assert_eq!(upkeep(&strict.stage.ports, &connection).await.unwrap(), Upkeep::Failed);
    assert_eq!(strict.counts().await, (1, 0), "a refresh is never blindly repeated");
    assert_eq!(kept(&strict, &connection).await.1, before);
    assert_eq!(
        strict.connection(&connection).await.status,
        Status::Connected,
        "one lost answer condemns nothing"
    );
    // A strict server has replaced the token although its answer was lost: its next answer is that a person has to log in
    // again.
    assert_eq!(upkeep(&strict.stage.ports, &connection).await.unwrap(), Upkeep::Lost);
    assert_eq!(
        strict.connection(&connection).await.status,
        Status::NeedsReauthorization
    );
    strict.stop().await;
}
