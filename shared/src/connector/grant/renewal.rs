//! When tokens are renewed, and what with.

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;

use super::{Client, Grant};
use crate::{
    connection::{Credential, TokenSet},
    source::{self, Class, Renewal},
};

/// Tokens that end within this many seconds are renewed before they are used.
const MARGIN_SECONDS: i64 = 60;

/// Tokens older than this are renewed by the daily upkeep, so that a refresh token does not end for want of use.
const RENEWED_AFTER: SignedDuration = SignedDuration::from_hours(12);

/// Returns when a credential is renewed by its refresh token (section 6); one without a refresh token never is.
pub fn renewal_by_refresh(credential: &Credential, now: Timestamp) -> Renewal {
    match credential {
        Credential::Tokens(tokens) if tokens.refresh_token.is_none() => Renewal::Never,
        Credential::Tokens(tokens) if tokens.expires_within(MARGIN_SECONDS, now) => Renewal::Due,
        Credential::Tokens(tokens) => {
            let from = tokens.obtained_at.saturating_add(RENEWED_AFTER);
            Renewal::At(from.unwrap_or(Timestamp::MAX))
        }
        Credential::ApiKey { .. }
        | Credential::Basic { .. }
        | Credential::Client { .. }
        | Credential::Granted { .. } => Renewal::Never,
    }
}

/// Returns when tokens are asked for by a client, or by a name with a password (sections 4.3 and 4.4): at first, and before
/// the tokens end.
pub fn renewal_by_grant(credential: &Credential, now: Timestamp) -> Renewal {
    match credential {
        Credential::Basic { .. } | Credential::Client { .. } => Renewal::Due,
        Credential::Granted { tokens, .. } if tokens.expires_within(MARGIN_SECONDS, now) => Renewal::Due,
        Credential::Granted { tokens, .. } => Renewal::At(tokens.expires_at.unwrap_or(Timestamp::MAX)),
        Credential::ApiKey { .. } | Credential::Tokens(_) => Renewal::Never,
    }
}

/// What a credential is refreshed with.
///
/// # Errors
/// [`source::Error`] of class `Unauthorized` where it cannot be.
pub fn refresh_token<'c>(
    operation: &'static str,
    credential: &'c Credential,
) -> Result<&'c SecretString, source::Error> {
    let detail = match credential {
        Credential::Tokens(tokens) => match &tokens.refresh_token {
            Some(refresh_token) => return Ok(refresh_token),
            None => "there is no refresh token",
        },
        Credential::ApiKey { .. }
        | Credential::Basic { .. }
        | Credential::Client { .. }
        | Credential::Granted { .. } => "only a login is refreshed",
    };
    Err(source::Error::new(Class::Unauthorized, operation, detail))
}

/// A client of the tenant's own (section 4.4).
#[derive(Clone, Copy, Debug)]
pub struct OwnClient<'c> {
    /// The client.
    pub client: Client<'c>,
    /// The scope that the client asks for, where one was chosen for it.
    pub scope: Option<&'c str>,
    credential: &'c Credential,
}

impl OwnClient<'_> {
    /// Returns what a connection keeps once the client has tokens.
    pub fn granted(&self, tokens: TokenSet) -> Credential {
        Credential::Granted {
            by: Box::new(self.credential.clone()),
            tokens,
        }
    }
}

/// A name with a password (section 4.3), with the refresh token that it got.
#[derive(Clone, Copy, Debug)]
pub struct OwnAccount<'c> {
    /// The name and the password.
    pub account: Grant<'c>,
    /// The refresh token, where it got one.
    pub refresh: Option<Grant<'c>>,
    /// When the access token ends.
    ends: Option<Timestamp>,
    credential: &'c Credential,
}

impl OwnAccount<'_> {
    /// Whether the access token is known to be over.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }

    /// Returns what a connection keeps once there are tokens.
    pub fn granted(&self, tokens: TokenSet) -> Credential {
        Credential::Granted {
            by: Box::new(self.credential.clone()),
            tokens,
        }
    }
}

/// Returns the name with its password that a connection's tokens are asked for with, the first and the next.
///
/// # Errors
/// [`source::Error`] of class `Unauthorized` where the credential is none, or where its name holds a colon, which cannot be sent
/// (RFC 7617, section 2).
pub fn own_account<'c>(operation: &'static str, credential: &'c Credential) -> Result<OwnAccount<'c>, source::Error> {
    let refused = |detail| Err(source::Error::new(Class::Unauthorized, operation, detail));
    match credential {
        Credential::Basic { user, .. } if user.contains(':') => refused("a user name with a colon cannot be sent"),
        Credential::Basic { user, password } => Ok(OwnAccount {
            account: Grant::Password { user, password },
            refresh: None,
            ends: None,
            credential,
        }),
        Credential::Granted { by, tokens } if matches!(**by, Credential::Basic { .. }) => Ok(OwnAccount {
            refresh: tokens.refresh_token.as_ref().map(Grant::Refresh),
            ends: tokens.expires_at,
            ..own_account(operation, by)?
        }),
        Credential::ApiKey { .. } | Credential::Client { .. } | Credential::Granted { .. } | Credential::Tokens(_) => {
            refused("only a user name with its password asks for tokens")
        }
    }
}

/// Returns the client that asks for a connection's tokens, the first and the next.
///
/// # Errors
/// [`source::Error`] of class `Unauthorized` where the credential is no client.
pub fn own_client<'c>(operation: &'static str, credential: &'c Credential) -> Result<OwnClient<'c>, source::Error> {
    match credential {
        Credential::Client { id, secret, scope, .. } => Ok(OwnClient {
            client: Client { id, secret },
            scope: scope.as_deref(),
            credential,
        }),
        Credential::Granted { by, .. } if matches!(**by, Credential::Client { .. }) => own_client(operation, by),
        Credential::ApiKey { .. } | Credential::Basic { .. } | Credential::Granted { .. } | Credential::Tokens(_) => {
            let detail = "only a client asks for tokens";
            Err(source::Error::new(Class::Unauthorized, operation, detail))
        }
    }
}
