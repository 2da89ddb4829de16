//! How much of one person is carried. What exceeds it is that person's finding, and stops no other person (R47).

use std::cmp::Reverse;

use super::{Attribute, AttributeRef, Attributes, AttributesBuilder, Field, View};

/// The most bytes of one person's attributes, packed: a person fits a chunk, an account's item and a plan's line.
pub const MOST_PERSON_BYTES: usize = 64 * 1024;

/// The most custom attributes that a company's people have; as many may be named in a configuration.
pub const MOST_CUSTOM: usize = 500;

/// What becomes of a value for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// The value is marked as seen but not valid: the attribute is not managed for this person (R07).
    Marked,
    /// The value is left out.
    LeftOut,
}

/// A set that was brought within its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortened {
    /// What there is room for.
    pub attributes: Attributes,
    /// The attributes whose values there was no room for, in order.
    pub excess: Vec<Attribute>,
}

impl View<'_> {
    /// Returns the set with at most `most` bytes, and with the first [`MOST_CUSTOM`] custom attributes only: its
    /// longest values give way, of equally long ones the later. `None` where it is within bounds already.
    pub fn shortened(self, most: usize, excess: Excess) -> Option<Shortened> {
        if self.as_packed().len() <= most {
            return None;
        }
        let is_custom = |attribute: AttributeRef<'_>| matches!(attribute, AttributeRef::Custom(_));
        let mut custom = 0;
        let entries: Vec<(AttributeRef<'_>, Field<&str>)> = self
            .iter()
            .map(|entry| (entry.attribute, entry.field))
            .filter(|(attribute, _)| {
                custom += usize::from(is_custom(*attribute));
                !is_custom(*attribute) || custom <= MOST_CUSTOM
            })
            .collect();
        let mut by_length: Vec<(usize, usize)> = entries
            .iter()
            .enumerate()
            .map(|(place, (_, field))| (field.value().map_or(0, str::len), place))
            .collect();
        by_length.sort_unstable_by_key(|longest| Reverse(*longest));
        let mut gives_way = vec![false; entries.len()];
        let mut left = entries.iter().map(|(name, field)| room(*name, *field)).sum::<usize>();
        for (length, place) in by_length {
            if left <= most || length == 0 {
                break;
            }
            left = left.saturating_sub(length);
            if let Some(gives_way) = gives_way.get_mut(place) {
                *gives_way = true;
            }
        }
        Some(without(&entries, &gives_way, excess))
    }
}

/// Returns about how many bytes an entry takes, packed: never fewer than it does.
fn room(attribute: AttributeRef<'_>, field: Field<&str>) -> usize {
    const LENGTH: usize = 8;
    let name = match attribute {
        AttributeRef::Canonical(_) => 1,
        AttributeRef::Custom(name) => name.len() + LENGTH,
    };
    name + LENGTH + field.value().map_or(0, str::len)
}

fn without(entries: &[(AttributeRef<'_>, Field<&str>)], gives_way: &[bool], excess: Excess) -> Shortened {
    let mut kept = AttributesBuilder::new();
    let mut gone = Vec::new();
    for ((attribute, field), gives_way) in entries.iter().zip(gives_way) {
        let Some(attribute) = (*attribute).to_owned() else {
            continue;
        };
        match (gives_way, excess) {
            (false, _) => {
                kept.append(&attribute, *field);
            }
            (true, Excess::Marked) => {
                kept.append(&attribute, Field::Unseen);
                gone.push(attribute);
            }
            (true, Excess::LeftOut) => gone.push(attribute),
        }
    }
    Shortened {
        attributes: kept.build(),
        excess: gone,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::employee::{Canonical, CustomName};

    fn custom(name: &str) -> Attribute {
        Attribute::Custom(CustomName::parse(name).unwrap())
    }

    fn set(values: &[(Attribute, &str)]) -> Attributes {
        let mut builder = AttributesBuilder::new();
        for (attribute, value) in values {
            builder.set(attribute.clone(), Field::Value(value));
        }
        builder.build()
    }

    #[test]
    fn r47_the_longest_values_give_way_and_the_others_stay() {
        let (long, longer) = ("x".repeat(400), "y".repeat(500));
        let person = set(&[
            (Canonical::City.into(), &longer),
            (Canonical::WorkEmail.into(), "ana@example.com"),
            (custom("a"), &long),
            (custom("b"), &long),
        ]);
        assert_eq!(person.view().shortened(2_000, Excess::Marked), None);
        let marked = person.view().shortened(600, Excess::Marked).unwrap();
        assert_eq!(marked.excess, [Canonical::City.into(), custom("b")]);
        assert_eq!(marked.attributes.field(custom("a")), Field::Value(long.as_str()));
        assert_eq!(marked.attributes.value(Canonical::WorkEmail), Some("ana@example.com"));
        let invalid: Vec<String> = marked
            .attributes
            .view()
            .invalid()
            .map(|name| name.to_string())
            .collect();
        assert_eq!(invalid, ["city", "custom.b"]);
        let left_out = person.view().shortened(600, Excess::LeftOut).unwrap();
        assert_eq!(
            (left_out.excess, left_out.attributes.view().invalid().count()),
            (marked.excess, 0)
        );
    }

    #[test]
    fn r47_of_too_many_custom_attributes_the_first_stay() {
        let names: Vec<String> = (0..=MOST_CUSTOM).map(|number| format!("field-{number:04}")).collect();
        let values: Vec<(Attribute, &str)> = names.iter().map(|name| (custom(name), "x")).collect();
        let shortened = set(&values).view().shortened(1_000, Excess::LeftOut).unwrap();
        assert!(
            !shortened.excess.contains(&custom("field-0500")),
            "it is not there at all"
        );
        let marked = set(&values).view().shortened(8_000, Excess::Marked).unwrap();
        assert_eq!(marked.attributes.view().iter().count(), MOST_CUSTOM);
    }

    proptest! {
        #[test]
        fn r47_a_set_within_bounds_is_never_larger_than_they_are(
            lengths in proptest::collection::vec(0_usize..3_000, 0..60),
            most in 4_000_usize..20_000,
        ) {
            let text = "ñ".repeat(1_500);
            let names: Vec<String> = (0..lengths.len()).map(|number| format!("f{number}")).collect();
            let values: Vec<(Attribute, &str)> = names
                .iter()
                .zip(&lengths)
                .map(|(name, length)| (custom(name), &text[..length / 2 * 2]))
                .collect();
            let person = set(&values);
            if let Some(shortened) = person.view().shortened(most, Excess::Marked) {
                prop_assert!(person.as_packed().len() > most);
                prop_assert!(shortened.attributes.as_packed().len() <= most);
                prop_assert!(!shortened.excess.is_empty());
                prop_assert_eq!(Attributes::from_packed(shortened.attributes.as_packed()), Some(shortened.attributes.clone()));
            }
        }
    }
}
