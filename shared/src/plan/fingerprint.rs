//! Short keyed hashes of values: what a link remembers of an account instead of the values themselves (R35).

use std::{collections::BTreeSet, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::employee::{Attribute, AttributeRef, Canonical, CustomName};

/// Of how many attributes a link remembers anything: more than a configuration manages (R47).
const MOST_PRINTS: usize = 600;

/// The length of a fingerprint, in bytes and in base64url.
const PRINT_BYTES: usize = 6;
const PRINT_CHARACTERS: usize = 8;

/// The first 48 bits of HMAC-SHA256 (RFC 2104) over an attribute's name and value, in base64url: 8 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fingerprint([u8; PRINT_BYTES]);

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

    /// Returns the fingerprints under a tenant's key.
    pub fn new(key: &[u8; Self::KEY_BYTES]) -> Self {
        let mut block = [0_u8; 64];
        if let Some(front) = block.get_mut(..Self::KEY_BYTES) {
            front.copy_from_slice(key);
        }
        // A key that is padded with zeros to the block's length is the same key (RFC 2104).
        Self(Hmac::<Sha256>::new(&block.into()))
    }

    /// Returns the fingerprint of a value, or of there being none.
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
    /// Returns prints, packed: attribute, as sent, as seen.
    pub fn new(prints: impl IntoIterator<Item = (Attribute, Fingerprint, Fingerprint)>) -> Self {
        let mut prints: Vec<_> = prints.into_iter().collect();
        prints.sort_by(|left, right| left.0.cmp(&right.0));
        let mut packed = String::with_capacity(prints.len() * 10);
        for (attribute, sent, seen) in prints {
            pack(&mut packed, attribute.as_ref(), sent, seen);
        }
        Self(packed.into())
    }

    /// Returns the prints of a packed text. What cannot be read is not remembered.
    pub fn from_packed(packed: &str) -> Self {
        Self(packed.into())
    }

    /// Returns the packed text.
    pub fn as_packed(&self) -> &str {
        &self.0
    }

    /// Returns the same prints, borrowed.
    pub fn view(&self) -> PrintsView<'_> {
        PrintsView {
            text: &self.0,
            bytes: None,
        }
    }

    /// Returns all prints: attribute, as sent, as seen.
    pub fn iter(&self) -> impl Iterator<Item = (AttributeRef<'_>, Fingerprint, Fingerprint)> {
        self.view().iter()
    }

    /// Returns what is remembered of an attribute: as sent, as seen.
    pub fn find(&self, attribute: AttributeRef<'_>) -> Option<(Fingerprint, Fingerprint)> {
        self.view().find(attribute)
    }

    /// Returns these prints with others in place of the ones of the same attributes.
    #[must_use]
    pub fn with(&self, newer: impl IntoIterator<Item = (Attribute, Fingerprint, Fingerprint)>) -> Self {
        let mut merged: std::collections::BTreeMap<Attribute, (Fingerprint, Fingerprint)> = self
            .iter()
            .filter_map(|(attribute, sent, seen)| attribute.to_owned().map(|attribute| (attribute, (sent, seen))))
            .collect();
        let newer: Vec<_> = newer.into_iter().collect();
        let named: BTreeSet<Attribute> = newer.iter().map(|(attribute, ..)| attribute.clone()).collect();
        merged.extend(
            newer
                .into_iter()
                .map(|(attribute, sent, seen)| (attribute, (sent, seen))),
        );
        if merged.len() > MOST_PRINTS {
            // Only custom attributes that were managed once can be so many.
            let mut excess = merged.len() - MOST_PRINTS;
            merged.retain(|attribute, _| {
                let may_go = excess > 0 && matches!(attribute, Attribute::Custom(_)) && !named.contains(attribute);
                excess -= usize::from(may_go);
                !may_go
            });
        }
        Self::new(
            merged
                .into_iter()
                .map(|(attribute, (sent, seen))| (attribute, sent, seen)),
        )
    }
}

/// Prints, borrowed: as text, or as they are held of many links, names and marks apart from the fingerprints' bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrintsView<'a> {
    /// The packed text, with or without the fingerprints in it.
    text: &'a str,
    /// The fingerprints, where they are not in the text.
    bytes: Option<&'a [u8]>,
}

