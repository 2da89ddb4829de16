//! The `source` port (layer 1): reading an HR system. Each provider's folder below is an adapter (layer 4).
//!
//! A provider's folder always has the same files: `mod.rs`, `config.rs`, `client.rs`, `wire.rs`, `convert.rs`, and `error.rs`
//! where errors differ. What a second provider could use is in `connector`. Connectors classify errors and never retry;
//! retry, pacing and `Retry-After` live in `http`.

mod description;
mod error;
pub mod factorial;

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;

pub use description::{Availability, Description, FormField, Method, Way};
pub use error::{Class, Error};

use crate::{
    connection::{Credential, ProviderId},
    employee::Category,
    roster::{Builder, Company},
};

/// One connection's view of an HR system.
#[async_trait]
pub trait Source: Send + Sync {
    /// Asks the provider whose data the credential opens (R01).
    ///
    /// # Errors
    /// [`Error`] with its class: `Unauthorized` means that the admin must connect again.
    async fn identify(&self) -> Result<Company, Error>;

    /// Returns the companies that the credential opens: several where one login sees several, else the one.
    ///
    /// # Errors
    /// [`Error`] with its class, as from [`Source::identify`].
    async fn list_companies(&self) -> Result<Vec<Company>, Error> {
        Ok(vec![self.identify().await?])
    }

    /// Walks all people into the roster: announces totals, notes hidden attributes, and calls
    /// [`Builder::end_walk`] only with the provider's own proof of the end.
    ///
    /// # Errors
    /// The error that broke the walk off. What was pushed before stays in the builder.
    async fn read(&self, roster: &mut Builder) -> Result<(), Error>;

    /// How many calls were sent so far, tries included.
    fn calls(&self) -> u64;
}

/// An HR system that Rollcall can speak with.
#[async_trait]
pub trait Provider: Send + Sync {
    /// The slug that names it everywhere.
    fn id(&self) -> ProviderId;

    /// Returns what the provider can do, as far as this stack is set up for it.
    ///
    /// # Errors
    /// [`Error`] where it cannot be told what the operator registered with it.
    async fn description(&self) -> Result<Description, Error>;

    /// Opens the provider for one connection.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where base URL or kind of credential cannot work.
    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error>;

    /// Returns where a browser is sent to sign in (RFC 6749, section 4.1.1); `None` where the provider has no such
    /// login.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where the base URL cannot work, or no application is registered.
    async fn authorize_url(&self, base_url: Option<&str>, request: &Authorization<'_>)
    -> Result<Option<String>, Error>;

    /// Exchanges the code that the browser came back with (RFC 6749, section 4.1.3).
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where the code is not good; the login has to begin anew.
    async fn exchange(&self, base_url: Option<&str>, exchange: &Exchange<'_>) -> Result<Credential, Error>;

    /// Tells the provider that a credential is not used any more (RFC 7009); does nothing where it takes no notice.
    ///
    /// # Errors
    /// [`Error`] where the provider did not take it; the credential is gone on our side all the same.
    async fn revoke(&self, base_url: Option<&str>, credential: &Credential) -> Result<(), Error>;

    /// Exchanges a refresh token for new tokens (RFC 6749, section 6).
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where the provider says `invalid_grant`: the admin must connect again. Any
    /// other class: try later with the old token.
    async fn refresh(&self, base_url: Option<&str>, credential: &Credential) -> Result<Credential, Error>;
}

/// What a source is opened with.
#[derive(Clone)]
pub struct Opening<'a> {
    /// Where the provider is reached, where not at its usual address.
    pub base_url: Option<&'a str>,
    /// What it logs in with.
    pub access: Arc<dyn Access>,
    /// The forbidden categories that an admin allowed with a reason: what belongs to any other is not even decoded
    /// (R34).
    pub allowed: &'a BTreeSet<Category>,
    /// The company that was chosen, where one login sees several.
    pub company: Option<&'a Company>,
}

/// What a login in the browser is begun with.
#[derive(Clone, Copy, Debug)]
pub struct Authorization<'a> {
    /// Where the browser comes back to; the exchange names the same.
    pub redirect_uri: &'a str,
    /// Comes back as it is, and ties the answer to this login.
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

/// What a source logs in with, kept fresh by the use case: refreshes are serialised and stored before use (R40).
#[async_trait]
pub trait Access: Send + Sync {
    /// The credential to use now.
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where there is none that can work.
    async fn credential(&self) -> Result<Credential, Error>;

    /// Tells that the provider refused this credential. Returns one that is newer, or the error that says why not.
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where no newer one can be had.
    async fn renew(&self, refused: &Credential) -> Result<Credential, Error>;
}
