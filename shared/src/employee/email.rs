//! E-mail addresses (RFC 5321, RFC 5322), kept in one spelling: in lower case, because no mail system in use tells
//! people apart by case, and with the domain as it stands in the DNS (UTS 46), because `münchen.example` and
//! `xn--mnchen-3ya.example` are one.

use std::{borrow::Cow, str::FromStr};

use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};
use unicode_normalization::UnicodeNormalization;

use super::name::{is_blank, shown};

/// The longest part before the `@` (RFC 5321, section 4.5.3.1.1).
const MAX_LOCAL_BYTES: usize = 64;
/// The longest domain (RFC 5321, section 4.5.3.1.2).
const MAX_DOMAIN_BYTES: usize = 254;
/// The longest label of a domain (RFC 1035, section 2.3.4).
const MAX_LABEL_BYTES: usize = 63;

/// An e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// Returns an address that is written without a display name, in NFC and without what cannot be seen and is no spelling: with
    /// and without a joiner that is, a domain is two. `None` where the text is not an address.
    pub fn parse(text: &str) -> Option<Self> {
        let spelt: String = shown(text).trim_matches(is_blank).to_lowercase().nfc().collect();
        // The sign as keyboards of East Asia write it.
        let spelt = spelt.replace(['\u{ff20}', '\u{fe6b}'], "@");
        let link = spelt.strip_prefix("mailto:");
        let bare = link.map_or(spelt.as_str(), |address| address.trim_start_matches(is_blank));
        let (local, domain) = bare.rsplit_once('@')?;
        let address = format!("{local}@{}", dns_spelling(domain)?);
        let read = email_address::EmailAddress::from_str(&address).ok()?;
        (read.display_part().is_empty() && read.domain().contains('.')).then_some(Self(address))
    }

    /// Returns the same address with its domain as people read it, where that is another spelling. Earlier versions of
    /// Rollcall kept addresses so, and other systems may.
    pub fn readable(&self) -> Option<String> {
        let (local, domain) = self.0.rsplit_once('@')?;
        if !has_encoded_label(domain) {
            return None;
        }
        let (readable, read) = idna::domain_to_unicode(domain);
        (read.is_ok() && readable != domain).then(|| format!("{local}@{readable}"))
    }

    /// Returns the address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the address, owned.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Returns a domain in lower case as it stands in the DNS; `None` where the text is not a domain.
fn dns_spelling(domain: &str) -> Option<Cow<'_, str>> {
    // A full stop at the end says that the name is complete, which it is here in any case.
    let domain = domain
        .strip_suffix(['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'])
        .unwrap_or(domain);
    if domain.is_ascii() && !has_encoded_label(domain) {
        return Some(Cow::Borrowed(domain));
    }
    let bytes = domain.as_bytes();
    let spelt = Uts46::new().to_ascii(bytes, AsciiDenyList::URL, Hyphens::Allow, DnsLength::Verify);
    spelt.ok()
}

/// Returns whether a domain has a label that stands for other letters (RFC 5890, section 2.3.2.1).
fn has_encoded_label(domain: &str) -> bool {
    domain.split('.').any(|label| label.starts_with("xn--"))
}

/// Returns whether a text is certainly an address in the form in which it is kept. In doubt it returns false.
pub(super) fn is_plain(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| {
        local.len() <= MAX_LOCAL_BYTES
            && domain.len() < MAX_DOMAIN_BYTES
            && is_plain_local(local)
            && is_plain_domain(domain)
    })
}

