//! Where Staffology HR is reached, what it can give, how it is connected, and how requests are signed.

use super::{client::StaffologySource, convert::People};
use crate::{
    connection::{Credential, Identifier},
    connector::{Dialect, Host, Layout as _, Opened, Tokens, offered},
    http::{Pace, Request},
    source::{Cost, Description, FormField, Kind, Method, Source, Way},
};

/// How fast Staffology HR is asked: for one thing at a time. No limit is published.
pub const PACE: Pace = Pace {
    per_second: 5,
    burst: 5,
    in_flight: 1,
};

/// What the user of the API needs, in the vendor's words.
const RIGHTS: &[&str] = &["full access (Set Rights)", "Starters & Leavers"];

/// The form of a user of the API.
const API_USER: &[FormField] = &[
    FormField {
        name: "user",
        label: "API user name",
        help: "Staffology HR: System Tools, Utilities, Company, API Users, Create User; give it full access and the Starters & Leavers right.",
        secret: false,
    },
    FormField {
        name: "password",
        label: "Password",
        help: "Shown once, when the API user is made.",
        secret: true,
    },
];

/// What is particular to Staffology HR.
#[derive(Clone, Debug)]
pub struct StaffologyDialect;

impl Dialect for StaffologyDialect {
    const KIND: Kind = Kind::Staffology;
    const HOST: Host = Host::Usual {
        address: "https://api.hrapi.co.uk",
        domains: &["api.hrapi.co.uk"],
    };
    const ASIDE: Option<Host> = Some(Host::Usual {
        address: "https://customfields.hrapi.co.uk",
        domains: &["customfields.hrapi.co.uk"],
    });
    /// Vendor's page on logging in: half an hour.
    const TOKENS: Tokens = Tokens::Account {
        path: "/api/token/",
        seconds: 1_800,
    };
    type Wishes = ();

    fn description() -> Description {
        Description {
            name: "Staffology HR",
            ways: vec![Way {
                method: Method::Basic,
                fields: API_USER,
            }],
            attributes: offered(People::GIVEN),
            identifiers: &[Identifier::WorkEmail, Identifier::EmployeeNumber],
            permissions: RIGHTS.to_vec(),
            // One page to see that the user is good, people, and the page behind the last one. Of people whose row lacks the section on leaving, each takes one more.
            cost: Cost::new(|people| 1 + Cost::pages(people, 200) + 1, None),
        }
    }

    /// Tokens alone open data.
    fn sign(request: Request, credential: &Credential) -> Option<Request> {
        match credential {
            Credential::Granted { tokens, .. } => {
                let request = request.bearer(&tokens.access_token);
                Some(request.header("grant_type", "access_token".to_owned()))
            }
            Credential::ApiKey { .. }
            | Credential::Basic { .. }
            | Credential::Client { .. }
            | Credential::Tokens(_) => None,
        }
    }

    fn open(opened: Opened) -> Box<dyn Source> {
        Box::new(StaffologySource::new(opened))
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
        let none = BaseUrls::default();
        let find = |host: Host, base_url| host.find(Address { base_url, site: None }, &none);
        let hosts = [StaffologyDialect::HOST, StaffologyDialect::ASIDE.unwrap()];
        let usual = hosts.map(|host| find(host, None).unwrap().as_str().to_owned());
        assert_eq!(usual, ["https://api.hrapi.co.uk", "https://customfields.hrapi.co.uk"]);
        for bad in [
            "https://api.iris.co.uk",
            "https://hrapi.co.uk",
            "https://swagger.hrapi.co.uk",
            "http://api.hrapi.co.uk",
        ] {
            for host in hosts {
                assert_eq!(find(host, Some(bad)).unwrap_err().class, Class::Misconfigured, "{bad}");
            }
        }
    }
}
