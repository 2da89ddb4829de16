//! BambooHR (bamboohr.com), version 1 of its API. Written from the vendor's OpenAPI description of April 2026 and its pages on
//! authentication, field names and changes, from answers recorded on a real trial account in May and June 2026, and from
//! what open connectors do, as read in November 2026. It has not run against the real BambooHR.
//!
//! What it can give: all that a custom report has of a person (names, e-mails, mobile telephone, home address, birth
//! date, employee number, manager, first and last day, status, kind of employment, job title, department, division as the
//! group, team, pay, place of work, time zone) and custom fields whose alias begins with `custom`, 370 of them at most; the
//! town of the place of work comes with a login only. Bank details are not in the API.
//!
//! Quirks:
//! * A report has no pages: everybody comes in one answer, which is read as it arrives and cannot be gone on with later. A
//!   function has to read it within its time. Datasets have pages, under other names of fields; they are asked for the number
//!   of people only.
//! * Reports name countries, and write pay with its currency: `65000.00 USD`, or ` USD` where there is none.
//! * What nobody may see is left out of all rows, and so is a field that the company does not have. Whether a single empty
//!   value may mean a missing right is not said, so what is empty for everybody is hidden.
//! * `status` stays `Active` until the last day is over, also before the first day. An active person whose last day lies before
//!   their first was hired again, and has none.
//! * Job, department, place, manager and pay have a history, and a person whose first day lies ahead has none yet.
//!   They are asked for once more, with what lies ahead; if that is not shown, those attributes are unseen.
//! * The kind of employment of a person who left is `Terminated`, which says nothing of it: unseen.
//! * Of several teams the first counts. A team whose name has a comma cannot be told from two.
//! * `supervisorId` is the manager's employee number; `supervisorEId` is their id.
//! * No answer names the company by an id: its people tell whose data it is, and the domain is a customer's own (R01).
//!
//! The end of a report is known by two signs: the body is as long as HTTP said, and the document is closed around its rows.
//! Beside them the number of people is asked for, and has to agree; where it may not be read, the two signs stand alone.
//!
//! Calls of one read: one each for the fields, the number of people and the report; with a login one more for each
//! started 500 places of work, at least one; and one where a person begins today or later. [`Source::identify`] reads the fields,
//! which a read does not ask for again.

mod client;
mod config;
mod convert;
mod wire;

use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};

pub use config::Settings;

use self::{
    client::{BambooHrSource, sign},
    config::{Application, SITE, describe},
};
use super::{
    Address, Authorization, Description, Error, Exchange, Kind, Login, Opening, Provider, Renewal, Site, Source,
};
use crate::{
    allowance::SharedLimit,
    connection::Credential,
    connector::{
        Caller, find_site,
        grant::{self, Client, Grant, Manner, Way},
    },
    http::{self, BaseUrl, Method, Request},
};

/// Which HR system this is.
const KIND: Kind = Kind::BambooHr;

/// BambooHR as a provider.
#[derive(Clone, Debug)]
pub struct BambooHr {
    http: http::Client,
    settings: Settings,
}

impl BambooHr {
    /// The provider, on the process's one HTTP client.
    pub const fn new(http: http::Client, settings: Settings) -> Self {
        Self { http, settings }
    }

    fn base(&self, at: Address<'_>) -> Result<BaseUrl, Error> {
        find_site(at, &SITE, &self.settings.base_urls)
    }

    /// Asks for tokens (vendor documentation, "Authentication"): a form with the client in it, at the company's own host.
    async fn ask(&self, operation: &'static str, at: Address<'_>, grant: Grant<'_>) -> Result<Credential, Error> {
        let applications = &self.settings.applications;
        let application: Application = applications.require(operation, KIND.as_str()).await?;
        let request =
            Request::new(Method::Post, &self.base(at)?, "/token.php", "/token.php").query([("request", "token")]);
        let client = Client {
            id: &application.client_id,
            secret: &application.client_secret,
        };
        let session = self.http.open_session(KIND.as_str(), self.settings.pace);
        let way = Manner::documented(Way::Body);
        match grant::ask(&session, &request, client, &way, grant, self.http.now()).await {
            Ok(tokens) => Ok(Credential::Tokens(tokens)),
            Err(error) => Err(error.at_source(operation)),
        }
    }
}

impl Provider for BambooHr {
    fn kind(&self) -> Kind {
        KIND
    }

    fn description(&self) -> Description {
        describe()
    }

    fn site(&self) -> Option<Site> {
        Some(SITE)
    }

    /// The vendor publishes no number for reading.
    fn shared_limit(&self) -> Option<SharedLimit> {
        None
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let session = self.http.open_session(KIND.as_str(), self.settings.pace);
        let access = opening.access.clone();
        let caller = Caller::new(session, self.base(opening.at)?, opening.access, sign);
        let today = self.http.now().to_zoned(TimeZone::UTC).date();
        Ok(Box::new(BambooHrSource::new(
            caller,
            access,
            opening.allowed.clone(),
            today,
        )))
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

#[async_trait]
impl Login for BambooHr {
    async fn is_registered(&self) -> Result<bool, Error> {
        let application: Option<Application> = self.settings.applications.find(KIND.as_str()).await?;
        Ok(application.is_some())
    }

    async fn authorize_url(&self, at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        let applications = &self.settings.applications;
        let application: Application = applications.require("begin a login", KIND.as_str()).await?;
        let more = [("request", "authorize"), ("scope", application.scope.as_str())];
        let id = &application.client_id;
        Ok(grant::authorization(
            &self.base(at)?,
            "/authorize.php",
            id,
            request,
            &more,
        ))
    }

    /// The vendor describes no proof key (RFC 7636).
    async fn exchange(&self, at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        const OPERATION: &str = "exchange a code";
        grant::check_issuer(OPERATION, &self.base(at)?, exchange.issuer)?;
        self.ask(OPERATION, at, Grant::code(exchange)).await
    }

    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        grant::renewal_by_refresh(credential, now)
    }

    /// A refresh brings a new refresh token at times; without one the old one stays.
    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        const OPERATION: &str = "refresh tokens";
        let token = grant::refresh_token(OPERATION, credential)?;
        self.ask(OPERATION, at, Grant::Refresh(token)).await
    }
}
