//! Addresses that come from outside, checked before anything is sent there (R41).

use std::{
    fmt::{self, Write as _},
    net::Ipv4Addr,
};

use url::{Host, Url};

use super::network::Reach;
use crate::employee::is_blank;

/// Why an address is refused. It never holds the address, which may carry a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// The address is not an absolute URL with a host.
    #[error("the address is not a URL with a host")]
    NotUrl,
    /// The address is not https.
    #[error("the address is not https")]
    NotHttps,
    /// The address has a user, a password, a query or a fragment.
    #[error("the address may only have a scheme, a host, a port and a path")]
    Extras,
    /// The address's host is not one of the provider's.
    #[error("the host is not one of the provider's")]
    ForeignHost,
}

/// Which hosts an address may name.
#[derive(Clone, Copy, Debug)]
pub enum HostRule<'a> {
    /// Any host, also without TLS: only where the operator said so, as on the local stage.
    Any,
    /// https at one of these domains or below them, on the public internet.
    Below(&'a [&'a str]),
    /// https at a name of the public internet: no number, nothing without a dot, nothing that only a private network
    /// knows. Where the name leads is looked at when it is dialled.
    Public,
}

/// The checked beginning of a provider's URLs.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl {
    url: Url,
    reach: Reach,
}

impl BaseUrl {
    /// Returns the address that comes from configuration or from a person, once it is checked.
    ///
    /// # Errors
    /// [`InvalidAddress`] where it breaks the rule.
    pub fn parse(text: &str, rule: HostRule<'_>) -> Result<Self, InvalidAddress> {
        let text = text.trim_matches(is_blank);
        // A parser of URLs skips blanks inside.
        if text.contains(is_blank) {
            return Err(InvalidAddress::NotUrl);
        }
        let mut url = Url::parse(text).map_err(|_| InvalidAddress::NotUrl)?;
        if let Some(Host::Domain(name)) = url.host() {
            // Full stops at the end say that the name is complete, which it is here in any case. The rest may be a number.
            let name = name.trim_end_matches('.').to_owned();
            if name.split('.').any(str::is_empty) {
                return Err(InvalidAddress::NotUrl);
            }
            url.set_host(Some(&name)).map_err(|_| InvalidAddress::NotUrl)?;
        }
        let host = url.host().ok_or(InvalidAddress::NotUrl)?.to_owned();
        match (rule, url.scheme()) {
            (_, "https") | (HostRule::Any, "http") => {}
            _ => return Err(InvalidAddress::NotHttps),
        }
        let is_bare = url.username().is_empty() && url.password().is_none();
        if !is_bare || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidAddress::Extras);
        }
        if !allows(rule, &host) {
            return Err(InvalidAddress::ForeignHost);
        }
        let path = plain_escapes(url.path().trim_end_matches('/'));
        url.set_path(&path);
        let reach = match rule {
            HostRule::Any => Reach::Anywhere,
            HostRule::Below(_) | HostRule::Public => Reach::Public,
        };
        Ok(Self { url, reach })
    }

    /// Returns how far requests below the address may go.
    pub(super) const fn reach(&self) -> Reach {
        self.reach
    }

    /// Returns one text for all addresses that are certain to lead to the same place: what tells servers apart (R04).
    ///
    /// Case, the usual port, escapes, dot segments and full stops at the end are written in one way in every address;
    /// here all names and numbers of this machine are one, and slashes in a row count once.
    pub fn identity(&self) -> String {
        let mut url = self.url.clone();
        let own = match url.host() {
            Some(Host::Domain(name)) => {
                (name == "localhost" || name.ends_with(".localhost")).then_some(Ipv4Addr::LOCALHOST)
            }
            Some(Host::Ipv4(number)) => own_number(number),
            Some(Host::Ipv6(number)) => match number.to_ipv4_mapped() {
                Some(number) => Some(own_number(number).unwrap_or(number)),
                None => (number.is_loopback() || number.is_unspecified()).then_some(Ipv4Addr::LOCALHOST),
            },
            None => None,
        };
        if let Some(number) = own {
            // This cannot fail: a URL with a host can take another host.
            let _ = url.set_ip_host(number.into());
        }
        let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let path = parts.join("/");
        url.set_path(&path);
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// Returns the URL of a path below the base; `path` begins with a slash and is taken as it stands.
    pub(super) fn join(&self, path: &str) -> Url {
        let mut url = self.url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    /// Returns the base of all that stands below a path, which is taken as it stands: on the same server, and asked by the same rule.
    #[must_use]
    pub fn under(&self, path: &str) -> Self {
        Self {
            url: self.join(path.trim_end_matches('/')),
            reach: self.reach,
        }
    }

    /// Returns the text of a URL of a path below the base with a query, for a browser to be sent to.
    pub fn with_query<'a>(&self, path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut url = self.join(path);
        url.query_pairs_mut().extend_pairs(pairs);
        url.into()
    }

    /// Returns the part of an address, or of a path on the same server, that follows the base, with its slash; `None` where it
    /// leads to another server, or not below the base.
    pub fn below<'t>(&self, address: &'t str) -> Option<&'t str> {
        let origin = self.url.origin().ascii_serialization();
        let path = address.strip_prefix(&origin).unwrap_or(address);
        let rest = path.strip_prefix(self.url.path().trim_end_matches('/'))?;
        rest.starts_with('/').then_some(rest)
    }

    /// Returns the address as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }
}

