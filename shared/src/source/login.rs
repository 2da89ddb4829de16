//! Logging in at an HR system, and keeping a login alive.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Address, Class, Error};
use crate::connection::Credential;

/// How an HR system's credentials are obtained in the browser, renewed and given back. Each does it in its own way: a refresh
/// token, a client that asks anew, a password. The use case sees to it that only one process at a time does so, and that the
/// answer is kept before it is used (R40). An HR system without a login in the browser leaves the first three methods as they
/// are.
#[async_trait]
pub trait Login: Send + Sync {
    /// Returns whether an admin can sign in in the browser: the operator registered an application for it.
    ///
    /// # Errors
    /// [`Error`] where it cannot be told what the operator registered.
    async fn is_registered(&self) -> Result<bool, Error> {
        Ok(false)
    }

    /// Returns where a browser is sent to sign in (RFC 6749, section 4.1.1).
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where the address cannot work, or no application is registered.
    async fn authorize_url(&self, _at: Address<'_>, _request: &Authorization<'_>) -> Result<String, Error> {
        Err(no_browser())
    }

    /// Exchanges the code that the browser came back with (RFC 6749, section 4.1.3).
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where the code is not good; the login has to begin anew.
    async fn exchange(&self, _at: Address<'_>, _exchange: &Exchange<'_>) -> Result<Credential, Error> {
        Err(no_browser())
    }

    /// Returns whether and when a credential is to be renewed.
    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal;

    /// Gets a new credential by an old one, such as tokens by a refresh token (RFC 6749, section 6).
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where the HR system refuses for good: the admin must connect again. Any other
    /// class: try later with the old credential.
    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error>;

    /// Tells the HR system that a credential is not used any more (RFC 7009). Does nothing where its vendor documents no such
    /// thing.
    ///
    /// # Errors
    /// [`Error`] where the HR system did not take it; the credential is gone on our side all the same.
    async fn revoke(&self, _at: Address<'_>, _credential: &Credential) -> Result<(), Error> {
        Ok(())
    }
}

fn no_browser() -> Error {
    let detail = "this HR system has no login in the browser";
    Error::new(Class::Misconfigured, "log in", detail)
}

/// Whether and when a credential is to be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// The credential cannot be renewed: where the HR system refuses it, a person has to connect again.
    Never,
    /// The credential is good to use; the daily upkeep renews it from this instant on, and a refusal does at once.
    At(Timestamp),
    /// The credential has ended, or is about to: it is renewed before it is used.
    Due,
}

impl Renewal {
    /// Returns whether the daily upkeep renews the credential now.
    pub fn is_due_by(self, now: Timestamp) -> bool {
        match self {
            Self::Never => false,
            Self::At(from) => from <= now,
            Self::Due => true,
        }
    }
}

/// What a login in the browser is begun with.
#[derive(Clone, Copy, Debug)]
pub struct Authorization<'a> {
    /// The connection that is to log in, by its id.
    pub connection: &'a str,
    /// Whose connection it is.
    pub tenant: &'a str,
    /// Where the browser comes back to; the exchange names the same.
    pub redirect_uri: &'a str,
    /// Comes back as it is, and ties the answer to this login. Empty where it is only asked whether a browser can be sent at all.
    pub state: &'a str,
    /// The challenge of the method `S256` (RFC 7636), for providers that support it.
    pub code_challenge: &'a str,
}

/// What a code is exchanged with.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The code.
    pub code: &'a str,
    /// Where the browser came back to.
    pub redirect_uri: &'a str,
    /// The proof of the challenge (RFC 7636), for providers that support it.
    pub code_verifier: &'a str,
    /// The server that says it issued the code, where the answer says so (RFC 9207).
    pub issuer: Option<&'a str>,
}