impl<'a> PrintsView<'a> {
    /// Returns a view of names and marks, with the fingerprints' bytes apart from them.
    pub(super) const fn of_parts(names: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            text: names,
            bytes: Some(bytes),
        }
    }

    /// Returns a view of packed prints.
    pub(super) const fn of_text(text: &'a str) -> Self {
        Self { text, bytes: None }
    }

    /// Returns the same prints, owned.
    pub fn to_prints(self) -> Prints {
        if self.bytes.is_none() {
            return Prints::from_packed(self.text);
        }
        let mut packed = String::new();
        for (attribute, sent, seen) in self.iter() {
            pack(&mut packed, attribute, sent, seen);
        }
        Prints(packed.into())
    }

    /// Returns all prints: attribute, as sent, as seen.
    pub fn iter(mut self) -> impl Iterator<Item = (AttributeRef<'a>, Fingerprint, Fingerprint)> {
        std::iter::from_fn(move || self.take())
    }

    /// Returns what is remembered of an attribute: as sent, as seen.
    pub fn find(self, attribute: AttributeRef<'_>) -> Option<(Fingerprint, Fingerprint)> {
        self.iter()
            .find(|(name, ..)| *name == attribute)
            .map(|(_, sent, seen)| (sent, seen))
    }

    fn take(&mut self) -> Option<(AttributeRef<'a>, Fingerprint, Fingerprint)> {
        let attribute = take_name(&mut self.text)?;
        let sent = self.take_print()?;
        let (mark, rest) = self.text.split_at_checked(1)?;
        self.text = rest;
        let seen = if mark == "=" { sent } else { self.take_print()? };
        Some((attribute, sent, seen))
    }

    fn take_print(&mut self) -> Option<Fingerprint> {
        if let Some(bytes) = &mut self.bytes {
            let (print, rest) = bytes.split_first_chunk()?;
            *bytes = rest;
            return Some(Fingerprint(*print));
        }
        let (print, rest) = self.text.split_at_checked(PRINT_CHARACTERS)?;
        self.text = rest;
        let mut bytes = [0; PRINT_BYTES];
        URL_SAFE_NO_PAD.decode_slice(print, &mut bytes).ok()?;
        Some(Fingerprint(bytes))
    }
}

/// Splits packed prints into names and marks, which many links have in common, and the characters of the fingerprints.
/// `None` where the prints cannot be read to their end.
pub(super) fn split(prints: &Prints, names: &mut String, characters: &mut String) -> Option<()> {
    let mut rest: &str = &prints.0;
    while let Some(first) = rest.as_bytes().first() {
        let name = if *first == b'~' {
            let (length, after) = rest.get(1..)?.split_once(':')?;
            rest.len() - after.len() + length.parse::<usize>().ok()?
        } else {
            1
        };
        let (name, after) = rest.split_at_checked(name)?;
        let (sent, after) = after.split_at_checked(PRINT_CHARACTERS)?;
        let (mark, after) = after.split_at_checked(1)?;
        names.push_str(name);
        names.push_str(mark);
        characters.push_str(sent);
        rest = after;
        if mark != "=" {
            let (seen, after) = rest.split_at_checked(PRINT_CHARACTERS)?;
            characters.push_str(seen);
            rest = after;
        }
    }
    Some(())
}

/// Appends the bytes of the fingerprints that stand in characters; `None` where they cannot be read.
pub(super) fn decode(characters: &str, bytes: &mut Vec<u8>) -> Option<()> {
    bytes.resize(characters.len() / PRINT_CHARACTERS * PRINT_BYTES, 0);
    URL_SAFE_NO_PAD.decode_slice(characters, bytes).ok().map(|_| ())
}

fn take_name<'a>(rest: &mut &'a str) -> Option<AttributeRef<'a>> {
    let (first, after) = rest.split_at_checked(1)?;
    if first != "~" {
        *rest = after;
        return Canonical::from_code(*first.as_bytes().first()?).map(AttributeRef::Canonical);
    }
    let (length, after) = after.split_once(':')?;
    let (name, after) = after.split_at_checked(length.parse().ok()?)?;
    CustomName::parse(name)?;
    *rest = after;
    Some(AttributeRef::Custom(name))
}

fn pack(packed: &mut String, attribute: AttributeRef<'_>, sent: Fingerprint, seen: Fingerprint) {
    match attribute {
        AttributeRef::Canonical(canonical) => packed.push(char::from(canonical.code())),
        AttributeRef::Custom(name) => {
            // Writing to a String cannot fail.
            let _ = write!(packed, "~{}:{name}", name.len());
        }
    }
    URL_SAFE_NO_PAD.encode_string(sent.0, packed);
    if sent == seen {
        packed.push('=');
    } else {
        packed.push('!');
        URL_SAFE_NO_PAD.encode_string(seen.0, packed);
    }
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