/// The base URLs that a stack lets callers name, beside the vendor's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrls {
    /// Every base URL, also without TLS: the local stage.
    Any,
    /// Only these; none by default.
    Listed(Vec<BaseUrl>),
}

impl Default for BaseUrls {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl BaseUrls {
    /// Returns the addresses of a text with commas between them; an empty text lists none.
    ///
    /// # Errors
    /// [`InvalidAddress`] of the first text that is not an address.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let named = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let listed = named.map(|part| BaseUrl::parse(part, HostRule::Any));
        Ok(Self::Listed(listed.collect::<Result<_, _>>()?))
    }

    /// Returns the address, if it is on the public internet or is one of these.
    pub fn find_public(&self, text: &str) -> Option<BaseUrl> {
        self.find(text).or_else(|| BaseUrl::parse(text, HostRule::Public).ok())
    }

    /// Returns the address, if callers may name it.
    pub fn find(&self, text: &str) -> Option<BaseUrl> {
        let url = BaseUrl::parse(text, HostRule::Any).ok()?;
        match self {
            Self::Any => Some(url),
            Self::Listed(listed) => listed.contains(&url).then_some(url),
        }
    }
}

/// Returns the loopback number, where a number stands for this machine.
fn own_number(number: Ipv4Addr) -> Option<Ipv4Addr> {
    (number.is_loopback() || number.is_unspecified()).then_some(Ipv4Addr::LOCALHOST)
}

/// Returns a path whose escapes are written in one way (RFC 3986, section 6.2.2): not escaped where that is not needed,
/// else in capitals.
fn plain_escapes(path: &str) -> String {
    let mut parts = path.split('%');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let escape = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let rest = match escape {
            Some(byte) if is_plain(byte) => {
                plain.push(char::from(byte));
                part.get(2..)
            }
            Some(byte) => {
                let _ = write!(plain, "%{byte:02X}");
                part.get(2..)
            }
            None => {
                plain.push('%');
                Some(part)
            }
        };
        plain.push_str(rest.unwrap_or_default());
    }
    plain
}

fn allows(rule: HostRule<'_>, host: &Host) -> bool {
    match (rule, host) {
        (HostRule::Any, _) => true,
        (HostRule::Below(domains), Host::Domain(name)) => domains.iter().any(|domain| {
            name.strip_suffix(domain)
                .is_some_and(|below| below.is_empty() || below.ends_with('.'))
        }),
        (HostRule::Public, Host::Domain(name)) => is_public(name),
        (HostRule::Below(_) | HostRule::Public, Host::Ipv4(_) | Host::Ipv6(_)) => false,
    }
}

