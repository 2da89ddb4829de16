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
    source::{Class, Error, Exchange},
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
    client_secret: &SecretString,
    refresh_token: &SecretString,
    now: Timestamp,
) -> Result<TokenSet, Error> {
    const OPERATION: &str = "refresh tokens";
    let request = Request::new(Method::Post, base, "/oauth/token", "/oauth/token")
        .header("accept", "application/json".to_owned())
        .form([
            ("client_id", application.client_id.as_str()),
            ("client_secret", client_secret.expose_secret()),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ]);
    let tokens = ask(session, OPERATION, &request, now).await?;
    // No new one means that the old one stays (RFC 6749, section 6).
    let refresh_token = tokens.refresh_token.or_else(|| Some(refresh_token.clone()));
    Ok(TokenSet {
        refresh_token,
        ..tokens
    })
}

/// Exchanges a code (vendor documentation, "Request an access token"). The vendor knows no proof key (RFC 7636).
///
/// # Errors
/// [`Error`] of class `Unauthorized` for `invalid_grant`, `Misconfigured` where the application is refused or somebody else
/// issued the code, `Temporary` where there is no usable answer now.
pub(in super::super) async fn exchange(
    session: &Session,
    base: &BaseUrl,
    application: &Application,
    client_secret: &SecretString,
    exchange: &Exchange<'_>,
    now: Timestamp,
) -> Result<TokenSet, Error> {
    const OPERATION: &str = "exchange a code";
    if exchange
        .issuer
        .is_some_and(|issuer| issuer.trim_end_matches('/') != base.as_str())
    {
        return Err(Error::new(
            Class::Misconfigured,
            OPERATION,
            "another server issued the code",
        ));
    }
    let request = Request::new(Method::Post, base, "/oauth/token", "/oauth/token")
        .header("accept", "application/json".to_owned())
        .form([
            ("client_id", application.client_id.as_str()),
            ("client_secret", client_secret.expose_secret()),
            ("code", exchange.code),
            ("grant_type", "authorization_code"),
            ("redirect_uri", exchange.redirect_uri),
        ]);
    ask(session, OPERATION, &request, now).await
}

/// The longest token that is kept: all that opens a connection is one secret of 64 KB (R47).
const MOST_TOKEN_BYTES: usize = 8_192;

/// Asks the token endpoint and reads its answer.
async fn ask(session: &Session, operation: &'static str, request: &Request, now: Timestamp) -> Result<TokenSet, Error> {
    let sent = session.send(request).await;
    let response = sent.map_err(|error| no_answer(operation, error))?;
    let text = response.text().unwrap_or_default();
    if !response.is_success() {
        return Err(refusal(operation, response.status(), text));
    }
    let tokens: Tokens = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
    let access_token = tokens.access_token.filter(|token| !token.is_empty());
    let access_token = access_token.ok_or_else(|| malformed(operation, "access_token is missing"))?;
    let is_long = |token: &str| token.len() > MOST_TOKEN_BYTES;
    let others = [tokens.refresh_token.as_deref(), tokens.scope.as_deref()];
    if is_long(&access_token) || others.into_iter().flatten().any(is_long) {
        return Err(malformed(
            operation,
            format!("a token has more than {MOST_TOKEN_BYTES} bytes"),
        ));
    }
    let lives = tokens.expires_in.map(SignedDuration::from_secs);
    Ok(TokenSet {
        access_token: access_token.into(),
        refresh_token: tokens.refresh_token.map(SecretString::from),
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
