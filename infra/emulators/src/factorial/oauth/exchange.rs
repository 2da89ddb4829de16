//! The token endpoint: form-encoded requests with the client's credentials in the body; Doorkeeper-shaped errors.

use super::super::Factorial;
use super::super::token::Issued;
use crate::server::reply::Reply;
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Answer {
    access_token: String,
    token_type: &'static str,
    /// Null for company tokens, which do not end.
    expires_in: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
    created_at: i64,
}

fn error(status: u16, code: &str, description: &str) -> Reply {
    Reply::of(status, &json!({"error": code, "error_description": description}))
}

/// Answers a token request.
pub(super) fn answer(factorial: &Factorial, headers: &HeaderMap, body: &[u8]) -> Reply {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    if !kind
        .to_ascii_lowercase()
        .starts_with("application/x-www-form-urlencoded")
    {
        return error(400, "invalid_request", "The request must be form-encoded.");
    }
    let values: BTreeMap<String, String> = url::form_urlencoded::parse(body).into_owned().collect();
    let value = |name: &str| values.get(name).map(String::as_str).filter(|text| !text.is_empty());
    if value("client_id") != Some(&factorial.client_id) || value("client_secret") != Some(&factorial.client_secret) {
        return error(
            401,
            "invalid_client",
            "Client authentication failed due to unknown client, no client authentication included, or unsupported authentication method.",
        );
    }
    let now = factorial.stage.clock.unix_seconds();
    let issued = match value("grant_type") {
        Some("authorization_code") => match (value("code"), value("redirect_uri")) {
            (Some(code), Some(redirect_uri)) => factorial.tokens().exchange(code, redirect_uri, now),
            (None, _) => return error(400, "invalid_request", "Missing required parameter: code."),
            (Some(_), None) => return error(400, "invalid_request", "Missing required parameter: redirect_uri."),
        },
        Some("refresh_token") => match value("refresh_token") {
            Some(token) => factorial.tokens().refresh(token, now),
            None => return error(400, "invalid_request", "Missing required parameter: refresh_token."),
        },
        Some(_) => {
            return error(
                400,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            );
        }
        None => return error(400, "invalid_request", "Missing required parameter: grant_type."),
    };
    let Some(Issued {
        access_token,
        refresh_token,
        expires_in,
        scope,
    }) = issued
    else {
        return error(
            400,
            "invalid_grant",
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client.",
        );
    };
    let answer = Answer {
        access_token,
        token_type: "Bearer",
        expires_in,
        refresh_token,
        scope,
        created_at: now,
    };
    Reply::of(200, &answer).with(CACHE_CONTROL, "no-store")
}
