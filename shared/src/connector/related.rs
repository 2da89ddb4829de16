//! Lists beside the one of people, as data: what many people share, what belongs to each of them, what comes embedded in a page of
//! theirs; and by which of its rows each is found.

mod detail;
mod owned;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use self::detail::{OwnRows, details_for};
pub(super) use self::detail::{own_row, unless_all_are_wrong};
pub(super) use self::owned::Belonging;
use self::owned::{ByOwner, Counted, KeptRow};
pub use self::owned::{Found, Owned};
use super::{
    answer::{malformed, not_json},
    given::{Given, Step},
    join::{ById, find},
    lists::Lists,
    resource::{Ask, Path, Resource},
    value::{Nested, Text},
};
use crate::{
    employee::{Wanted, parse_date},
    source::Error,
};

/// Parameters with their values.
pub(super) type Parameters = &'static [(&'static str, &'static str)];

/// Which rows of a list count: where that stands, and the words of which one has to stand there. All do where there are none.
pub type Only = (&'static str, &'static [&'static str]);

/// All rows of a list count.
pub const ANY: Only = ("", &[]);

/// How rows are found that lead to what is said of people. Paths are names of members with full stops between them.
#[derive(Clone, Copy, Debug)]
pub enum Related {
    /// Rows of a list that many people share. It is read once, and a row is found by its id.
    Shared {
        /// The list.
        of: Resource,
        /// What it is asked for with.
        asked: Parameters,
        /// Where the id of a row stands. Several members with colons between them make one id together, in small letters.
        key: &'static str,
    },
    /// Rows of a list that belong to people. It is read for each page of people, or for each person.
    Owned {
        /// The list.
        of: Resource,
        /// The parameter that names the people; `None` where the path names one of them.
        people: Option<&'static str>,
        /// Where the id of the person stands to whom a row belongs.
        owner: &'static str,
        /// Which rows count.
        only: Only,
        /// For what time a row holds, where it holds for some time only.
        spell: Option<Spell>,
    },
    /// Rows of a list that belong to people, where no request can name the people. It is read once, for everybody.
    Whole {
        /// The list.
        of: Resource,
        /// Where the id of the person stands to whom a row belongs.
        owner: &'static str,
        /// Which rows count.
        only: Only,
        /// For what time a row holds, where it holds for some time only.
        spell: Option<Spell>,
    },
    /// The row of one person, with more in it than the row of the list. It is read for each person whose row in the list lacks a member.
    Detail {
        /// Where it stands. The path names the person.
        of: Resource,
        /// The member.
        lacks: &'static str,
    },
    /// Rows that stand as a list in a person's own row.
    Inside {
        /// The member that holds them.
        member: &'static str,
        /// For what time a row holds.
        spell: Spell,
    },
    /// Rows that come embedded in the page of people, each under its id.
    Embedded {
        /// Where they stand in the page.
        path: Path,
    },
}

/// Where the first and the last day stand for which a row holds.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    /// The first day.
    pub from: &'static str,
    /// The last day, in the first of these members that says something; a row without one holds until further notice.
    pub until: &'static [&'static str],
}

impl Related {
    /// Rows that many people share, found by `id`.
    pub const fn shared(of: Resource) -> Self {
        Self::Shared {
            of,
            asked: &[],
            key: "id",
        }
    }

    /// The list in which the rows stand; `None` for what comes with people.
    pub const fn list(&self) -> Option<&Resource> {
        match self {
            Self::Shared { of, .. } | Self::Owned { of, .. } | Self::Whole { of, .. } | Self::Detail { of, .. } => {
                Some(of)
            }
            Self::Inside { .. } | Self::Embedded { .. } => None,
        }
    }

    /// What tells it from all others: the path of its list, or its name in the page.
    fn name(&self) -> &'static str {
        match self {
            Self::Shared { of, .. } | Self::Owned { of, .. } | Self::Whole { of, .. } | Self::Detail { of, .. } => {
                of.path
            }
            Self::Inside { member, .. } => member,
            Self::Embedded { path } => path.last().copied().unwrap_or_default(),
        }
    }
}

