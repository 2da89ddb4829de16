//! A survey: what HR shows, attribute by attribute, without the people. It holds counts, and words that several people share.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Error, Header, Roster, Row};
use crate::employee::{Attribute, Canonical, Kind, fold};

/// The version of surveys that this code writes.
const VERSION: u32 = 1;

/// The words of a set that is not larger than this are kept.
const SMALL_SET: usize = 20;

/// A set with a longer value than this, in bytes, is none of words to choose from.
const SHORT_VALUE: usize = 100;

/// So many people have a word that is kept: what one person alone has may tell who they are.
const FEWEST_HOLDERS: u32 = 2;

/// The most bytes of a survey as it is stored: less than an item has.
const MOST_BYTES: usize = 350 * 1024;

/// The most bytes of all words of a survey together.
const MOST_WORD_BYTES: usize = 150 * 1024;

/// Everything that a credential can see, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Version of the document's form (R44).
    pub version: u32,
    /// When HR was read.
    pub at: Timestamp,
    /// How often the connection had been connected by then: another credential may see something else.
    pub connects: u32,
    /// How many people there are.
    pub people: u32,
    /// Every attribute that was seen or is hidden, in order.
    pub attributes: Vec<Surveyed>,
    /// How well attributes tell people apart.
    pub identifiers: Vec<Uniqueness>,
}

/// What was seen of one attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surveyed {
    /// Which attribute.
    pub attribute: Attribute,
    /// What HR calls it, where it is one of the tenant's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How many people have a value.
    pub coverage: u32,
    /// How many different values there are; `None` where there are many, or where they are sensitive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<u32>,
    /// The values that several people have, where there are few values, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<String>,
    /// Why HR does not show it, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<String>,
}

/// How well an attribute tells people apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uniqueness {
    /// Which attribute.
    pub attribute: Canonical,
    /// How many people have a value.
    pub present: u32,
    /// How many people share theirs with another person.
    pub shared: u32,
}

impl Uniqueness {
    /// Counts the hashes of everybody's values.
    fn of((attribute, mut values): (&Canonical, Vec<u64>)) -> Self {
        values.sort_unstable();
        let shared = values
            .chunk_by(|left, right| left == right)
            .filter(|same| same.len() > 1);
        let shared: usize = shared.map(<[u64]>::len).sum();
        Self {
            attribute: *attribute,
            present: u32::try_from(values.len()).unwrap_or(u32::MAX),
            shared: u32::try_from(shared).unwrap_or(u32::MAX),
        }
    }

    /// Returns whether everybody has a value, and nobody shares theirs.
    pub const fn is_usable(&self, people: u32) -> bool {
        self.present == people && self.shared == 0
    }
}

/// What was seen of one attribute so far.
#[derive(Debug, Default)]
struct Seen {
    holders: BTreeMap<String, u32>,
    is_large: bool,
}

impl Seen {
    fn note(&mut self, value: &str) {
        if self.is_large {
            return;
        }
        if value.len() > SHORT_VALUE || (self.holders.len() >= SMALL_SET && !self.holders.contains_key(value)) {
            self.is_large = true;
            self.holders.clear();
            return;
        }
        match self.holders.get_mut(value) {
            Some(count) => *count += 1,
            None => {
                self.holders.insert(value.to_owned(), 1);
            }
        }
    }
}

/// Returns a hash by which equal values are found; case and accents do not count.
fn hash(value: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    fold(value).hash(&mut hasher);
    hasher.finish()
}

/// Returns whether an attribute may be one of words to choose from: what names or reaches a person is not.
fn has_words(attribute: &Attribute) -> bool {
    match attribute {
        Attribute::Custom(_) => true,
        Attribute::Canonical(Canonical::EmployeeId | Canonical::EmployeeNumber) => false,
        Attribute::Canonical(canonical) => {
            let kind = canonical.kind();
            !canonical.is_sensitive() && matches!(kind, Kind::Country | Kind::Status | Kind::Text)
        }
    }
}

/// Counts what rows show, while they pass.
#[derive(Debug)]
pub struct Surveying<'a> {
    /// The attributes of which it is told how well they tell people apart, and the hashes of everybody's values.
    identifiers: &'a [Canonical],
    values: Vec<Vec<u64>>,
    seen: BTreeMap<Attribute, Seen>,
}

impl<'a> Surveying<'a> {
    /// Begins to count. `identifiers` are the attributes of which it is told how well they tell people apart.
    pub fn new(identifiers: &'a [Canonical]) -> Self {
        Self {
            identifiers,
            values: identifiers.iter().map(|_| Vec::new()).collect(),
            seen: BTreeMap::new(),
        }
    }

