//! What token endpoints answer, and what is made of it. How they are asked is shown against servers, in `tests/source`.

use super::*;
use crate::{connection::Credential, source::Renewal};

fn now() -> Timestamp {
    "2026-03-02T10:00:00Z".parse().unwrap()
}

const CLIENT: Grant<'_> = Grant::Client { scope: None };

fn given(text: &str) -> TokenSet {
    read(text, CLIENT, now()).unwrap()
}

fn refresh_token(tokens: &TokenSet) -> Option<&str> {
    tokens.refresh_token.as_ref().map(ExposeSecret::expose_secret)
}

#[test]
fn only_the_access_token_is_required_and_what_cannot_be_read_counts_as_unsaid() {
    for text in [
        r#"{"access_token":"a"}"#,
        r#"{"access_token":"a","expires_in":"soon","refresh_token":{},"scope":["x"],"token_type":1}"#,
        r#"{"access_token":"a","expires_in":null,"refresh_token":"","scope":null}"#,
        r#"{"access_token":"a","expires_in":9223372036854775807,"refresh_token":null}"#,
        r#"{"access_token":"a","expires_in":-3600,"token_type":"BEARER","id_token":{"a":[1]}}"#,
        r#"{"access_token":"a","expires_in":0,"refresh_token":" ","id_token":"\ud83d"}"#,
        r#"{"access_token":"a","expires_in":1e300,"refresh_token":[],"scope":""}"#,
        r#"{"access_token":"a","expires_in":"NaN","refresh_token":"\ud83d"}"#,
        r#"{"access_token":"a","expires_in":{"seconds":1},"expires_in":"inf","token_type":null}"#,
        r#"{"access_token":"a","expires_in":[3600],"refresh_token":true,"scope":7.5}"#,
    ] {
        let tokens = given(text);
        assert_eq!(tokens.access_token.expose_secret(), "a", "{text}");
        assert_eq!((tokens.expires_at, refresh_token(&tokens)), (None, None), "{text}");
        assert_eq!(tokens.scope, None, "{text}");
    }
    for text in [
        "[]",
        "{}",
        r#"{"access_token":null}"#,
        r#"{"access_token":""}"#,
        r#"{"access_token":["a"]}"#,
    ] {
        assert!(matches!(read(text, CLIENT, now()), Err(Error::Malformed(_))), "{text}");
    }
    for text in [
        "",
        " \n",
        "<!doctype html><title>Closed</title>",
        "<?xml version=\"1.0\"?><error/>",
    ] {
        assert!(matches!(read(text, CLIENT, now()), Err(Error::NoData)), "{text}");
    }
}

#[test]
fn r40_a_life_is_counted_in_seconds_however_it_is_written() {
    for seconds in [
        "1800",
        "\"1800\"",
        "1800.0",
        "1800.9",
        "\"1800.5\"",
        "\" 1800 \"",
        "1.8e3",
    ] {
        let tokens = given(&format!("{{\"access_token\":\"a\",\"expires_in\":{seconds}}}"));
        assert_eq!(
            tokens.expires_at.unwrap().duration_since(now()).as_secs(),
            1_800,
            "{seconds}"
        );
        assert_eq!(tokens.obtained_at, now());
    }
}

