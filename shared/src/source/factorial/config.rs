//! What the operator settles once for all connections to Factorial.

use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    connection::Identifier,
    connector::{Applications, find_base, secret},
    employee::Canonical as Is,
    http::{BaseUrl, BaseUrls, Pace},
    source::{
        Availability::{self, Custom, NeedsPermission, Yes},
        Description, Error, FormField, Way,
    },
};

/// The address of Factorial's production (vendor documentation, "How does it work").
pub(super) const DEFAULT_BASE_URL: &str = "https://api.factorialhr.com";

/// The vendor's domains. Its documents name sandboxes below the last two.
pub(super) const DOMAINS: &[&str] = &["factorialhr.com", "factorial.dev", "factorialhr.dev"];

/// The application that tenants authorise, registered with Factorial.
#[derive(Deserialize)]
pub(super) struct Application {
    /// Its id.
    pub(super) client_id: String,
    /// Its secret.
    #[serde(deserialize_with = "secret")]
    pub(super) client_secret: SecretString,
    /// Whose tokens the application asks for.
    #[serde(default)]
    pub(super) tokens: Owner,
}

/// Whose tokens an application asks for (vendor documentation, "OAuth 2 company token").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Owner {
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

/// What Factorial can give, and how it is connected.
pub(super) fn describe() -> Description {
    Description {
        name: "Factorial",
        ways: vec![Way::LOGIN, Way::key(KEY)],
        attributes: ATTRIBUTES.to_vec(),
        identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
        permissions: &[
            "employees",
            "contracts",
            "teams",
            "locations",
            "company_legal_entities",
            "custom_fields",
        ],
    }
}

/// What the operator settles once.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The operator's own credentials. Without an application for `factorial` (`client_id`, `client_secret`, and `tokens`, whose
    /// they are: `company` or `user`) only API keys work for longer than a token lives.
    pub applications: Applications,
    /// Which base URLs a connection may name beside the vendor's.
    pub base_urls: BaseUrls,
    /// How fast Factorial is asked. The vendor publishes no limit for reading.
    pub pace: Pace,
}

impl Settings {
    /// Returns where a connection reaches Factorial.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where that is not Factorial's.
    pub(super) fn base_url(&self, base_url: Option<&str>) -> Result<BaseUrl, Error> {
        find_base(base_url, DEFAULT_BASE_URL, DOMAINS, &self.base_urls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Class;

    #[test]
    fn r41_only_the_vendors_hosts_are_asked_unless_the_operator_allows_any() {
        let settings = Settings::default();
        assert_eq!(settings.base_url(None).unwrap().as_str(), DEFAULT_BASE_URL);
        for good in ["https://api.demo.factorial.dev", "https://api.demo.factorialhr.dev"] {
            assert!(settings.base_url(Some(good)).is_ok(), "{good}");
        }
        for bad in [
            "https://factorialhr.com.evil.test",
            "http://api.factorialhr.com",
            "http://127.0.0.1:1",
        ] {
            let error = settings.base_url(Some(bad)).unwrap_err();
            assert_eq!(error.class, Class::Misconfigured, "{bad}");
            assert!(!error.to_string().contains("evil"));
        }
        let local = Settings {
            base_urls: BaseUrls::Any,
            ..Settings::default()
        };
        assert!(local.base_url(Some("http://127.0.0.1:1")).is_ok());
    }
}
