//! OAuth as RFC 6749 has it and as servers really do it: where a browser signs in, and what a token endpoint gives.

mod header;
mod manner;
mod renewal;
#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::{
    answer::{NO_DATA, Standing, first_byte, form_of, into_text, is_no_data, malformed, no_answer, no_data, refusal},
    value::{Nested, Text},
};
use crate::{
    connection::TokenSet,
    http::{self, BaseUrl, Failure, Request, Session, basic},
    source::{self, Authorization, Class, Exchange},
};

pub use self::header::ask_by_header;
use self::manner::encoded;
pub use self::manner::{Manner, Way};
pub use self::renewal::{
    OwnAccount, OwnClient, own_account, own_client, refresh_token, renewal_by_grant, renewal_by_refresh,
};

/// The longest token that is kept: all that opens a connection is one secret of 64 KB (R47).
const MOST_TOKEN_BYTES: usize = 8_192;

/// Reasons that the RFC names (section 5.2): the only words of a server that are shown.
const REASONS: [&str; 6] = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
];

/// A client that asks for tokens.
#[derive(Clone, Copy, Debug)]
pub struct Client<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its secret.
    pub secret: &'a SecretString,
}

/// What tokens are asked for with.
#[derive(Clone, Copy, Debug)]
pub enum Grant<'a> {
    /// The code that a browser came back with (section 4.1.3).
    Code {
        /// The code.
        code: &'a str,
        /// Where the browser came back to.
        redirect_uri: &'a str,
        /// The proof of the challenge, for servers that know it (RFC 7636).
        code_verifier: Option<&'a str>,
    },
    /// A refresh token (section 6).
    Refresh(&'a SecretString),
    /// The client itself (section 4.4).
    Client {
        /// The scope that the client asks for; without one the server decides.
        scope: Option<&'a str>,
    },
    /// A person's name and password (section 4.3).
    Password {
        /// The name.
        user: &'a str,
        /// The password.
        password: &'a SecretString,
    },
}

impl<'a> Grant<'a> {
    /// Returns the code that a browser came back with, for a server without proof keys.
    pub const fn code(exchange: &Exchange<'a>) -> Self {
        Self::Code {
            code: exchange.code,
            redirect_uri: exchange.redirect_uri,
            code_verifier: None,
        }
    }

    fn pairs(self) -> Vec<(&'static str, &'a str)> {
        match self {
            Self::Code {
                code,
                redirect_uri,
                code_verifier,
            } => [
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", redirect_uri),
            ]
            .into_iter()
            .chain(code_verifier.map(|verifier| ("code_verifier", verifier)))
            .collect(),
            Self::Refresh(token) => vec![
                ("grant_type", "refresh_token"),
                ("refresh_token", token.expose_secret()),
            ],
            Self::Client { scope } => [("grant_type", "client_credentials")]
                .into_iter()
                .chain(scope.map(|scope| ("scope", scope)))
                .collect(),
            Self::Password { user, password } => vec![
                ("grant_type", "password"),
                ("username", user),
                ("password", password.expose_secret()),
            ],
        }
    }

    /// Whether asking twice does no harm: a code and a refresh token may be gone once the server has seen them.
    const fn is_repeatable(self) -> bool {
        matches!(self, Self::Client { .. } | Self::Password { .. })
    }
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server refuses.
    #[error("status {status}{}", reason.map(|reason| format!(", {reason}")).unwrap_or_default())]
    Refused {
        /// The status.
        status: u16,
        /// The server's reason, where it is one that the RFC names.
        reason: Option<&'static str>,
    },
    /// There was no answer.
    #[error("no usable answer")]
    NoAnswer(#[source] http::Error),
    /// The answer is no data.
    #[error("{NO_DATA}")]
    NoData,
    /// The answer holds no tokens; says in fixed words what is wrong.
    #[error("{0}")]
    Malformed(String),
}

impl Error {
    /// Whether the server did not see, or not believe, who asked; then it has not looked at anything else.
    fn is_about_the_client(&self) -> bool {
        match self {
            Self::Refused { status, reason } => {
                matches!(status, 400 | 401) && matches!(reason, None | Some("invalid_client" | "invalid_request"))
            }
            Self::NoAnswer(_) | Self::NoData | Self::Malformed(_) => false,
        }
    }

