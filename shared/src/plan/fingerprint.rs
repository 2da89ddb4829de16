//! Short keyed hashes of values: what a link remembers of an account instead of the values themselves (R35).

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::employee::{Attribute, AttributeRef, Canonical, CustomName};

/// The first 48 bits of HMAC-SHA256 (RFC 2104) over an attribute's name and value, in base64url: 8 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u8; 6]);

/// Makes fingerprints under one tenant's key.
#[derive(Clone)]
pub struct Fingerprints(Hmac<Sha256>);

impl std::fmt::Debug for Fingerprints {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Fingerprints")
    }
}

impl Fingerprints {
    /// The key's length in bytes.
    pub const KEY_BYTES: usize = 32;

    /// Takes a tenant's key.
    pub fn new(key: &[u8; Self::KEY_BYTES]) -> Self {
        let mut block = [0_u8; 64];
        if let Some(front) = block.get_mut(..Self::KEY_BYTES) {
            front.copy_from_slice(key);
        }
        // A key that is padded with zeros to the block's length is the same key (RFC 2104).
        Self(Hmac::<Sha256>::new(&block.into()))
    }

    /// The fingerprint of a value, or of there being none.
    pub fn print(&self, attribute: AttributeRef<'_>, value: Option<&str>) -> Fingerprint {
        let mut mac = self.0.clone();
        match attribute {
            AttributeRef::Canonical(canonical) => mac.update(canonical.name().as_bytes()),
            AttributeRef::Custom(name) => {
                mac.update(b"custom.");
                mac.update(name.as_bytes());
            }
        }
        mac.update(&[0, u8::from(value.is_some())]);
        mac.update(value.unwrap_or_default().as_bytes());
        let digest = mac.finalize().into_bytes();
        let mut short = [0; 6];
        short.iter_mut().zip(digest).for_each(|(short, byte)| *short = byte);
        Fingerprint(short)
    }
}

/// What a link remembers of its account: per attribute the value as it was sent and as the target then showed it.
///
/// Packed like attributes: the code (or `~<length>:<name>`), 8 characters as sent, then `=` where it was seen the same,
/// else `!` and 8 characters as seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prints(Box<str>);

impl Prints {
    /// Packs prints: attribute, as sent, as seen.
    pub fn new(prints: impl IntoIterator<Item = (Attribute, Fingerprint, Fingerprint)>) -> Self {
        let mut prints: Vec<_> = prints.into_iter().collect();
        prints.sort_by(|left, right| left.0.cmp(&right.0));
        let mut packed = String::with_capacity(prints.len() * 10);
        for (attribute, sent, seen) in prints {
            match attribute.as_ref() {
                AttributeRef::Canonical(canonical) => packed.push(char::from(canonical.code())),
                AttributeRef::Custom(name) => {
                    // Writing to a String cannot fail.
                    let _ = write!(packed, "~{}:{name}", name.len());
                }
            }
            URL_SAFE_NO_PAD.encode_string(sent.0, &mut packed);
            if sent == seen {
                packed.push('=');
            } else {
                packed.push('!');
                URL_SAFE_NO_PAD.encode_string(seen.0, &mut packed);
            }
        }
        Self(packed.into())
    }

    /// Takes a packed text; what cannot be read is not remembered.
    pub fn from_packed(packed: &str) -> Self {
        Self(packed.into())
    }

    /// The packed text.
    pub fn as_packed(&self) -> &str {
        &self.0
    }

    /// The same prints, borrowed.
    pub fn view(&self) -> PrintsView<'_> {
        PrintsView(&self.0)
    }

    /// All prints: attribute, as sent, as seen.
    pub fn iter(&self) -> impl Iterator<Item = (AttributeRef<'_>, Fingerprint, Fingerprint)> {
        self.view().iter()
    }

    /// What is remembered of an attribute: as sent, as seen.
    pub fn find(&self, attribute: AttributeRef<'_>) -> Option<(Fingerprint, Fingerprint)> {
        self.view().find(attribute)
    }

    /// These prints with others in place of the ones of the same attributes.
    #[must_use]
    pub fn with(&self, newer: impl IntoIterator<Item = (Attribute, Fingerprint, Fingerprint)>) -> Self {
        let mut merged: std::collections::BTreeMap<Attribute, (Fingerprint, Fingerprint)> = self
            .iter()
            .filter_map(|(attribute, sent, seen)| attribute.to_owned().map(|attribute| (attribute, (sent, seen))))
            .collect();
        merged.extend(
            newer
                .into_iter()
                .map(|(attribute, sent, seen)| (attribute, (sent, seen))),
        );
        Self::new(
            merged
                .into_iter()
                .map(|(attribute, (sent, seen))| (attribute, sent, seen)),
        )
    }
}

