//! HR systems behind a vendor that keeps the access to them: the operator's key opens all its customers' data there, and beside it the
//! token of one customer says whose is asked for. [`Linked`] is a provider of this kind, made of a [`Dialect`] and its [`Linking`], which is data.
//!
//! The key stands in the secret `applications` (`key`, further ones under `keys` by region), and is put beside the token in memory. Where a
//! request is refused, the key is shown alone: a refusal then is the operator's to mend, and ends no customer's connection.
//!
//! A customer is linked in the browser on a page of the operator's own (`page`) that opens the vendor's part. It is opened with
//! `link_token`, `redirect_uri` and `state`, and sends the browser on to `redirect_uri` with `state`, and what the vendor's part ended with
//! as `code`. Without a page, or an `email` under which the vendor knows who is linked, there is no login.

use std::{collections::BTreeMap, marker::PhantomData, sync::Arc};

use async_trait::async_trait;
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{
    adapter::{Adapter, Dialect, Settings},
    answer::{data_of, malformed, no_answer, not_json, refusal},
    application::secret,
    caller::List as _,
    related::Parameters,
    resource::Resource,
    value::Nested,
    walk::Place,
};
use crate::{
    allowance::SharedLimit,
    connection::{Credential, TokenSet},
    http::{self, BaseUrl, BaseUrls, Method, Request},
    source::{
        Access, Address, Authorization, Class, Description, Error, Exchange, Kind, Login, Opening, Provider, Renewal,
        Site, Source,
    },
};

