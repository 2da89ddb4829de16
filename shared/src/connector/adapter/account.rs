//! HR systems that a name with a password opens, which is exchanged for tokens; and those that have a second host with data.

use jiff::SignedDuration;

use super::{Adapter, Dialect};
use crate::{
    connection::Credential,
    connector::grant,
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

    /// Asks for the tokens of a name with a password: with the refresh token where there is one, and else, or where that is refused, with the
    /// password.
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
        let refreshed = match own.refresh {
            Some(refresh) => ask(refresh).await.map(Some),
            None => Ok(None),
        };
        let asked = match refreshed {
            Ok(Some(tokens)) => Ok(tokens),
            Ok(None) => ask(own.account).await,
            Err(error) if error.is_refusal() => ask(own.account).await,
            Err(error) => Err(error),
        };
        asked
            .map(|tokens| own.granted(tokens))
            .map_err(|error| error.at_client(operation))
    }
}
