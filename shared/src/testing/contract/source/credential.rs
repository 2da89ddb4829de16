//! Credentials that end, or never were any.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;

use super::{Emulated, Held, Outcome, Renewing, open, open_with, read, read_under};
use crate::{
    connection::{Credential, TokenSet},
    source::{Address, Class, Error},
};

/// What the address holds at which tokens are given.
const TOKEN: &str = "token";

/// An access token ends while people are read, and the next one goes on.
pub async fn r40_tokens_that_expire_in_the_middle_of_a_read_are_renewed(hr: &dyn Emulated) {
    let before = read(hr).await;
    hr.arm(json!({"mode": "token_dies", "after": 2})).await;
    let source = open_with(hr, Arc::new(Renewing::new(hr)), &BTreeSet::new());
    let read = Outcome::of(source.as_ref()).await;
    read.assert_same(&before);
    read.assert_certified(Some(&before));
    let requests = hr.requests().await;
    assert!(requests.iter().any(|request| request.status == Some(401)));
}

/// A credential ends while people are read, and cannot be renewed.
pub async fn a_dead_credential_is_unauthorized_and_the_read_is_partial(hr: &dyn Emulated) {
    let source = open(hr);
    source.identify().await.unwrap();
    // It is good for as long as it takes to see whose it is.
    let (before, read) = read_under(hr, json!({"mode": "token_dies", "after": source.calls()})).await;
    read.assert_broken(&before, &[Class::Unauthorized]);
}

/// A text that no error may show.
const WRONG: &str = "wr0ng";

fn wrong_tokens(tokens: TokenSet) -> TokenSet {
    TokenSet {
        access_token: WRONG.to_owned().into(),
        ..tokens
    }
}

/// Returns a credential of the same kind that opens nothing.
fn wrong(credential: Credential) -> Credential {
    match credential {
        Credential::ApiKey { .. } => Credential::ApiKey {
            key: WRONG.to_owned().into(),
        },
        Credential::Basic { user, .. } => Credential::Basic {
            user,
            password: WRONG.to_owned().into(),
        },
        Credential::Client {
            token_url, id, scope, ..
        } => Credential::Client {
            token_url,
            id,
            secret: WRONG.to_owned().into(),
            scope,
        },
        Credential::Tokens(tokens) => Credential::Tokens(wrong_tokens(tokens)),
        Credential::Granted { by, tokens } => Credential::Granted {
            by,
            tokens: wrong_tokens(tokens),
        },
    }
}

/// A credential that opens nothing.
pub async fn r38_a_refused_credential_is_unauthorized_and_not_shown(hr: &dyn Emulated) {
    let access = Arc::new(Held(wrong(hr.credential())));
    let source = open_with(hr, access, &BTreeSet::new());
    let error = source.identify().await.unwrap_err();
    assert_eq!(error.class, Class::Unauthorized);
    assert!(!format!("{error} {error:?}").contains(WRONG));
}

/// Returns a credential of the same kind that cannot be renewed any more.
fn spent(credential: Credential) -> Credential {
    match credential {
        Credential::Tokens(tokens) => Credential::Tokens(TokenSet {
            refresh_token: Some(WRONG.to_owned().into()),
            ..tokens
        }),
        Credential::Granted { by, tokens } => Credential::Granted {
            by: Box::new(wrong(*by)),
            tokens: TokenSet {
                refresh_token: tokens.refresh_token.as_ref().map(|_| WRONG.to_owned().into()),
                ..tokens
            },
        },
        lasting @ (Credential::ApiKey { .. } | Credential::Basic { .. } | Credential::Client { .. }) => lasting,
    }
}

/// Asks for the next tokens. Returns why there are none.
async fn refused_renewal(hr: &dyn Emulated, credential: &Credential) -> Error {
    let (provider, url) = (hr.provider(), hr.url());
    let at = Address {
        base_url: Some(&url),
        site: None,
    };
    let error = provider.login().unwrap().renew(at, credential).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(WRONG), "r38");
    error
}

/// A refusal means that a person has to connect again; an outage means that it is tried again later.
pub async fn r40_a_renewal_that_is_refused_differs_from_one_that_has_to_wait(hr: &dyn Emulated) {
    let error = refused_renewal(hr, &spent(hr.credential())).await;
    assert_eq!(error.class, Class::Unauthorized);
    for fault in [
        json!({"mode": "status", "status": 503, "path": TOKEN}),
        json!({"mode": "status", "status": 429, "path": TOKEN}),
        json!({"mode": "html", "path": TOKEN}),
        json!({"mode": "no_body", "path": TOKEN}),
    ] {
        hr.arm(fault).await;
        let error = refused_renewal(hr, &hr.credential()).await;
        assert_eq!(error.class, Class::Temporary);
        hr.mend().await;
    }
}

/// The answer to a renewal is lost: what it brought may be in force, so that it is not asked for again.
pub async fn r31_a_renewal_is_never_sent_twice(hr: &dyn Emulated) {
    let before = hr.requests().await.len();
    hr.arm(json!({"mode": "lost_reply", "path": TOKEN})).await;
    let error = refused_renewal(hr, &hr.credential()).await;
    assert_eq!(error.class, Class::Temporary);
    assert_eq!(hr.requests().await.len(), before + 1);
}