/// How customers are linked at a vendor.
#[derive(Clone, Copy, Debug)]
pub struct Linking {
    /// What the key alone opens, to see whether it is good: what that is called, and its path.
    pub own: (&'static str, &'static str),
    /// What it is asked for with.
    pub least: Parameters,
    /// Where a token for the vendor's part of the page is asked for.
    pub link: (&'static str, &'static str),
    /// What it is asked for with: the address of the operator, and whom it is about.
    pub asked: fn(email: &str, request: &Authorization<'_>) -> Value,
    /// Where it stands in the answer.
    pub link_token: &'static str,
    /// Where the customer's token is given for what the vendor's part ended with, which stands in the path.
    pub exchange: Resource,
    /// Where the customer's token stands in the answer.
    pub token: &'static str,
}

/// A vendor where customers are linked.
pub trait Links: Dialect + Clone {
    /// How.
    const LINKING: Linking;
}

/// A provider whose customers are linked at its vendor.
#[derive(Clone, Debug)]
pub struct Linked<D> {
    front: Front<D>,
    adapter: Adapter<D>,
}

/// What the operator has at the vendor.
#[derive(Deserialize)]
struct Operator {
    /// The key.
    #[serde(deserialize_with = "secret")]
    key: SecretString,
    /// Keys of further regions.
    #[serde(default)]
    keys: BTreeMap<String, Hidden>,
    /// The page that opens the vendor's part.
    page: Option<String>,
    /// The address under which the vendor knows who is linked: the operator's, because nobody asks admins for theirs.
    email: Option<String>,
}

/// A key that nothing may show.
#[derive(Deserialize)]
struct Hidden(#[serde(deserialize_with = "secret")] SecretString);

/// What is sent with the key alone.
#[derive(Clone, Debug)]
struct Front<D> {
    http: http::Client,
    settings: Settings,
    dialect: PhantomData<D>,
}

impl Operator {
    /// Returns the key of a region.
    fn key_for(&self, site: Option<&str>) -> &SecretString {
        let own = site.and_then(|site| self.keys.get(site));
        own.map_or(&self.key, |Hidden(key)| key)
    }
}

impl<D: Links> Front<D> {
    async fn operator(&self, operation: &'static str) -> Result<Operator, Error> {
        let applications = &self.settings.applications;
        applications.require(operation, D::KIND.as_str()).await
    }

    /// The operator's key goes there, which opens all customers: an address that the operator lists for other purposes may be a
    /// tenant's own, and is none for it (R41).
    fn base(&self, at: Address<'_>) -> Result<BaseUrl, Error> {
        match &self.settings.base_urls {
            any @ BaseUrls::Any => D::HOST.find(at, any),
            BaseUrls::Listed(_) => D::HOST.find(at, &BaseUrls::default()),
        }
    }

    async fn send(&self, operation: &'static str, request: &Request) -> Result<String, Error> {
        let session = self.http.open_session(D::KIND.as_str(), self.settings.pace);
        let response = session
            .send(request)
            .await
            .map_err(|error| no_answer(operation, error))?;
        if !response.is_success() {
            return Err(refusal(operation, response.status()));
        }
        data_of(operation, response)
    }
}

/// Returns a text of an answer. A success may hold errors, and is none then.
fn said(operation: &'static str, text: &str, member: &str) -> Result<String, Error> {
    let answer: Nested<'_> = serde_json::from_str(text).map_err(|error| not_json(operation, &error))?;
    if answer.member("errors").list().is_some_and(|errors| !errors.is_empty()) {
        return Err(malformed(operation, "a success with errors in it"));
    }
    let said = answer.text(member).into_value().filter(|text| !text.is_empty());
    let said = said.ok_or_else(|| malformed(operation, format!("{member} is missing")))?;
    Ok(said.into_owned())
}

/// A refusal of the key. It is the operator's, and says nothing of a customer's credential.
fn refused_key(error: Error) -> Error {
    if error.class != Class::Unauthorized {
        return error;
    }
    let detail = "the operator's key is not accepted: it has ended, or is of another region";
    Error::new(Class::Misconfigured, error.operation, detail)
}

impl<D: Links> Linked<D> {
    /// The provider, on the process's one HTTP client.
    pub fn new(http: http::Client, settings: Settings) -> Self {
        Self {
            adapter: Adapter::new(http.clone(), settings.clone()),
            front: Front {
                http,
                settings,
                dialect: PhantomData,
            },
        }
    }
}

impl<D: Links> Provider for Linked<D> {
    fn kind(&self) -> Kind {
        self.adapter.kind()
    }

    fn description(&self) -> Description {
        self.adapter.description()
    }

    fn site(&self) -> Option<Site> {
        self.adapter.site()
    }

    fn shared_limit(&self) -> Option<SharedLimit> {
        self.adapter.shared_limit()
    }

    fn open(&self, opening: Opening<'_>) -> Result<Box<dyn Source>, Error> {
        let both = Both {
            front: self.front.clone(),
            base: self.front.base(opening.at)?,
            site: opening.at.site.map(str::to_owned),
            own: Arc::clone(&opening.access),
        };
        self.adapter.open(Opening {
            access: Arc::new(both),
            ..opening
        })
    }

    fn login(&self) -> Option<&dyn Login> {
        Some(self)
    }
}

/// A customer's token with the operator's key.
struct Both<D> {
    front: Front<D>,
    base: BaseUrl,
    site: Option<String>,
    own: Arc<dyn Access>,
}

impl<D: Links> Both<D> {
    async fn key(&self) -> Result<SecretString, Error> {
        let operator = self.front.operator("log in").await?;
        Ok(operator.key_for(self.site.as_deref()).clone())
    }

    async fn with_key(&self, own: Credential) -> Result<Credential, Error> {
        let access_token = match own {
            Credential::ApiKey { key } => key,
            Credential::Tokens(tokens) => tokens.access_token,
            Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => {
                let detail = "only the token of a linked customer opens anything; connect again";
                return Err(Error::new(Class::Unauthorized, "log in", detail));
            }
        };
        Ok(Credential::Granted {
            by: Box::new(Credential::ApiKey { key: self.key().await? }),
            tokens: lasting(access_token, Timestamp::UNIX_EPOCH),
        })
    }
}

#[async_trait]
impl<D: Links> Access for Both<D> {
    async fn credential(&self) -> Result<Credential, Error> {
        self.with_key(self.own.credential().await?).await
    }

    /// One of the two was refused. A request that shows the key alone tells which: the key is every customer's, and its end must not end the
    /// customers' connections.
    async fn renew(&self, _: &Credential) -> Result<Credential, Error> {
        let Linking { own, least, .. } = D::LINKING;
        let (operation, path) = own;
        let request = Request::new(Method::Get, &self.base, path, path).query(least.iter().copied());
        let probe = self.front.send(operation, &request.bearer(&self.key().await?)).await;
        probe.map_err(refused_key)?;
        let own = self.own.credential().await?;
        self.with_key(self.own.renew(&own).await?).await
    }
}

/// A token that does not end.
const fn lasting(access_token: SecretString, obtained_at: Timestamp) -> TokenSet {
    TokenSet {
        access_token,
        refresh_token: None,
        expires_at: None,
        obtained_at,
        scope: None,
    }
}

#[async_trait]
impl<D: Links> Login for Linked<D> {
    async fn is_registered(&self) -> Result<bool, Error> {
        let operator: Option<Operator> = self.front.settings.applications.find(D::KIND.as_str()).await?;
        Ok(operator.is_some_and(|operator| operator.page.is_some() && operator.email.is_some()))
    }

    async fn authorize_url(&self, at: Address<'_>, request: &Authorization<'_>) -> Result<String, Error> {
        let linking = D::LINKING;
        let (operation, path) = linking.link;
        let operator = self.front.operator(operation).await?;
        let missing = || {
            Error::new(
                Class::Misconfigured,
                operation,
                "the operator has no page to link customers on",
            )
        };
        let (page, email) = operator
            .page
            .as_ref()
            .zip(operator.email.as_ref())
            .ok_or_else(missing)?;
        let wrong =
            |error| Error::new(Class::Misconfigured, operation, "the operator's page has no address").because(error);
        let mut page = Url::parse(page).map_err(wrong)?;
        let base = self.front.base(at)?;
        if request.state.is_empty() {
            return Ok(page.into());
        }
        let wanted = (linking.asked)(email, request);
        let asked = Request::new(Method::Post, &base, path, path).bearer(operator.key_for(at.site));
        let unwritten = |_| Error::new(Class::Misconfigured, operation, "the request cannot be written");
        let asked = asked.json(&wanted).map_err(unwritten)?;
        let text = self.front.send(operation, &asked).await.map_err(refused_key)?;
        let token = said(operation, &text, linking.link_token)?;
        let pairs = [
            ("link_token", token.as_str()),
            ("redirect_uri", request.redirect_uri),
            ("state", request.state),
        ];
        page.query_pairs_mut().extend_pairs(pairs);
        Ok(page.into())
    }

    /// A code that is not good, or not any more, is a path that there is not.
    async fn exchange(&self, at: Address<'_>, exchange: &Exchange<'_>) -> Result<Credential, Error> {
        let linking = D::LINKING;
        let operation = linking.exchange.operation;
        let operator = self.front.operator(operation).await?;
        let rows = linking.exchange.of_person(exchange.code.to_owned());
        let request = Request::new(
            Method::Get,
            &self.front.base(at)?,
            &rows.path(&Place::Start),
            linking.exchange.path,
        );
        let answer = self
            .front
            .send(operation, &request.bearer(operator.key_for(at.site)))
            .await;
        let text = answer.map_err(|error| match error.class {
            Class::Misconfigured | Class::Malformed => Error {
                class: Class::Unauthorized,
                ..error
            },
            Class::Expired | Class::Forbidden | Class::Temporary | Class::Unauthorized => refused_key(error),
        })?;
        let token = said(operation, &text, linking.token)?;
        Ok(Credential::Tokens(lasting(token.into(), self.front.http.now())))
    }

    /// A token does not end.
    fn renewal(&self, _: &Credential, _: Timestamp) -> Renewal {
        Renewal::Never
    }

    async fn renew(&self, at: Address<'_>, credential: &Credential) -> Result<Credential, Error> {
        self.adapter.renew(at, credential).await
    }
}
