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
    /// The place of its field among the fields that may be read.
    pub position: usize,
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

    /// Returns the order of one person's values: by field, and of one field the older first.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        let [own, theirs] = [self, other].map(|entry| entry.id.value().unwrap_or_default());
        let by_id = || shortlex(own, theirs);
        self.position.cmp(&other.position).then_with(by_id)
    }
}

impl<K> Fields<K> {
    /// Goes through the fields with what a person has of each: of several values what `combine` makes of the earlier ones and a
    /// later one, and `missing` where there is none.
    pub fn each_of<'r>(
        &self,
        id: Option<&str>,
        values: &'r Joined<Entry<'_>>,
        missing: &Text<'r>,
        combine: impl Fn(&Field<K>, Text<'r>, Text<'r>) -> Text<'r>,
        mut put: impl FnMut(&Field<K>, &Text<'r>),
    ) {
        let mut values = id.map_or(&[][..], |id| values.of(id)).iter().peekable();
        for (position, field) in self.iter().enumerate() {
            let mut said: Option<Text<'r>> = None;
            while let Some(entry) = values.next_if(|entry| entry.position == position) {
                let later = entry.text.lend();
                said = Some(match said.take() {
                    None => later,
                    Some(earlier) => combine(field, earlier, later),
                });
            }
            put(field, said.as_ref().unwrap_or(missing));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{borrow::Cow, collections::BTreeSet};

    use super::*;
    use crate::connector::custom::Definition;

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
            position,
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
