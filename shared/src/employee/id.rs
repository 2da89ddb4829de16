//! Typed ids. An id is opaque text: compared and ordered, never computed with.

use std::cmp::Ordering;

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an id has 1 to 128 bytes and no control characters")]
pub struct InvalidId;

/// The longest id that is accepted, in bytes.
pub const MAX_BYTES: usize = 128;

/// Checks what all ids have in common: 1 to 128 bytes, no control characters.
///
/// # Errors
/// [`InvalidId`] where the text is not an id.
pub fn check(text: &str) -> Result<(), InvalidId> {
    let is_plain = || text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if text.is_empty() || text.len() > MAX_BYTES || !is_plain() && text.chars().any(char::is_control) {
        Err(InvalidId)
    } else {
        Ok(())
    }
}

/// Returns the order of two ids: by length, then by bytes, so that decimal ids stand in the order of their numbers.
pub fn shortlex(left: &str, right: &str) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Declares a newtype over opaque text. Ids of all kinds order by [`shortlex`].
#[macro_export]
#[doc(hidden)]
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Returns the id that a text is.
            ///
            /// # Errors
            /// [`InvalidId`]($crate::employee::id::InvalidId): empty, over 128 bytes, or with control characters.
            pub fn parse(text: &str) -> Result<Self, $crate::employee::id::InvalidId> {
                $crate::employee::id::check(text)?;
                Ok(Self(text.into()))
            }

            /// Returns the id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::employee::id::InvalidId;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                $crate::employee::id::shortlex(&self.0, &other.0)
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_id! {
    /// The provider's own id of an employee. Unique within one company of one provider, opaque.
    EmployeeId
}

impl EmployeeId {
    /// Returns the id of a text that was an id before.
    pub(crate) fn known(text: &str) -> Self {
        debug_assert!(check(text).is_ok(), "an id stays one");
        Self(text.into())
    }
}

text_id! {
    /// The provider's own identity of a tenant (R01).
    CompanyId
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_ids_order_as_their_numbers_do() {
        let mut ids: Vec<EmployeeId> = ["100", "9", "18446744073709551616", "10"]
            .iter()
            .map(|id| EmployeeId::parse(id).unwrap())
            .collect();
        ids.sort();
        assert_eq!(
            ids.iter().map(EmployeeId::as_str).collect::<Vec<_>>(),
            ["9", "10", "100", "18446744073709551616"]
        );
    }

    #[test]
    fn an_id_is_never_empty_long_or_with_control_characters() {
        assert!(EmployeeId::parse("").is_err());
        assert!(EmployeeId::parse("a\nb").is_err());
        assert!(EmployeeId::parse(&"x".repeat(MAX_BYTES + 1)).is_err());
        assert!(EmployeeId::parse(&"x".repeat(MAX_BYTES)).is_ok());
    }
}
