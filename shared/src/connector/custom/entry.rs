//! Values of custom fields that come as rows of their own: whose each is, and of which field.

use super::{Field, Fields};
use crate::{
    connector::{Joined, Text},
    employee::id::shortlex,
};

/// A value of a custom field that may be read.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Whom it belongs to.
    pub owner: Text<'a>,
    /// Its own id.
    pub id: Text<'a>,
    /// The place of its field among the fields that may be read; `None` where it cannot be read which field it is of.
    pub position: Option<usize>,
    /// What it says.
    pub text: Text<'a>,
}

impl Entry<'_> {
    /// Returns the same value, kept beyond its page.
    pub fn keep(self) -> Entry<'static> {
        Entry {
            owner: self.owner.keep(),
            id: self.id.keep(),
            position: self.position,
            text: self.text.keep(),
        }
    }

    /// Returns whom the value belongs to, where that is said.
    pub fn owner(&self) -> Option<&str> {
        self.owner.value()
    }

    /// Returns whether it may be of the field at this place.
    fn may_be_of(&self, position: usize) -> bool {
        self.position.is_none_or(|own| own == position)
    }

    /// Returns whether it is known to be older than another value.
    fn is_before(&self, other: &Self) -> bool {
        let ids = self.id.value().zip(other.id.value());
        ids.is_some_and(|(own, theirs)| shortlex(own, theirs).is_lt())
    }

    /// Returns the order of one person's values: by field, and of one field the older first.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let [own, theirs] = [self, other].map(|entry| entry.id.value().unwrap_or_default());
        let by_id = || shortlex(own, theirs);
        self.position.cmp(&other.position).then_with(by_id)
    }
}

/// Stands for the value of a field that cannot be told.
const UNTOLD: Text<'static> = Text::word("?");