/// Returns all that a table leads through, each once.
fn all(table: &[Given]) -> BTreeMap<&'static str, Related> {
    let steps = table.iter().flat_map(|given| given.steps);
    steps.map(|step| (step.through.name(), step.through)).collect()
}

/// Returns the lists of a table that are read once, for everybody, each to be read where it serves what is wanted (R46).
pub fn shared_by(table: &[Given], wanted: &Wanted) -> Vec<Ask> {
    let ask = |related: Related| match related {
        Related::Shared { of, asked, .. } => {
            let asked = asked.iter().map(|(name, value)| (*name, (*value).to_owned()));
            Some(of.with(asked.collect()).wanted_if(super::serves(table, &of, wanted)))
        }
        Related::Whole { of, .. } => Some(of.all().wanted_if(super::serves(table, &of, wanted))),
        Related::Owned { .. } | Related::Detail { .. } | Related::Inside { .. } | Related::Embedded { .. } => None,
    };
    all(table).into_values().filter_map(ask).collect()
}

/// Returns the lists of a table that belong to these people, each to be read where it serves what is wanted (R46).
pub fn owned_by(people: &[String], table: &[Given], wanted: &Wanted) -> Vec<Ask> {
    let asks = |related: Related| match related {
        Related::Owned { of, people: name, .. } => {
            let rows = match name {
                Some(name) => vec![of.with(vec![(name, people.join(","))])],
                None => people.iter().map(|id| of.of_person(id.clone())).collect(),
            };
            let is_wanted = super::serves(table, &of, wanted);
            rows.into_iter().map(|rows| rows.wanted_if(is_wanted)).collect()
        }
        Related::Shared { .. }
        | Related::Whole { .. }
        | Related::Detail { .. }
        | Related::Inside { .. }
        | Related::Embedded { .. } => Vec::new(),
    };
    all(table).into_values().flat_map(asks).collect()
}