/// Last parts of names that never stand for a host of the internet (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
const PRIVATE: [&str; 7] = ["arpa", "home", "internal", "invalid", "lan", "local", "localhost"];

fn is_public(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, last)| !PRIVATE.contains(&last))
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: HostRule<'_> = HostRule::Below(&["hr.example", "hr.test"]);

    #[test]
    fn r41_a_host_must_be_the_providers_or_below_it() {
        for good in [
            "https://hr.example",
            "https://api.hr.example/",
            "https://a.b.hr.test/base",
            "https://HR.example",
            "https://api.hr.example.",
        ] {
            assert!(BaseUrl::parse(good, RULE).is_ok(), "{good}");
        }
        for (bad, why) in [
            ("https://evilhr.example", InvalidAddress::ForeignHost),
            ("https://hr.example.evil.test", InvalidAddress::ForeignHost),
            ("https://169.254.169.254", InvalidAddress::ForeignHost),
            ("https://[::1]", InvalidAddress::ForeignHost),
            ("https://evil.test/hr.example", InvalidAddress::ForeignHost),
            ("http://api.hr.example", InvalidAddress::NotHttps),
            ("ftp://api.hr.example", InvalidAddress::NotHttps),
            ("https://evil.test@hr.example", InvalidAddress::Extras),
            ("https://hr.example?next=1", InvalidAddress::Extras),
            ("https://hr.example#x", InvalidAddress::Extras),
            ("hr.example", InvalidAddress::NotUrl),
            ("", InvalidAddress::NotUrl),
            ("https://hr.example/a b", InvalidAddress::NotUrl),
            ("https://hr.exa\nmple", InvalidAddress::NotUrl),
            ("https://hr.example/\u{200b}x", InvalidAddress::NotUrl),
            ("https://..", InvalidAddress::NotUrl),
            ("https://.hr.example", InvalidAddress::NotUrl),
            ("https://api..hr.example", InvalidAddress::NotUrl),
        ] {
            assert_eq!(BaseUrl::parse(bad, RULE), Err(why), "{bad}");
        }
    }

    #[test]
    fn r41_a_public_address_is_a_name_that_the_internet_knows() {
        for good in [
            "https://app.example",
            "https://hooks.app.example:8443/in/1",
            "https://a.co.",
        ] {
            assert!(BaseUrl::parse(good, HostRule::Public).is_ok(), "{good}");
        }
        for bad in [
            "https://localhost",
            "https://a.localhost.",
            "https://db.internal",
            "https://printer.local",
            "https://intranet",
            "https://127.0.0.1",
            "https://0x7f.1",
            "https://2130706433",
            "https://169.254.169.254",
            "https://[fd00::1]",
            "https://[::ffff:127.0.0.1]",
            "https://127.1",
            "https://017700000001",
            "https://0x7f000001",
            "https://127.0.0.1.",
            "https://127.0.0.1..",
            "https://127.1...",
            "https://localhost..",
            "https://intranet..",
            "https://\u{ff11}\u{ff12}\u{ff17}.0.0.1",
            "https://1.1.1.1",
            "https://metadata.google.internal.",
        ] {
            assert_eq!(
                BaseUrl::parse(bad, HostRule::Public),
                Err(InvalidAddress::ForeignHost),
                "{bad}"
            );
        }
        let plain = BaseUrl::parse("http://app.example", HostRule::Public);
        assert_eq!(plain, Err(InvalidAddress::NotHttps));
    }

    #[test]
    fn r41_any_host_and_plain_http_only_where_the_operator_said_so() {
        let base = BaseUrl::parse("http://127.0.0.1:8080/", HostRule::Any).unwrap();
        assert_eq!(base.as_str(), "http://127.0.0.1:8080");
        assert_eq!(base.join("/a/b").as_str(), "http://127.0.0.1:8080/a/b");
        assert_eq!(
            BaseUrl::parse("file:///etc", HostRule::Any),
            Err(InvalidAddress::NotUrl)
        );
    }

    fn identity(text: &str) -> String {
        BaseUrl::parse(text, HostRule::Any).unwrap().identity()
    }

    #[test]
    fn r04_a_server_has_one_identity_however_its_address_is_written() {
        let local = [
            "http://127.0.0.1:8080/scim",
            "http://localhost:8080/scim",
            "http://LOCALHOST.:8080/scim/",
            "http://localhost..:8080/scim",
            "http://127.0.0.1...:8080/scim",
            "http://scim.localhost:8080/scim",
            "http://[::1]:8080/scim",
            "http://[0:0:0:0:0:0:0:1]:8080/scim",
            "http://[::ffff:127.0.0.1]:8080/scim",
            "http://[::]:8080/scim",
            "http://0.0.0.0:8080/scim",
            "http://127.1:8080/scim",
            "http://127.0.0.2:8080/scim",
            "http://2130706433:8080/scim",
            "http://0x7f.0.0.1:8080/scim",
            " http://127.0.0.1:8080//scim//\n",
            "http://127.0.0.1:8080/other/../scim",
            "http://127.0.0.1:8080/other/%2e%2E/scim/.",
            "http://127.0.0.1:8080/%73c%69m",
        ];
        for text in local {
            assert_eq!(identity(text), "http://127.0.0.1:8080/scim", "{text}");
        }
        let far = [
            "https://scim.m\u{fc}nchen.example/a%C3%A9/v2",
            "https://SCIM.M\u{dc}NCHEN.example:443/a%c3%a9/v2/",
            "HTTPS://scim.xn--mnchen-3ya.example./a%c3%A9//v2",
            "https://scim.xn--mnchen-3ya.example../a%c3%A9//v2",
            "https://scim.m\u{fc}nchen.example\u{3002}\u{3002}/a%c3%A9//v2",
            "https://scim.mu\u{308}nchen.example/a\u{e9}/v2",
            "https://scim\u{3002}m\u{fc}nchen.example/a\u{e9}/./v2",
        ];
        for text in far {
            assert_eq!(
                identity(text),
                "https://scim.xn--mnchen-3ya.example/a%C3%A9/v2",
                "{text}"
            );
        }
        let others = [
            "https://scim.example",
            "https://scim.example:8443",
            "https://scim.example/v2",
            "https://scim.example/V2",
            "https://scim.example/v%252",
            "https://scim.example/v%2F2",
            "https://scim2.example",
        ];
        let identities: std::collections::BTreeSet<_> = others.iter().map(|text| identity(text)).collect();
        assert_eq!(identities.len(), others.len(), "{identities:?}");
    }

    #[test]
    fn an_address_is_used_as_it_was_meant_and_written_in_one_way() {
        let base = |text| BaseUrl::parse(text, HostRule::Any).unwrap();
        assert_eq!(
            base("https://A.example.:443/%7escim%2f1/").as_str(),
            "https://a.example/~scim%2F1"
        );
        assert_eq!(
            base("http://localhost:1/x").as_str(),
            "http://localhost:1/x",
            "where it is dialled stays"
        );
        assert_eq!(base("https://a.example/100%").as_str(), "https://a.example/100%");
    }

    #[test]
    fn r41_what_stands_below_a_path_is_on_the_same_server_and_is_asked_by_the_same_rule() {
        let rule = HostRule::Below(&["hr.example"]);
        let base = BaseUrl::parse("https://api.hr.example/v1", rule).unwrap();
        let below = base.under("/companies/a%2F..%2Fb/");
        assert_eq!(below.as_str(), "https://api.hr.example/v1/companies/a%2F..%2Fb");
        assert_eq!(
            below.join("/people").as_str(),
            "https://api.hr.example/v1/companies/a%2F..%2Fb/people"
        );
        assert_eq!(below.reach(), base.reach());
    }
}
