//! All links of a connection, found by employee: packed one behind the other, because there are many.

use std::{collections::BTreeMap, fmt, sync::OnceLock};

use jiff::Timestamp;

use super::{
    Evidence, Journal, Link, LinkState, Prints, PrintsView,
    fingerprint::{decode, split},
};
use crate::{
    account::AccountId,
    employee::{EmployeeId, Pile, Places, Spot, id::shortlex, narrow},
};

/// One link, borrowed.
#[derive(Clone, Copy)]
pub struct LinkView<'a> {
    /// The employee, as text.
    pub employee_id: &'a str,
    /// The account, as text.
    pub account_id: &'a str,
    /// What we last did about the account.
    pub state: LinkState,
    /// When the first certified roster without the person was read; `None` while the person is there.
    pub absent_since: Option<Timestamp>,
    /// Employee ids that this account's person had before (R16).
    pub former_ids: &'a [EmployeeId],
    links: &'a Links,
    entry: &'a Entry,
}

impl<'a> LinkView<'a> {
    /// Returns keyed hashes of what was sent and seen.
    pub fn prints(self) -> PrintsView<'a> {
        let links = self.links;
        let names = links.names.get(self.entry.names as usize).map(|names| &**names);
        let bytes = links.prints.from(self.entry.prints_spot);
        match (names, bytes.and_then(|bytes| bytes.get(..self.entry.prints as usize))) {
            (Some(names), Some(bytes)) if !bytes.is_empty() => PrintsView::of_parts(names, bytes),
            (Some(text), _) => PrintsView::of_text(text),
            (None, _) => PrintsView::default(),
        }
    }

    /// Returns the employee, owned.
    pub fn to_employee_id(self) -> EmployeeId {
        EmployeeId::known(self.employee_id)
    }

    /// Returns the account, owned.
    pub fn to_account_id(self) -> AccountId {
        AccountId::known(self.account_id)
    }

    /// Returns the link, owned.
    pub fn to_link(self) -> Link {
        Link {
            employee_id: self.to_employee_id(),
            account_id: self.to_account_id(),
            evidence: self.entry.evidence,
            state: self.state,
            absent_since: self.absent_since,
            prints: self.prints().to_prints(),
            journal: kept(&self.links.journals, self.entry.journal).cloned(),
            former_ids: self.former_ids.to_vec(),
            linked_at: self.entry.linked_at,
        }
    }
}

/// What few links have.
#[derive(Clone)]
struct Rare {
    state: LinkState,
    absent_since: Option<Timestamp>,
    former_ids: Box<[EmployeeId]>,
}

/// Where a link's texts stand. Its ids stand apart from its prints, because a search looks through ids alone.
#[derive(Clone, Copy)]
struct Entry {
    spot: Spot,
    prints_spot: Spot,
    prints: u32,
    /// Which names and marks the link's prints have. Where the prints have no bytes of their own, they stand there
    /// whole.
    names: u32,
    /// Lengths; an id has at most 128 bytes.
    employee_id: u8,
    account_id: u8,
    evidence: Evidence,
    /// Places in lists of what several links share, or few have; one more than the place, 0 where the link has none.
    journal: u32,
    rare: u32,
    linked_at: Timestamp,
}

/// The links of one connection, in the order of employee ids.
#[derive(Clone, Default)]
pub struct Links {
    ids: Pile,
    prints: Pile<Vec<u8>>,
    names: Vec<Box<str>>,
    entries: Vec<Entry>,
    journals: Vec<Journal>,
    rare: Vec<Rare>,
    places: OnceLock<Places>,
}

impl fmt::Debug for Links {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Links({})", self.len())
    }
}

impl Links {
    /// Returns these links, which may come in any order.
    pub fn new(links: impl IntoIterator<Item = Link>) -> Self {
        let mut builder = LinksBuilder::default();
        for link in links {
            builder.push(link);
        }
        builder.finish()
    }

    /// Returns how many there are.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the link at a position.
    pub fn get(&self, position: usize) -> Option<LinkView<'_>> {
        self.view(self.entries.get(position)?)
    }

    /// Returns all of them, in the order of employee ids.
    pub fn iter(&self) -> impl Iterator<Item = LinkView<'_>> {
        self.entries.iter().filter_map(|entry| self.view(entry))
    }

    /// Returns the position of the link of an employee.
    pub fn position(&self, employee_id: &str) -> Option<usize> {
        let ids = || {
            self.entries
                .iter()
                .map(|entry| self.employee_id(entry).unwrap_or_default())
        };
        let places = self.places.get_or_init(|| Places::new(ids()));
        places.find(employee_id, |place| self.employee_id(self.entries.get(place)?))
    }

    /// Returns the link of an employee.
    pub fn find(&self, employee_id: &str) -> Option<LinkView<'_>> {
        self.position(employee_id).and_then(|position| self.get(position))
    }

    /// Keeps a journal and returns its place. Neighbours often share one, because they were applied together.
    fn note(&mut self, journal: Journal) -> u32 {
        if self.journals.last() != Some(&journal) {
            self.journals.push(journal);
        }
        narrow(self.journals.len())
    }

    fn employee_id(&self, entry: &Entry) -> Option<&str> {
        self.ids.from(entry.spot)?.get(..usize::from(entry.employee_id))
    }

    fn view<'a>(&'a self, entry: &'a Entry) -> Option<LinkView<'a>> {
        let ids = self.ids.from(entry.spot)?;
        let (employee_id, ids) = ids.split_at_checked(usize::from(entry.employee_id))?;
        let rare = kept(&self.rare, entry.rare);
        Some(LinkView {
            employee_id,
            account_id: ids.get(..usize::from(entry.account_id))?,
            state: rare.map_or(LinkState::Active, |rare| rare.state),
            absent_since: rare.and_then(|rare| rare.absent_since),
            former_ids: rare.map_or(&[], |rare| &*rare.former_ids),
            links: self,
            entry,
        })
    }
}

