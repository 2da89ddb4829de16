//! The `source` port (layer 1): reading an HR system. Each provider's folder below is an adapter (layer 4).
//!
//! A provider's folder always has the same files: `mod.rs`, `config.rs`, `client.rs`, `wire.rs`, `convert.rs` and
//! `error.rs`. Connectors classify errors and never retry; retry, pacing and `Retry-After` live in `http`.

mod error;
pub mod factorial;

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;

pub use error::{Class, Error};

use crate::{
    connection::{Credential, ProviderId},
    mapping::Category,
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

    /// Walks all people into the roster: announces totals, notes hidden attributes, and calls
    /// [`Builder::end_walk`] only on the provider's own sign of the last page.
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

    /// Opens it for one connection. `allowed` are the forbidden categories that somebody allowed with a reason: what
    /// belongs to any other is not even decoded (R34).
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where base URL or kind of credential cannot work.
    fn open(
        &self,
        base_url: Option<&str>,
        access: Arc<dyn Access>,
        allowed: &BTreeSet<Category>,
    ) -> Result<Box<dyn Source>, Error>;

    /// Exchanges a refresh token for new tokens (RFC 6749, section 6).
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where the provider says `invalid_grant`: the admin must connect again. Any
    /// other class: try later with the old token.
    async fn refresh(&self, base_url: Option<&str>, credential: &Credential) -> Result<Credential, Error>;
}

/// What a source logs in with, kept fresh by the use case: refreshes are serialised and stored before use (R40).
#[async_trait]
pub trait Access: Send + Sync {
    /// The credential to use now.
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where there is none that can work.
    async fn credential(&self) -> Result<Credential, Error>;

    /// Tells that the provider refused this credential. Answers one that is newer, or the error that says why not.
    ///
    /// # Errors
    /// [`Error`] of class `Unauthorized` where no newer one can be had.
    async fn renew(&self, refused: &Credential) -> Result<Credential, Error>;
}
