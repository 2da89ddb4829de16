//! What is exchanged for tokens and is the tenant's own: a client, or a name with a password. And the second host that some HR systems have.

use jiff::SignedDuration;

use super::{Adapter, Dialect, Endpoint};
use crate::{
    connection::Credential,
    connector::grant::{self, Grant},
    http::{BaseUrl, BaseUrls, Method, Request},
    source::{Address, Error},
};

impl<D: Dialect> Adapter<D> {
    /// Returns the address of the second host: the one that the operator allows in place of the first, or else the vendor's own (R41).
    pub(super) fn aside(&self, base: &BaseUrl, at: Address<'_>) -> Result<BaseUrl, Error> {
        let named = at.base_url.and_then(|named| self.settings.base_urls.find(named));
        match (named, D::ASIDE) {
            (Some(named), _) => Ok(named),
            (None, None) => Ok(base.clone()),
            (None, Some(host)) => {
                let at = Address { base_url: None, ..at };
                host.find(at, &BaseUrls::default())
            }
        }
    }

    /// Asks for a client's tokens. A client that may not have all scopes is refused as a whole, and asks for its own then.
    pub(super) async fn ask_as_client(
        &self,
        operation: &'static str,
        credential: &Credential,
        base: &BaseUrl,
        endpoint: &Endpoint,
        scopes: &str,
    ) -> Result<Credential, Error> {
        let own = grant::own_client(operation, credential)?;
        let ask = async |scope| self.ask(base, endpoint, own.client, Grant::Client { scope }).await;
        let usual = Some(scopes).filter(|scopes| !scopes.is_empty());
        let asked = match ask(own.scope.or(usual)).await {
            Err(error) if own.scope.is_none() && error.is_about_the_scope() => ask(None).await,
            asked => asked,
        };
        asked
            .map(|tokens| own.granted(tokens))
            .map_err(|error| error.at_client(operation))
    }

    /// Asks for the tokens of a name with a password: with the refresh token where there is one, and else, or where that is refused, with the
    /// password. Where the server breaks at the refresh token it is tried again later; once the access token has ended nothing else is
    /// left, and the password is tried at once.
    pub(super) async fn ask_as_account(
        &self,
        operation: &'static str,
        credential: &Credential,
        at: Address<'_>,
        path: &'static str,
        seconds: i64,
    ) -> Result<Credential, Error> {
        let own = grant::own_account(operation, credential)?;
        let base = self.base(at)?;
        let ask = async |grant| {
            let request = Request::new(Method::Get, &base, path, path);
            let session = self.http.open_session(D::KIND.as_str(), self.settings.pace);
            let life = SignedDuration::from_secs(seconds);
            grant::ask_by_header(&session, request, grant, life, self.http.now()).await
        };
        let has_ended = own.has_ended(self.http.now());
        let refreshed = match own.refresh {
            Some(refresh) => ask(refresh).await.map(Some),
            None => Ok(None),
        };
        let asked = match refreshed {
            Ok(Some(tokens)) => Ok(tokens),
            Ok(None) => ask(own.account).await,
            Err(error) if error.is_refusal() || has_ended && error.may_be_about_the_grant() => ask(own.account).await,
            Err(error) => Err(error),
        };
        asked
            .map(|tokens| own.granted(tokens))
            .map_err(|error| error.at_client(operation))
    }
}
