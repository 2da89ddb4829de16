//! Rows that belong to people, each for some time, and which of them applies on a day. A row whose owner cannot be read may belong to
//! anybody.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::value::RawValue;

use super::{ANY, Only, Spell, day};
use crate::connector::value::{Nested, Text};

/// What rows say of whose they are and when they count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    /// Where the id of the person stands to whom a row belongs.
    pub(super) owner: &'static str,
    /// Which rows count.
    pub(super) only: Only,
    /// For what time a row holds.
    pub(super) spell: Option<Spell>,
}

/// A row that belongs to a person.
#[derive(Clone, Copy, Debug)]
pub struct Owned<'a> {
    /// The row.
    pub row: Nested<'a>,
    days: Days,
    doubt: Doubt,
}

/// The first and the last day for which a row holds, as far as it says them.
#[derive(Clone, Copy, Debug, Default)]
struct Days {
    from: Option<Date>,
    until: Option<Date>,
}

/// What of a row cannot be read, so that it is not known whether it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    /// All can be read.
    None,
    /// One of its days: it may hold at any time.
    Day,
    /// Whether it is one of the rows that count.
    Kind,
}

impl<'a> Owned<'a> {
    /// Reads a row; `None` where it is one that does not count.
    fn of(row: Nested<'a>, counted: Counted) -> Option<Self> {
        let (path, words) = counted.only;
        let kind = (!words.is_empty()).then(|| row.at(path));
        let is_other = |kind: &Text<'_>| *kind != Text::Odd && kind.value().is_none_or(|word| !words.contains(&word));
        if kind.as_ref().is_some_and(is_other) {
            return None;
        }
        let said = counted.spell.map(|spell| [row.at(spell.from), row.either(spell.until)]);
        let [from, until] = said.as_ref().map_or([None, None], |said| said.each_ref().map(day));
        let is_unread = |text: &Text<'_>| (text.has_text() || *text == Text::Odd) && day(text).is_none();
        let doubt = match kind {
            Some(Text::Odd) => Doubt::Kind,
            Some(_) | None if said.iter().flatten().any(is_unread) => Doubt::Day,
            Some(_) | None => Doubt::None,
        };
        let days = Days { from, until };
        Some(Self { row, days, doubt })
    }

    /// Whether it holds on a day.
    fn holds(&self, today: Date) -> bool {
        let Days { from, until } = self.days;
        from.is_some_and(|first| first <= today) && until.is_none_or(|last| last >= today)
    }
}

/// A row that belongs to a person, kept for a whole read.
#[derive(Debug)]
pub(super) struct KeptRow {
    row: Option<Box<RawValue>>,
    days: Days,
    doubt: Doubt,
}

impl KeptRow {
    pub(super) fn of(owned: Owned<'_>) -> Self {
        Self {
            row: owned.row.keep(),
            days: owned.days,
            doubt: owned.doubt,
        }
    }

    pub(super) fn lend(&self) -> Owned<'_> {
        Owned {
            row: self.row.as_deref().map(Nested::of).unwrap_or_default(),
            days: self.days,
            doubt: self.doubt,
        }
    }
}

/// The rows of a list by whom they belong to, in the order in which they begin to hold.
#[derive(Debug, Default)]
pub(super) struct ByOwner<R> {
    owners: BTreeMap<String, Vec<R>>,
    /// The rows whose owner cannot be read: each may belong to any of the people for whom the list was asked.
    strays: Vec<R>,
    /// Whether a person has several rows, each for some time.
    has_several: bool,
}

impl<'a> ByOwner<Owned<'a>> {
    pub(super) fn of(rows: impl IntoIterator<Item = Nested<'a>>, counted: Counted) -> Self {
        let mut sorted = Self {
            owners: BTreeMap::new(),
            strays: Vec::new(),
            has_several: counted.spell.is_some(),
        };
        for row in rows.into_iter().filter_map(|row| Owned::of(row, counted)) {
            match row.row.at(counted.owner).value() {
                Some(owner) => sorted.owners.entry(owner.to_owned()).or_default().push(row),
                None => sorted.strays.push(row),
            }
        }
        for rows in sorted.owners.values_mut() {
            rows.sort_by_key(|row| row.days.from);
        }
        sorted
    }
}

impl<R> ByOwner<R> {
    pub(super) fn map<S>(self, change: impl Fn(R) -> S) -> ByOwner<S> {
        let all = |rows: Vec<R>| rows.into_iter().map(&change).collect();
        ByOwner {
            owners: self
                .owners
                .into_iter()
                .map(|(owner, rows)| (owner, all(rows)))
                .collect(),
            strays: all(self.strays),
            has_several: self.has_several,
        }
    }

