//! Lucca (lucca-hr.com): two APIs at once, and the credential decides which of them is read. Written from the vendor's pages, its
//! description of the newer API (version 2024-11-01) and clients in production, as read in November 2026.
//!
//! What both can give: names, e-mails, mobile telephone, birth date, employee number, department, job title, manager, first and last
//! day, employer (as group), place of work with its town and time zone, all custom fields.
//! * The older API (`/api/v3`, for keys) gives the name to show, the home address as one text, and basic pay with its currency, where
//!   the customer has the module for pay. It does not say for which period that is paid, nor any status: the days tell.
//! * The newer API (`/lucca-api`, for clients) gives the status. It has no home address but in custom fields, and no pay.
//! * Neither has a word for the kind of contract that a list names. Bank details, insurance numbers, nationality and gender are
//!   never asked for (R34).
//!
//! Quirks:
//! * Former and future people are left out unasked, and a role or a client may hide them without a word.
//! * The older API answers with what `fields` names and nothing else, and writes some members in another case than they are asked
//!   for; what is read here is the same in both. Its establishments are called legal entities.
//! * The newer API refers instead of nesting. The employment and the position that apply come embedded in a page of employees;
//!   names are looked up in lists of their own. A list whose scope the client lacks is a 403, and hides its attributes.
//! * A link to the next page is not followed: its token is sent to the connection's own address (R41).
//! * A client gets tokens of half an hour at one address for all customers, whatever its domain. Where the client may not have
//!   all scopes, it asks for those that it has. For sandboxes no other address is known.
//! * Nobody names the company; the people who are linked tell whose data it is (R01).
//! * A list of a module that the customer does not have is not there; its attributes count as hidden.
//!
//! Signs of the end: every list says how many rows it has, and that must have come. A list of the newer API ends besides with a page
//! without a link to the next one. A page that does not say both is not believed.
//!
//! Calls of one read, of U users in the older API: one for each started 200 users, for each of those pages one walk over pay, and
//! one walk each over establishments and custom fields, as far as what they give is wanted; users come with the fields that are.
//! Of E employees in the newer API: one for each started hundred, for
//! each of those pages one walk over personal records and one over the values of each fifty custom fields, and one walk each over
//! workplaces, departments, legal entities and custom fields, as far as they are wanted. A walk is one call per started hundred rows (custom fields of the
//! older API: 200), at least one. [`Source::identify`] is one call more. All programs of a customer share 50 calls a minute
//! ([`LIMIT`]).

mod client;
mod config;
mod convert;
mod wire;

use async_trait::async_trait;
use jiff::{Timestamp, tz::TimeZone};

pub use config::{LIMIT, PACE, Settings};

use self::{
    client::{LuccaSource, sign},
    config::{SCOPES, SITE, describe},
};
use super::{Address, Description, Error, Kind, Login, Opening, Provider, Renewal, Site, Source};
use crate::{
    allowance::SharedLimit,
    connection::Credential,
    connector::{
        Caller, find_site,
        grant::{self, Grant, Manner, Way},
    },
    http::{self, Method, Request},
};

/// Which HR system this is.
const KIND: Kind = Kind::Lucca;

/// Lucca as a provider.
#[derive(Clone, Debug)]
pub struct Lucca {
    http: http::Client,
    settings: Settings,
}

impl Lucca {
    /// The provider, on the process's one HTTP client.
    pub const fn new(http: http::Client, settings: Settings) -> Self {
        Self { http, settings }
    }
}

impl Provider for Lucca {
    fn kind(&self) -> Kind {
        KIND
    }

    fn description(&self) -> Description {
        describe()
    }

    fn site(&self) -> Option<Site> {
        Some(SITE)
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        self.settings.limit
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let session = self.http.open_session(KIND.as_str(), self.settings.pace);
        let session = session.within(opening.allowance);
        let base = find_site(opening.at, &SITE, &self.settings.base_urls)?;
        let caller = Caller::new(session, base, opening.access.clone(), sign);
        let today = TimeZone::UTC.to_datetime(self.http.now()).date().to_string();
        let allowed = opening.allowed.clone();
        Ok(Box::new(LuccaSource::new(caller, opening.access, allowed, today)))
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

#[async_trait]
impl Login for Lucca {
    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        grant::renewal_by_grant(credential, now)
    }

    /// Asks for tokens of half an hour. A client that may not have all scopes is refused as a whole, and asks for its own then.
    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        const OPERATION: &str = "ask for tokens";
        let own = grant::own_client(OPERATION, credential)?;
        let base = self.settings.accounts(at.base_url)?;
        let request = Request::new(Method::Post, &base, "/connect/token", "/connect/token");
        let session = self.http.open_session(KIND.as_str(), self.settings.pace);
        let manner = Manner::documented(Way::Body);
        let ask = async |scope| {
            let grant = Grant::Client { scope };
            grant::ask(&session, &request, own.client, &manner, grant, self.http.now()).await
        };
        let asked = match ask(own.scope.or(Some(SCOPES))).await {
            Err(error) if own.scope.is_none() && error.is_about_the_scope() => ask(None).await,
            asked => asked,
        };
        asked
            .map(|tokens| own.granted(tokens))
            .map_err(|error| error.at_client(OPERATION))
    }
}
