//! The part of an HR system's address that a customer chooses, and how it is checked (R41).

use crate::connection::{Connection, Issuer};

/// The most bytes of a site.
const MOST_BYTES: usize = 100;

/// How the customer's part of the address is chosen.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// What people call the site.
    pub label: &'static str,
    /// Where people find the site.
    pub help: &'static str,
    /// What the site may be.
    pub form: SiteForm,
}

/// What a site may be.
#[derive(Clone, Copy, Debug)]
pub enum SiteForm {
    /// A name of the customer's own below one of the vendor's suffixes, such as `.example.com`; below the first of them where
    /// the customer's own part stands alone.
    Below(&'static [&'static str]),
    /// One of these words; each stands for a host.
    OneOf(&'static [(&'static str, &'static str)]),
}

impl Site {
    /// Returns a site in the one spelling in which it is kept: the whole host, or the word.
    ///
    /// # Errors
    /// What was expected, in words for people.
    pub fn read(&self, text: &str) -> Result<String, String> {
        let text = text.trim().to_ascii_lowercase();
        let read = match self.form {
            SiteForm::Below(suffixes) => read_name(&text, suffixes),
            SiteForm::OneOf(words) => words.iter().any(|(word, _)| *word == text).then_some(text),
        };
        read.ok_or_else(|| self.expected())
    }

    /// Returns what is expected, in words for people.
    pub fn expected(&self) -> String {
        let choice = match self.form {
            SiteForm::Below(suffixes) => {
                let hosts: Vec<String> = suffixes.iter().map(|suffix| format!("`name{suffix}`")).collect();
                format!(
                    "{}, or `name` alone; a name has letters, digits and hyphens",
                    hosts.join(" or ")
                )
            }
            SiteForm::OneOf(words) => {
                let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
        };
        format!("{}: {choice}", self.label)
    }

    /// Returns the host of a site as it is kept; `None` where it is not one of this HR system.
    pub fn host(&self, kept: &str) -> Option<String> {
        let kept = self.read(kept).ok()?;
        match self.form {
            SiteForm::Below(_) => Some(kept),
            SiteForm::OneOf(words) => words
                .iter()
                .find(|(word, _)| *word == kept)
                .map(|(_, host)| (*host).to_owned()),
        }
    }
}

/// Returns the host that a name stands for. The customer's part is one label of a host name (RFC 1123), so that it can neither leave
/// the vendor's domain nor name a host of the vendor's own below another.
fn read_name(text: &str, suffixes: &[&str]) -> Option<String> {
    let split = suffixes
        .iter()
        .find_map(|suffix| Some((text.strip_suffix(suffix)?, *suffix)));
    let (name, suffix) = split.or_else(|| Some((text, *suffixes.first()?)))?;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_label = (1..=63).contains(&name.len()) && is_plain && !name.starts_with('-') && !name.ends_with('-');
    let host = format!("{name}{suffix}");
    (is_label && host.len() <= MOST_BYTES).then_some(host)
}

/// Where a connection's HR system is reached.
#[derive(Clone, Copy, Debug, Default)]
pub struct Address<'a> {
    /// The whole address, where an operator or the local stage set one.
    pub base_url: Option<&'a str>,
    /// The customer's part of the address, where the HR system has one.
    pub site: Option<&'a str>,
}

impl<'a> From<&'a Connection> for Address<'a> {
    fn from(connection: &'a Connection) -> Self {
        Self {
            base_url: connection.base_url.as_deref(),
            site: connection.site.as_deref(),
        }
    }
}

impl<'a> From<&'a Issuer> for Address<'a> {
    fn from(issuer: &'a Issuer) -> Self {
        Self {
            base_url: issuer.base_url.as_deref(),
            site: issuer.site.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DOMAIN: Site = Site {
        label: "Domain",
        help: "In the browser's address.",
        form: SiteForm::Below(&[".hr.example", ".hr.test"]),
    };

    const REGION: Site = Site {
        label: "Region",
        help: "In the contract.",
        form: SiteForm::OneOf(&[("eu", "eu.hr.example"), ("us", "us.hr.example")]),
    };

    #[test]
    fn r41_a_site_is_a_name_below_the_vendors_suffixes_in_one_spelling() {
        for (text, host) in [
            ("acme", "acme.hr.example"),
            (" Acme ", "acme.hr.example"),
            ("acme.hr.example", "acme.hr.example"),
            ("ACME-2.hr.test", "acme-2.hr.test"),
        ] {
            assert_eq!(DOMAIN.read(text).as_deref(), Ok(host), "{text}");
            assert_eq!(DOMAIN.host(host).as_deref(), Some(host));
        }
        for text in [
            "",
            "-",
            ".hr.example",
            "acme.evil.example",
            "a.b.hr.example",
            "acme.hr.example.evil.test",
            "acme/",
            "acme@evil",
            "acme:80",
            "acme#",
            "é",
            "https://acme.hr.example",
            &"x".repeat(64),
        ] {
            assert_eq!(DOMAIN.read(text), Err(DOMAIN.expected()), "{text}");
        }
    }

    #[test]
    fn r41_a_region_is_one_of_the_vendors_words() {
        assert_eq!(REGION.read("EU").as_deref(), Ok("eu"));
        assert_eq!(REGION.host("eu").as_deref(), Some("eu.hr.example"));
        assert_eq!(
            REGION.read("eu.hr.example"),
            Err("Region: one of `eu`, `us`".to_owned())
        );
    }

    proptest! {
        #[test]
        fn r41_whatever_a_caller_sends_leads_to_the_vendor_or_nowhere(text in ".{0,120}") {
            if let Ok(kept) = DOMAIN.read(&text) {
                let parsed = url::Url::parse(&format!("https://{kept}")).unwrap();
                prop_assert_eq!(parsed.host_str(), Some(kept.as_str()));
                prop_assert!(kept.ends_with(".hr.example") || kept.ends_with(".hr.test"));
                let again = DOMAIN.read(&kept);
                prop_assert_eq!(again.as_ref(), Ok(&kept));
            }
        }
    }
}
