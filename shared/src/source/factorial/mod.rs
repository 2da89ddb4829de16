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
//! Calls of one read, for P pages of people: P, and for each of them one walk over contracts (where job, pay, kind of employment
//! or first day are wanted), over memberships (where the team is) and over custom values (where any custom field is that may
//! be read); and one walk each over teams (where the team is wanted), locations (where town, name or time zone of the workplace is),
//! legal entities (where the currency is) and custom fields (where any is). A walk is one call per started hundred rows, at
//! least one. [`Source::identify`] is one call more.

mod client;
mod config;
mod convert;
mod wire;

use async_trait::async_trait;
use jiff::Timestamp;

pub use config::Settings;
pub use convert::{Converter, PageTexts, ReferenceTexts, References};

use self::{
    client::{FactorialSource, sign},
    config::{Application, Owner, describe},
};
use super::{
    Address, Authorization, Description, Error, Exchange, Kind, Login, Opening, Provider, Renewal, Site, Source,
};
pub use crate::connector::{Applications, Reach};
use crate::{
    allowance::SharedLimit,
    connection::Credential,
    connector::{
        Caller,
        grant::{self, Client, Grant, Manner, Way},
    },
    http::{self, Method, Request},
};

/// Which HR system this is.
const KIND: Kind = Kind::Factorial;

/// Factorial as a provider.
#[derive(Clone, Debug)]
pub struct Factorial {
    http: http::Client,
    settings: Settings,
}

impl Factorial {
    /// The provider, on the process's one HTTP client.
    pub const fn new(http: http::Client, settings: Settings) -> Self {
        Self { http, settings }
    }

    async fn application(&self, operation: &'static str) -> Result<Application, Error> {
        self.settings.applications.require(operation, KIND.as_str()).await
    }

    /// Asks for tokens (vendor documentation, "Request an access token"): a form with the client in it.
    async fn ask(&self, operation: &'static str, at: Address<'_>, grant: Grant<'_>) -> Result<Credential, Error> {
        let application = self.application(operation).await?;
        let base = self.settings.base_url(at.base_url)?;
        let client = Client {
            id: &application.client_id,
            secret: &application.client_secret,
        };
        let request = Request::new(Method::Post, &base, "/oauth/token", "/oauth/token");
        let session = self.http.open_session(KIND.as_str(), self.settings.pace);
        let manner = Manner::documented(Way::Body);
        let tokens = grant::ask(&session, &request, client, &manner, grant, self.http.now()).await;
        tokens
            .map(Credential::Tokens)
            .map_err(|error| error.at_source(operation))
    }
}

impl Provider for Factorial {
    fn kind(&self) -> Kind {
        KIND
    }

    fn description(&self) -> Description {
        describe()
    }

    fn site(&self) -> Option<Site> {
        None
    }

    /// The vendor publishes no number for reading.
    fn shared_limit(&self) -> Option<SharedLimit> {
        None
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let session = self.http.open_session(KIND.as_str(), self.settings.pace);
        let base = self.settings.base_url(opening.at.base_url)?;
        let caller = Caller::new(session, base, opening.access, sign);
        Ok(Box::new(FactorialSource::new(caller, opening.allowed.clone())))
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

#[async_trait]
impl Login for Factorial {
    async fn is_registered(&self) -> Result<bool, Error> {
        let application: Option<Application> = self.settings.applications.find(KIND.as_str()).await?;
        Ok(application.is_some())
    }

    async fn authorize_url(&self, at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        let application = self.application("begin a login").await?;
        let base = self.settings.base_url(at.base_url)?;
        let more: &[_] = match application.tokens {
            Owner::Company => &[("resource_owner_type", "company")],
            Owner::User => &[],
        };
        let id = &application.client_id;
        Ok(grant::authorization(&base, "/oauth/authorize", id, request, more))
    }

    /// The vendor knows no proof key (RFC 7636).
    async fn exchange(&self, at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        const OPERATION: &str = "exchange a code";
        grant::check_issuer(OPERATION, &self.settings.base_url(at.base_url)?, exchange.issuer)?;
        self.ask(OPERATION, at, Grant::code(exchange)).await
    }

    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        grant::renewal_by_refresh(credential, now)
    }

    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        const OPERATION: &str = "refresh tokens";
        let refresh_token = grant::refresh_token(OPERATION, credential)?;
        self.ask(OPERATION, at, Grant::Refresh(refresh_token)).await
    }
}
