//! What Lucca can give, how it is connected, and what the operator settles once for all connections to it.

use jiff::SignedDuration;

use crate::{
    allowance::{Limit, Scope, SharedLimit},
    connection::Identifier,
    connector::find_base,
    employee::Canonical as Is,
    http::{BaseUrl, BaseUrls, Pace},
    source::{
        Availability::{self, NeedsPermission, Yes},
        Description, Error, FormField, Method, Site, SiteForm, Way,
    },
};

/// Where clients of all customers get their tokens.
const ACCOUNTS: &str = "https://accounts.world.luccasoftware.com";

/// The vendor's domain below which tokens are given.
const ACCOUNTS_DOMAINS: &[&str] = &["luccasoftware.com"];

/// How many requests Lucca takes: 50 a minute are a customer's, whichever program sends them. What exceeds them is refused with
/// the time to wait. Nothing is published for the older API, which is asked as if it were the newer one.
pub const LIMIT: SharedLimit = SharedLimit {
    limit: Limit {
        requests: 50,
        window: SignedDuration::from_mins(1),
    },
    scope: Scope::Site,
};

/// How fast Lucca is asked within its allowance.
pub const PACE: Pace = Pace {
    per_second: 5,
    burst: 10,
    in_flight: 3,
};

/// The customer's part of the address.
pub(super) const SITE: Site = Site {
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

/// What both APIs give.
const BY_BOTH: &[(Is, Availability)] = &[
    (Is::EmployeeId, Yes),
    (Is::EmployeeNumber, Yes),
    (Is::FirstName, Yes),
    (Is::LastName, Yes),
    (Is::WorkEmail, Yes),
    (Is::PersonalEmail, NeedsPermission),
    (Is::MobilePhone, NeedsPermission),
    (Is::BirthDate, NeedsPermission),
    (Is::Group, NeedsPermission),
    (Is::Department, NeedsPermission),
    (Is::JobTitle, NeedsPermission),
    (Is::Manager, NeedsPermission),
    (Is::StartDate, NeedsPermission),
    (Is::TerminationDate, NeedsPermission),
    (Is::WorkCity, NeedsPermission),
    (Is::WorkLocation, NeedsPermission),
    (Is::TimeZone, NeedsPermission),
];

/// What the older API alone gives, and so a key.
const BY_KEY: &[(Is, Availability)] = &[
    (Is::DisplayName, NeedsPermission),
    (Is::AddressLine1, NeedsPermission),
    (Is::PayRate, NeedsPermission),
    (Is::PayCurrency, NeedsPermission),
];

/// What the newer API alone gives, and so a client.
const BY_CLIENT: &[(Is, Availability)] = &[(Is::EmploymentStatus, NeedsPermission)];

/// The scopes that a client asks for: one for each list.
pub(super) const SCOPES: &str = "employees.readonly employments.readonly job-positions.readonly \
    employee-personal-records.readonly departments.readonly legal-entities.readonly business-establishments.readonly \
    employee-attributes.readonly";

/// One of Lucca's two APIs. The credential decides which of them is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    /// `/api/v3` and what stands beside it, for keys.
    Older,
    /// `/lucca-api`, for clients.
    Newer,
}

impl Api {
    /// Returns what it gives.
    pub(super) fn attributes(self) -> Vec<(Is, Availability)> {
        match self {
            Self::Older => [BY_BOTH, BY_KEY].concat(),
            Self::Newer => [BY_BOTH, BY_CLIENT].concat(),
        }
    }
}

/// The form of a key.
const KEY: &[FormField] = &[FormField::key(
    "Lucca: Administration, API keys; an administrator makes one. Its role has to see former and future employees.",
)];

/// What Lucca can give, and how it is connected.
pub(super) fn describe() -> Description {
    let client = Way {
        method: Method::ClientCredentials,
        fields: &[
            FormField {
                name: "client_id",
                label: "Client ID",
                help: "Lucca: Settings, Authentication, SSO and API, OAuth applications; an administrator makes one.",
                secret: false,
            },
            FormField {
                name: "client_secret",
                label: "Client secret",
                help: "Shown when the application is made.",
                secret: true,
            },
        ],
    };
    Description {
        name: "Lucca",
        ways: vec![Way::key(KEY), client],
        attributes: [BY_BOTH, BY_KEY, BY_CLIENT].concat(),
        identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
        permissions: &[
            "former employees",
            "future employees",
            "employees.readonly",
            "employments.readonly",
            "job-positions.readonly",
            "employee-personal-records.readonly",
            "departments.readonly",
            "legal-entities.readonly",
            "business-establishments.readonly",
            "employee-attributes.readonly",
        ],
    }
}

/// What the operator settles once.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which base URLs a connection may name beside the vendor's.
    pub base_urls: BaseUrls,
    /// How fast Lucca is asked.
    pub pace: Pace,
    /// What it allows a customer; `None` where as much is asked as the pace lets through, on a developer's own machine.
    pub limit: Option<SharedLimit>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            base_urls: BaseUrls::default(),
            pace: PACE,
            limit: Some(LIMIT),
        }
    }
}

impl Settings {
    /// Returns where a connection's client gets its tokens.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where that is not Lucca's.
    pub(super) fn accounts(&self, base_url: Option<&str>) -> Result<BaseUrl, Error> {
        find_base(base_url, ACCOUNTS, ACCOUNTS_DOMAINS, &self.base_urls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Class;

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
        let settings = Settings::default();
        assert_eq!(settings.accounts(None).unwrap().as_str(), ACCOUNTS);
        for bad in ["https://luccasoftware.com.evil.test", "http://127.0.0.1:1"] {
            let error = settings.accounts(Some(bad)).unwrap_err();
            assert_eq!(error.class, Class::Misconfigured, "{bad}");
        }
        let local = Settings {
            base_urls: BaseUrls::Any,
            ..Settings::default()
        };
        assert!(local.accounts(Some("http://127.0.0.1:1")).is_ok());
    }

    #[test]
    fn every_scope_that_is_asked_for_is_named_to_the_person_who_connects() {
        let permissions = describe().permissions;
        assert!(SCOPES.split(' ').all(|scope| permissions.contains(&scope)));
    }
}
