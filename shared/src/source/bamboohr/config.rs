//! What the operator settles once for all connections to BambooHR.

use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    connection::Identifier,
    connector::{Applications, secret},
    employee::Canonical as Is,
    http::{BaseUrls, Pace},
    source::{
        Availability::{self, NeedsPermission, Yes},
        Description, FormField, Site, SiteForm, Way,
    },
};

/// The customer's part of the address (vendor documentation, "API details").
pub(super) const SITE: Site = Site {
    label: "Domain",
    help: "What stands before .bamboohr.com in the browser's address.",
    form: SiteForm::Below(&[".bamboohr.com"]),
};

/// What a login asks for. `sensitive_employee:protected_info`, which opens birth dates, is left out: it opens social security
/// numbers too. An operator who needs birth dates names it in the application's `scope`.
const SCOPE: &str = "offline_access report field employee employee:name employee:job employee:contact \
employee:compensation employee:custom_fields employee:management sensitive_employee:address";

/// The application that tenants authorise, registered with BambooHR.
#[derive(Deserialize)]
pub(super) struct Application {
    /// Its id.
    pub(super) client_id: String,
    /// Its secret.
    #[serde(deserialize_with = "secret")]
    pub(super) client_secret: SecretString,
    /// What the application asks for, in the vendor's words. Without `offline_access` a login ends after an hour.
    #[serde(default = "usual_scope")]
    pub(super) scope: String,
}

fn usual_scope() -> String {
    SCOPE.to_owned()
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
    (Is::Group, Yes),
    (Is::Team, Yes),
    (Is::Department, Yes),
    (Is::JobTitle, Yes),
    (Is::Manager, Yes),
    (Is::StartDate, Yes),
    (Is::TerminationDate, NeedsPermission),
    (Is::EmploymentStatus, Yes),
    (Is::EmploymentType, NeedsPermission),
    (Is::PayRate, NeedsPermission),
    (Is::PayPeriod, NeedsPermission),
    (Is::PayCurrency, NeedsPermission),
    (Is::WorkCity, NeedsPermission),
    (Is::WorkLocation, Yes),
    (Is::TimeZone, NeedsPermission),
];

/// The form of a key.
const KEY: &[FormField] = &[FormField::key(
    "BambooHR: your own name at the lower left, API Keys; the key sees what you see.",
)];

/// What BambooHR can give, and how it is connected.
pub(super) fn describe() -> Description {
    Description {
        name: "BambooHR",
        ways: vec![Way::LOGIN, Way::key(KEY)],
        attributes: ATTRIBUTES.to_vec(),
        identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
        permissions: &[
            "report",
            "field",
            "employee",
            "employee:job",
            "employee:contact",
            "employee:compensation",
            "employee:custom_fields",
            "sensitive_employee:address",
        ],
    }
}

/// What the operator settles once.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The operator's own credentials. Without an application for `bamboohr` (`client_id`, `client_secret`, and `scope`, what a
    /// login asks for, where that is not the usual) only API keys work for longer than a token lives.
    pub applications: Applications,
    /// Which base URLs a connection may name in place of the vendor's.
    pub base_urls: BaseUrls,
    /// How fast BambooHR is asked. The vendor publishes no limit.
    pub pace: Pace,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        connector::find_site,
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
    fn a_login_asks_for_what_the_operator_says_or_for_the_usual() {
        let scope = |text| serde_json::from_str::<Application>(text).unwrap().scope;
        let usual = scope(r#"{"client_id":"a","client_secret":"b"}"#);
        assert!(usual.contains("offline_access") && !usual.contains("protected_info"));
        assert_eq!(
            scope(r#"{"client_id":"a","client_secret":"b","scope":"report"}"#),
            "report"
        );
    }
}
