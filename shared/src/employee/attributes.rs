//! A set of attributes in packed form: one text that is held, stored, hashed and compared as it is.
//!
//! The form, version 1: entries in ascending order, canonical ones by code, then custom ones by name.
//! A canonical entry begins with its code, a custom one with `~`, the length of its name, `:` and the name. Then
//! the state: `-` for empty, `!` for seen but invalid, or the length of the value in bytes, `:` and the value.
//! What is not in the set is unseen. Equal sets have equal texts.

use std::fmt;

use super::{Attribute, AttributeRef, Canonical, CustomName, Field};

const CUSTOM: u8 = b'~';

/// A packed set of attributes.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Attributes(Box<str>);

/// A borrowed packed set.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct View<'a>(&'a str);

/// One entry of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Which attribute.
    pub attribute: AttributeRef<'a>,
    /// Its value, or that it is empty; unseen where the source's text was invalid.
    pub field: Field<&'a str>,
}

impl Attributes {
    /// Takes a packed text that an earlier [`Attributes::as_packed`] gave.
    ///
    /// Returns `None` where the text is not a packed set, is not in order, or names an unknown attribute.
    pub fn from_packed(text: &str) -> Option<Self> {
        let view = View(text);
        let mut entries = view.iter();
        let mut previous = None;
        for entry in entries.by_ref() {
            entry.attribute.to_owned()?;
            if previous.is_some_and(|earlier| earlier >= entry.attribute) {
                return None;
            }
            previous = Some(entry.attribute);
        }
        entries.rest.is_empty().then(|| Self(text.into()))
    }

    /// Returns the packed text.
    pub fn as_packed(&self) -> &str {
        &self.0
    }

    /// Returns the same set, borrowed.
    pub fn view(&self) -> View<'_> {
        View(&self.0)
    }

    /// Returns the field of one attribute.
    pub fn field(&self, attribute: impl Into<Attribute>) -> Field<&str> {
        self.view().field(attribute.into().as_ref())
    }

    /// Returns the value of a canonical attribute, if it has one.
    pub fn value(&self, canonical: Canonical) -> Option<&str> {
        self.view().field(AttributeRef::Canonical(canonical)).value()
    }
}

impl<'a> View<'a> {
    /// Returns a view of a packed text without checking it. What cannot be read ends the set.
    pub const fn new(packed: &'a str) -> Self {
        Self(packed)
    }

    /// Returns the packed text.
    pub const fn as_packed(self) -> &'a str {
        self.0
    }

    /// Returns the entries in order.
    pub const fn iter(self) -> Iter<'a> {
        Iter { rest: self.0 }
    }

    /// Returns the field of one attribute.
    pub fn field(self, attribute: AttributeRef<'_>) -> Field<&'a str> {
        let mut entries = match attribute {
            AttributeRef::Canonical(canonical) => Iter {
                rest: self.0.get(self.seek(canonical)..).unwrap_or_default(),
            },
            AttributeRef::Custom(_) => self.iter(),
        };
        let entry = entries.find(|entry| entry.attribute >= attribute);
        entry
            .filter(|entry| entry.attribute == attribute)
            .map_or(Field::Unseen, |entry| entry.field)
    }

    /// Returns the place of the first entry that is not before a canonical attribute, or that cannot be read.
    #[inline]
    fn seek(self, canonical: Canonical) -> usize {
        let (bytes, mut at) = (self.0.as_bytes(), 0);
        while let Some(code) = bytes.get(at)
            && *code < canonical.code()
            && let Some((_, end)) = sized(bytes, at + 1)
        {
            at = end;
        }
        at
    }

    /// Returns the value of a canonical attribute, if it has one.
    pub fn value(self, canonical: Canonical) -> Option<&'a str> {
        self.field(AttributeRef::Canonical(canonical)).value()
    }

    /// Returns what stands before and after one attribute, both packed; `None` where it is not in the set.
    pub fn around(self, attribute: AttributeRef<'_>) -> Option<(&'a str, &'a str)> {
        let mut entries = match attribute {
            AttributeRef::Canonical(canonical) => Iter {
                rest: self.0.get(self.seek(canonical)..)?,
            },
            AttributeRef::Custom(_) => self.iter(),
        };
        loop {
            let at = self.0.len() - entries.rest.len();
            let entry = entries.next().filter(|entry| entry.attribute <= attribute)?;
            if entry.attribute == attribute {
                return Some((self.0.get(..at)?, entries.rest));
            }
        }
    }

    /// Returns the attributes whose text was there and could not be read.
    pub fn invalid(self) -> impl Iterator<Item = AttributeRef<'a>> {
        self.iter()
            .filter(|entry| !entry.field.is_seen())
            .map(|entry| entry.attribute)
    }
}

