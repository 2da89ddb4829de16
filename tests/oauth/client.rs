//! A program that logs in for itself at the strict server (RFC 6749, section 4.4), which takes id and secret form-encoded in the
//! header, as the RFC says (section 2.3.1).

use rollcall::{
    connector::grant::{Client, Error, Grant, Manner, Way, ask},
    http::{BaseUrl, HostRule, Method, Pace, Request},
    run::Clock as _,
    runtime::{SystemClock, outbound_client},
};
use serde_json::json;

use crate::support::Strict;

#[tokio::test]
async fn a_program_shows_id_and_secret_form_encoded_and_the_server_takes_them_so_alone() {
    let strict = Strict::start().await;
    let base = BaseUrl::parse(&strict.url, HostRule::Any).unwrap();
    let session = outbound_client().unwrap().open_session("program", Pace::default());
    let secret = strict.program_secret.clone().into();
    let (id, grant) = ("program:1", Grant::Client { scope: None });
    let client = Client { id, secret: &secret };
    let request = Request::new(Method::Post, &base, "/oauth/token", "/oauth/token");
    let (manner, now) = (Manner::default(), SystemClock.now());
    for _ in 0..2 {
        let tokens = ask(&session, &request, client, &manner, grant, now).await.unwrap();
        assert_eq!(tokens.expires_at.unwrap().duration_since(now).as_secs(), 60);
    }
    assert_eq!(manner.found(), Some(Way::Basic));
    let counts = strict.order(json!({})).await;
    assert_eq!(
        (&counts["client_credentials"], &counts["refused"]),
        (&json!(2), &json!(0))
    );
    let raw = Manner::documented(Way::RawBasic);
    let refused = ask(&session, &request, client, &raw, grant, now).await.unwrap_err();
    assert!(matches!(refused, Error::Refused { .. }), "{refused:?}");
    strict.stop().await;
}
