//! Where HiBob is reached, what it can give, how it is connected, and how requests are signed.

use super::{client::HiBobSource, convert::GIVEN};
use crate::{
    connection::{Credential, Identifier},
    connector::{Dialect, Endpoint, Host, Opened, Scope, Tokens, grant::Way as Show, offered},
    http::{Request, basic},
    source::{Cost, Description, FormField, Kind, Method, Source, Way},
};

/// What a login asks for. `employee_data.sensitive:read` opens pay, and more than is read.
const SCOPES: &[&str] = &[
    "employee_data:read",
    "employee_data.sensitive:read",
    "company.metadata:read",
];

/// What a service user's permission group needs, in the words of HiBob's own page.
const RIGHTS: &[&str] = &[
    "Basic info",
    "About",
    "Work",
    "Employment",
    "Personal",
    "Home",
    "Address",
    "Payroll",
    "Lifecycle",
    "all lifecycle statuses",
];

/// The form of a service user.
const SERVICE_USER: &[FormField] = &[
    FormField {
        name: "user",
        label: "Service user ID",
        help: "HiBob: Settings, Integrations, Automation, Service users; it needs a permission group of its own, which sees all lifecycle statuses.",
        secret: false,
    },
    FormField {
        name: "password",
        label: "Token",
        help: "Shown when the service user is made.",
        secret: true,
    },
];

/// What is particular to HiBob.
#[derive(Clone, Debug)]
pub struct HiBobDialect;

impl Dialect for HiBobDialect {
    const KIND: Kind = Kind::HiBob;
    const HOST: Host = Host::Usual {
        address: "https://api.hibob.com",
        domains: &["api.hibob.com", "api.sandbox.hibob.com"],
    };
    /// Vendor documentation, "OAuth 2.0"; the addresses are those that open connectors use.
    const TOKENS: Tokens = Tokens::Browser {
        host: Some(Host::Usual {
            address: "https://auth.app.hibob.com",
            domains: &["auth.app.hibob.com"],
        }),
        page: "/oauth2/v1/apps/authorize",
        with: &[],
        scopes: SCOPES,
        endpoint: Endpoint {
            path: "/oauth2/v1/apps/token",
            query: &[],
            way: Show::Basic,
        },
    };
    type Wishes = Scope;

    fn description() -> Description {
        Description {
            name: "HiBob",
            ways: vec![
                Way {
                    method: Method::Basic,
                    fields: SERVICE_USER,
                },
                Way::LOGIN,
            ],
            attributes: offered(GIVEN),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: [RIGHTS, SCOPES].concat(),
            // The ids, and the people.
            cost: Cost::new(|_| 3, Some(50)),
        }
    }

    /// A service user shows id and token, a login's token is a bearer's.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::Basic { user, password } => Some(request.header("authorization", basic(user, password))),
            Credential::Tokens(tokens) => Some(request.bearer(&tokens.access_token)),
            Credential::ApiKey { .. } | Credential::Client { .. } | Credential::Granted { .. } => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(HiBobSource::new(opened))
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
    fn r41_the_vendors_two_hosts_are_asked_and_no_other() {
        let find = |base_url| HiBobDialect::HOST.find(Address { base_url, site: None }, &BaseUrls::default());
        assert_eq!(find(None).unwrap().as_str(), "https://api.hibob.com");
        assert!(find(Some("https://api.sandbox.hibob.com")).is_ok());
        for bad in [
            "https://app.hibob.com",
            "https://api.hibob.com.evil.test",
            "http://api.hibob.com",
        ] {
            assert_eq!(find(Some(bad)).unwrap_err().class, Class::Misconfigured, "{bad}");
        }
    }
}
