//! Where Personio is reached, what it can give, how it is connected, and how requests are signed.

use super::{client::PersonioSource, convert::People};
use crate::{
    connection::{Credential, Identifier},
    connector::{Dialect, Endpoint, Host, Layout as _, Opened, Tokens, grant::Way as Show, offered},
    http::{Pace, Request},
    source::{Cost, Description, FormField, Kind, Source, Way},
};

/// Where all customers are, also those who try it out.
const API: Host = Host::Usual {
    address: "https://api.personio.de",
    domains: &["api.personio.de"],
};

/// How fast Personio is asked: its answers say that it takes a hundred requests at once, and thirty a second from then on. No page of
/// the vendor's does.
pub const PACE: Pace = Pace {
    per_second: 25,
    burst: 50,
    in_flight: 8,
};

/// What a client has to be allowed.
const PERMISSIONS: &[&str] = &[
    "personio:persons:read",
    "personio:compensations:read",
    "personio:org-units:read",
    "employees:read",
];

/// The form of a client.
const CLIENT: &[FormField] = &FormField::client(
    "Personio: Settings, Integrations, API credentials; an administrator makes one, lets it read persons and employees, and ticks \
     the attributes that it may read.",
);

/// What is particular to Personio.
#[derive(Clone, Debug)]
pub struct PersonioDialect;

impl Dialect for PersonioDialect {
    const KIND: Kind = Kind::Personio;
    const HOST: Host = API;
    /// A client that names no scope gets all that it may have.
    const TOKENS: Tokens = Tokens::Client {
        host: API,
        endpoint: Endpoint {
            path: "/v2/auth/token",
            query: &[],
            way: Show::Body,
        },
        scopes: &[],
    };
    type Wishes = ();

    fn description() -> Description {
        Description {
            name: "Personio",
            ways: vec![Way::client(CLIENT)],
            attributes: offered(People::GIVEN),
            identifiers: &[Identifier::WorkEmail],
            permissions: PERMISSIONS.to_vec(),
            // People and compensations; the employments of each person; units, workplaces and legal entities; two of version 1.
            // Thirty a second, as its answers say.
            cost: Cost::new(|people| 1 + 2 + 3 + 2 * Cost::pages(people, 50) + people, Some(1_800)),
        }
    }

    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::Granted { tokens, .. } => Some(request.bearer(&tokens.access_token)),
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Tokens(_) => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(PersonioSource::new(opened))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        http::BaseUrls,
        source::{Address, Class},
    };

    #[test]
    fn r41_only_the_vendors_own_host_is_asked() {
        let find = |base_url| API.find(Address { base_url, site: None }, &BaseUrls::default());
        assert_eq!(find(None).unwrap().as_str(), "https://api.personio.de");
        for bad in [
            "https://api.personio.de.evil.test",
            "https://personio.de",
            "http://127.0.0.1:1",
        ] {
            assert_eq!(find(Some(bad)).unwrap_err().class, Class::Misconfigured, "{bad}");
        }
    }
}
