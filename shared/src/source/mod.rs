//! The `source` port (layer 1): reading an HR system. Each provider's folder below is an adapter (layer 4).
//!
//! A provider's folder always has the same files: `mod.rs`, `config.rs`, `client.rs`, `wire.rs`, `convert.rs`, and `error.rs`
//! where errors differ. What a second provider could use is in `connector`. Connectors classify errors and never retry;
//! retry, pacing and `Retry-After` live in `http`.

mod allowance;
pub mod bamboohr;
mod description;
mod error;
pub mod factorial;
pub mod hibob;
pub mod humaans;
mod identity;
mod kind;
mod login;
pub mod lucca;
pub mod merge;
pub mod payfit;
pub mod personio;
mod site;
pub mod staffology;

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;

pub use allowance::{Allowance, UsedUp};
pub use description::{Availability, Cost, Description, FormField, Method, Way};
pub use error::{Class, Error};
pub use identity::Identity;
pub use kind::Kind;
pub use login::{Authorization, Exchange, Login, Renewal};
pub use site::{Address, Site, SiteForm};

use crate::{
    allowance::SharedLimit,
    connection::Credential,
    employee::Category,
    roster::{Company, Reading},
};

/// One connection's view of an HR system.
#[async_trait]
pub trait Source: Send + Sync {
    /// Asks the provider whose data the credential opens (R01).
    ///
    /// # Errors
    /// [`Error`] with its class: `Unauthorized` means that the admin must connect again.
    async fn identify(&self) -> Result<Identity, Error>;

    /// Returns the companies that the credential opens: several where one login sees several, else the one.
    ///
    /// # Errors
    /// [`Error`] with its class, as from [`Source::identify`].
    async fn list_companies(&self) -> Result<Identity<Vec<Company>>, Error> {
        Ok(self.identify().await?.map(|company| vec![company]))
    }

    /// Walks all people into [`Reading::roster`], from [`Reading::from`] on: announces totals, notes hidden attributes, calls
    /// [`Reading::pause`] behind every complete page and ends its read where that says so, and calls [`Builder::end_walk`] only
    /// with the provider's own proof of the end.
    ///
    /// # Errors
    /// The error that broke the walk off. What was pushed before stays in the roster. Class `Expired`: the provider does not
    /// know the place any more from which the read was to go on.
    ///
    /// [`Builder::end_walk`]: crate::roster::Builder::end_walk
    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error>;

    /// How many calls were sent so far, tries included.
    fn calls(&self) -> u64;
}

/// An HR system that Rollcall can speak with.
pub trait Provider: Send + Sync {
    /// Returns which HR system this is.
    fn kind(&self) -> Kind;

    /// Returns what the provider can do, and how it is connected.
    fn description(&self) -> Description;

    /// Returns how a customer chooses its part of the address; `None` where all customers have one address.
    fn site(&self) -> Option<Site>;

    /// Returns which limit binds all processes that ask the provider, where one does.
    fn shared_limit(&self) -> Option<SharedLimit>;

    /// Opens the provider for one connection.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where the address or the kind of credential cannot work.
    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error>;

    /// Returns how the provider's credentials are obtained in the browser, renewed and given back; `None` where they are
    /// kept as they were sent, and a refusal means that a person has to connect again.
    fn login(&self) -> Option<&dyn Login>;
}

/// What a source is opened with.
#[derive(Clone)]
pub struct Opening<'a> {
    /// Where the provider is reached.
    pub at: Address<'a>,
    /// What it logs in with.
    pub access: Arc<dyn Access>,
    /// What its requests are taken from, where the provider has a [`Provider::shared_limit`].
    pub allowance: Option<Arc<dyn Allowance>>,
    /// The forbidden categories that an admin allowed with a reason: what belongs to any other is not even decoded
    /// (R34).
    pub allowed: &'a BTreeSet<Category>,
    /// The company that was chosen, where one login sees several.
    pub company: Option<&'a Company>,
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
