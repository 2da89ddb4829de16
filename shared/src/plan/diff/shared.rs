//! What must belong to one person alone: identifiers and e-mail addresses (R10).
//!
//! Every person in scope leaves a hash of each. Only where hashes meet are people looked at again, by their values.

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher as _},
};

use super::Differ;
use crate::{
    employee::{Canonical, EmploymentStatus, fold},
    mapping::{Desired, Mapped},
    plan::{Code, Finding, State, finding::MOST_NAMED},
    roster::Row,
};

/// A hash of a value and whose it is.
type Key = (u64, usize);

/// The keys of all people in scope.
#[derive(Default)]
pub(super) struct Keys {
    emails: Vec<Key>,
    identifiers: Vec<Key>,
    sorted: bool,
}

impl Keys {
    fn sort(&mut self) {
        self.emails.sort_unstable();
        self.identifiers.sort_unstable();
        self.sorted = true;
    }

    /// Returns people whose hash another person has too.
    fn suspects(&self) -> BTreeSet<usize> {
        let groups = |keys: &[Key]| -> Vec<usize> {
            keys.chunk_by(|left, right| left.0 == right.0)
                .filter(|group| group.len() > 1)
                .flat_map(|group| group.iter().map(|(_, person)| *person))
                .collect()
        };
        groups(&self.emails)
            .into_iter()
            .chain(groups(&self.identifiers))
            .collect()
    }

    /// Returns whether a person in scope has this identifier. To be asked after every person was seen.
    pub(super) fn is_used(&self, identifier: &str) -> bool {
        debug_assert!(self.sorted, "identifiers are looked up after everybody was seen");
        let hash = hash(identifier);
        let position = self.identifiers.partition_point(|(key, _)| *key < hash);
        self.identifiers.get(position).is_some_and(|(key, _)| *key == hash)
    }
}

/// Returns a hash for use within one diff; what it finds is checked by value wherever it matters.
pub(in crate::plan) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// A person looked at again.
pub(super) struct Sighting {
    person: usize,
    email: Option<String>,
    identifier: Option<String>,
    name: String,
    birth_date: Option<String>,
    start_date: Option<String>,
    status: Option<EmploymentStatus>,
    is_linked: bool,
}

impl Sighting {
    /// Returns how much an employment counts among several of one person: the active one, then the linked one, then the
    /// latest start.
    fn rank(&self) -> (bool, bool, bool, Option<&str>) {
        (
            self.status != Some(EmploymentStatus::Terminated),
            self.status != Some(EmploymentStatus::Upcoming),
            self.is_linked,
            self.start_date.as_deref(),
        )
    }
}

impl Differ<'_> {
    /// Takes a person into the scope: their identifier and e-mail must be theirs alone.
    pub(super) fn take_into_scope(&mut self, person: usize, row: Row<'_>, desired: &Desired) {
        if let Some(person) = self.people.get_mut(person) {
            person.in_scope = true;
        }
        let identifier = self.basis.configuration.identifier.attribute();
        if identifier != Canonical::EmployeeId
            && let Some(value) = row.attributes.value(identifier)
        {
            self.keys.identifiers.push((hash(value), person));
        }
        if let Some(value) = desired.attributes.value(Canonical::Email) {
            self.keys.emails.push((hash(value), person));
        }
    }

    /// Notes whom to look at again. Returns whether there is anybody.
    pub(super) fn suspect(&mut self) -> bool {
        self.keys.sort();
        let suspects = self.keys.suspects().into_iter();
        self.suspects = suspects
            .filter_map(|person| Some((self.id(person)?.as_str().to_owned(), person)))
            .collect();
        !self.suspects.is_empty()
    }

    /// Looks at a person again, if their hashes met another person's.
    pub fn look(&mut self, row: Row<'_>) {
        let Some(person) = self.suspects.get(row.id).copied() else {
            return;
        };
        let text = |canonical| row.attributes.value(canonical).map(str::to_owned);
        let names = [Canonical::FirstName, Canonical::LastName].map(text);
        let laid_out = self.mapper.lay_out(row.id, row.attributes, self.basis.now);
        let decided = self.id(person).and_then(|id| self.basis.decisions.get(&id));
        let standing = self.judge.standing(&laid_out, decided);
        let (Mapped::Desired(desired) | Mapped::Unreadable { desired, .. }) = self.mapper.map_person(&laid_out) else {
            return;
        };
        self.sightings.push(Sighting {
            person,
            email: desired.attributes.value(Canonical::Email).map(str::to_owned),
            identifier: text(self.basis.configuration.identifier.attribute()),
            name: fold(&names.map(Option::unwrap_or_default).join(" ")),
            birth_date: text(Canonical::BirthDate),
            start_date: text(Canonical::StartDate),
            status: standing.status,
            is_linked: person < self.links.len(),
        });
    }

    /// Freezes all people who share an identifier or an e-mail with another person, and puts all but one employment of
    /// one person aside.
    pub(super) fn settle_shared(&mut self) {
        let sightings = std::mem::take(&mut self.sightings);
        let emails = group(&sightings, |sighting| sighting.email.as_deref());
        let identifiers = group(&sightings, |sighting| sighting.identifier.as_deref());
        let mut groups = Groups::default();
        for group in emails {
            groups.add(Code::SharedEmail, &group);
        }
        for group in identifiers {
            groups.add(Code::SharedIdentifier, &group);
        }
        for (person, aside) in &groups.aside {
            self.put_aside(*person, *aside, &groups);
        }
    }

    fn put_aside(&mut self, person: usize, aside: Aside, groups: &Groups) {
        let state = if aside.code == Code::SecondEmployment {
            State::Filtered
        } else {
            State::Conflict
        };
        let Some(id) = self.id(person) else { return };
        let (named, all) = groups.others(person, aside);
        let named: Vec<_> = named.into_iter().filter_map(|other| self.id(other)).collect();
        self.freeze(person, Finding::about(state, aside.code, id).with_some_of(named, all));
    }
}

