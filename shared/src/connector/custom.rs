//! Custom fields: which may be read, and what they are called.

mod entry;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

pub use self::entry::Entry;
use super::value::Text;
use crate::employee::{AttributeRef, Category, CustomName, MOST_CUSTOM, Wanted, classify_label, id::shortlex};

/// How many fields are named that are not read because there are too many.
const MOST_NAMED: usize = 50;

/// A custom field as a provider describes it.
#[derive(Clone, Debug)]
pub struct Definition<'d, K> {
    /// Its id.
    pub id: Cow<'d, str>,
    /// The field's name for programs, where it has one.
    pub slug: Text<'d>,
    /// The field's name for people, where it has one.
    pub label: Text<'d>,
    /// How its values are written, in the provider's own kinds.
    pub kind: K,
}

/// A custom field that may be read.
#[derive(Debug)]
pub struct Field<K> {
    /// Its id.
    pub id: String,
    /// The field's name.
    pub name: CustomName,
    /// The field's name for people, where it has one.
    pub label: Option<String>,
    /// How its values are written.
    pub kind: K,
}

/// The custom fields that may be read, in the order of their names, and the names of those that may not.
#[derive(Debug)]
pub struct Fields<K> {
    list: Vec<Field<K>>,
    by_id: BTreeMap<String, usize>,
    forbidden: Vec<CustomName>,
    excess: Vec<CustomName>,
}

impl<K> Default for Fields<K> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            by_id: BTreeMap::new(),
            forbidden: Vec::new(),
            excess: Vec::new(),
        }
    }
}

impl<K> Fields<K> {
    /// Names the fields, as many as are carried, the oldest first: by slug, else by label, else by id. No two have one name: where a
    /// name is taken, also by a field that is left out, the id of the later field is appended to it, or stands in its place. Those of a forbidden category that is not allowed are left out, and so are those that
    /// nothing names, or that have a name that cannot be read: of what category they are is not known (R34).
    pub fn new(definitions: Vec<Definition<'_, K>>, allowed: &BTreeSet<Category>) -> Self {
        Self::at_most(MOST_CUSTOM, definitions, allowed)
    }

    /// Names the fields as [`Fields::new`] does, but no more of them than a provider gives at once.
    pub fn at_most(most: usize, mut definitions: Vec<Definition<'_, K>>, allowed: &BTreeSet<Category>) -> Self {
        let most = most.min(MOST_CUSTOM);
        definitions.sort_by(|left, right| shortlex(&left.id, &right.id));
        definitions.dedup_by(|later, earlier| later.id == earlier.id);
        let mut named: BTreeMap<CustomName, Field<K>> = BTreeMap::new();
        let (mut forbidden, mut excess, mut taken) = (Vec::new(), Vec::new(), BTreeSet::new());
        for definition in definitions {
            let Some(name) = definition.name(|name| taken.contains(name)) else {
                continue;
            };
            taken.insert(name.clone());
            if !definition.is_known() || definition.categories().any(|category| !allowed.contains(&category)) {
                forbidden.push(name);
            } else if named.len() >= most {
                excess.extend((excess.len() < MOST_NAMED).then_some(name));
            } else {
                let field = Field {
                    id: definition.id.into_owned(),
                    name: name.clone(),
                    label: definition.label.into_value().map(Cow::into_owned),
                    kind: definition.kind,
                };
                named.insert(name, field);
            }
        }
        let list: Vec<Field<K>> = named.into_values().collect();
        Self {
            by_id: list.iter().map(|field| field.id.clone()).zip(0..).collect(),
            list,
            forbidden,
            excess,
        }
    }

    /// How many may be read.
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns whether no field may be read, so that asking for values is of no use.
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the fields that may be read, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Field<K>> {
        self.list.iter()
    }

    /// Returns the fields that may be read and are wanted (R46).
    pub fn wanted(&self, wanted: &Wanted) -> impl Iterator<Item = &Field<K>> {
        let is_wanted = |field: &&Field<K>| wanted.wants(AttributeRef::Custom(field.name.as_str()));
        self.list.iter().filter(is_wanted)
    }

    /// The field of an id that may be read, and its place among them.
    pub fn find(&self, id: &str) -> Option<(usize, &Field<K>)> {
        let position = *self.by_id.get(id)?;
        Some((position, self.list.get(position)?))
    }

    /// The names of some fields that are not read because there are too many.
    pub fn excess(&self) -> impl Iterator<Item = &CustomName> {
        self.excess.iter()
    }

    /// The names of fields that are not read because of their category.
    pub fn forbidden(&self) -> impl Iterator<Item = &CustomName> {
        self.forbidden.iter()
    }
}

impl<K> Definition<'_, K> {
    /// Returns whether its names say what it is about: there is one, and each can be read.
    fn is_known(&self) -> bool {
        let names = [&self.label, &self.slug];
        names.iter().any(|name| name.has_text()) && names.iter().all(|name| **name != Text::Odd)
    }

    fn categories(&self) -> impl Iterator<Item = Category> {
        let names = [&self.label, &self.slug].into_iter().filter_map(Text::value);
        names.filter_map(classify_label)
    }

    fn name(&self, is_taken: impl Fn(&CustomName) -> bool) -> Option<CustomName> {
        let mut spoken = [&self.slug, &self.label].into_iter().filter_map(Text::value);
        let name = spoken.find_map(CustomName::from_label);
        let longer = name.as_ref().map(|name| format!("{} {}", name.as_str(), self.id));
        let longer = longer.and_then(|label| CustomName::from_label(&label));
        // A long name has no room for an id, and a name with an id may be another field's own.
        let by_id = |turn: usize| CustomName::from_label(&format!("field {turn} {}", self.id));
        let first = CustomName::from_label(&format!("field {}", self.id));
        let all = [name, longer, first].into_iter().chain((2..=MOST_CUSTOM).map(by_id));
        all.flatten().find(|name| !is_taken(name))
    }
}