/// Returns what a link keeps in a list beside it: at one less than this place, nothing at none.
fn kept<T>(list: &[T], place: u32) -> Option<&T> {
    list.get((place as usize).checked_sub(1)?)
}

/// Packs links one by one, so that no list of them is held.
#[derive(Default)]
pub struct LinksBuilder {
    links: Links,
    /// Where in the list each text of names and marks stands.
    places: BTreeMap<Box<str>, u32>,
    last: u32,
    names: String,
    characters: String,
    bytes: Vec<u8>,
}

impl LinksBuilder {
    /// Adds a link. Any order will do; ascending employee ids are cheapest.
    pub fn push(&mut self, link: Link) {
        let names = self.part(&link.prints);
        let links = &mut self.links;
        let (employee_id, account_id) = (link.employee_id.as_str(), link.account_id.as_str());
        let is_rare = link.state != LinkState::Active || link.absent_since.is_some() || !link.former_ids.is_empty();
        let entry = Entry {
            spot: links.ids.push([employee_id, account_id]),
            prints_spot: links.prints.push([&self.bytes]),
            names,
            prints: narrow(self.bytes.len()),
            employee_id: u8::try_from(employee_id.len()).unwrap_or(u8::MAX),
            account_id: u8::try_from(account_id.len()).unwrap_or(u8::MAX),
            evidence: link.evidence,
            journal: link.journal.map_or(0, |journal| links.note(journal)),
            rare: if is_rare { narrow(links.rare.len() + 1) } else { 0 },
            linked_at: link.linked_at,
        };
        if is_rare {
            links.rare.push(Rare {
                state: link.state,
                absent_since: link.absent_since,
                former_ids: link.former_ids.into(),
            });
        }
        links.entries.push(entry);
    }

    /// Parts prints into bytes and what many links have in common. Returns where the latter stands.
    fn part(&mut self, prints: &Prints) -> u32 {
        self.names.clear();
        self.characters.clear();
        let is_read = split(prints, &mut self.names, &mut self.characters)
            .and_then(|()| decode(&self.characters, &mut self.bytes));
        if is_read.is_none() {
            self.bytes.clear();
            self.names.clear();
            self.names.push_str(prints.as_packed());
        }
        let names = &mut self.links.names;
        if names.get(self.last as usize).is_some_and(|last| **last == *self.names) {
            return self.last;
        }
        self.last = if let Some(place) = self.places.get(self.names.as_str()) {
            *place
        } else {
            let place = narrow(names.len());
            names.push(self.names.as_str().into());
            self.places.insert(self.names.as_str().into(), place);
            place
        };
        self.last
    }

    /// Returns all that were added, in the order of employee ids.
    pub fn finish(self) -> Links {
        let mut links = self.links;
        let mut entries = std::mem::take(&mut links.entries);
        let id = |entry: &Entry| links.employee_id(entry).unwrap_or_default();
        if !entries.is_sorted_by(|left, right| shortlex(id(left), id(right)).is_lt()) {
            entries.sort_by(|left, right| shortlex(id(left), id(right)));
        }
        links.entries = entries;
        links
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::{LeaverReason, Phase};

    fn link(number: u8, is_rare: bool, has_journal: bool) -> Link {
        let at = Timestamp::from_second(i64::from(number)).unwrap();
        Link {
            employee_id: EmployeeId::parse(&number.to_string()).unwrap(),
            account_id: AccountId::parse(&format!("a-{number}")).unwrap(),
            evidence: if is_rare { Evidence::Rehire } else { Evidence::Created },
            state: if is_rare {
                LinkState::Deactivated {
                    reason: LeaverReason::Missing,
                    at,
                }
            } else {
                LinkState::Active
            },
            absent_since: is_rare.then_some(at),
            prints: Prints::from_packed(match number % 6 {
                0 => "",
                1 => "E12345678=",
                2 => "E12345678!ABCDEFGHF12345678=",
                3 => "E12345678=~4:sizeabcdefgh!-_-_-_-_",
                4 => "E12345678=F1234",
                _ => "E12345678=F****5678=",
            }),
            journal: has_journal.then(|| Journal {
                plan: format!("p-{}", number % 2),
                phase: Phase::People,
                done: !number.is_multiple_of(5),
            }),
            former_ids: is_rare.then(|| EmployeeId::parse("7").unwrap()).into_iter().collect(),
            linked_at: at,
        }
    }

    proptest! {
        #[test]
        fn links_come_back_as_they_were_packed_in_the_order_of_employee_ids(
            given in proptest::collection::btree_map(any::<u8>(), (any::<bool>(), any::<bool>()), 0..20),
            turn in any::<prop::sample::Index>(),
        ) {
            let given: Vec<Link> = given.into_iter().map(|(number, (is_rare, has_journal))| link(number, is_rare, has_journal)).collect();
            let mut turned = given.clone();
            if !turned.is_empty() {
                turned.rotate_left(turn.index(given.len()));
            }
            let links = Links::new(turned);
            prop_assert_eq!(links.iter().map(LinkView::to_link).collect::<Vec<_>>(), given.clone());
            for (position, given) in given.iter().enumerate() {
                prop_assert_eq!(links.position(given.employee_id.as_str()), Some(position));
                prop_assert_eq!(links.find(given.employee_id.as_str()).map(LinkView::to_link), Some(given.clone()));
            }
            prop_assert_eq!(links.position("no one"), None);
        }
    }
}