    /// Counts a person.
    pub fn note(&mut self, row: Row<'_>) {
        for entry in row.attributes {
            if let (Some(attribute), Some(value)) = (entry.attribute.to_owned(), entry.field.value())
                && has_words(&attribute)
            {
                self.seen.entry(attribute).or_default().note(value);
            }
        }
        for (identifier, values) in self.identifiers.iter().zip(&mut self.values) {
            values.extend(row.identifier(*identifier).map(hash));
        }
    }

    /// Returns the survey of a roster whose people were all counted.
    pub fn finish(self, header: &Header, connects: u32, at: Timestamp) -> Survey {
        let Self {
            identifiers,
            values,
            mut seen,
        } = self;
        let visible = header
            .visible
            .iter()
            .filter(|attribute| !header.hidden.contains_key(attribute));
        let mut names: Vec<&Attribute> = visible.chain(header.hidden.keys()).collect();
        names.sort();
        let mut room = MOST_WORD_BYTES;
        let mut surveyed = |attribute: &Attribute| {
            let seen = seen.remove(attribute).filter(|seen| !seen.is_large);
            let distinct = seen.as_ref().and_then(|seen| u32::try_from(seen.holders.len()).ok());
            let words = seen.map(|seen| take_words(seen, &mut room)).unwrap_or_default();
            let label = match attribute {
                Attribute::Custom(name) => header.labels.get(name).cloned(),
                Attribute::Canonical(_) => None,
            };
            Surveyed {
                attribute: attribute.clone(),
                label,
                coverage: header.coverage.get(attribute).copied().unwrap_or(0),
                distinct,
                words,
                hidden: header.hidden.get(attribute).cloned(),
            }
        };
        let attributes = names.into_iter().map(&mut surveyed).collect();
        let survey = Survey {
            version: VERSION,
            at,
            connects,
            people: header.employees,
            attributes,
            identifiers: identifiers.iter().zip(values).map(Uniqueness::of).collect(),
        };
        survey.fitted()
    }
}

impl Survey {
    /// Counts what a roster in memory shows. `identifiers` are the attributes of which it is told how well they tell people apart.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged.
    pub fn of(roster: &Roster, identifiers: &[Canonical], connects: u32, at: Timestamp) -> Result<Self, Error> {
        let mut surveying = Surveying::new(identifiers);
        roster.each(|row| surveying.note(row))?;
        Ok(surveying.finish(&roster.header, connects, at))
    }

    /// Leaves words out, and labels where that is not enough, so that the document fits its item however its texts are
    /// written (R47).
    fn fitted(mut self) -> Self {
        let is_too_large = |survey: &Self| serde_json::to_vec(survey).map_or(0, |text| text.len()) > MOST_BYTES;
        if is_too_large(&self) {
            self.attributes.iter_mut().for_each(|attribute| attribute.words.clear());
        }
        if is_too_large(&self) {
            self.attributes.iter_mut().for_each(|attribute| attribute.label = None);
        }
        self
    }
}