    /// Whether the server gives this client less than it asked for (section 3.3).
    pub fn is_about_the_scope(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                reason: Some("invalid_scope"),
                ..
            }
        )
    }

    /// Whether the server refuses what it was asked with, and may take something else.
    pub const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::Refused {
                status: 400 | 401 | 403,
                ..
            }
        )
    }

    /// Whether it may be what it was asked with at which the server breaks: it has an error of its own, or an answer without tokens.
    pub const fn may_be_about_the_grant(&self) -> bool {
        match self {
            Self::Refused { status, .. } => !matches!(status, 408 | 425 | 429),
            Self::NoAnswer(http::Error::Exhausted { failure, .. }) => matches!(failure, Failure::Status(500..=599)),
            Self::Malformed(_) => true,
            Self::NoAnswer(_) | Self::NoData => false,
        }
    }

    /// What a caller of a source does about it where the client is the tenant's own: what the server says of the client, it says of
    /// the credential.
    pub fn at_client(self, operation: &'static str) -> source::Error {
        match self {
            Self::Refused {
                reason: Some("invalid_client" | "unauthorized_client"),
                ..
            }
            | Self::Refused {
                status: 401,
                reason: None,
            } => source::Error::new(Class::Unauthorized, operation, self.to_string()),
            Self::Refused { .. } | Self::NoAnswer(_) | Self::NoData | Self::Malformed(_) => self.at_source(operation),
        }
    }

    /// What a caller of a source does about it: `Unauthorized` for `invalid_grant` alone. A refusal without a known reason
    /// condemns no credential.
    pub fn at_source(self, operation: &'static str) -> source::Error {
        match self {
            Self::NoAnswer(error) => no_answer(operation, error),
            Self::NoData => no_data(operation),
            Self::Malformed(detail) => malformed(operation, detail),
            Self::Refused {
                reason: Some("invalid_grant"),
                ..
            } => source::Error::new(Class::Unauthorized, operation, "invalid_grant"),
            Self::Refused {
                reason: Some(reason @ ("invalid_client" | "unauthorized_client" | "invalid_scope")),
                ..
            } => source::Error::new(Class::Misconfigured, operation, reason),
            Self::Refused { status, .. } => match refusal(operation, status) {
                error if error.class == Class::Unauthorized => source::Error {
                    class: Class::Misconfigured,
                    ..error
                },
                error => error,
            },
        }
    }
}

/// Returns where a browser is sent to sign in (section 4.1.1). `more` is what this server wants beside what the RFC
/// names.
pub fn authorization(
    base: &BaseUrl,
    path: &str,
    client_id: &str,
    request: &Authorization<'_>,
    more: &[(&str, &str)],
) -> String {
    let pairs = [
        ("client_id", client_id),
        ("redirect_uri", request.redirect_uri),
        ("response_type", "code"),
        ("state", request.state),
    ];
    base.with_query(path, pairs.into_iter().chain(more.iter().copied()))
}

/// Checks that the server at `base` may have issued a code: nobody is named, or it itself is (RFC 9207).
///
/// # Errors
/// [`source::Error`] of class `Misconfigured` where another server is named.
pub fn check_issuer(operation: &'static str, base: &BaseUrl, issuer: Option<&str>) -> Result<(), source::Error> {
    if issuer.is_none_or(|issuer| issuer.trim_end_matches('/') == base.as_str()) {
        return Ok(());
    }
    let detail = "another server issued the code";
    Err(source::Error::new(Class::Misconfigured, operation, detail))
}

/// Asks a token endpoint. `request` leads there; the form is written here.
///
/// # Errors
/// [`Error`] where it gives no access token.
pub async fn ask(
    session: &Session,
    request: &Request,
    client: Client<'_>,
    manner: &Manner,
    grant: Grant<'_>,
    now: Timestamp,
) -> Result<TokenSet, Error> {
    let mut ways = manner.ways(client).into_iter().peekable();
    while let Some(way) = ways.next() {
        let sent = session.send(&written(request, client, way, grant)).await;
        let response = sent.map_err(Error::NoAnswer)?;
        let status = response.status();
        let is_success = response.is_success();
        let text = into_text(response);
        if is_success {
            manner.note(way);
            return read(&text, grant, now);
        }
        let error = refused(status, &text);
        if ways.peek().is_none() || !error.is_about_the_client() {
            return Err(error);
        }
    }
    Err(Error::Malformed("there is no way to ask".to_owned()))
}