    pub(super) fn of_person<'s, 'a>(&'s self, id: &str, lend: impl Fn(&'s R) -> Owned<'a>) -> Belonging<'a> {
        let own = self.owners.get(id).map_or(&[][..], Vec::as_slice);
        Belonging {
            own: own.iter().map(&lend).collect(),
            strays: self.strays.iter().map(&lend).collect(),
            has_several: self.has_several,
        }
    }
}

/// What belongs to one person, and what may.
#[derive(Debug, Default)]
pub(in super::super) struct Belonging<'a> {
    own: Vec<Owned<'a>>,
    strays: Vec<Owned<'a>>,
    has_several: bool,
}

impl<'a> Belonging<'a> {
    /// Returns what stands as a list in a person's own row, each for some time.
    pub(in super::super) fn inside(rows: Nested<'a>, spell: Spell) -> Self {
        let counted = Counted {
            owner: "",
            only: ANY,
            spell: Some(spell),
        };
        let rows = rows.list().unwrap_or_default().into_iter();
        let mut own: Vec<Owned<'a>> = rows.filter_map(|row| Owned::of(row, counted)).collect();
        own.sort_by_key(|row| row.days.from);
        Self {
            own,
            strays: Vec::new(),
            has_several: true,
        }
    }

    /// Leaves out what does not count. `None` of `counts` says that this cannot be read.
    pub(in super::super) fn retain(&mut self, counts: impl Fn(Nested<'a>) -> Option<bool>) {
        for rows in [&mut self.own, &mut self.strays] {
            rows.retain_mut(|row| {
                let count = counts(row.row);
                if count.is_none() {
                    row.doubt = Doubt::Kind;
                }
                count != Some(false)
            });
        }
    }

    /// Returns the rows that hold on a day.
    pub(in super::super) fn current(self, today: Date) -> Vec<Nested<'a>> {
        let rows = self.own.into_iter().filter(|row| row.holds(today));
        rows.map(|owned| owned.row).collect()
    }

    /// Returns which row applies on a day: the current one, else the next, else the last. A stray row counts as theirs where it would
    /// change that.
    pub(in super::super) fn applicable(&self, today: Date) -> Found<Owned<'a>> {
        let own = self.own.as_slice();
        let doubt = own.iter().map(|row| row.doubt).max().unwrap_or(Doubt::None);
        let unclear = || Found::Unclear(own.iter().chain(&self.strays).copied().collect());
        if doubt == Doubt::Kind || (doubt == Doubt::Day && own.len() > 1) {
            return unclear();
        }
        let found = applicable_at(own, today).and_then(|at| own.get(at));
        if self.strays.is_empty() || (!self.has_several && found.is_some()) {
            return found.copied().map_or(Found::Nothing, Found::Row);
        }
        let is_harmless = |stray: &Owned<'a>| {
            let mut rows = own.to_vec();
            let place = rows.partition_point(|row| row.days.from <= stray.days.from);
            rows.insert(place, *stray);
            stray.doubt == Doubt::None && applicable_at(&rows, today) != Some(place)
        };
        match found {
            Some(row) if self.strays.iter().all(is_harmless) => Found::Row(*row),
            Some(_) | None => unclear(),
        }
    }
}

/// Returns which of several rows applies on a day: the current one, else the next, else the last.
fn applicable_at(rows: &[Owned<'_>], today: Date) -> Option<usize> {
    let current = rows.iter().rposition(|row| row.holds(today));
    let next = || {
        rows.iter()
            .position(|row| row.days.from.is_some_and(|first| first > today))
    };
    current.or_else(next).or_else(|| rows.len().checked_sub(1))
}

/// What is found of what belongs to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// Nothing belongs to them.
    Nothing,
    /// Which of these rows applies, or whether any does, hangs on a value that cannot be read.
    Unclear(Vec<T>),
    /// The row that applies.
    Row(T),
}

impl<T> Found<T> {
    /// Returns what `read` reads in what is found: nothing is said where there is nothing, and of several rows it is in doubt.
    pub(in super::super) fn said<'t>(self, read: impl Fn(T) -> Text<'t>) -> Text<'t> {
        match self {
            Self::Nothing => Text::Absent,
            Self::Unclear(rows) => Text::in_doubt(rows.into_iter().map(read)),
            Self::Row(row) => read(row),
        }
    }
}
