//! Where Merge is reached, what it can give, how it is connected, and how requests are signed.

use std::time::Duration;

use super::{client::MergeSource, convert::People, wire::LINKING};
use crate::{
    allowance::{Scope, SharedLimit},
    connection::{Credential, Identifier},
    connector::{Dialect, Failures, Host, Layout as _, Linking, Links, Opened, Tokens, offered},
    http::{Pace, Request},
    source::{Cost, Description, FormField, Kind, Site, SiteForm, Source, Way},
};

/// How many requests Merge takes about one linked account in the smallest contract; in others 400 or 600.
pub const LIMIT: SharedLimit = SharedLimit::per_minute(100, Scope::Connection);

/// How fast Merge is asked within its allowance.
pub const PACE: Pace = Pace {
    per_second: 10,
    burst: 10,
    in_flight: 4,
};

/// Who lets more than twenty requests fail within ten seconds is shut out, with all customers: half of it is left to other processes.
static FAILURES: Failures = Failures::at_most(10, Duration::from_secs(10));

/// Where the operator's organisation is kept: keys and tokens of one region open nothing in another one.
const SITE: Site = Site {
    label: "Region",
    help: "Where your organisation at Merge is: what its address in the browser begins with tells it.",
    form: SiteForm::OneOf(&[
        ("us", "api.merge.dev"),
        ("eu", "api-eu.merge.dev"),
        ("ap", "api-ap.merge.dev"),
    ]),
};

/// What the operator has to switch on: models, of which all fields may be read.
const MODELS: &[&str] = &["Employee", "Employment", "Group", "Location", "Team", "Company"];

/// The form of a token.
const TOKEN: &[FormField] = &[FormField {
    name: "key",
    label: "Account token",
    help: "Merge: Linked Accounts; an administrator of the organisation finds it with the linked account of the customer.",
    secret: true,
}];

/// What is particular to Merge.
#[derive(Clone, Debug)]
pub struct MergeDialect;

impl Dialect for MergeDialect {
    const KIND: Kind = Kind::Merge;
    const HOST: Host = Host::Chosen(SITE);
    /// Merge Link has a way of its own.
    const TOKENS: Tokens = Tokens::None;
    type Wishes = ();

    fn description() -> Description {
        Description {
            name: "Merge",
            ways: vec![Way::key(TOKEN), Way::LOGIN],
            attributes: offered(People::GIVEN),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: MODELS.to_vec(),
            // The linked account, its sync, and people.
            cost: Cost::new(|people| 2 + Cost::pages(people, 100), Some(LIMIT.limit.requests)),
        }
    }

    /// The organisation's key is a bearer's; the token beside it says whose data is asked for.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        let Credential::Granted { by, tokens } = credential else {
            return None;
        };
        let Credential::ApiKey { key } = by.as_ref() else {
            return None;
        };
        Some(
            request
                .bearer(key)
                .header("x-account-token", tokens.access_token.clone()),
        )
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        let caller = opened.caller.guarded(&FAILURES);
        Box::new(MergeSource(Opened { caller, ..opened }))
    }
}

impl Links for MergeDialect {
    const LINKING: Linking = LINKING;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        http::BaseUrls,
        source::{Address, Class},
    };

    #[test]
    fn r41_a_region_is_one_of_three_words_and_never_a_host() {
        let none = BaseUrls::default();
        for (word, address) in [
            ("us", "https://api.merge.dev"),
            ("EU", "https://api-eu.merge.dev"),
            ("ap", "https://api-ap.merge.dev"),
        ] {
            let kept = SITE.read(word).unwrap();
            let at = Address {
                base_url: None,
                site: Some(&kept),
            };
            assert_eq!(MergeDialect::HOST.find(at, &none).unwrap().as_str(), address);
        }
        for bad in ["", "api.merge.dev", "eu.evil.test", "us/"] {
            assert_eq!(
                SITE.read(bad),
                Err("Region: one of `us`, `eu`, `ap`".to_owned()),
                "{bad}"
            );
            let at = Address {
                base_url: None,
                site: Some(bad),
            };
            assert_eq!(
                MergeDialect::HOST.find(at, &none).unwrap_err().class,
                Class::Misconfigured
            );
        }
    }
}
