//! Where Humaans is reached, what it can give, how it is connected, and how requests are signed.

use super::{
    client::HumaansSource,
    convert::{Everybody, SCOPES},
};
use crate::{
    connection::{Credential, Identifier},
    connector::{Dialect, Host, Layout as _, Opened, Tokens, offered},
    http::Request,
    source::{Cost, Description, FormField, Kind, Source, Way},
};

/// The form of a token.
const TOKEN: &[FormField] = &[FormField {
    name: "key",
    label: "Access token",
    help: "Humaans: Settings, API access tokens; an administrator makes one, with every scope that ends in `:read`.",
    secret: true,
}];

/// What is particular to Humaans.
#[derive(Clone, Debug)]
pub struct HumaansDialect;

impl Dialect for HumaansDialect {
    const KIND: Kind = Kind::Humaans;
    const HOST: Host = Host::Usual {
        address: "https://app.humaans.io",
        domains: &["app.humaans.io"],
    };
    /// Partners have a login in the browser, whose addresses are not published.
    const TOKENS: Tokens = Tokens::None;
    type Wishes = ();

    fn description() -> Description {
        Description {
            name: "Humaans",
            ways: vec![Way::key(TOKEN)],
            attributes: offered(Everybody::GIVEN),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: SCOPES.to_vec(),
            // People, their job roles and their compensations; kinds of compensation, locations and companies.
            cost: Cost::new(|people| 1 + 3 + 3 * Cost::pages(people, 250), None),
        }
    }

    /// A token is a bearer's, and is kept as a key: it is pasted, and does not end.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::ApiKey { key } => Some(request.bearer(key)),
            Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Granted { .. }
            | Credential::Tokens(_) => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(HumaansSource::new(opened))
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
    fn r41_the_vendors_one_host_is_asked_unless_the_operator_allows_another() {
        let find = |base_url, allowed: &BaseUrls| {
            let at = Address { base_url, site: None };
            HumaansDialect::HOST.find(at, allowed)
        };
        let none = BaseUrls::default();
        assert_eq!(find(None, &none).unwrap().as_str(), "https://app.humaans.io");
        for bad in [
            "https://humaans.io",
            "https://app.humaans.io.evil.test",
            "http://app.humaans.io",
        ] {
            assert_eq!(find(Some(bad), &none).unwrap_err().class, Class::Misconfigured, "{bad}");
        }
    }
}
