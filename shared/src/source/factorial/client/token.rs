//! The token endpoint.

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::super::{
    config::Application,
    error::{malformed, no_answer, not_json, parse_error},
    wire::{Refusal, Tokens},
};
use crate::{
    connection::TokenSet,
    http::{BaseUrl, Method, Request, Session},
    source::{Class, Error},
};

/// Exchanges a refresh token (vendor documentation, "Refreshing an access token"): a form, never repeated, because the
/// old refresh token may be gone once the server has seen it.
///
/// # Errors
/// [`Error`] of class `Unauthorized` for `invalid_grant`, `Misconfigured` where the application is refused, `Temporary`
/// where there is no usable answer now.
pub(in super::super) async fn refresh(
    session: &Session,
    base: &BaseUrl,
    application: &Application,
    refresh_token: &SecretString,
    now: Timestamp,
) -> Result<TokenSet, Error> {
    const OPERATION: &str = "refresh tokens";
    let request = Request::new(Method::Post, base, "/oauth/token", "/oauth/token")
        .header("accept", "application/json".to_owned())
        .form([
            ("client_id", application.client_id.as_str()),
            ("client_secret", application.client_secret.expose_secret()),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ]);
    let response = session
        .send(&request)
        .await
        .map_err(|error| no_answer(OPERATION, error))?;
    let text = response.text().unwrap_or_default();
    if !response.is_success() {
        return Err(refusal(OPERATION, response.status(), text));
    }
    let tokens: Tokens = serde_json::from_str(text).map_err(|error| not_json(OPERATION, &error))?;
    let access_token = tokens.access_token.filter(|token| !token.is_empty());
    let access_token = access_token.ok_or_else(|| malformed(OPERATION, "access_token is missing"))?;
    let lives = tokens.expires_in.map(SignedDuration::from_secs);
    Ok(TokenSet {
        access_token: access_token.into(),
        // No new one means that the old one stays (RFC 6749, section 6).
        refresh_token: Some(
            tokens
                .refresh_token
                .map_or_else(|| refresh_token.clone(), SecretString::from),
        ),
        expires_at: lives.and_then(|lives| now.checked_add(lives).ok()),
        obtained_at: now,
        scope: tokens.scope,
    })
}

/// What the token endpoint's refusal means (RFC 6749, section 5.2).
fn refusal(operation: &'static str, status: u16, text: &str) -> Error {
    let refusal: Option<Refusal<'_>> = serde_json::from_str(text).ok();
    let code = refusal.as_ref().and_then(|refusal| refusal.error.value());
    match code {
        Some("invalid_grant") => Error::new(Class::Unauthorized, operation, "invalid_grant"),
        Some("invalid_client") => Error::new(Class::Misconfigured, operation, "invalid_client"),
        Some("unauthorized_client") => Error::new(Class::Misconfigured, operation, "unauthorized_client"),
        Some(_) | None => match parse_error(operation, status) {
            // A refusal without a known reason condemns no credential.
            error if error.class == Class::Unauthorized => Error {
                class: Class::Misconfigured,
                ..error
            },
            error => error,
        },
    }
}