impl<K> Fields<K> {
    /// Returns the value that a row holds, as `read` reads it of its field; `None` where that field may not be read. Where it cannot
    /// be told which field it is of, the value stays unread (R34).
    pub fn entry<'a>(
        &self,
        owner: Text<'a>,
        id: Text<'a>,
        field: &Text<'_>,
        read: impl FnOnce(&Field<K>) -> Text<'a>,
    ) -> Option<Entry<'a>> {
        let (position, text) = match field.value() {
            None => (None, UNTOLD),
            Some(field) => {
                let (position, field) = self.find(field)?;
                (Some(position), read(field))
            }
        };
        Some(Entry {
            owner,
            id,
            position,
            text,
        })
    }

    /// Goes through the fields with what a person has of each: of several values what `combine` makes of the earlier ones and a
    /// later one, and `missing` where there is none. A value whose owner or whose field cannot be read counts as theirs where it
    /// would change that: then it is in doubt what they have of the field ([`Text::in_doubt`]).
    pub fn each_of<'r>(
        &self,
        id: Option<&str>,
        values: &'r Joined<Entry<'_>>,
        missing: &Text<'r>,
        combine: impl Fn(&Field<K>, Text<'r>, Text<'r>) -> Text<'r>,
        mut put: impl FnMut(&Field<K>, &Text<'r>),
    ) {
        let own = id.map_or(&[][..], |id| values.of(id));
        let (of_no_field, own): (Vec<_>, Vec<_>) = own.iter().partition(|entry| entry.position.is_none());
        let mut own = own.into_iter().peekable();
        for (position, field) in self.iter().enumerate() {
            let mut said: Option<(&Entry<'_>, Text<'r>)> = None;
            let mut is_clear = true;
            while let Some(entry) = own.next_if(|entry| entry.position == Some(position)) {
                let later = entry.text.lend();
                said = Some(match said.take() {
                    None => (entry, later),
                    Some((before, earlier)) => {
                        is_clear &= before.id.value().is_some() && entry.id.value().is_some();
                        (entry, combine(field, earlier, later))
                    }
                });
            }
            let strays = values.strays().iter().filter(|entry| entry.may_be_of(position));
            let doubtful: Vec<&Entry<'_>> = of_no_field.iter().copied().chain(strays).collect();
            is_clear &= match &said {
                None => *missing == Text::Absent || doubtful.is_empty(),
                Some((last, said)) => doubtful
                    .iter()
                    .all(|entry| entry.is_before(last) && combine(field, entry.text.lend(), said.clone()) == *said),
            };
            let said = said.map(|(_, said)| said);
            if is_clear {
                put(field, said.as_ref().unwrap_or(missing));
                continue;
            }
            // Of a value whose field cannot be told it is not known either that this field is shown.
            let of_field = doubtful.iter().filter(|entry| entry.position.is_some());
            let texts = of_field.map(|entry| entry.text.lend()).chain(said);
            put(field, &Text::in_doubt(texts));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, collections::BTreeSet};

    use super::*;
    use crate::connector::custom::Definition;

    #[test]
    fn r07_a_value_whose_owner_or_field_cannot_be_read_spoils_what_it_would_change_and_nothing_else() {
        let define = |id| Definition {
            id: Cow::Borrowed(id),
            slug: Text::Absent,
            label: Text::word("尺码"),
            kind: (),
        };
        let fields = Fields::new(vec![define("1"), define("2"), define("3")], &BTreeSet::new());
        let entry = |owner: Text<'static>, id: Text<'static>, field: Text<'static>, text| {
            fields.entry(owner, id, &field, |_| Text::word(text)).unwrap()
        };
        let (odd, word) = (Text::Odd, Text::word);
        let said = |stray: Entry<'static>, missing: Text<'static>| {
            let own = [
                entry(word("a"), word("9"), word("1"), "old"),
                entry(word("a"), word("11"), word("2"), "new"),
            ];
            let values = Joined::new(own.into_iter().chain([stray]).collect(), Entry::owner, Entry::order);
            let mut said = Vec::new();
            fields.each_of(
                Some("a"),
                &values,
                &missing,
                |_, _, later| later,
                |_, text| said.push(text.clone().keep()),
            );
            said
        };
        let (old, new) = (word("old"), word("new"));
        let of = |owner, id, field| said(entry(owner, id, field, "stray"), Text::Null);
        assert_eq!(
            of(odd.clone(), word("10"), word("1")),
            [odd.clone(), new.clone(), Text::Null]
        );
        assert_eq!(
            of(odd.clone(), word("10"), word("2")),
            [old.clone(), new.clone(), Text::Null]
        );
        assert_eq!(
            of(odd.clone(), odd.clone(), word("2")),
            [old.clone(), odd.clone(), Text::Null]
        );
        assert_eq!(
            of(odd.clone(), word("10"), word("3")),
            [old.clone(), new.clone(), odd.clone()]
        );
        assert_eq!(
            of(word("a"), word("10"), odd.clone()),
            [odd.clone(), new.clone(), Text::Absent]
        );
        assert_eq!(
            of(word("b"), word("10"), odd.clone()),
            [old.clone(), new.clone(), Text::Null]
        );
        let unsaid = said(entry(odd.clone(), word("1"), word("3"), "stray"), Text::Absent);
        assert_eq!(unsaid, [old, new, Text::Absent], "what would be unseen stays so");
        assert!(fields.entry(odd, Text::Null, &word("4"), |_| Text::Null).is_none());
    }

    #[test]
    fn each_field_has_what_belongs_to_the_person_in_the_order_of_ids() {
        let define = |id| Definition {
            id: Cow::Borrowed(id),
            slug: Text::Absent,
            label: Text::word("尺码"),
            kind: (),
        };
        let fields = Fields::new(vec![define("1"), define("2"), define("3")], &BTreeSet::new());
        let entry = |owner, id, position, text| Entry {
            owner: Text::word(owner),
            id: Text::word(id),
            position: Some(position),
            text: Text::word(text),
        };
        let entries = vec![
            entry("a", "10", 2, "later"),
            entry("b", "3", 0, "of another person"),
            entry("a", "9", 2, "earlier"),
            entry("a", "1", 0, "only"),
        ];
        let values = Joined::new(entries, Entry::owner, Entry::order);
        let mut said = Vec::new();
        let both = |_: &Field<()>, earlier: Text<'_>, later: Text<'_>| {
            Text::Value(Cow::Owned(format!("{:?}, {:?}", earlier.value(), later.value())))
        };
        fields.each_of(Some("a"), &values, &Text::Null, both, |field, text| {
            said.push((field.name.as_str().to_owned(), text.clone().keep()));
        });
        let names: Vec<&str> = said.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["field_1", "field_2", "field_3"]);
        let texts: Vec<Option<&str>> = said.iter().map(|(_, text)| text.value()).collect();
        assert_eq!(texts, [Some("only"), None, Some(r#"Some("earlier"), Some("later")"#)]);
    }
}
