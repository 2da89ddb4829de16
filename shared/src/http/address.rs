//! Addresses that come from outside, checked before anything is sent there (R41).

use std::fmt;

use url::{Host, Url};

/// Why an address is refused. Never holds the address, which may carry a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// It is no absolute URL with a host.
    #[error("the address is not a URL with a host")]
    NotUrl,
    /// It is not https.
    #[error("the address is not https")]
    NotHttps,
    /// It has a user, a password, a query or a fragment.
    #[error("the address may only have a scheme, a host, a port and a path")]
    Extras,
    /// Its host is not one of the provider's.
    #[error("the host is not one of the provider's")]
    ForeignHost,
}

/// Which hosts an address may name.
#[derive(Clone, Copy, Debug)]
pub enum HostRule<'a> {
    /// Any host, also without TLS: only where the operator said so, as on the local stage.
    Any,
    /// https at one of these domains or below them.
    Below(&'a [&'a str]),
    /// https at a name of the public internet: no number, nothing without a dot, nothing that only a network of one's
    /// own knows.
    Public,
}

/// The checked beginning of a provider's URLs.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Checks an address from configuration or a person.
    ///
    /// # Errors
    /// [`InvalidAddress`] where it breaks the rule.
    pub fn parse(text: &str, rule: HostRule<'_>) -> Result<Self, InvalidAddress> {
        let mut url = Url::parse(text.trim()).map_err(|_| InvalidAddress::NotUrl)?;
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
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// The URL of a path below the base; `path` begins with a slash and is taken as it stands.
    pub(super) fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}{path}"));
        url
    }

    /// The text of a URL of a path below the base with a query, for a browser to be sent to.
    pub fn with_query<'a>(&self, path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
        let mut url = self.join(path);
        url.query_pairs_mut().extend_pairs(pairs);
        url.into()
    }

    /// The address as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

/// Which base URLs a stack lets callers name, beside the vendor's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseUrls {
    /// Every one, also without TLS: the local stage.
    Any,
    /// These; none by default.
    Listed(Vec<BaseUrl>),
}

impl Default for BaseUrls {
    fn default() -> Self {
        Self::Listed(Vec::new())
    }
}

impl BaseUrls {
    /// Reads addresses with commas between them; an empty text lists none.
    ///
    /// # Errors
    /// [`InvalidAddress`] of the first that is none.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let named = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let listed = named.map(|part| BaseUrl::parse(part, HostRule::Any));
        Ok(Self::Listed(listed.collect::<Result<_, _>>()?))
    }

    /// The address of something on the public internet, or one of these.
    pub fn find_public(&self, text: &str) -> Option<BaseUrl> {
        self.find(text).or_else(|| BaseUrl::parse(text, HostRule::Public).ok())
    }

    /// The address, if callers may name it.
    pub fn find(&self, text: &str) -> Option<BaseUrl> {
        let url = BaseUrl::parse(text, HostRule::Any).ok()?;
        match self {
            Self::Any => Some(url),
            Self::Listed(listed) => listed.contains(&url).then_some(url),
        }
    }
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
    let name = name.trim_end_matches('.');
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
}
