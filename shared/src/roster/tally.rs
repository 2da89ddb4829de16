//! Counts what rows show, attribute by attribute, while they are added.

use std::collections::{BTreeMap, BTreeSet};

use crate::employee::{Attribute, AttributeRef, Canonical, CustomName, Field, MOST_CUSTOM, View};

/// How many of the tenant's own attributes are counted while rows are added: more than a roster keeps, so that it keeps
/// the same ones in whatever order rows come.
const MOST_COUNTED: usize = 4 * MOST_CUSTOM;

/// Counts values per attribute; canonical ones by code, because this runs for every person.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    canonical: [Count; 128],
    /// The tenant's own attributes, in the order of their names.
    custom: Vec<(CustomName, Count)>,
}

/// Whether an attribute was shown, and for how many people it had a value.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    shown: bool,
    /// Whether it was empty for a person.
    empty: bool,
    values: u32,
}

impl Count {
    fn note(&mut self, field: Field<&str>) {
        self.shown = true;
        self.empty |= field == Field::Empty;
        self.values += u32::from(field.value().is_some());
    }
}

/// What rows show of an attribute, all together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// It is in no row.
    Unshown,
    /// It is empty, and nobody has a value of it that can be read.
    Empty,
    /// It has a value somewhere, or nothing but texts that cannot be read.
    Something,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            canonical: [Count::default(); 128],
            custom: Vec::new(),
        }
    }
}

impl Tally {
    /// Counts one person.
    pub(super) fn count(&mut self, attributes: View<'_>) {
        let mut place = 0;
        for entry in attributes {
            match entry.attribute {
                AttributeRef::Canonical(canonical) => {
                    if let Some(count) = self.canonical.get_mut(usize::from(canonical.code())) {
                        count.note(entry.field);
                    }
                }
                AttributeRef::Custom(name) => place = self.count_custom(name, entry.field, place),
            }
        }
    }

    /// Counts one of the tenant's own attributes. A person's attributes come in the order of names, as the counts
    /// stand, so that the count is found from `place` on. Returns the place from which the next one is to be looked
    /// for.
    fn count_custom(&mut self, name: &str, field: Field<&str>, place: usize) -> usize {
        let later = self.custom.get(place..).unwrap_or_default();
        let skipped = later.iter().take_while(|(known, _)| known.as_str() < name).count();
        let place = place + skipped;
        match self.custom.get_mut(place) {
            Some((known, count)) if known.as_str() == name => count.note(field),
            Some(_) | None => {
                let name = CustomName::parse(name).filter(|_| self.custom.len() < MOST_COUNTED);
                let Some(name) = name else {
                    return place;
                };
                let mut count = Count::default();
                count.note(field);
                self.custom.insert(place, (name, count));
            }
        }
        place + 1
    }

    /// Returns the tenant's own attributes, in order.
    pub(super) fn custom_names(&self) -> impl Iterator<Item = &CustomName> {
        self.custom.iter().map(|(name, _)| name)
    }

    /// Returns the first `most` of the tenant's own attributes; `None` where there are no more.
    pub(super) fn first_custom(&self, most: usize) -> Option<BTreeSet<CustomName>> {
        let is_more = self.custom.len() > most;
        is_more.then(|| self.custom_names().take(most).cloned().collect())
    }

    /// Returns whether rows show an attribute that is to be hidden.
    pub(super) fn shows_any(&self, hidden: &BTreeMap<Attribute, String>) -> bool {
        hidden.keys().any(|attribute| self.sight(attribute) != Sight::Unshown)
    }

    /// Returns what rows show of an attribute.
    pub(super) fn sight(&self, attribute: &Attribute) -> Sight {
        let count = match attribute {
            Attribute::Canonical(canonical) => self.canonical.get(usize::from(canonical.code())),
            Attribute::Custom(name) => {
                let place = self.custom.binary_search_by(|(known, _)| known.cmp(name));
                place
                    .ok()
                    .and_then(|place| self.custom.get(place))
                    .map(|(_, count)| count)
            }
        };
        match count {
            Some(count) if count.values > 0 => Sight::Something,
            Some(count) if count.empty => Sight::Empty,
            Some(count) if count.shown => Sight::Something,
            Some(_) | None => Sight::Unshown,
        }
    }

    /// Returns the attributes that were shown, and how many people had a value of each.
    pub(super) fn finish(self) -> (BTreeSet<Attribute>, BTreeMap<Attribute, u32>) {
        let canonical = Canonical::ALL.iter().filter_map(|canonical| {
            let count = self.canonical.get(usize::from(canonical.code()))?;
            count.shown.then_some((Attribute::Canonical(*canonical), count.values))
        });
        let mut coverage: BTreeMap<Attribute, u32> = canonical.collect();
        let custom = self.custom.into_iter();
        coverage.extend(custom.map(|(name, count)| (Attribute::Custom(name), count.values)));
        (coverage.keys().cloned().collect(), coverage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::AttributesBuilder;

    #[test]
    fn r07_one_value_that_cannot_be_read_is_no_sight_of_what_is_empty_for_all_others() {
        let custom = Attribute::Custom(CustomName::parse("size").unwrap());
        for attribute in [Attribute::Canonical(Canonical::City), custom] {
            let sight = |fields: &[Field<&str>]| {
                let mut tally = Tally::default();
                for field in fields {
                    let mut person = AttributesBuilder::new();
                    person.append(&attribute, *field);
                    tally.count(person.build().view());
                }
                tally.sight(&attribute)
            };
            assert_eq!(sight(&[]), Sight::Unshown);
            assert_eq!(sight(&[Field::Empty, Field::Unseen, Field::Empty]), Sight::Empty);
            assert_eq!(
                sight(&[Field::Unseen]),
                Sight::Something,
                "nobody is shown without a value"
            );
            assert_eq!(
                sight(&[Field::Empty, Field::Unseen, Field::Value("x")]),
                Sight::Something
            );
        }
    }

    #[test]
    fn attributes_that_few_people_show_are_counted_in_whatever_order_they_appear() {
        let custom = |name: &str| Attribute::Custom(CustomName::parse(name).unwrap());
        let mut tally = Tally::default();
        for names in [["b", "d"], ["a", "d"], ["c", "e"], ["a", "b"]] {
            let mut person = AttributesBuilder::new();
            person.set_canonical(Canonical::City, Field::Empty);
            for name in names {
                person.append(&custom(name), Field::Value("x"));
            }
            tally.count(person.build().view());
        }
        assert!(tally.shows_any(&BTreeMap::from([(custom("e"), String::new())])));
        assert!(!tally.shows_any(&BTreeMap::from([(custom("f"), String::new())])));
        let (visible, coverage) = tally.finish();
        let expected = [("a", 2), ("b", 2), ("c", 1), ("d", 2), ("e", 1)];
        let mut expected: BTreeMap<Attribute, u32> = expected.map(|(name, count)| (custom(name), count)).into();
        expected.insert(Canonical::City.into(), 0);
        assert_eq!(coverage, expected);
        assert_eq!(visible, coverage.into_keys().collect());
    }
}
