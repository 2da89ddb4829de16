//! Where Factorial is reached, what it can give, how it is connected, and how requests are signed.

use serde::Deserialize;

use super::client::FactorialSource;
use crate::{
    connection::{Credential, Identifier},
    connector::{Dialect, Endpoint, Host, Opened, Tokens, Wishes, grant::Way as Show},
    employee::Canonical as Is,
    http::Request,
    source::{
        Availability::{self, Custom, NeedsPermission, Yes},
        Cost, Description, FormField, Kind, Source, Way,
    },
};

/// What the operator's application asks for.
#[derive(Deserialize)]
pub struct Wish {
    /// Whose tokens.
    #[serde(default)]
    tokens: Owner,
}

impl Wishes for Wish {
    fn pairs(&self, _: &[&str]) -> Vec<(&'static str, String)> {
        match self.tokens {
            Owner::Company => vec![("resource_owner_type", "company".to_owned())],
            Owner::User => Vec::new(),
        }
    }
}

/// Whose tokens an application asks for (vendor documentation, "OAuth 2 company token").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Owner {
    /// The company's: they see everything and do not end. Factorial's staff set up such applications.
    #[default]
    Company,
    /// The user's who signs in: they see what the user sees, and end after a week without a refresh.
    User,
}

/// What can be had of each attribute.
pub(super) const ATTRIBUTES: &[(Is, Availability)] = &[
    (Is::EmployeeId, Yes),
    (Is::EmployeeNumber, Yes),
    (Is::FirstName, Yes),
    (Is::LastName, Yes),
    (Is::KnownAs, Yes),
    (Is::DisplayName, Yes),
    (Is::WorkEmail, Yes),
    (Is::PersonalEmail, NeedsPermission),
    (Is::MobilePhone, NeedsPermission),
    (Is::AddressLine1, NeedsPermission),
    (Is::AddressLine2, NeedsPermission),
    (Is::ZipCode, NeedsPermission),
    (Is::City, NeedsPermission),
    (Is::Country, NeedsPermission),
    (Is::BirthDate, NeedsPermission),
    (Is::Team, Yes),
    (Is::Department, Custom),
    (Is::JobTitle, NeedsPermission),
    (Is::Manager, Yes),
    (Is::StartDate, NeedsPermission),
    (Is::TerminationDate, Yes),
    (Is::EmploymentStatus, Yes),
    (Is::EmploymentType, NeedsPermission),
    (Is::PayRate, NeedsPermission),
    (Is::PayPeriod, NeedsPermission),
    (Is::PayCurrency, NeedsPermission),
    (Is::WorkCity, Yes),
    (Is::WorkLocation, Yes),
    (Is::TimeZone, Yes),
];

/// The form of a key.
const KEY: &[FormField] = &[FormField::key(
    "Factorial: Settings, API keys; an administrator makes one.",
)];

/// What is particular to Factorial.
#[derive(Clone, Debug)]
pub struct FactorialDialect;

impl Dialect for FactorialDialect {
    const KIND: Kind = Kind::Factorial;
    /// Vendor documentation, "How does it work"; its documents name sandboxes below the last two domains.
    const HOST: Host = Host::Usual {
        address: "https://api.factorialhr.com",
        domains: &["factorialhr.com", "factorial.dev", "factorialhr.dev"],
    };
    /// Vendor documentation, "Request an access token".
    const TOKENS: Tokens = Tokens::Browser {
        host: None,
        page: "/oauth/authorize",
        with: &[],
        scopes: &[],
        endpoint: Endpoint {
            path: "/oauth/token",
            query: &[],
            way: Show::Body,
        },
    };
    type Wishes = Wish;

    fn description() -> Description {
        Description {
            name: "Factorial",
            ways: vec![Way::LOGIN, Way::key(KEY)],
            attributes: ATTRIBUTES.to_vec(),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: vec![
                "employees",
                "contracts",
                "teams",
                "locations",
                "company_legal_entities",
                "custom_fields",
            ],
            // Of each hundred people the people, their contracts and their memberships; teams, locations and legal entities.
            cost: Cost::new(|people| 1 + 3 + 3 * Cost::pages(people, 100), None),
        }
    }

    /// A key and a login open the API.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::ApiKey { key } => Some(request.header("x-api-key", key.clone())),
            Credential::Tokens(tokens) => Some(request.bearer(&tokens.access_token)),
            Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(FactorialSource::new(opened))
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
    fn r41_only_the_vendors_hosts_are_asked_unless_the_operator_allows_any() {
        let find = |base_url, allowed: &BaseUrls| {
            let at = Address { base_url, site: None };
            FactorialDialect::HOST.find(at, allowed)
        };
        let none = BaseUrls::default();
        assert_eq!(find(None, &none).unwrap().as_str(), "https://api.factorialhr.com");
        for good in ["https://api.demo.factorial.dev", "https://api.demo.factorialhr.dev"] {
            assert!(find(Some(good), &none).is_ok(), "{good}");
        }
        for bad in [
            "https://factorialhr.com.evil.test",
            "http://api.factorialhr.com",
            "http://127.0.0.1:1",
        ] {
            let error = find(Some(bad), &none).unwrap_err();
            assert_eq!(error.class, Class::Misconfigured, "{bad}");
            assert!(!error.to_string().contains("evil"));
        }
        assert!(find(Some("http://127.0.0.1:1"), &BaseUrls::Any).is_ok());
    }
}