fn written(request: &Request, client: Client<'_>, way: Way, grant: Grant<'_>) -> Request {
    let request = request.clone().header("accept", "application/json".to_owned());
    let mut pairs = grant.pairs();
    let request = match way {
        Way::Basic => {
            let secret = encoded(client.secret.expose_secret()).into();
            request.header("authorization", basic(&encoded(client.id), &secret))
        }
        Way::RawBasic => request.header("authorization", basic(client.id, client.secret)),
        Way::Body => {
            pairs.push(("client_id", client.id));
            pairs.push(("client_secret", client.secret.expose_secret()));
            request
        }
    };
    let request = request.form(pairs);
    if grant.is_repeatable() {
        request.repeatable()
    } else {
        request
    }
}

/// The answer (section 5.1). Only the access token is required; whatever else cannot be read counts as unsaid.
/// A member that comes twice counts as it comes last.
struct Given<'a> {
    access_token: Text<'a>,
    refresh_token: Text<'a>,
    life: Nested<'a>,
    scope: Text<'a>,
}

/// Returns for how many seconds a token is good: a number or a text, whole or not. A life that is over before it begins says
/// nothing.
fn seconds_of(life: Nested<'_>) -> Option<i64> {
    let text = life.any();
    let seconds: f64 = text.value()?.trim().parse().ok()?;
    let whole = SignedDuration::try_from_secs_f64(seconds).ok()?.as_secs();
    (whole > 0).then_some(whole)
}

fn read(text: &str, grant: Grant<'_>, now: Timestamp) -> Result<TokenSet, Error> {
    if is_no_data(first_byte(text.as_bytes())) {
        return Err(Error::NoData);
    }
    let given: Nested<'_> = serde_json::from_str(text).map_err(|error| Error::Malformed(form_of(&error)))?;
    let mut given = given.members();
    let mut member = |name: &str| given.remove(name).unwrap_or_default();
    let given = Given {
        access_token: member("access_token").whole(),
        refresh_token: member("refresh_token").whole(),
        life: member("expires_in"),
        scope: member("scope").whole(),
    };
    let said = |text: &Text<'_>| {
        text.value()
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let access_token = said(&given.access_token);
    let access_token = access_token.ok_or_else(|| Error::Malformed("access_token is missing".to_owned()))?;
    // Visible characters and blanks (appendix A.12): a header holds no others.
    if !access_token.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Error::Malformed(
            "access_token has characters that no token has".to_owned(),
        ));
    }
    let (refresh_token, scope) = (said(&given.refresh_token), said(&given.scope));
    let is_long = |token: &str| token.len() > MOST_TOKEN_BYTES;
    if is_long(&access_token) || refresh_token.as_deref().is_some_and(is_long) {
        let detail = format!("a token has more than {MOST_TOKEN_BYTES} bytes");
        return Err(Error::Malformed(detail));
    }
    let ends = seconds_of(given.life).and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok());
    // No new refresh token means that the old one stays (section 6).
    let stays = match grant {
        Grant::Refresh(token) => Some(token.clone()),
        Grant::Code { .. } | Grant::Client { .. } | Grant::Password { .. } => None,
    };
    Ok(TokenSet {
        access_token: access_token.into(),
        refresh_token: refresh_token.map(SecretString::from).or(stays),
        expires_at: ends,
        obtained_at: now,
        scope: scope.filter(|scope| !is_long(scope)),
    })
}

fn refused(status: u16, text: &str) -> Error {
    #[derive(Deserialize)]
    struct Refusal<'a> {
        #[serde(borrow, default)]
        error: Text<'a>,
    }
    let refusal: Option<Refusal<'_>> = serde_json::from_str(text).ok();
    let said = refusal.as_ref().and_then(|refusal| refusal.error.value());
    let reason = said.and_then(|said| REASONS.into_iter().find(|reason| *reason == said));
    // A server that is down has no reason, whatever it says.
    let reason = reason.filter(|_| Standing::of(status) != Standing::Passing);
    Error::Refused { status, reason }
}