/// Returns the words that several people have; none where there is no room for all of them.
fn take_words(seen: Seen, room: &mut usize) -> Vec<String> {
    let several = seen
        .holders
        .into_iter()
        .filter(|(_, holders)| *holders >= FEWEST_HOLDERS);
    let words: Vec<String> = several.map(|(word, _)| word).collect();
    let bytes: usize = words.iter().map(|word| word.len() + 3).sum();
    match room.checked_sub(bytes) {
        Some(left) => {
            *room = left;
            words
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        employee::{CompanyId, CustomName, EmployeeBuilder, EmployeeId, Field},
        roster::{Builder, Company},
        testing::builder::at,
    };

    fn badge() -> CustomName {
        CustomName::parse("badge").unwrap()
    }

    /// A person: the id, what is shown, and the colour of the badge.
    type Shown<'a> = (u32, &'a [(Canonical, &'a str)], &'a str);

    fn survey(rows: &[Shown<'_>]) -> Survey {
        let mut roster = Builder::new(Company {
            id: CompanyId::parse("1").unwrap(),
            name: "Acme".into(),
        });
        roster.label(&badge(), "Badge colour");
        roster.hide(Canonical::PayRate.into(), "no_permission");
        for (id, values, colour) in rows {
            let mut person = EmployeeBuilder::new();
            for (attribute, value) in *values {
                person.set(*attribute, Field::Value(value));
            }
            person.set_custom(&badge(), Field::Value(colour));
            let person = person.build(EmployeeId::parse(&id.to_string()).unwrap());
            roster.push(&person).unwrap();
        }
        let roster = roster.finish(None).unwrap();
        let identifiers = [Canonical::EmployeeId, Canonical::WorkEmail];
        Survey::of(&roster, &identifiers, 1, at("2026-03-01T04:00:00Z")).unwrap()
    }

    #[test]
    fn r46_a_survey_keeps_counts_and_words_that_several_people_share_and_nobodys_name() {
        use Canonical::{City, Department, LastName, WorkEmail};
        let survey = survey(&[
            (
                1,
                &[
                    (LastName, "Moe"),
                    (City, "Oslo"),
                    (Department, "Sales"),
                    (WorkEmail, "a@b.test"),
                ],
                "red",
            ),
            (
                2,
                &[
                    (LastName, "Moe"),
                    (City, "Oslo"),
                    (Department, "Sales"),
                    (WorkEmail, "A@b.test"),
                ],
                "red",
            ),
            (
                3,
                &[
                    (LastName, "Poe"),
                    (City, "Rome"),
                    (Department, "Board"),
                    (WorkEmail, "c@b.test"),
                ],
                "blue",
            ),
            (4, &[(LastName, "Roe"), (City, "Rome"), (Department, "Sales")], ""),
        ]);
        let of = |attribute: Attribute| {
            survey
                .attributes
                .iter()
                .find(|seen| seen.attribute == attribute)
                .unwrap()
        };
        let department = of(Department.into());
        assert_eq!((department.coverage, department.distinct), (4, Some(2)));
        assert_eq!(department.words, ["Sales"], "one person alone is at the board");
        let last_name = of(LastName.into());
        assert_eq!(
            (last_name.coverage, last_name.distinct, last_name.words.len()),
            (4, None, 0)
        );
        assert!(of(City.into()).words.is_empty(), "a home address is sensitive");
        let badge = of(Attribute::Custom(badge()));
        assert_eq!((badge.coverage, badge.label.as_deref()), (3, Some("Badge colour")));
        assert_eq!(badge.words, ["red"]);
        assert_eq!(of(Canonical::PayRate.into()).hidden.as_deref(), Some("no_permission"));
        let [id, email] = &survey.identifiers[..] else { panic!() };
        assert!(id.is_usable(survey.people) && !email.is_usable(survey.people));
        assert_eq!((email.present, email.shared), (3, 2));
        let text = serde_json::to_string(&survey).unwrap();
        for name in ["Moe", "Roe", "b.test", "Oslo", "Board", "blue"] {
            assert!(!text.contains(name), "{name}");
        }
        assert_eq!(serde_json::from_str::<Survey>(&text).unwrap(), survey);
    }

    #[test]
    fn many_values_are_no_words_to_choose_from() {
        let titles: Vec<String> = (0..21)
            .flat_map(|number| [format!("t{number}"), format!("t{number}")])
            .collect();
        let values: Vec<[(Canonical, &str); 1]> = titles
            .iter()
            .map(|title| [(Canonical::JobTitle, title.as_str())])
            .collect();
        let rows: Vec<_> = (1..).zip(&values).map(|(id, values)| (id, &values[..], "")).collect();
        let survey = survey(&rows);
        let seen = survey
            .attributes
            .iter()
            .find(|seen| seen.attribute == Canonical::JobTitle.into())
            .unwrap();
        assert_eq!((seen.coverage, seen.distinct, seen.words.len()), (42, None, 0));
    }

    #[test]
    fn r47_a_survey_fits_its_item_however_many_fields_words_and_labels_there_are() {
        let mut roster = Builder::new(Company {
            id: CompanyId::parse("1").unwrap(),
            name: "Acme".into(),
        });
        let fields: Vec<CustomName> = (0..500)
            .map(|field| CustomName::parse(&format!("field_{field}")).unwrap())
            .collect();
        for field in &fields {
            roster.label(field, &"\u{10348}".repeat(100));
        }
        for id in 0..40_u32 {
            let mut person = EmployeeBuilder::new();
            for (number, field) in fields.iter().enumerate() {
                // Each word is several times as long once it is written as JSON.
                let word = format!("{}{number}-{}", "\"".repeat(20), id % 10);
                person.set_custom(field, Field::Value(&word));
            }
            roster
                .push(&person.build(EmployeeId::parse(&id.to_string()).unwrap()))
                .unwrap();
        }
        let roster = roster.finish(None).unwrap();
        let survey = Survey::of(&roster, &[Canonical::EmployeeId], 1, at("2026-03-01T04:00:00Z")).unwrap();
        assert!(serde_json::to_vec(&survey).unwrap().len() <= MOST_BYTES);
        assert!(survey.attributes.len() >= 500, "everything is counted");
    }
}
