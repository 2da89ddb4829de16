//! Where a provider is reached.

use crate::{
    http::{BaseUrl, BaseUrls, HostRule},
    source::{Address, Class, Error, Site},
};

/// Returns where a provider is reached: at the address that a connection names, which stands below the vendor's own
/// domains or is one that the operator allows; or else at the provider's usual address (R41).
///
/// # Errors
/// [`Error`] of class `Misconfigured` where the address is neither.
pub fn find_base(
    named: Option<&str>,
    usual: &str,
    domains: &'static [&'static str],
    allowed: &BaseUrls,
) -> Result<BaseUrl, Error> {
    let text = named.unwrap_or(usual);
    let found = allowed
        .find(text)
        .map_or_else(|| BaseUrl::parse(text, HostRule::Below(domains)), Ok);
    found.map_err(|error| {
        Error::new(
            Class::Misconfigured,
            "open the HR system",
            "the base URL cannot be used",
        )
        .about("base_url")
        .because(error)
    })
}

/// Where a provider whose address customers choose is reached: at an address that the operator allows, where the connection
/// names one, or else at its site, which is checked against the vendor's own suffixes once more (R41).
///
/// # Errors
/// [`Error`] of class `Misconfigured` where the address is neither.
pub fn find_site(at: Address<'_>, site: &Site, allowed: &BaseUrls) -> Result<BaseUrl, Error> {
    let refused = |detail: String| Error::new(Class::Misconfigured, "open the HR system", detail);
    if let Some(named) = at.base_url {
        let found = allowed.find(named);
        return found.ok_or_else(|| refused("the base URL cannot be used".to_owned()).about("base_url"));
    }
    let host = at.site.and_then(|kept| site.host(kept));
    let host = host.ok_or_else(|| refused(site.expected()).about("site"))?;
    // The name stands below the vendor's suffixes; where it leads is looked at when it is dialled.
    BaseUrl::parse(&format!("https://{host}"), HostRule::Below(&[&host]))
        .map_err(|error| refused(site.expected()).about("site").because(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SiteForm;

    #[test]
    fn r41_a_site_is_reached_below_the_vendors_suffixes_and_an_address_only_where_the_operator_allows_it() {
        let site = Site {
            label: "Domain",
            help: "",
            form: SiteForm::Below(&[".hr.example"]),
        };
        let find = |base_url, name, allowed: &BaseUrls| {
            let at = Address { base_url, site: name };
            find_site(at, &site, allowed)
        };
        let none = BaseUrls::default();
        let found = find(None, Some("acme.hr.example"), &none).unwrap();
        assert_eq!(found.as_str(), "https://acme.hr.example");
        let public = BaseUrl::parse("https://acme.hr.example", HostRule::Public).unwrap();
        assert_eq!(found, public, "a name that leads into a private network is not dialled");
        for (base_url, name, member) in [
            (None, None, "site"),
            (None, Some("acme.evil.example"), "site"),
            (None, Some("evil.example/.hr.example"), "site"),
            (Some("https://acme.hr.example"), Some("acme.hr.example"), "base_url"),
        ] {
            let error = find(base_url, name, &none).unwrap_err();
            assert_eq!(
                (error.class, error.member),
                (Class::Misconfigured, Some(member)),
                "{name:?}"
            );
        }
        let local = find(Some("http://127.0.0.1:1"), Some("acme.hr.example"), &BaseUrls::Any);
        assert_eq!(local.unwrap().as_str(), "http://127.0.0.1:1");
    }
}
