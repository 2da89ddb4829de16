//! A provider, made of what is particular to an HR system: where it is reached, how its credentials are renewed, how requests are
//! signed, and the source behind them.

mod account;

use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use secrecy::SecretString;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    application::{Applications, secret},
    caller::{Caller, find_base, find_site},
    grant::{self, Client, Grant, Manner, Way},
};
use crate::{
    allowance::SharedLimit,
    connection::{Credential, TokenSet},
    employee::Category,
    http::{self, BaseUrl, BaseUrls, Method, Pace, Request},
    source::{
        Access, Address, Authorization, Class, Description, Error, Exchange, Kind, Login, Opening, Provider, Renewal,
        Site, Source,
    },
};

/// What the operator settles once for all connections to an HR system.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The operator's own credentials. Where an HR system has a login in the browser, only what is pasted works without an
    /// application of its kind: `client_id`, `client_secret`, and its wishes.
    pub applications: Applications,
    /// Which base URLs a connection may name beside the vendor's, or in its place.
    pub base_urls: BaseUrls,
    /// How fast the HR system is asked.
    pub pace: Pace,
    /// What it allows all processes together; `None` where it publishes no such limit, or where as much is asked as the pace lets
    /// through, on a developer's own machine.
    pub limit: Option<SharedLimit>,
}

/// What is particular to an HR system. [`Adapter`] makes a provider of it.
pub trait Dialect: Send + Sync + 'static {
    /// Which HR system it is.
    const KIND: Kind;
    /// Where it is reached.
    const HOST: Host;
    /// A second host with data, where there is one. The credential is shown to it too.
    const ASIDE: Option<Host> = None;
    /// How tokens are come by.
    const TOKENS: Tokens;
    /// What the operator's application asks for beside what the RFC names; `()` where there is no such application.
    type Wishes: Wishes;

    /// Returns what it can give, and how it is connected.
    fn description() -> Description;

    /// Shows a credential in the vendor's way; returns `None` where the HR system takes none of this kind.
    fn sign(request: Request, credential: &Credential) -> Option<Request>;

    /// Returns the source of one connection.
    fn open(opened: Opened) -> Box<dyn Source>;
}

/// An HR system as it was opened for one connection, on a day.
pub struct Opened {
    /// The way to it.
    pub caller: Caller,
    /// The way to the HR system's second host, or the same one where it has none.
    pub aside: Caller,
    /// Where people sign in, where there is such an address for this connection.
    pub front: Option<BaseUrl>,
    /// The connection's credential.
    pub access: Arc<dyn Access>,
    /// Custom fields of these forbidden categories may be read.
    pub allowed: BTreeSet<Category>,
    /// The day, by UTC.
    pub today: Date,
}

/// Where an HR system is reached.
#[derive(Clone, Copy, Debug)]
pub enum Host {
    /// All customers have one address. A connection may name another one below the vendor's own domains.
    Usual {
        /// The address.
        address: &'static str,
        /// The domains.
        domains: &'static [&'static str],
    },
    /// Each customer has an address of its own.
    Chosen(Site),
}

/// How tokens are come by.
#[derive(Clone, Copy, Debug)]
pub enum Tokens {
    /// A person signs in in the browser, and tokens are refreshed (RFC 6749, sections 4.1 and 6).
    Browser {
        /// The host of both, where it is not the HR system's own.
        host: Option<Host>,
        /// Where the browser is sent.
        page: &'static str,
        /// What the browser is sent there with, beside what the RFC names.
        with: &'static [(&'static str, &'static str)],
        /// The scopes that an application asks for where its operator names none; none where the HR system has none.
        scopes: &'static [&'static str],
        /// Where tokens are given.
        endpoint: Endpoint,
    },
    /// A client of the tenant's own asks for them (RFC 6749, section 4.4).
    Client {
        /// The host where tokens are given.
        host: Host,
        /// Where tokens are given there.
        endpoint: Endpoint,
        /// The scopes that a client asks for where none was chosen for it; none where it gets all that it may have.
        scopes: &'static [&'static str],
    },
    /// A name with a password gets them by GET, with the grant type in a header; they are refreshed in the same way, and with the password
    /// again where the refresh token has ended.
    Account {
        /// Where tokens are given, at the HR system's own host.
        path: &'static str,
        /// For how many seconds a token is good, as the vendor says: the answer does not.
        seconds: i64,
    },
    /// There are none: a credential is kept as it was sent.
    None,
}

