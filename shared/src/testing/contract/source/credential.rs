//! Credentials that end, or never were any.

use std::{collections::BTreeSet, sync::Arc};

use serde_json::json;

use super::{Emulated, Held, Outcome, Renewing, open_with, read, read_under};
use crate::{
    connection::{Credential, TokenSet},
    source::Class,
};

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
    let (before, read) = read_under(hr, json!({"mode": "token_dies", "after": 1})).await;
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