impl<'a> IntoIterator for View<'a> {
    type Item = Entry<'a>;
    type IntoIter = Iter<'a>;
    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// The entries of a packed set, in order.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    rest: &'a str,
}

impl<'a> Iter<'a> {
    /// Returns the entries that are still to come, as a packed text.
    pub const fn as_packed(&self) -> &'a str {
        self.rest
    }
}

/// Returns the places at which the value of a state begins and ends. For `<length>:` it is the text behind it; for a
/// mark it is empty.
#[inline]
fn sized(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    match *bytes.get(at..)? {
        [b'-' | b'!', ..] => Some((at + 1, at + 1)),
        [one @ b'0'..=b'9', b':', ..] => Some((at + 2, at + 2 + usize::from(one - b'0'))),
        [ten @ b'1'..=b'9', one @ b'0'..=b'9', b':', ..] => {
            Some((at + 3, at + 3 + usize::from(ten - b'0') * 10 + usize::from(one - b'0')))
        }
        _ => sized_at_length(bytes, at),
    }
}

/// Returns the same for a value of any length. A length has one spelling, without leading zeros.
#[cold]
fn sized_at_length(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut length = match *bytes.get(at)? {
        digit @ b'0'..=b'9' => usize::from(digit - b'0'),
        _ => return None,
    };
    let mut at = at + 1;
    loop {
        match *bytes.get(at)? {
            b':' => return Some((at + 1, length.checked_add(at + 1)?)),
            digit @ b'0'..=b'9' if length > 0 => {
                length = length.checked_mul(10)?.checked_add(usize::from(digit - b'0'))?;
            }
            _ => return None,
        }
        at += 1;
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        let bytes = self.rest.as_bytes();
        let code = *bytes.first()?;
        let (attribute, state) = if code == CUSTOM {
            // Only a length stands here: a mark is no name.
            let (start, end) = sized(bytes, 1).filter(|(start, _)| *start > 2)?;
            (AttributeRef::Custom(self.rest.get(start..end)?), end)
        } else {
            (AttributeRef::Canonical(Canonical::from_code(code)?), 1)
        };
        let (start, end) = sized(bytes, state)?;
        let field = match *bytes.get(state)? {
            b'-' => Field::Empty,
            b'!' => Field::Unseen,
            _ => Field::Value(self.rest.get(start..end)?),
        };
        self.rest = self.rest.get(end..)?;
        Some(Entry { attribute, field })
    }
}

/// Collects attributes in any order and packs them.
#[derive(Clone, Debug, Default)]
pub struct AttributesBuilder {
    packed: String,
    entries: Vec<(Attribute, Field<Box<str>>)>,
    last: Option<Canonical>,
    last_custom_at: usize,
}

impl AttributesBuilder {
    /// Returns an empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute; the last call for an attribute wins. `Unseen` here means: was there, could not be read.
    pub fn set(&mut self, attribute: Attribute, field: Field<&str>) -> &mut Self {
        self.entries.push((attribute, field.map(Into::into)));
        self
    }

    /// Sets a canonical attribute. Cheapest in ascending order.
    pub fn set_canonical(&mut self, canonical: Canonical, field: Field<&str>) -> &mut Self {
        if self.entries.is_empty() && self.last.is_none_or(|last| last < canonical) {
            self.last = Some(canonical);
            pack(&mut self.packed, AttributeRef::Canonical(canonical), field);
            self
        } else {
            self.set(canonical.into(), field)
        }
    }

    /// Sets an attribute, borrowed. Cheapest in ascending order, the tenant's own last.
    pub fn append(&mut self, attribute: &Attribute, field: Field<&str>) -> &mut Self {
        match attribute {
            Attribute::Canonical(canonical) => self.set_canonical(*canonical, field),
            Attribute::Custom(name) => self.append_custom(name, field),
        }
    }