/// Returns the words of a name as programs write it: `T Shirt Size` of `TShirtSize`.
pub fn words_of(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 8);
    let mut letters = name.chars().peekable();
    let mut before = None;
    while let Some(letter) = letters.next() {
        let is_after_small = before.is_some_and(char::is_lowercase);
        let is_before_small = letters.peek().is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && before.is_some() && (is_after_small || is_before_small) {
            words.push(' ');
        }
        words.push(letter);
        before = Some(letter);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field<'d>(id: &'d str, slug: Option<&'d str>, label: &'d str) -> Definition<'d, ()> {
        Definition {
            id: id.into(),
            slug: slug.map_or(Text::Absent, |slug| Text::Value(slug.into())),
            label: Text::Value(label.into()),
            kind: (),
        }
    }

    fn names(fields: &Fields<()>) -> Vec<&str> {
        fields.iter().map(|field| field.name.as_str()).collect()
    }

    #[test]
    fn a_field_is_called_by_slug_label_or_id_and_the_older_keeps_a_name() {
        let definitions = vec![
            field("46", None, "T Shirt Size"),
            field("41", Some("t_shirt_size"), "T-shirt size"),
            field("45", None, "尺码"),
            field("41", Some("again"), "Again"),
        ];
        let fields = Fields::new(definitions, &BTreeSet::new());
        assert_eq!(names(&fields), ["field_45", "t_shirt_size", "t_shirt_size_46"]);
        assert_eq!(fields.find("46").map(|(position, _)| position), Some(2));
        assert!(fields.find("47").is_none());
    }

    #[test]
    fn fields_of_one_label_are_all_read_each_under_a_name_of_its_own() {
        let long = "Size of the shirt that is worn at work ".repeat(9);
        let definitions = vec![
            field("1", None, "Size 3"),
            field("2", None, "Size"),
            field("3", None, "Size"),
            field("4", None, &long),
            field("5", None, &long),
            field("6", Some("notes"), "Religion"),
            field("7", None, "Notes"),
        ];
        let fields = Fields::new(definitions, &BTreeSet::new());
        let name = |id| fields.find(id).map(|(_, field)| field.name.as_str());
        let short = ["1", "2", "3", "5", "7"].map(name);
        let expected = ["size_3", "size", "field_3", "field_5", "notes_7"].map(Some);
        assert_eq!(short, expected);
        assert!(name("4").is_some_and(|name| name.starts_with("size_of_the_shirt")));
        assert_eq!(fields.len(), 6, "none is left out but the forbidden one");
    }

    #[test]
    fn r34_a_field_of_a_forbidden_category_is_left_out_unless_it_is_allowed() {
        let definitions = || vec![field("1", None, "Religion"), field("2", Some("size"), "Size")];
        let fields = Fields::new(definitions(), &BTreeSet::new());
        assert_eq!(names(&fields), ["size"]);
        assert_eq!(
            fields.forbidden().map(CustomName::as_str).collect::<Vec<_>>(),
            ["religion"]
        );
        let fields = Fields::new(definitions(), &BTreeSet::from([Category::Religion]));
        assert_eq!(names(&fields), ["religion", "size"]);
    }

    #[test]
    fn r34_a_field_that_nothing_names_is_left_out_whatever_is_allowed() {
        let unnamed = Definition {
            id: "12".into(),
            slug: Text::Absent,
            label: Text::Null,
            kind: (),
        };
        let allowed = BTreeSet::from([Category::Religion]);
        let fields = Fields::new(
            vec![unnamed, field("13", None, " "), field("14", None, "Size")],
            &allowed,
        );
        assert_eq!(names(&fields), ["size"]);
        let left_out: Vec<_> = fields.forbidden().map(CustomName::as_str).collect();
        assert_eq!(left_out, ["field_12", "field_13"]);
    }

    #[test]
    fn r34_a_field_of_which_a_name_cannot_be_read_is_left_out_whatever_its_other_name() {
        let label_broken = Definition {
            label: Text::Odd,
            ..field("15", Some("field_15"), "")
        };
        let slug_broken = Definition {
            slug: Text::Odd,
            ..field("16", None, "Size")
        };
        let fields = Fields::new(vec![label_broken, slug_broken], &BTreeSet::from([Category::Religion]));
        assert!(fields.is_empty());
        let left_out: Vec<_> = fields.forbidden().map(CustomName::as_str).collect();
        assert_eq!(left_out, ["field_15", "size"]);
    }

    #[test]
    fn r47_of_too_many_fields_the_oldest_are_read_and_some_of_the_others_named() {
        let ids: Vec<String> = (0..MOST_CUSTOM + 60).map(|id| id.to_string()).collect();
        let definitions = ids.iter().map(|id| field(id, None, "Field")).collect();
        let fields = Fields::new(definitions, &BTreeSet::new());
        assert_eq!((fields.len(), fields.excess().count()), (MOST_CUSTOM, MOST_NAMED));
        assert!(
            fields.find(&(MOST_CUSTOM - 1).to_string()).is_some() && fields.find(&MOST_CUSTOM.to_string()).is_none()
        );
    }
}