/// Prints, borrowed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrintsView<'a>(&'a str);

impl<'a> PrintsView<'a> {
    /// Looks at a packed text; what cannot be read is not remembered.
    pub(super) const fn new(packed: &'a str) -> Self {
        Self(packed)
    }

    /// The same prints, owned.
    pub fn to_prints(self) -> Prints {
        Prints(self.0.into())
    }

    /// All prints: attribute, as sent, as seen.
    pub fn iter(self) -> impl Iterator<Item = (AttributeRef<'a>, Fingerprint, Fingerprint)> {
        let mut rest = self.0;
        std::iter::from_fn(move || take(&mut rest))
    }

    /// What is remembered of an attribute: as sent, as seen.
    pub fn find(self, attribute: AttributeRef<'_>) -> Option<(Fingerprint, Fingerprint)> {
        self.iter()
            .find(|(name, ..)| *name == attribute)
            .map(|(_, sent, seen)| (sent, seen))
    }
}

fn take<'a>(rest: &mut &'a str) -> Option<(AttributeRef<'a>, Fingerprint, Fingerprint)> {
    let (first, after) = rest.split_at_checked(1)?;
    let (attribute, after) = if first == "~" {
        let (length, after) = after.split_once(':')?;
        let (name, after) = after.split_at_checked(length.parse().ok()?)?;
        CustomName::parse(name)?;
        (AttributeRef::Custom(name), after)
    } else {
        (
            AttributeRef::Canonical(Canonical::from_code(*first.as_bytes().first()?)?),
            after,
        )
    };
    let (sent, after) = take_print(after)?;
    let (mark, after) = after.split_at_checked(1)?;
    let (seen, after) = if mark == "=" { (sent, after) } else { take_print(after)? };
    *rest = after;
    Some((attribute, sent, seen))
}

fn take_print(text: &str) -> Option<(Fingerprint, &str)> {
    let (print, rest) = text.split_at_checked(8)?;
    let mut bytes = [0; 6];
    URL_SAFE_NO_PAD.decode_slice(print, &mut bytes).ok()?;
    Some((Fingerprint(bytes), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CITY: AttributeRef<'_> = AttributeRef::Canonical(Canonical::City);

    fn fingerprints(byte: u8) -> Fingerprints {
        Fingerprints::new(&[byte; 32])
    }

    #[test]
    fn r35_a_fingerprint_depends_on_key_attribute_and_value() {
        let print = fingerprints(1).print(CITY, Some("Rome"));
        assert_eq!(print, fingerprints(1).print(CITY, Some("Rome")));
        assert_ne!(print, fingerprints(2).print(CITY, Some("Rome")));
        assert_ne!(
            print,
            fingerprints(1).print(AttributeRef::Canonical(Canonical::WorkCity), Some("Rome"))
        );
        assert_ne!(fingerprints(1).print(CITY, Some("")), fingerprints(1).print(CITY, None));
    }

    #[test]
    fn the_fingerprint_is_the_front_of_hmac_sha256() {
        // Checked with `python3 -c "import hmac; print(hmac.digest(b'\1'*32, b'city\0\1Rome', 'sha256').hex()[:12])"`.
        assert_eq!(hex::encode(fingerprints(1).print(CITY, Some("Rome")).0), "a6fd61df21bd");
    }

    proptest! {
        #[test]
        fn prints_come_back_as_they_were_packed(
            values in proptest::collection::btree_map(0..Canonical::ALL.len(), (any::<u8>(), any::<bool>()), 0..20),
        ) {
            let prints: Vec<_> = values
                .iter()
                .map(|(index, (value, same))| {
                    let attribute = Attribute::Canonical(Canonical::ALL[*index]);
                    let print = |text: &str| fingerprints(*value).print(attribute.as_ref(), Some(text));
                    let sent = print("a");
                    let seen = if *same { sent } else { print("b") };
                    (attribute, sent, seen)
                })
                .chain([(Attribute::Custom(CustomName::parse("t_shirt").unwrap()), Fingerprint([1; 6]), Fingerprint([2; 6]))])
                .collect();
            let packed = Prints::new(prints.clone());
            let again: Vec<_> = Prints::from_packed(packed.as_packed())
                .iter()
                .map(|(attribute, sent, seen)| (attribute.to_owned().unwrap(), sent, seen))
                .collect();
            prop_assert_eq!(again, prints);
        }
    }
}
