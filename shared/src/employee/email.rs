//! E-mail addresses (RFC 5321, RFC 5322), kept in lower case: no mail system in use tells people apart by case.

use std::str::FromStr;

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
    /// Reads an address, without a display name. Returns `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        let address = email_address::EmailAddress::from_str(trimmed).ok()?;
        (address.display_part().is_empty() && address.domain().contains('.')).then(|| Self(trimmed.to_lowercase()))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address, owned.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// Whether a text is, beyond doubt and at a glance, an address in the form in which it is kept.
pub(super) fn is_plain(text: &str) -> bool {
    let is_small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word =
        |word: &str, more: &[u8]| !word.is_empty() && word.bytes().all(|byte| is_small(byte) || more.contains(&byte));
    let is_label = |label: &str| {
        let ends = [label.as_bytes().first(), label.as_bytes().last()];
        label.len() <= MAX_LABEL_BYTES && is_word(label, b"-") && ends.into_iter().flatten().all(|byte| is_small(*byte))
    };
    text.split_once('@').is_some_and(|(local, domain)| {
        local.len() <= MAX_LOCAL_BYTES
            && domain.len() < MAX_DOMAIN_BYTES
            && domain.contains('.')
            && local.split('.').all(|word| is_word(word, b"_-+"))
            && domain.split('.').all(is_label)
    })
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
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "a b@example.com",
            "Ana <ana@example.com>",
            "ana@localhost",
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
            format!("{}@example.com", long(65)),
            format!("ana@{}.com", long(64)),
            format!("ana@{}com", format!("{}.", long(50)).repeat(5)),
        ] {
            assert!(!is_plain(&text), "{text}");
        }
    }

    proptest! {
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