/// The people who share a value, group by group, each group kept once (R47).
#[derive(Default)]
struct Groups {
    /// People in order.
    members: Vec<Vec<usize>>,
    /// The people who are put aside, and the groups in which they are.
    aside: BTreeMap<usize, Aside>,
    /// The first group of every person who is in one.
    first: BTreeMap<usize, usize>,
    /// How many people are in both of two groups.
    in_both: BTreeMap<(usize, usize), usize>,
}

/// Why a person is put aside: the first and, if there is one, the second group that they are in.
#[derive(Clone, Copy)]
struct Aside {
    code: Code,
    group: usize,
    second: Option<usize>,
}

impl Groups {
    /// Puts all people of a group aside, but for the one that counts among several employments of one person.
    fn add(&mut self, code: Code, group: &[&Sighting]) {
        let chosen = one_person(group);
        let code = if chosen.is_some() { Code::SecondEmployment } else { code };
        let place = self.members.len();
        let mut members: Vec<usize> = group.iter().map(|sighting| sighting.person).collect();
        members.sort_unstable();
        for person in &members {
            let first = *self.first.entry(*person).or_insert(place);
            *self.in_both.entry((first, place)).or_default() += 1;
        }
        for person in members.iter().filter(|person| Some(**person) != chosen) {
            let aside = self.aside.entry(*person).or_insert(Aside {
                code,
                group: place,
                second: None,
            });
            if aside.group != place {
                aside.second = Some(place);
            }
            // A conflict outweighs a second employment.
            if aside.code == Code::SecondEmployment || code == Code::SharedIdentifier {
                aside.code = code;
            }
        }
        self.members.push(members);
    }

    /// Returns the first few of those who share a value with a person, and how many they are in all.
    fn others(&self, person: usize, aside: Aside) -> (BTreeSet<usize>, usize) {
        let groups = [Some(aside.group), aside.second];
        let groups: Vec<&Vec<usize>> = groups
            .into_iter()
            .flatten()
            .filter_map(|group| self.members.get(group))
            .collect();
        let firsts = groups.iter().flat_map(|members| members.iter().take(MOST_NAMED + 1));
        let others: BTreeSet<usize> = firsts.copied().filter(|other| *other != person).collect();
        let together = aside.second.and_then(|second| self.in_both.get(&(aside.group, second)));
        let all: usize = groups.iter().map(|members| members.len() - 1).sum();
        let all = all.saturating_sub(together.map_or(0, |both| both - 1));
        (others.into_iter().take(MOST_NAMED).collect(), all)
    }
}

/// Returns the people who have the same value, where it is more than one.
fn group<'a>(
    sightings: &'a [Sighting],
    value: impl Fn(&'a Sighting) -> Option<&'a str>,
) -> impl IntoIterator<Item = Vec<&'a Sighting>> {
    let mut groups: BTreeMap<&str, Vec<&Sighting>> = BTreeMap::new();
    for sighting in sightings {
        if let Some(value) = value(sighting) {
            groups.entry(value).or_default().push(sighting);
        }
    }
    groups.into_values().filter(|group| group.len() > 1)
}

/// Returns the position of the one that counts, where all these are one person with several employments: the same
/// names, and no two birth dates. `None`: they are several people, or two of them have accounts with an equal right.
fn one_person(group: &[&Sighting]) -> Option<usize> {
    let first = group.first()?;
    let same_name = !first.name.trim().is_empty() && group.iter().all(|other| other.name == first.name);
    let birth_dates: BTreeSet<&str> = group.iter().filter_map(|one| one.birth_date.as_deref()).collect();
    if !same_name || birth_dates.len() > 1 {
        return None;
    }
    let best = group
        .iter()
        .max_by(|left, right| left.rank().cmp(&right.rank()).then(right.person.cmp(&left.person)))?;
    let is_equal = |other: &&&Sighting| {
        let ((active, started, linked, _), (other_active, other_started, other_linked, _)) =
            (best.rank(), other.rank());
        linked && (active, started, linked) == (other_active, other_started, other_linked)
    };
    (group.iter().filter(is_equal).count() <= 1).then_some(best.person)
}
