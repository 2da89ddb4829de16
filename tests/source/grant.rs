//! Asking for tokens where no document says how a client shows who it is: the way that works is found, and remembered.

use axum::Router;
use emulators::{Kind, Options};
use rollcall::{
    connection::{Credential, TokenSet},
    connector::grant::{Client as Asking, Grant, Manner, ask},
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Session, Settings},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::{net::TcpListener, task::AbortHandle};

use crate::support::{Hr, administrator, now};

/// Asks the emulated HR system at an address. Returns the tokens.
async fn ask_at(
    session: &Session,
    url: &str,
    path: &'static str,
    client: (&str, &str),
    manner: &Manner,
    grant: Grant<'_>,
) -> TokenSet {
    let base = BaseUrl::parse(url, HostRule::Any).unwrap();
    let request = Request::new(Method::Post, &base, path, path);
    let secret = SecretString::from(client.1.to_owned());
    let client = Asking {
        id: client.0,
        secret: &secret,
    };
    ask(session, &request, client, manner, grant, now()).await.unwrap()
}

fn session() -> Session {
    let pace = Pace {
        per_second: 1_000,
        burst: 1_000,
        in_flight: 2,
    };
    Client::new(Settings::new(now, 1)).unwrap().open_session("grant", pace)
}

#[tokio::test]
async fn a_server_that_reads_the_client_from_the_body_only_is_found_out_once_and_no_refresh_token_is_lost() {
    let hr = Hr::start(20).await;
    let (session, manner) = (session(), Manner::default());
    let client = (hr.running.client_id(), hr.running.client_secret());
    let Credential::Tokens(mut tokens) = administrator(&hr) else {
        panic!("expected tokens")
    };
    for calls in [2, 3, 4] {
        let refresh_token = tokens.refresh_token.clone().unwrap();
        let grant = Grant::Refresh(&refresh_token);
        tokens = ask_at(&session, &hr.running.url(), "/oauth/token", client, &manner, grant).await;
        let renewed = tokens.refresh_token.as_ref().unwrap();
        assert_ne!(renewed.expose_secret(), refresh_token.expose_secret());
        assert_eq!(session.calls(), calls);
    }
}

#[tokio::test]
async fn a_server_that_takes_the_header_is_asked_once() {
    let lucca = emulators::start(Kind::Lucca, Options::default()).await.unwrap();
    let (session, manner) = (session(), Manner::default());
    let client = lucca.client_of(0).unwrap();
    for calls in [1, 2] {
        let grant = Grant::Client {
            scope: Some("employees.readonly"),
        };
        let tokens = ask_at(&session, &lucca.url(), "/connect/token", client, &manner, grant).await;
        assert_eq!(tokens.refresh_token.map(|token| token.expose_secret().to_owned()), None);
        assert_eq!(tokens.expires_at.unwrap().duration_since(now()).as_secs(), 1_800);
        assert_eq!(session.calls(), calls);
    }
    lucca.stop().await;
}

/// A token endpoint that answers every request with 200 and the same text.
async fn answering(text: &'static str) -> (String, AbortHandle) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(async move || text);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (url, serving.abort_handle())
}

#[tokio::test]
async fn r40_whatever_types_a_server_answers_with_the_tokens_count_and_no_refresh_token_is_lost() {
    let old = SecretString::from("old".to_owned());
    for (text, refresh_token, seconds) in [
        (
            r#"{"access_token":"a","expires_in":"3600","refresh_token":"new"}"#,
            "new",
            Some(3_600),
        ),
        (
            r#"{"access_token":"a","expires_in":3599.5,"refresh_token":"new","scope":["a","b"]}"#,
            "new",
            Some(3_599),
        ),
        (
            r#"{"access_token":"a","expires_in":-1,"refresh_token":"new","token_type":"BEARER"}"#,
            "new",
            None,
        ),
        (
            r#"{"access_token":"a","expires_in":1e40,"refresh_token":"","id_token":{"a":1}}"#,
            "old",
            None,
        ),
        (
            r#"{"access_token":"a","expires_in":null,"refresh_token":null,"token_type":7}"#,
            "old",
            None,
        ),
    ] {
        let (url, serving) = answering(text).await;
        let (session, client) = (session(), ("id", "secret"));
        let grants = [Grant::Refresh(&old), Grant::Client { scope: None }];
        for (grant, kept) in grants
            .into_iter()
            .zip([Some(refresh_token), Some(refresh_token).filter(|kept| *kept != "old")])
        {
            let tokens = ask_at(&session, &url, "/token", client, &Manner::default(), grant).await;
            assert_eq!(tokens.access_token.expose_secret(), "a", "{text}");
            let now_kept = tokens.refresh_token.as_ref().map(ExposeSecret::expose_secret);
            assert_eq!(now_kept, kept, "{text}");
            let lives = tokens.expires_at.map(|at| at.duration_since(now()).as_secs());
            assert_eq!(lives, seconds, "{text}");
        }
        serving.abort();
    }
}
