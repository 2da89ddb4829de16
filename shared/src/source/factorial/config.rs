//! What the operator settles once for all connections to Factorial.

use std::{fmt, sync::Arc};

use secrecy::SecretString;

use crate::{
    connection::Identifier,
    employee::Canonical,
    http::{BaseUrl, BaseUrls, HostRule, InvalidAddress, Pace},
    secret::SecretStore,
    source::{Availability, Class, Description, Error, FormField, Method, Way},
};

/// Where production answers (vendor documentation, "How does it work").
pub(super) const DEFAULT_BASE_URL: &str = "https://api.factorialhr.com";

/// The vendor's domains. Its documents name sandboxes below the last two.
pub(super) const DOMAINS: &[&str] = &["factorialhr.com", "factorial.dev", "factorialhr.dev"];

/// The application that tenants authorise, registered with Factorial.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: ClientSecret,
    /// Whose tokens it asks for.
    pub owner: Owner,
}

/// Where an application's secret is had from.
#[derive(Clone)]
pub enum ClientSecret {
    /// It is at hand.
    Given(SecretString),
    /// It is read where it is needed, so that a process can begin without it and a new one counts at once.
    Kept(Arc<dyn SecretStore>, &'static str),
}

impl ClientSecret {
    /// The secret.
    ///
    /// # Errors
    /// [`Error`] of class `Temporary` where the store of secrets does not answer, `Misconfigured` where it has none.
    pub(super) async fn reveal(&self) -> Result<SecretString, Error> {
        const OPERATION: &str = "read the application's secret";
        match self {
            Self::Given(secret) => Ok(secret.clone()),
            Self::Kept(store, name) => {
                let found = store.find_secret(name).await;
                let found = found.map_err(|error| {
                    Error::new(Class::Temporary, OPERATION, "secrets cannot be read").because(error)
                })?;
                found.ok_or_else(|| Error::new(Class::Misconfigured, OPERATION, "there is no such secret"))
            }
        }
    }
}

impl From<String> for ClientSecret {
    fn from(text: String) -> Self {
        Self::Given(text.into())
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ClientSecret(…)")
    }
}

/// Whose tokens an application asks for (vendor documentation, "OAuth 2 company token").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Owner {
    /// The company's: they see everything and do not end. Factorial's staff set up such applications.
    #[default]
    Company,
    /// The user's who signs in: they see what the user sees, and end after a week without a refresh.
    User,
}

/// What Factorial can give, and how it is connected; `oauth` where an application is registered.
pub(super) fn describe(oauth: bool) -> Description {
    use Availability::{NeedsPermission, Yes};
    use Canonical as Is;
    let login = Way {
        method: Method::OAuth,
        fields: &[],
    };
    let key = Way {
        method: Method::ApiKey,
        fields: &[FormField {
            name: "key",
            label: "API key",
            help: "Factorial: Settings, API keys; an administrator makes one.",
            secret: true,
        }],
    };
    Description {
        name: "Factorial",
        ways: oauth.then_some(login).into_iter().chain([key]).collect(),
        attributes: vec![
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
            (Is::Department, Availability::Custom),
            (Is::JobTitle, NeedsPermission),
            (Is::Manager, Yes),
            (Is::StartDate, NeedsPermission),
            (Is::TerminationDate, Yes),
            (Is::EmploymentStatus, Yes),
            (Is::EmploymentType, Availability::No),
            (Is::PayRate, NeedsPermission),
            (Is::PayPeriod, NeedsPermission),
            (Is::PayCurrency, NeedsPermission),
            (Is::WorkCity, Yes),
            (Is::WorkLocation, Yes),
            (Is::TimeZone, Yes),
        ],
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
    /// For connections that log in with tokens; without it only API keys work for longer than a token lives.
    pub application: Option<Application>,
    /// Which base URLs a connection may name beside the vendor's.
    pub base_urls: BaseUrls,
    /// How fast it is asked. The vendor publishes no limit for reading.
    pub pace: Pace,
}

impl Settings {
    /// Checks a connection's base URL, or takes the default.
    ///
    /// # Errors
    /// [`Error`] of class `Misconfigured` where the host is not Factorial's.
    pub(super) fn base_url(&self, base_url: Option<&str>) -> Result<BaseUrl, Error> {
        let text = base_url.unwrap_or(DEFAULT_BASE_URL);
        match self.base_urls.find(text) {
            Some(listed) => Ok(listed),
            None => BaseUrl::parse(text, HostRule::Below(DOMAINS)).map_err(refuse),
        }
    }
}

fn refuse(error: InvalidAddress) -> Error {
    Error::new(Class::Misconfigured, "open factorial", "the base URL cannot be used")
        .about("base_url")
        .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

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