/// What many people share, by a table: of each step what is said by id, as far as the credential may read it.
#[derive(Debug, Default)]
pub struct Shared(BTreeMap<Place, Option<ById<Text<'static>>>>);

/// A list, and the members of it that are read together.
type Place = (&'static str, &'static [&'static str]);

impl Shared {
    /// Reads what a table leads through.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a page is not the documented JSON.
    pub fn read<T: AsRef<str>>(table: &[Given], lists: &Lists<T>) -> Result<Self, Error> {
        let mut shared = BTreeMap::new();
        for step in table.iter().flat_map(|given| given.steps) {
            let place = (step.through.name(), step.members);
            if let Related::Shared { of, key, .. } = step.through
                && !shared.contains_key(&place)
            {
                let said = |row: Nested<'_>| (id_of(row, key), row.either(step.members).keep());
                let rows = lists.objects(&of)?;
                shared.insert(place, rows.map(|rows| ById::agreed(rows.into_iter().map(said))));
            }
        }
        Ok(Self(shared))
    }

    /// Returns what a step says of an id.
    pub(super) fn find(&self, step: &Step, id: &Text<'_>) -> Text<'_> {
        let list = self.0.get(&(step.through.name(), step.members));
        find(list.and_then(Option::as_ref), id, |text| text)
    }
}

/// Returns the id of a row that many people share.
fn id_of(row: Nested<'_>, key: &str) -> Option<String> {
    if !key.contains(':') {
        return row.at(key).value().map(str::to_owned);
    }
    let parts = key.split(':').map(|path| row.at(path).value().map(str::to_lowercase));
    Some(parts.collect::<Option<Vec<String>>>()?.join(":"))
}

/// What belongs to people, of lists that are read once, by list.
#[derive(Debug, Default)]
pub struct Kept(BTreeMap<&'static str, ByOwner<KeptRow>>);

impl Kept {
    /// Reads what a table leads through.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a page is not the documented JSON.
    pub fn read<T: AsRef<str>>(table: &[Given], lists: &Lists<T>) -> Result<Self, Error> {
        let mut kept = BTreeMap::new();
        for (name, related) in all(table) {
            if let Related::Whole { of, owner, only, spell } = related {
                let rows = lists.objects(&of)?.unwrap_or_default();
                let rows = ByOwner::of(rows, Counted { owner, only, spell });
                kept.insert(name, rows.map(KeptRow::of));
            }
        }
        Ok(Self(kept))
    }

    /// Returns what belongs to a person.
    pub(super) fn of(&self, related: &Related, id: &str) -> Belonging<'_> {
        let rows = self.0.get(related.name());
        rows.map_or_else(Belonging::default, |rows| rows.of_person(id, KeptRow::lend))
    }
}

/// What belongs to the people of one page, and what comes embedded in it.
#[derive(Debug, Default)]
pub struct Belongings<'a> {
    owned: BTreeMap<&'static str, ByOwner<Owned<'a>>>,
    embedded: BTreeMap<&'static str, BTreeMap<String, Nested<'a>>>,
}

impl<'a> Belongings<'a> {
    /// Reads what a table leads through, of this page of people and the lists that were read with it.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a page is not the documented JSON.
    pub fn read<T: AsRef<str>>(
        table: &[Given],
        operation: &'static str,
        people: &'a str,
        lists: &'a Lists<T>,
    ) -> Result<Self, Error> {
        let mut belongings = Self::default();
        for (name, related) in all(table) {
            match related {
                Related::Shared { .. } | Related::Whole { .. } | Related::Inside { .. } => {}
                Related::Owned {
                    of, owner, only, spell, ..
                } => {
                    let rows = lists.objects(&of)?.unwrap_or_default();
                    let rows = ByOwner::of(rows, Counted { owner, only, spell });
                    belongings.owned.insert(name, rows);
                }
                Related::Detail { of, .. } => {
                    let rows = lists.objects(&of)?.unwrap_or_default();
                    let counted = Counted {
                        owner: of.id,
                        only: ANY,
                        spell: None,
                    };
                    belongings.owned.insert(name, ByOwner::of(rows, counted));
                }
                Related::Embedded { path } => {
                    let rows = read_embedded(operation, people, path)?;
                    belongings.embedded.insert(name, rows);
                }
            }
        }
        Ok(belongings)
    }

    /// Returns what belongs to a person.
    pub(super) fn of(&self, related: &Related, id: &str) -> Belonging<'a> {
        let rows = self.owned.get(related.name());
        rows.map_or_else(Belonging::default, |rows| rows.of_person(id, |row| *row))
    }

    /// Returns the embedded row of this id. An id that cannot be read may be that of any, and so may the name of a row. A row that is
    /// `null` says nothing.
    pub(super) fn embedded(&self, related: &Related, id: &Text<'_>) -> Found<Nested<'a>> {
        let (Some(rows), Text::Value(_) | Text::Odd) = (self.embedded.get(related.name()), id) else {
            return Found::Nothing;
        };
        let mut names = rows.keys();
        let row = id.value().and_then(|id| rows.get(id));
        let is_clear = *id != Text::Odd && !names.any(|name| name.contains(char::REPLACEMENT_CHARACTER));
        match row {
            Some(row) if row.is_object() => Found::Row(*row),
            Some(_) => Found::Nothing,
            None if is_clear => Found::Nothing,
            None => Found::Unclear(rows.values().copied().collect()),
        }
    }
}

/// Returns the day that a text begins with: a date, or an instant of which only the date matters.
pub(super) fn day(text: &Text<'_>) -> Option<Date> {
    parse_date(text.value()?.get(..10)?)
}

/// Reads what is embedded at a path; nothing is where it is missing or `null`.
fn read_embedded<'a>(
    operation: &'static str,
    page: &'a str,
    path: &[&str],
) -> Result<BTreeMap<String, Nested<'a>>, Error> {
    let page: Nested<'a> = serde_json::from_str(page).map_err(|error| not_json(operation, &error))?;
    let embedded = path.iter().fold(page, |around, name| around.once(name));
    match embedded.whole() {
        Text::Absent | Text::Null => Ok(BTreeMap::new()),
        Text::Odd | Text::Value(_) if embedded.is_object() => Ok(embedded.members()),
        Text::Odd | Text::Value(_) => Err(malformed(operation, "what is embedded has an unexpected form")),
    }
}

#[cfg(test)]
mod tests;