/// A token endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// Its path.
    pub path: &'static str,
    /// Its query.
    pub query: &'static [(&'static str, &'static str)],
    /// Where a client shows who it is.
    pub way: Way,
}

/// What the operator's application asks a person for: members of its secret beside the client.
pub trait Wishes: DeserializeOwned + Send + Sync {
    /// Returns what the browser is sent with, where these are the usual scopes.
    fn pairs(&self, usual: &[&str]) -> Vec<(&'static str, String)>;
}

impl Wishes for () {
    fn pairs(&self, _: &[&str]) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The scopes that the operator's application asks for.
#[derive(Deserialize)]
pub struct Scope {
    /// In the vendor's words, with spaces between them; the usual ones where nothing is said.
    #[serde(default)]
    scope: Option<String>,
}

impl Wishes for Scope {
    fn pairs(&self, usual: &[&str]) -> Vec<(&'static str, String)> {
        let scope = self.scope.clone().unwrap_or_else(|| usual.join(" "));
        vec![("scope", scope)]
    }
}

/// The application that tenants authorise, registered with the vendor.
#[derive(Deserialize)]
struct Application<W> {
    client_id: String,
    #[serde(deserialize_with = "secret")]
    client_secret: SecretString,
    #[serde(flatten)]
    wishes: W,
}

/// An HR system as a provider.
#[derive(Clone, Debug)]
pub struct Adapter<D> {
    http: http::Client,
    settings: Settings,
    dialect: PhantomData<D>,
}

impl Host {
    /// Returns the address of a connection (R41).
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where that is not the HR system's.
    pub fn find(&self, at: Address<'_>, allowed: &BaseUrls) -> Result<BaseUrl, Error> {
        match self {
            Self::Usual { address, domains } => find_base(at.base_url, address, domains, allowed),
            Self::Chosen(site) => find_site(at, site, allowed),
        }
    }
}

impl<D: Dialect> Adapter<D> {
    /// The provider, on the process's one HTTP client.
    pub const fn new(http: http::Client, settings: Settings) -> Self {
        Self {
            http,
            settings,
            dialect: PhantomData,
        }
    }

    fn base(&self, at: Address<'_>) -> Result<BaseUrl, Error> {
        D::HOST.find(at, &self.settings.base_urls)
    }

    /// Returns where people sign in.
    fn front(&self, host: Option<Host>, at: Address<'_>) -> Result<BaseUrl, Error> {
        match host {
            None => self.base(at),
            Some(host) => host.find(at, &self.settings.base_urls),
        }
    }

    async fn application(&self, operation: &'static str) -> Result<Application<D::Wishes>, Error> {
        self.settings.applications.require(operation, D::KIND.as_str()).await
    }

    /// Asks an endpoint for tokens: a form with the client in it.
    async fn ask(
        &self,
        base: &BaseUrl,
        endpoint: &Endpoint,
        client: Client<'_>,
        grant: Grant<'_>,
    ) -> Result<TokenSet, grant::Error> {
        let request =
            Request::new(Method::Post, base, endpoint.path, endpoint.path).query(endpoint.query.iter().copied());
        let session = self.http.open_session(D::KIND.as_str(), self.settings.pace);
        let manner = Manner::documented(endpoint.way);
        grant::ask(&session, &request, client, &manner, grant, self.http.now()).await
    }

    /// Asks for a person's tokens with the operator's application.
    async fn ask_as_application(
        &self,
        operation: &'static str,
        base: &BaseUrl,
        endpoint: &Endpoint,
        grant: Grant<'_>,
    ) -> Result<Credential, Error> {
        let application = self.application(operation).await?;
        let client = Client {
            id: &application.client_id,
            secret: &application.client_secret,
        };
        let asked = self.ask(base, endpoint, client, grant).await;
        asked
            .map(Credential::Tokens)
            .map_err(|error| error.at_source(operation))
    }
}

impl<D: Dialect> Provider for Adapter<D> {
    fn kind(&self) -> Kind {
        D::KIND
    }

    fn description(&self) -> Description {
        D::description()
    }