    /// Sets one of the tenant's own attributes, borrowed. Cheapest in ascending order, after the canonical ones.
    pub fn append_custom(&mut self, custom: &CustomName, field: Field<&str>) -> &mut Self {
        let name = AttributeRef::Custom(custom.as_str());
        let last = View(self.packed.get(self.last_custom_at..).unwrap_or_default());
        if !self.entries.is_empty() || last.iter().next().is_some_and(|entry| entry.attribute >= name) {
            return self.set(Attribute::Custom(custom.clone()), field);
        }
        self.last = Canonical::ALL.last().copied();
        self.last_custom_at = self.packed.len();
        pack(&mut self.packed, name, field);
        self
    }

    /// Shows what was set, packed, to `visit`. The builder is left empty and keeps its memory for the next person.
    pub(crate) fn build_for<T>(&mut self, visit: impl FnOnce(View<'_>) -> T) -> T {
        if !self.entries.is_empty() {
            return visit(self.build().view());
        }
        self.last = None;
        self.last_custom_at = 0;
        let result = visit(View(&self.packed));
        self.packed.clear();
        result
    }

    /// Returns what was set, packed. The builder is left empty and keeps its memory for the next person.
    pub fn build(&mut self) -> Attributes {
        self.last = None;
        self.last_custom_at = 0;
        if self.entries.is_empty() {
            let packed = Attributes(self.packed.as_str().into());
            self.packed.clear();
            return packed;
        }
        let packed = std::mem::take(&mut self.packed);
        let early = View(&packed).iter().filter_map(|entry| {
            let field: Field<Box<str>> = entry.field.map(Into::into);
            entry.attribute.to_owned().map(|attribute| (attribute, field))
        });
        let mut entries: Vec<(Attribute, Field<Box<str>>)> = early.collect();
        entries.append(&mut self.entries);
        entries.sort_by(|left, right| left.0.cmp(&right.0));
        let mut merged = String::with_capacity(packed.len() + 64);
        let mut entries = entries.into_iter().peekable();
        while let Some((attribute, field)) = entries.next() {
            if entries.peek().is_some_and(|(next, _)| *next == attribute) {
                continue;
            }
            let field = match &field {
                Field::Value(value) => Field::Value(value.as_ref()),
                Field::Empty => Field::Empty,
                Field::Unseen => Field::Unseen,
            };
            pack(&mut merged, attribute.as_ref(), field);
        }
        Attributes(merged.into())
    }
}

fn pack(packed: &mut String, attribute: AttributeRef<'_>, field: Field<&str>) {
    match attribute {
        AttributeRef::Canonical(canonical) => packed.push(char::from(canonical.code())),
        AttributeRef::Custom(name) => {
            packed.push(char::from(CUSTOM));
            push_sized(packed, name);
        }
    }
    match field {
        Field::Value(value) => push_sized(packed, value),
        Field::Empty => packed.push('-'),
        Field::Unseen => packed.push('!'),
    }
}

fn push_sized(packed: &mut String, text: &str) {
    packed.reserve(text.len() + 4);
    push_number(packed, text.len());
    packed.push(':');
    packed.push_str(text);
}

/// Appends a decimal number; nearly all lengths have one or two digits.
fn push_number(packed: &mut String, number: usize) {
    if number >= 100 {
        push_number(packed, number / 10);
    } else if number >= 10 {
        packed.push(digit(number / 10));
    }
    packed.push(digit(number));
}

/// Returns the last digit of a number.
fn digit(number: usize) -> char {
    const DIGITS: [char; 10] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
    DIGITS.get(number % 10).copied().unwrap_or('0')
}

impl fmt::Debug for Attributes {
    /// Writes names only: values are personal (R38).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.view().iter().map(|entry| entry.attribute.to_string()))
            .finish()
    }
}

