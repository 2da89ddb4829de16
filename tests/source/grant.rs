//! Asking for tokens where no document says how a client shows who it is: the way that works is found, and remembered.

use emulators::{Kind, Options};
use rollcall::{
    connection::{Credential, TokenSet},
    connector::grant::{Client as Asking, Grant, Manner, ask},
    http::{BaseUrl, Client, HostRule, Method, Pace, Request, Session, Settings},
};
use secrecy::{ExposeSecret, SecretString};

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
