//! The ids of this room. Tenants and providers have narrower alphabets than other ids, since they stand in addresses.

use std::{borrow::Cow, fmt};

use super::Error;
use crate::text_id;

text_id! {
    /// Rollcall's own id of a connection. Opaque.
    ConnectionId
}

macro_rules! narrow_id {
    ($(#[$doc:meta])* $name:ident, $error:expr, $fits:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// The most bytes of an id.
            pub const MAX_BYTES: usize = 64;

            /// Returns the id that a text is.
            ///
            /// # Errors
            /// [`Error`] where a character is not allowed, or the text is empty or too long.
            pub fn parse(text: &str) -> Result<Self, Error> {
                let fits: fn(u8) -> bool = $fits;
                if (1..=Self::MAX_BYTES).contains(&text.len()) && text.bytes().all(fits) {
                    Ok(Self(text.into()))
                } else {
                    Err($error)
                }
            }

            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<Self, Error> {
                Self::parse(text)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

narrow_id! {
    /// The application's customer: `[A-Za-z0-9._-]{1,64}`.
    TenantId, Error::TenantId,
    |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

narrow_id! {
    /// The slug of an HR system: `[a-z0-9-]{1,64}`.
    ProviderId, Error::ProviderId,
    |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

impl ProviderId {
    /// Returns the id of a word that is one; the words of this program are tested for it.
    pub(crate) fn known(word: &'static str) -> Self {
        debug_assert!(Self::parse(word).is_ok(), "the word of a provider is an id");
        Self(word.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_id_can_stand_in_an_address_as_it_is() {
        for text in ["acme", "Acme-01_b.c", "0"] {
            assert_eq!(TenantId::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "a b", "a/b", "é", "a:b", "a#b", &"x".repeat(65)] {
            assert!(TenantId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_provider_is_a_lower_case_slug() {
        assert!(ProviderId::parse("factorial").is_ok());
        for text in ["", "Factorial", "bamboo_hr", "a:b"] {
            assert!(ProviderId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_stored_id_is_checked_when_it_is_read() {
        assert!(serde_json::from_str::<TenantId>("\"a/b\"").is_err());
        assert_eq!(
            serde_json::from_str::<TenantId>("\"acme\"").unwrap(),
            TenantId::parse("acme").unwrap()
        );
    }
}
