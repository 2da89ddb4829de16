//! Where Lucca is reached, what it can give, how it is connected, and how requests are signed.

use secrecy::ExposeSecret as _;

use super::convert::{Newer, Older};
use crate::{
    allowance::{Scope, SharedLimit},
    connection::{Credential, Identifier},
    connector::{Dialect, Endpoint, Host, Layout as _, Opened, Tokens, grant::Way as Show, offered_by_either},
    http::{Pace, Request},
    source::{Cost, Description, FormField, Kind, Site, SiteForm, Source, Way},
};

/// The version of the newer API, which every request names.
const API_VERSION: &str = "2024-11-01";

/// Where clients of all customers get their tokens.
const ACCOUNTS: Host = Host::Usual {
    address: "https://accounts.world.luccasoftware.com",
    domains: &["luccasoftware.com"],
};

/// How many requests Lucca takes: 50 a minute are a customer's, whichever program sends them. What exceeds them is refused with
/// the time to wait. Nothing is published for the older API, which is asked as if it were the newer one.
pub const LIMIT: SharedLimit = SharedLimit::per_minute(50, Scope::Site);

/// How fast Lucca is asked within its allowance.
pub const PACE: Pace = Pace {
    per_second: 5,
    burst: 10,
    in_flight: 3,
};

/// The customer's part of the address.
const SITE: Site = Site {
    label: "Domain",
    help: "What stands in the browser's address when you use Lucca, such as `name.ilucca.net`.",
    form: SiteForm::Below(&[
        ".ilucca.net",
        ".ilucca.ch",
        ".ilucca-test.net",
        ".ilucca-test.ch",
        ".ilucca-demo.net",
        ".sandbox.eu1.luccasoftware.com",
        ".sandbox.eu2.luccasoftware.com",
        ".sandbox.ch1.luccasoftware.com",
    ]),
};

/// The scopes that a client asks for: one for each list. The vendor's description has another one for values of custom fields than its
/// pages; a client that may not have both is refused as a whole, and asks for its own then.
const SCOPES: &[&str] = &[
    "employees.readonly",
    "employments.readonly",
    "job-positions.readonly",
    "employee-personal-records.readonly",
    "departments.readonly",
    "legal-entities.readonly",
    "business-establishments.readonly",
    "employee-attributes.readonly",
    "employee-extensions.readonly",
];

/// The form of a key.
const KEY: &[FormField] = &[FormField::key(
    "Lucca: Administration, API keys; an administrator makes one. Its role has to see former and future employees.",
)];

/// The form of a client.
const CLIENT: &[FormField] =
    &FormField::client("Lucca: Settings, Authentication, SSO and API, OAuth applications; an administrator makes one.");

/// What is particular to Lucca.
#[derive(Clone, Debug)]
pub struct LuccaDialect;

impl Dialect for LuccaDialect {
    const KIND: Kind = Kind::Lucca;
    const HOST: Host = Host::Chosen(SITE);
    const TOKENS: Tokens = Tokens::Client {
        host: ACCOUNTS,
        endpoint: Endpoint {
            path: "/connect/token",
            query: &[],
            way: Show::Body,
        },
        scopes: SCOPES,
    };
    type Wishes = ();

    fn description() -> Description {
        Description {
            name: "Lucca",
            ways: vec![Way::key(KEY), Way::client(CLIENT)],
            attributes: offered_by_either(Older::GIVEN, Newer::GIVEN),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: [&["former employees", "future employees"], SCOPES].concat(),
            cost: Cost::new(|people| 4 + 2 * Cost::pages(people, 100), Some(LIMIT.limit.requests)),
        }
    }

    /// A key opens the older API, a client's token the newer one.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::ApiKey { key } => {
                let shown = format!("lucca application={}", key.expose_secret());
                Some(request.header("authorization", shown))
            }
            Credential::Granted { tokens, .. } => Some(
                request
                    .bearer(&tokens.access_token)
                    .header("api-version", API_VERSION.to_owned()),
            ),
            Credential::Basic { .. } | Credential::Client { .. } | Credential::Tokens(_) => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(super::client::LuccaSource::new(opened))
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
    fn r41_a_domain_is_the_customers_own_below_one_of_the_vendors() {
        for (text, host) in [
            ("acme", "acme.ilucca.net"),
            ("Acme.ilucca.ch", "acme.ilucca.ch"),
            ("acme.ilucca-test.net", "acme.ilucca-test.net"),
            ("acme.ilucca-demo.net", "acme.ilucca-demo.net"),
            (
                "acme-try.sandbox.eu2.luccasoftware.com",
                "acme-try.sandbox.eu2.luccasoftware.com",
            ),
        ] {
            assert_eq!(SITE.read(text).as_deref(), Ok(host), "{text}");
        }
        for text in [
            "accounts.world.luccasoftware.com",
            "acme.luccasoftware.com",
            "acme.ilucca.net.evil.test",
            "evil.test/.ilucca.net",
            "acme.ilucca.com",
        ] {
            assert_eq!(SITE.read(text), Err(SITE.expected()), "{text}");
        }
    }

    #[test]
    fn r41_tokens_are_asked_for_at_the_vendors_host_unless_the_operator_allows_another() {
        let find = |base_url, allowed: &BaseUrls| ACCOUNTS.find(Address { base_url, site: None }, allowed);
        let none = BaseUrls::default();
        assert_eq!(
            find(None, &none).unwrap().as_str(),
            "https://accounts.world.luccasoftware.com"
        );
        for bad in ["https://luccasoftware.com.evil.test", "http://127.0.0.1:1"] {
            assert_eq!(find(Some(bad), &none).unwrap_err().class, Class::Misconfigured, "{bad}");
        }
        assert!(find(Some("http://127.0.0.1:1"), &BaseUrls::Any).is_ok());
    }

    #[test]
    fn every_scope_that_is_asked_for_is_named_to_the_person_who_connects() {
        let permissions = LuccaDialect::description().permissions;
        assert!(SCOPES.iter().all(|scope| permissions.contains(scope)));
    }
}