impl fmt::Debug for View<'_> {
    /// Writes names only: values are personal (R38).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.iter().map(|entry| entry.attribute.to_string()))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn custom(name: &str) -> Attribute {
        Attribute::Custom(CustomName::parse(name).unwrap())
    }

    #[test]
    fn the_packed_form_is_as_documented() {
        let mut builder = AttributesBuilder::new();
        builder.set(custom("size"), Field::Value("M"));
        builder.set_canonical(Canonical::LastName, Field::Value("Núñez"));
        builder.set_canonical(Canonical::City, Field::Empty);
        builder.set_canonical(Canonical::MobilePhone, Field::Unseen);
        assert_eq!(builder.build().as_packed(), "E-R7:NúñezT!~4:size1:M");
    }

    #[test]
    fn any_length_is_written_as_it_is_read() {
        for length in [0, 1, 9, 10, 99, 100, 101, 999, 1_000, 1_005, 20_100] {
            let text = "x".repeat(length);
            let mut builder = AttributesBuilder::new();
            let set = builder.set_canonical(Canonical::City, Field::Value(&text)).build();
            assert_eq!(set.as_packed(), format!("E{length}:{text}"));
        }
    }

    #[test]
    fn a_length_has_one_spelling() {
        assert!(Attributes::from_packed("E0:").is_some() && Attributes::from_packed("E1:x").is_some());
        for text in [
            "E:",
            "E01:x",
            "E00:",
            "E+1:x",
            "E2:x",
            "E1x",
            "E1",
            "E99999999999999999999:x",
        ] {
            assert_eq!(Attributes::from_packed(text), None, "{text}");
        }
    }

    #[test]
    fn appending_in_any_order_gives_the_same_set() {
        let names = [
            Canonical::City.into(),
            custom("b"),
            custom("a"),
            Canonical::Team.into(),
            custom("c"),
            custom("a"),
        ];
        let mut sorted: Vec<(usize, &Attribute)> = names.iter().enumerate().collect();
        sorted.sort_by_key(|(position, name)| (*name, *position));
        let pack = |names: &[(usize, &Attribute)]| {
            let mut builder = AttributesBuilder::new();
            for (position, name) in names {
                builder.append(name, Field::Value(&position.to_string()));
            }
            (builder.build(), builder.build())
        };
        let given: Vec<(usize, &Attribute)> = names.iter().enumerate().collect();
        let (set, rest) = pack(&given);
        assert_eq!(set.as_packed(), "E1:0Z1:3~1:a1:5~1:b1:1~1:c1:4");
        assert_eq!(pack(&sorted).0, set);
        assert_eq!(rest, Attributes::default());
    }

    #[test]
    fn the_last_word_wins_however_it_is_said() {
        let mut builder = AttributesBuilder::new();
        builder.set(Canonical::City.into(), Field::Value("Oslo"));
        builder.set_canonical(Canonical::City, Field::Value("Rome"));
        builder.set(custom("size"), Field::Value("M"));
        builder.append(&custom("size"), Field::Value("L"));
        assert_eq!(builder.build().as_packed(), "E4:Rome~4:size1:L");
    }

    proptest! {
        #[test]
        fn the_order_of_setting_does_not_matter(
            fields in proptest::collection::btree_map(0..Canonical::ALL.len(), proptest::option::of(".{0,12}"), 0..12),
            seed in any::<prop::sample::Index>(),
        ) {
            let mut forward = AttributesBuilder::new();
            let mut turned = AttributesBuilder::new();
            let mut entries: Vec<_> = fields.iter().collect();
            for (index, value) in &entries {
                forward.set_canonical(Canonical::ALL[**index], value.as_deref().into());
            }
            if !entries.is_empty() {
                let middle = seed.index(entries.len());
                entries.rotate_left(middle);
            }
            for (index, value) in entries {
                turned.set_canonical(Canonical::ALL[*index], value.as_deref().into());
            }
            let packed = forward.build();
            prop_assert_eq!(&packed, &turned.build());
            prop_assert_eq!(Attributes::from_packed(packed.as_packed()), Some(packed.clone()));
            for (index, canonical) in Canonical::ALL.iter().enumerate() {
                let expected = fields.get(&index).map_or(Field::Unseen, |value| value.as_deref().into());
                prop_assert_eq!(packed.field(*canonical), expected);
                let rest = packed.view().around(AttributeRef::Canonical(*canonical));
                let rest = rest.map(|(before, after)| format!("{before}{after}"));
                let others = fields.iter().filter(|(other, _)| **other != index);
                let mut builder = AttributesBuilder::new();
                for (other, value) in others {
                    builder.set_canonical(Canonical::ALL[*other], value.as_deref().into());
                }
                let others = builder.build();
                prop_assert_eq!(rest, fields.contains_key(&index).then(|| others.as_packed().to_owned()));
            }
        }

        #[test]
        fn any_text_is_either_a_packed_set_or_refused(text in ".{0,40}") {
            if let Some(set) = Attributes::from_packed(&text) {
                prop_assert_eq!(set.as_packed(), text);
            }
        }
    }
}
