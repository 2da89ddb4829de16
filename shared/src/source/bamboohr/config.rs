//! Where BambooHR is reached, what it can give, how it is connected, and how requests are signed.

use secrecy::{ExposeSecret as _, SecretString};

use super::{client::BambooHrSource, convert::ATTRIBUTES};
use crate::{
    connection::{Credential, Identifier},
    connector::{Dialect, Endpoint, Host, Opened, Scope, Tokens, grant::Way as Show, offered},
    http::{Request, basic},
    source::{Cost, Description, FormField, Kind, Site, SiteForm, Source, Way},
};

/// The customer's part of the address (vendor documentation, "API details").
const SITE: Site = Site {
    label: "Domain",
    help: "What stands before .bamboohr.com in the browser's address.",
    form: SiteForm::Below(&[".bamboohr.com"]),
};

/// What a login asks for. Without the first one it ends after an hour. `sensitive_employee:protected_info`, which opens birth dates, is
/// left out: it opens social security numbers too. An operator who needs birth dates names it in the application's `scope`.
const SCOPES: &[&str] = &[
    "offline_access",
    "report",
    "field",
    "employee",
    "employee:name",
    "employee:job",
    "employee:contact",
    "employee:compensation",
    "employee:custom_fields",
    "employee:management",
    "sensitive_employee:address",
];

/// The form of a key.
const KEY: &[FormField] = &[FormField::key(
    "BambooHR: your own name at the lower left, API Keys; the key sees what you see.",
)];

/// What is particular to BambooHR.
#[derive(Clone, Debug)]
pub struct BambooHrDialect;

impl Dialect for BambooHrDialect {
    const KIND: Kind = Kind::BambooHr;
    const HOST: Host = Host::Chosen(SITE);
    /// Vendor documentation, "Authentication".
    const TOKENS: Tokens = Tokens::Browser {
        host: None,
        page: "/authorize.php",
        with: &[("request", "authorize")],
        scopes: SCOPES,
        endpoint: Endpoint {
            path: "/token.php",
            query: &[("request", "token")],
            way: Show::Body,
        },
    };
    type Wishes = Scope;

    fn description() -> Description {
        Description {
            name: "BambooHR",
            ways: vec![Way::LOGIN, Way::key(KEY)],
            attributes: offered(ATTRIBUTES),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: SCOPES.iter().skip(1).copied().collect(),
            // The fields, the number of people, the report, places of work, and whether who begins later is there by now.
            cost: Cost::new(|_| 5, None),
        }
    }

    /// A key is the name of Basic, with any password; a login's token is a bearer's.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::ApiKey { key } => {
                let any = SecretString::from("x");
                Some(request.header("authorization", basic(key.expose_secret(), &any)))
            }
            Credential::Tokens(tokens) => Some(request.bearer(&tokens.access_token)),
            Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(BambooHrSource::new(opened))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        connector::find_site,
        http::BaseUrls,
        source::{Address, Class},
    };

    #[test]
    fn r41_only_a_name_below_the_vendors_domain_is_asked() {
        let find = |name| {
            let at = Address {
                base_url: None,
                site: Some(name),
            };
            find_site(at, &SITE, &BaseUrls::default())
        };
        for good in ["acme", "Acme.bamboohr.com"] {
            assert_eq!(find(good).unwrap().as_str(), "https://acme.bamboohr.com");
        }
        for bad in [
            "",
            "acme.bamboohr.com.evil.test",
            "evil.test/.bamboohr.com",
            "a.b",
            "acme_1",
        ] {
            let error = find(bad).unwrap_err();
            assert_eq!(
                (error.class, error.member),
                (Class::Misconfigured, Some("site")),
                "{bad}"
            );
            assert!(!error.to_string().contains("evil"));
        }
    }

    #[test]
    fn a_login_asks_for_nothing_that_opens_social_security_numbers_and_may_be_renewed() {
        assert!(SCOPES.contains(&"offline_access"));
        assert!(!SCOPES.iter().any(|scope| scope.contains("protected_info")));
    }
}