const fn is_small(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// Returns whether a text is words with a full stop between each two.
fn is_plain_local(local: &str) -> bool {
    let mut before = b'.';
    let is_plain = local.bytes().all(|byte| {
        let is_plain = is_small(byte) || matches!(byte, b'_' | b'-' | b'+') || byte == b'.' && before != b'.';
        before = byte;
        is_plain
    });
    is_plain && before != b'.'
}

/// Returns whether a text is several labels with a full stop between each two, none of which may stand for other letters.
fn is_plain_domain(domain: &str) -> bool {
    let (mut before, mut length, mut labels) = (b'.', 0, 1);
    let is_plain = domain.bytes().all(|byte| {
        let is_plain = is_small(byte) && length < MAX_LABEL_BYTES
            || byte == b'-' && is_small(before) && length < MAX_LABEL_BYTES
            || byte == b'.' && is_small(before);
        length = if byte == b'.' { 0 } else { length + 1 };
        labels += usize::from(byte == b'.');
        before = byte;
        is_plain
    });
    is_plain && is_small(before) && labels > 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_trimmed_and_lower_case() {
        assert_eq!(
            Email::parse(" Ana.Ruiz+HR@Example.COM ").unwrap().as_str(),
            "ana.ruiz+hr@example.com"
        );
    }

    #[test]
    fn what_cannot_be_seen_around_or_in_an_address_is_no_part_of_it() {
        for text in [
            "\u{feff}ana@example.com",
            "ana@example.com\u{200b}",
            "\u{202a}ana@example.com\u{202c}",
            "an\u{ad}a@exam\u{200d}ple.com",
            "\u{a0}ana\u{200c}@example.com\t",
            "mailto:Ana@example.com",
            "mailto: ana@example.com",
            "\u{180e}ana@example.com\u{180e}",
            "an\u{180e}a@example.com",
            "ana\u{ff20}example.com",
            "\u{a0}MAILTO:\u{3000}Ana\u{ff20}example.com",
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), "ana@example.com", "{text:?}");
        }
        let composed = Email::parse("jose\u{301}@example.com").unwrap();
        assert_eq!(composed.as_str(), "jos\u{e9}@example.com");
        assert_eq!(Email::parse("JOSE\u{301}@example.com"), Some(composed));
    }

    #[test]
    fn a_domain_has_one_spelling() {
        for text in [
            "ana@m\u{fc}nchen.example",
            "ANA@M\u{dc}NCHEN.Example",
            "ana@mu\u{308}nchen.example",
            "ana@xn--mnchen-3ya.example",
            "Ana@XN--MNCHEN-3YA.EXAMPLE.",
            "ana@m\u{fc}nchen.example.",
            "ana@m\u{fc}nchen\u{3002}example",
            "ana@m\u{fc}nchen.example\u{3002}",
        ] {
            let address = Email::parse(text).unwrap();
            assert_eq!(address.as_str(), "ana@xn--mnchen-3ya.example", "{text}");
            assert_eq!(address.readable().as_deref(), Some("ana@m\u{fc}nchen.example"));
            assert_eq!(Email::parse(&address.readable().unwrap()), Some(address));
        }
        assert_eq!(Email::parse("ana@example.com.").unwrap().as_str(), "ana@example.com");
        assert_eq!(Email::parse("ana@example.com").unwrap().readable(), None);
        assert_eq!(
            Email::parse("jos\u{e9}@example.com").unwrap().as_str(),
            "jos\u{e9}@example.com"
        );
    }

    #[test]
    fn a_joiner_that_is_spelling_makes_another_domain() {
        let with = Email::parse("ana@\u{646}\u{627}\u{645}\u{647}\u{200c}\u{627}\u{6cc}.example").unwrap();
        let without = Email::parse("ana@\u{646}\u{627}\u{645}\u{647}\u{627}\u{6cc}.example").unwrap();
        assert_ne!(with, without);
        assert_eq!(Email::parse(with.as_str()), Some(with.clone()));
        assert_eq!(Email::parse(&with.readable().unwrap()), Some(with));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "a b@example.com",
            "Ana <ana@example.com>",
            "ana@localhost",
            "ana@localhost.",
            "ana@example..",
            "ana@xn--\u{fc}.example",
            "ana@xn--a-.example",
            "ana@\u{200b}.example",
        ] {
            assert_eq!(Email::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_plain_address_is_recognised_at_a_glance() {
        assert!(is_plain("ana.ruiz+hr@mail.example.com"));
        let long = |bytes: usize| "a".repeat(bytes);
        for text in [
            "Ana@example.com".to_owned(),
            "ana.@example.com".to_owned(),
            "ana@example-.com".to_owned(),
            "ana@localhost".to_owned(),
            "ana@b@example.com".to_owned(),
            "ana@xn--mnchen-3ya.example".to_owned(),
            format!("{}@example.com", long(65)),
            format!("ana@{}.com", long(64)),
            format!("ana@{}com", format!("{}.", long(50)).repeat(5)),
        ] {
            assert!(!is_plain(&text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn an_address_is_kept_as_it_is_kept(text in "[a-zé]{1,3}@[a-zA-ZüßéÜ\u{308}-]{1,8}[.\u{3002}][a-zü]{1,4}[.]?") {
            if let Some(address) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(address.as_str()), Some(address.clone()));
                if let Some(readable) = address.readable() {
                    prop_assert_eq!(Email::parse(&readable), Some(address));
                }
            }
        }

        #[test]
        fn what_looks_plain_is_an_address_as_it_is_kept(
            text in "[a-zA-Z0-9._+-]{0,66}@([a-zA-Z0-9-]{0,65}[.]){0,6}[a-z-]{0,3}",
        ) {
            if is_plain(&text) {
                prop_assert_eq!(Email::parse(&text).map(Email::into_text), Some(text));
            }
        }
    }
}