    fn site(&self) -> Option<Site> {
        match D::HOST {
            Host::Usual { .. } => None,
            Host::Chosen(site) => Some(site),
        }
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        self.settings.limit
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let session = self.http.open_session(D::KIND.as_str(), self.settings.pace);
        let session = session.within(opening.allowance.clone());
        let base = self.base(opening.at)?;
        let aside = self.aside(&base, opening.at)?;
        let caller = Caller::new(session, base, opening.access.clone(), D::sign);
        let front = match D::TOKENS {
            Tokens::Browser { host, .. } => self.front(host, opening.at).ok(),
            Tokens::Client { .. } | Tokens::Account { .. } | Tokens::None => None,
        };
        Ok(D::open(Opened {
            aside: caller.at(aside),
            caller,
            front,
            access: opening.access,
            allowed: opening.allowed.clone(),
            today: self.http.now().to_zoned(TimeZone::UTC).date(),
        }))
    }

    fn login(&self) -> Option<&dyn Login> {
        match D::TOKENS {
            Tokens::Browser { .. } | Tokens::Client { .. } | Tokens::Account { .. } => Some(self),
            Tokens::None => None,
        }
    }
}

#[async_trait]
impl<D: Dialect> Login for Adapter<D> {
    async fn is_registered(&self) -> Result<bool, Error> {
        if !matches!(D::TOKENS, Tokens::Browser { .. }) {
            return Ok(false);
        }
        let applications = &self.settings.applications;
        let application: Option<Application<D::Wishes>> = applications.find(D::KIND.as_str()).await?;
        Ok(application.is_some())
    }

    async fn authorize_url(&self, at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        const OPERATION: &str = "begin a login";
        let Tokens::Browser {
            host,
            page,
            with,
            scopes,
            ..
        } = D::TOKENS
        else {
            return Err(no_browser(OPERATION));
        };
        let application = self.application(OPERATION).await?;
        let wishes = application.wishes.pairs(scopes);
        let wishes = wishes.iter().map(|(name, value)| (*name, value.as_str()));
        let more: Vec<(&str, &str)> = with.iter().copied().chain(wishes).collect();
        let id = &application.client_id;
        Ok(grant::authorization(&self.front(host, at)?, page, id, request, &more))
    }

    /// No vendor so far describes a proof key (RFC 7636).
    async fn exchange(&self, at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        const OPERATION: &str = "exchange a code";
        let Tokens::Browser { host, endpoint, .. } = D::TOKENS else {
            return Err(no_browser(OPERATION));
        };
        let base = self.front(host, at)?;
        grant::check_issuer(OPERATION, &base, exchange.issuer)?;
        self.ask_as_application(OPERATION, &base, &endpoint, Grant::code(exchange))
            .await
    }

    fn renewal(&self, credential: &Credential, now: Timestamp) -> Renewal {
        match D::TOKENS {
            Tokens::Browser { .. } => grant::renewal_by_refresh(credential, now),
            Tokens::Client { .. } | Tokens::Account { .. } => grant::renewal_by_grant(credential, now),
            Tokens::None => Renewal::Never,
        }
    }

    /// A refresh may bring a new refresh token; without one the old one stays.
    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        match D::TOKENS {
            Tokens::Browser { host, endpoint, .. } => {
                const OPERATION: &str = "refresh tokens";
                let token = grant::refresh_token(OPERATION, credential)?;
                let base = self.front(host, at)?;
                self.ask_as_application(OPERATION, &base, &endpoint, Grant::Refresh(token))
                    .await
            }
            Tokens::Client { host, endpoint, scopes } => {
                const OPERATION: &str = "ask for tokens";
                let base = host.find(at, &self.settings.base_urls)?;
                self.ask_as_client(OPERATION, credential, &base, &endpoint, &scopes.join(" "))
                    .await
            }
            Tokens::Account { path, seconds } => {
                self.ask_as_account("ask for tokens", credential, at, path, seconds)
                    .await
            }
            Tokens::None => {
                let detail = "a credential of this HR system is not renewed; connect again";
                Err(Error::new(Class::Unauthorized, "renew", detail))
            }
        }
    }
}

fn no_browser(operation: &'static str) -> Error {
    let detail = "this HR system has no login in the browser";
    Error::new(Class::Misconfigured, operation, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_asks_for_what_the_operator_says_or_for_the_usual() {
        let scope = |text| {
            let application: Application<Scope> = serde_json::from_str(text).unwrap();
            application.wishes.pairs(&["report", "field"])
        };
        let usual = scope(r#"{"client_id":"a","client_secret":"b"}"#);
        assert_eq!(usual, [("scope", "report field".to_owned())]);
        let named = scope(r#"{"client_id":"a","client_secret":"b","scope":"report"}"#);
        assert_eq!(named, [("scope", "report".to_owned())]);
    }
}
