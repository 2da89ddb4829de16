//! E-mail addresses (RFC 5321, RFC 5322), kept in lower case: no mail system in use tells people apart by case.

use std::str::FromStr;

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

#[cfg(test)]
mod tests {
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
}
