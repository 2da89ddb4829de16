//! Where PayFit is reached, what it can give, how it is connected, and how requests are signed.

use jiff::SignedDuration;
use secrecy::SecretString;

use super::{client::PayFitSource, convert::Everybody};
use crate::{
    allowance::{Limit, Scope as CountedBy, SharedLimit},
    connection::{Credential, Identifier},
    connector::{Dialect, Endpoint, Host, Layout as _, Opened, Scope, Tokens, grant::Way as Show, offered},
    employee::Canonical,
    http::{Pace, Request},
    source::{Cost, Description, FormField, Kind, Source, Way},
};

/// How many requests PayFit takes of one application. A newer copy of the vendor's page says 50 a second, an older one 20: the smaller number
/// is kept to, over ten seconds, so that few lots are taken out of the bucket. What exceeds it for a moment is refused and sent again.
pub const LIMIT: SharedLimit = SharedLimit {
    limit: Limit {
        requests: 200,
        window: SignedDuration::from_secs(10),
    },
    scope: CountedBy::Login,
};

/// How fast PayFit is asked by one process within its allowance.
pub const PACE: Pace = Pace {
    per_second: 10,
    burst: 10,
    in_flight: 4,
};

/// What a login asks for.
const SCOPES: &[&str] = &[
    "collaborators:read",
    "collaborators:contracts:read",
    "collaborators:management:read",
    "collaborators:personal:read",
    "contracts:read",
    "contracts:time-information:read",
];

/// The attributes that these open beside those of the first.
const OPENED: &[(&str, &[Canonical])] = &[
    (
        "collaborators:contracts:read",
        &[
            Canonical::EmploymentStatus,
            Canonical::StartDate,
            Canonical::TerminationDate,
        ],
    ),
    ("collaborators:management:read", &[Canonical::Manager, Canonical::Team]),
    (
        "collaborators:personal:read",
        &[
            Canonical::AddressLine1,
            Canonical::BirthDate,
            Canonical::City,
            Canonical::Country,
            Canonical::MobilePhone,
            Canonical::PersonalEmail,
            Canonical::ZipCode,
        ],
    ),
    ("contracts:read", &[Canonical::EmploymentType, Canonical::JobTitle]),
    ("contracts:time-information:read", &[Canonical::EmploymentType]),
];

/// What opens bank details. A login asks for it where its operator's application says so.
const BANK: (&str, &[Canonical]) = ("collaborators:bank-info:read", &[Canonical::BankDetails]);

/// The form of a key.
const KEY: &[FormField] = &[FormField::key(
    "PayFit: Integrations, API; an administrator makes one, ticks what it may read, and sees it once.",
)];

/// What is particular to PayFit.
#[derive(Clone, Debug)]
pub struct PayFitDialect;

impl Dialect for PayFitDialect {
    const KIND: Kind = Kind::PayFit;
    const HOST: Host = Host::Usual {
        address: "https://partner-api.payfit.com",
        domains: &["partner-api.payfit.com"],
    };
    /// Vendor documentation, "Authentication with OAuth 2". There is no refresh token.
    const TOKENS: Tokens = Tokens::Browser {
        host: Some(Host::Usual {
            address: "https://oauth.payfit.com",
            domains: &["oauth.payfit.com"],
        }),
        page: "/authorize",
        with: &[],
        scopes: SCOPES,
        endpoint: Endpoint {
            path: "/token",
            query: &[],
            way: Show::Body,
        },
    };
    type Wishes = Scope;

    fn description() -> Description {
        Description {
            name: "PayFit",
            ways: vec![Way::key(KEY), Way::LOGIN],
            attributes: offered(Everybody::GIVEN),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: SCOPES.to_vec(),
            // Introspection and the company; people and contracts. Twenty a second.
            cost: Cost::new(|people| 2 + 2 * Cost::pages(people, 50), Some(1_200)),
        }
    }

    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        shown(credential).map(|token| request.bearer(token))
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(PayFitSource::new(opened))
    }
}

/// Returns what is shown of a credential: a key and a login's token are bearers'.
pub(super) fn shown(credential: &Credential) -> Option<&SecretString> {
    match credential {
        Credential::ApiKey { key } => Some(key),
        Credential::Tokens(tokens) => Some(&tokens.access_token),
        Credential::Basic { .. } | Credential::Client { .. } | Credential::Granted { .. } => None,
    }
}

/// Returns what a credential with these scopes may not see.
pub(super) fn closed(scopes: &str) -> Vec<Canonical> {
    let each = || scopes.split(|letter: char| letter.is_whitespace() || letter == ',');
    let has = |scope: &str| each().any(|own| own == scope);
    let closed = OPENED.iter().chain([&BANK]).filter(|(scope, _)| !has(scope));
    closed.flat_map(|(_, attributes)| attributes.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        http::BaseUrls,
        source::{Address, Class},
    };

    #[test]
    fn r41_data_and_logins_have_one_host_each_unless_the_operator_allows_another() {
        let none = BaseUrls::default();
        let Tokens::Browser { host: Some(front), .. } = PayFitDialect::TOKENS else {
            panic!("people sign in");
        };
        for (host, usual) in [
            (PayFitDialect::HOST, "https://partner-api.payfit.com"),
            (front, "https://oauth.payfit.com"),
        ] {
            let find = |base_url, allowed: &BaseUrls| host.find(Address { base_url, site: None }, allowed);
            assert_eq!(find(None, &none).unwrap().as_str(), usual);
            for bad in [
                "https://api.payfit.com",
                "https://payfit.com",
                "https://partner-api.payfit.com.evil.test",
                "http://127.0.0.1:1",
            ] {
                assert_eq!(find(Some(bad), &none).unwrap_err().class, Class::Misconfigured, "{bad}");
            }
            assert!(find(Some("http://127.0.0.1:1"), &BaseUrls::Any).is_ok());
        }
    }

    #[test]
    fn r34_bank_details_are_no_part_of_what_a_login_asks_for() {
        assert!(!SCOPES.contains(&BANK.0));
        let opened = OPENED.iter().map(|(scope, _)| *scope);
        assert_eq!([SCOPES[0]].into_iter().chain(opened).collect::<Vec<_>>(), SCOPES);
        assert_eq!(closed(&SCOPES.join(" ")), [Canonical::BankDetails]);
    }

    #[test]
    fn r07_what_a_scope_would_open_is_closed_without_it() {
        assert_eq!(
            closed(
                "collaborators:read collaborators:contracts:read contracts:read collaborators:bank-info:read collaborators:personal:read"
            ),
            [Canonical::Manager, Canonical::Team, Canonical::EmploymentType]
        );
        assert_eq!(closed("").len(), 16, "working time takes two");
    }
}
