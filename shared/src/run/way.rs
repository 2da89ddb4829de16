//! Which ways of connecting a provider has, and where it is reached: a way that a caller asks for and the provider has not is
//! refused by name, before anything is sent.

use super::ConnectError;
use crate::source::{Address, Method, Provider};

/// What a caller asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// To sign in in the browser.
    Login,
    /// To connect with a credential that the caller sent.
    Credential,
}

/// Checks that a provider is connected in this way.
pub(super) fn check_way(provider: &dyn Provider, method: Method, asked: Attempt) -> Result<(), ConnectError> {
    if provider.description().offers(method) {
        Ok(())
    } else {
        Err(no_way(provider, asked))
    }
}

/// Returns the refusal of a way that a provider has not.
pub(super) fn no_way(provider: &dyn Provider, asked: Attempt) -> ConnectError {
    let description = provider.description();
    ConnectError::NoWay {
        asked,
        name: description.name,
        ways: description.ways.iter().map(|way| way.method).collect(),
    }
}

/// Returns a site as the provider keeps it (R41). Where all customers have one address, no site may be given; where each
/// customer has an own address, the site has to be given, unless `base_url` names the whole address.
pub(super) fn read_site(provider: &dyn Provider, at: Address<'_>) -> Result<Option<String>, ConnectError> {
    let refused = |expected: String| ConnectError::Site { expected };
    match (provider.site(), at.site) {
        (Some(site), Some(text)) => site.read(text).map(Some).map_err(refused),
        (Some(site), None) if at.base_url.is_none() => Err(refused(site.expected())),
        (Some(_) | None, None) => Ok(None),
        (None, Some(_)) => {
            let name = provider.description().name;
            Err(refused(format!("left out: {name} has one address for all customers")))
        }
    }
}
