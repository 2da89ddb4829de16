//! Where BambooHR is reached, what it can give, how it is connected, and how requests are signed.

use jiff::civil::Date;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{client::BambooHrSource, convert::ATTRIBUTES};
use crate::{
    connection::{Credential, Identifier},
    connector::{Caller, Dialect, Endpoint, Host, Tokens, Wishes, grant::Way as Show, offered},
    http::{Request, basic},
    source::{Description, FormField, Kind, Opening, Site, SiteForm, Source, Way},
};

/// The customer's part of the address (vendor documentation, "API details").
const SITE: Site = Site {
    label: "Domain",
    help: "What stands before .bamboohr.com in the browser's address.",
    form: SiteForm::Below(&[".bamboohr.com"]),
};

/// What a login asks for. `sensitive_employee:protected_info`, which opens birth dates, is left out: it opens social security
/// numbers too. An operator who needs birth dates names it in the application's `scope`.
const SCOPE: &str = "offline_access report field employee employee:name employee:job employee:contact \
employee:compensation employee:custom_fields employee:management sensitive_employee:address";

/// What the operator's application asks for.
#[derive(Deserialize)]
pub struct Scope {
    /// The scopes, in the vendor's words. Without `offline_access` a login ends after an hour.
    #[serde(default = "usual_scope")]
    scope: String,
}

fn usual_scope() -> String {
    SCOPE.to_owned()
}

impl Wishes for Scope {
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        vec![("scope", &self.scope)]
    }
}

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
        page: "/authorize.php",
        with: &[("request", "authorize")],
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
            permissions: &[
                "report",
                "field",
                "employee",
                "employee:name",
                "employee:management",
                "employee:job",
                "employee:contact",
                "employee:compensation",
                "employee:custom_fields",
                "sensitive_employee:address",
            ],
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

    fn open(caller: Caller, opening: Opening<'_>, today: Date) -> Box<dyn Source> {
        Box::new(BambooHrSource::new(caller, opening, today))
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
    fn a_login_asks_for_what_the_operator_says_or_for_the_usual() {
        let scope = |text| serde_json::from_str::<Scope>(text).unwrap().scope;
        let usual = scope(r#"{"client_id":"a","client_secret":"b"}"#);
        assert!(usual.contains("offline_access") && !usual.contains("protected_info"));
        assert_eq!(
            scope(r#"{"client_id":"a","client_secret":"b","scope":"report"}"#),
            "report"
        );
    }
}