#[test]
fn r40_no_new_refresh_token_means_that_the_old_one_stays() {
    let old = SecretString::from("old".to_owned());
    let renewed = |text: &str| read(text, Grant::Refresh(&old), now()).unwrap();
    for text in [
        r#"{"access_token":"a"}"#,
        r#"{"access_token":"a","refresh_token":""}"#,
        r#"{"access_token":"a","refresh_token":null}"#,
        r#"{"access_token":"a","refresh_token":{"token":"new"}}"#,
        r#"{"access_token":"a","refresh_token":"\ud83d"}"#,
    ] {
        assert_eq!(refresh_token(&renewed(text)), Some("old"), "{text}");
    }
    assert_eq!(
        refresh_token(&renewed(r#"{"access_token":"a","refresh_token":"new"}"#)),
        Some("new")
    );
    assert_eq!(refresh_token(&given(r#"{"access_token":"a"}"#)), None);
}

#[test]
fn r47_a_token_that_is_too_long_to_be_kept_is_refused() {
    let long = "x".repeat(MOST_TOKEN_BYTES + 1);
    for text in [
        format!("{{\"access_token\":\"{long}\"}}"),
        format!("{{\"access_token\":\"a\",\"refresh_token\":\"{long}\"}}"),
    ] {
        let error = read(&text, CLIENT, now()).unwrap_err();
        assert_eq!(error.to_string(), "a token has more than 8192 bytes");
    }
}

#[test]
fn r38_of_a_refusal_only_reasons_that_the_rfc_names_are_shown() {
    for (status, text, expected) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"CANARY"}"#,
            "status 400, invalid_grant",
        ),
        (400, r#"{"error":"CANARY"}"#, "status 400"),
        (401, "CANARY", "status 401"),
        (503, r#"{"error":"invalid_grant"}"#, "status 503"),
    ] {
        assert_eq!(refused(status, text).to_string(), expected);
    }
}

#[test]
fn r40_only_a_grant_that_is_not_good_ends_a_connection() {
    let class = |status, text: &str| refused(status, text).at_source("refresh tokens").class;
    assert_eq!(class(400, r#"{"error":"invalid_grant"}"#), Class::Unauthorized);
    assert_eq!(class(401, r#"{"error":"invalid_client"}"#), Class::Misconfigured);
    assert_eq!(class(401, "no"), Class::Misconfigured);
    assert_eq!(class(503, r#"{"error":"invalid_grant"}"#), Class::Temporary);
    assert_eq!(class(429, ""), Class::Temporary);
}

#[test]
fn each_grant_says_what_the_rfc_asks_for() {
    let secret = SecretString::from("s".to_owned());
    let code = Grant::Code {
        code: "c",
        redirect_uri: "https://a.example/back",
        code_verifier: Some("v"),
    };
    let password = Grant::Password {
        user: "u",
        password: &secret,
    };
    let kinds =
        [code, Grant::Refresh(&secret), CLIENT, password].map(|grant| (grant.pairs()[0].1, grant.is_repeatable()));
    assert_eq!(
        kinds,
        [
            ("authorization_code", false),
            ("refresh_token", false),
            ("client_credentials", true),
            ("password", true)
        ]
    );
    assert_eq!(code.pairs().last(), Some(&("code_verifier", "v")));
}

#[test]
fn another_issuer_is_noticed_and_none_is_believed() {
    let base = BaseUrl::parse("https://hr.example", http::HostRule::Any).unwrap();
    for issuer in [None, Some("https://hr.example/"), Some("https://hr.example")] {
        assert!(check_issuer("log in", &base, issuer).is_ok(), "{issuer:?}");
    }
    let error = check_issuer("log in", &base, Some("https://evil.example")).unwrap_err();
    assert_eq!(error.to_string(), "log in: another server issued the code");
}

#[test]
fn r40_a_login_is_renewed_before_it_ends_and_for_want_of_use_and_nothing_else_is() {
    let tokens = |refresh: Option<&str>, expires: Option<&str>| {
        Credential::Tokens(TokenSet {
            access_token: "a".to_owned().into(),
            refresh_token: refresh.map(|token| token.to_owned().into()),
            expires_at: expires.map(|at| at.parse().unwrap()),
            obtained_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            scope: None,
        })
    };
    let later = Renewal::At("2026-03-02T21:00:00Z".parse().unwrap());
    let renewal = |credential: &Credential| renewal_by_refresh(credential, now());
    assert_eq!(renewal(&tokens(Some("r"), None)), later);
    assert_eq!(renewal(&tokens(Some("r"), Some("2026-03-02T10:01:00Z"))), later);
    assert_eq!(renewal(&tokens(Some("r"), Some("2026-03-02T10:00:59Z"))), Renewal::Due);
    assert_eq!(renewal(&tokens(None, Some("2026-03-02T09:30:00Z"))), Renewal::Never);
    let key = Credential::ApiKey {
        key: "k".to_owned().into(),
    };
    assert_eq!(renewal(&key), Renewal::Never);
    assert!(!later.is_due_by(now()) && Renewal::Due.is_due_by(now()) && !Renewal::Never.is_due_by(now()));
    assert!(later.is_due_by("2026-03-02T21:00:00Z".parse().unwrap()));
}

#[test]
fn r40_what_a_client_is_given_is_asked_for_at_first_and_before_it_ends() {
    let client = Credential::Client {
        token_url: None,
        id: "c".to_owned(),
        secret: "s".to_owned().into(),
        scope: None,
    };
    let granted = |expires: Option<&str>| Credential::Granted {
        by: Box::new(client.clone()),
        tokens: TokenSet {
            access_token: "a".to_owned().into(),
            refresh_token: None,
            expires_at: expires.map(|at| at.parse().unwrap()),
            obtained_at: "2026-03-02T09:00:00Z".parse().unwrap(),
            scope: None,
        },
    };
    let renewal = |credential: &Credential| renewal_by_grant(credential, now());
    assert_eq!(renewal(&client), Renewal::Due);
    assert_eq!(renewal(&granted(Some("2026-03-02T10:00:59Z"))), Renewal::Due);
    let ends = "2026-03-02T11:00:00Z";
    assert_eq!(renewal(&granted(Some(ends))), Renewal::At(ends.parse().unwrap()));
    assert_eq!(renewal(&granted(None)), Renewal::At(Timestamp::MAX));
}

#[test]
fn r40_a_client_of_the_tenants_own_that_is_refused_is_a_refused_credential_and_one_of_ours_is_not() {
    let answer = |status, text: &str| refused(status, text);
    for (status, text) in [
        (401, "no"),
        (400, r#"{"error":"invalid_client"}"#),
        (401, r#"{"error":"invalid_client"}"#),
        (400, r#"{"error":"unauthorized_client"}"#),
        (400, r#"{"error":"invalid_grant"}"#),
    ] {
        assert_eq!(
            answer(status, text).at_client("ask").class,
            Class::Unauthorized,
            "{status} {text}"
        );
    }
    assert_eq!(
        answer(503, r#"{"error":"invalid_client"}"#).at_client("ask").class,
        Class::Temporary
    );
    for text in ["no", r#"{"error":"invalid_request"}"#] {
        assert_ne!(answer(400, text).at_client("ask").class, Class::Unauthorized, "{text}");
    }
    let ours = answer(400, r#"{"error":"invalid_client"}"#).at_source("ask");
    assert_eq!(ours.class, Class::Misconfigured);
}

#[test]
fn r40_a_name_with_a_password_asks_for_tokens_and_keeps_what_it_asks_with() {
    let account = |user: &str| Credential::Basic {
        user: user.to_owned(),
        password: "p:w".to_owned().into(),
    };
    let user = account("hr");
    let own = own_account("ask for tokens", &user).unwrap();
    assert!(own.refresh.is_none() && matches!(own.account, Grant::Password { user: "hr", .. }));
    let first = own.granted(given(r#"{"access_token":"a","refresh_token":"r"}"#));
    let again = own_account("ask for tokens", &first).unwrap();
    let Some(Grant::Refresh(token)) = again.refresh else {
        panic!("it has a refresh token")
    };
    assert_eq!(token.expose_secret(), "r");
    assert!(matches!(again.account, Grant::Password { user: "hr", .. }));
    let next = again.granted(given(r#"{"access_token":"b"}"#));
    assert!(matches!(next, Credential::Granted { by, .. } if matches!(*by, Credential::Basic { .. })));
    let key = Credential::ApiKey {
        key: "k".to_owned().into(),
    };
    for other in [
        account("a:b"),
        key,
        Credential::Tokens(given(r#"{"access_token":"a"}"#)),
    ] {
        let error = own_account("ask for tokens", &other).unwrap_err();
        assert_eq!(error.class, Class::Unauthorized);
    }
}
