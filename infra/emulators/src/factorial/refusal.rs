//! What the API answers when it does not answer.
//!
//! The statuses are as seen by others' clients; the bodies are in the Rails and Doorkeeper manner, since no page of the vendor
//! shows them.

use crate::server::reply::Reply;
use axum::http::header::WWW_AUTHENTICATE;
use serde_json::json;

/// Why a request to the data is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No credential, or an API key that is not one.
    NoCredential,
    /// A bearer token that does not open anything, and why.
    Token(&'static str),
    /// The permission group forbids it.
    Forbidden,
    /// No such path or record.
    NotFound,
    /// A parameter that cannot be read, and what would do.
    Parameter(&'static str, &'static str),
    /// An answer that could not be written.
    Broken,
}

impl From<serde_json::Error> for Refusal {
    fn from(_: serde_json::Error) -> Self {
        Self::Broken
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoCredential => Self::of(401, &json!({"errors": ["You need to sign in"]})),
            Refusal::Token(why) => Self::of(401, &json!({"error": "invalid_token", "error_description": why})).with(
                WWW_AUTHENTICATE,
                format!("Bearer realm=\"Factorial\", error=\"invalid_token\", error_description=\"{why}\""),
            ),
            Refusal::Forbidden => Self::of(403, &json!({"errors": ["You are not allowed to do this"]})),
            Refusal::NotFound => Self::of(404, &json!({"errors": ["Not found"]})),
            Refusal::Parameter(name, expected) => {
                Self::of(400, &json!({"errors": {name: [format!("must be {expected}")]}}))
            }
            Refusal::Broken => Self::empty(500),
        }
    }
}
