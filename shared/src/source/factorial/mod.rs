//! Factorial HR (factorialhr.com), API 2026-10-01. Written from the vendor's documentation and its official Python
//! client as read in November 2026.
//!
//! What it can give: names, e-mails, telephone, home address, birth date, employee number, manager, status, last day
//! (`employees`); job title, first day, pay, full or part time (`reference_contracts`); team (`memberships`); place of
//! work with its town and time zone (`locations`); currency (`legal_entities`); all custom fields (`custom_fields`).
//! It has no department and no neutral word for the kind of contract. Bank details are never read (R34).
//!
//! Quirks:
//! * Ids are text since 2026-07-01 and were numbers before; both are taken as opaque text.
//! * A user's token answers `null` for what its user may not see; keys and company tokens see everything.
//! * `email` is the address at work and falls back to the log-in address.
//! * `terminated_on` may lie ahead; `active` is false only once it is past. A fixed-term contract's `ends_on` is no
//!   leaving date.
//! * `salary_currency` came with 2026-10-01; where it is missing the legal entity's currency counts.
//! * There is a team list but no team on a person; memberships may be inherited from a team above.
//!
//! Calls of one read, for P pages of people: P, and for each of them one walk over contracts, memberships and (where
//! any custom field may be read) custom values; and one walk each over teams, locations, legal entities and custom
//! fields. A walk is one call per started hundred rows, at least one. [`Source::identify`] is one call more.

mod client;
mod config;
mod convert;
mod error;
mod wire;

use async_trait::async_trait;

pub use config::{Application, ClientSecret, Owner, Settings};
pub use convert::{Converter, PageTexts, Reach, ReferenceTexts, References};

use self::{
    client::{Client, FactorialSource},
    config::describe,
};
use super::{Authorization, Class, Description, Error, Exchange, Opening, Provider, Source};
use crate::{
    connection::{Credential, ProviderId},
    http,
};

/// The slug that names it everywhere.
pub const ID: &str = "factorial";

/// Factorial as a provider.
#[derive(Clone, Debug)]
pub struct Factorial {
    id: ProviderId,
    http: http::Client,
    settings: Settings,
}

impl Factorial {
    /// The provider, on the process's one HTTP client.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured`, which cannot happen while the slug is a valid one.
    pub fn new(http: http::Client, settings: Settings) -> Result<Self, Error> {
        let id = ProviderId::parse(ID).map_err(|error| {
            Error::new(
                Class::Misconfigured,
                "open factorial",
                "the provider's slug is not valid",
            )
            .because(error)
        })?;
        Ok(Self { id, http, settings })
    }
}

impl Factorial {
    fn application(&self, operation: &'static str) -> Result<&Application, Error> {
        let missing = || Error::new(Class::Misconfigured, operation, "no application is registered");
        self.settings.application.as_ref().ok_or_else(missing)
    }
}

#[async_trait]
impl Provider for Factorial {
    fn id(&self) -> ProviderId {
        self.id.clone()
    }

    fn description(&self) -> Description {
        describe(self.settings.application.is_some())
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let client = Client {
            session: self.http.open_session(ID, self.settings.pace),
            base: self.settings.base_url(opening.base_url)?,
            access: opening.access,
        };
        Ok(Box::new(FactorialSource::new(client, opening.allowed.clone())))
    }

    fn authorize_url(&self, base_url: Option<&str>, request: &Authorization<'_>) -> Result<Option<String>, Error> {
        let application = self.application("begin a login")?;
        let base = self.settings.base_url(base_url)?;
        let mut pairs = vec![
            ("client_id", application.client_id.as_str()),
            ("redirect_uri", request.redirect_uri),
            ("response_type", "code"),
            ("state", request.state),
        ];
        if application.owner == Owner::Company {
            pairs.push(("resource_owner_type", "company"));
        }
        Ok(Some(base.with_query("/oauth/authorize", pairs)))
    }

    async fn exchange(&self, base_url: Option<&str>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        let application = self.application("exchange a code")?;
        let session = self.http.open_session(ID, self.settings.pace);
        let base = self.settings.base_url(base_url)?;
        let secret = application.client_secret.reveal().await?;
        let tokens = client::exchange(&session, &base, application, &secret, exchange, self.http.now()).await?;
        Ok(Credential::Tokens(tokens))
    }

    /// The vendor documents no revocation.
    async fn revoke(&self, _base_url: Option<&str>, _credential: &Credential) -> Result<(), Error> {
        Ok(())
    }

    async fn refresh(&self, base_url: Option<&str>, credential: &Credential) -> Result<Credential, Error> {
        let cannot = |class, detail: &str| Error::new(class, "refresh tokens", detail);
        let Credential::Tokens(tokens) = credential else {
            return Err(cannot(Class::Unauthorized, "an API key is not refreshed"));
        };
        let Some(refresh_token) = &tokens.refresh_token else {
            return Err(cannot(Class::Unauthorized, "there is no refresh token"));
        };
        let application = self.application("refresh tokens")?;
        let session = self.http.open_session(ID, self.settings.pace);
        let base = self.settings.base_url(base_url)?;
        let now = self.http.now();
        let secret = application.client_secret.reveal().await?;
        let tokens = client::refresh(&session, &base, application, &secret, refresh_token, now).await?;
        Ok(Credential::Tokens(tokens))
    }
}
