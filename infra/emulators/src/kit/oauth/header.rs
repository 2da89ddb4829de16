//! Token endpoints that are asked by GET: the grant type stands in a header of its own, name and password or the refresh token in
//! `Authorization`. The answer holds the two tokens and nothing else.

use super::super::Asked;
use super::super::caller::{Means, authorization, basic, service_user};
use super::super::refusal::Refusal;
use super::super::system::System;
use super::super::token::{Grant, Issued};
use super::GrantType;
use crate::server::reply::Reply;
use serde_json::json;

/// Answers a token request.
pub(super) fn answer(system: &System, asked: &Asked) -> Reply {
    match issue(system, asked) {
        Some(issued) => Reply::of(
            200,
            &json!({"refresh_token": issued.refresh_token, "access_token": issued.access_token}),
        ),
        None => system.dialect.refuse(&Refusal::NoCredential, asked),
    }
}

fn issue(system: &System, asked: &Asked) -> Option<Issued> {
    let grant = GrantType::from_name(asked.header("grant_type")?);
    let manners = system.dialect.manners();
    let now = system.now();
    match grant.filter(|grant| manners.grants.contains(grant))? {
        GrantType::Password => {
            let (user, password) = basic(asked.headers)?;
            let mut caller = system
                .holder_of(&password)
                .filter(|_| user == service_user(&password))?;
            caller.means = Means::UserToken;
            let grant = Grant {
                caller,
                scope: manners.default_scope.to_owned(),
                redirect_uri: String::new(),
                challenge: None,
            };
            Some(system.tokens().issue(grant, now))
        }
        GrantType::RefreshToken => system.tokens().refresh(authorization(asked.headers, "bearer")?, now),
        GrantType::Code | GrantType::ClientCredentials => None,
    }
}
