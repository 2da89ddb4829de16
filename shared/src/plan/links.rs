//! All links of a connection, found by employee: packed one behind the other, because there are many.

use std::fmt;

use jiff::Timestamp;

use super::{Evidence, Journal, Link, LinkState, PrintsView};
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
    /// Keyed hashes of what was sent and seen.
    pub prints: PrintsView<'a>,
    /// Employee ids that this account's person had before (R16).
    pub former_ids: &'a [EmployeeId],
    evidence: Evidence,
    journal: Option<&'a Journal>,
    linked_at: Timestamp,
}

impl LinkView<'_> {
    /// The employee, owned.
    pub fn to_employee_id(self) -> EmployeeId {
        EmployeeId::known(self.employee_id)
    }

    /// The account, owned.
    pub fn to_account_id(self) -> AccountId {
        AccountId::known(self.account_id)
    }

    /// The link, owned.
    pub fn to_link(self) -> Link {
        Link {
            employee_id: self.to_employee_id(),
            account_id: self.to_account_id(),
            evidence: self.evidence,
            state: self.state,
            absent_since: self.absent_since,
            prints: self.prints.to_prints(),
            journal: self.journal.cloned(),
            former_ids: self.former_ids.to_vec(),
            linked_at: self.linked_at,
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

/// Where a link's texts stand (employee, account, prints), and what it has beside them.
#[derive(Clone, Copy)]
struct Entry {
    spot: Spot,
    prints: u32,
    /// Lengths; an id has at most 128 bytes.
    employee_id: u8,
    account_id: u8,
    evidence: Evidence,
    /// Places in lists of what several links share, or few have; one more than the place, none where there is none.
    journal: u32,
    rare: u32,
    linked_at: Timestamp,
}

/// The links of one connection, in the order of employee ids.
#[derive(Clone, Default)]
pub struct Links {
    texts: Pile,
    entries: Vec<Entry>,
    journals: Vec<Journal>,
    rare: Vec<Rare>,
    places: Places,
}

impl fmt::Debug for Links {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Links({})", self.len())
    }
}

impl Links {
    /// Takes links in any order.
    pub fn new(links: impl IntoIterator<Item = Link>) -> Self {
        let mut builder = LinksBuilder::default();
        for link in links {
            builder.push(link);
        }
        builder.finish()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The link at a position.
    pub fn get(&self, position: usize) -> Option<LinkView<'_>> {
        self.view(self.entries.get(position)?)
    }

    /// All of them, in the order of employee ids.
    pub fn iter(&self) -> impl Iterator<Item = LinkView<'_>> {
        self.entries.iter().filter_map(|entry| self.view(entry))
    }

    /// Where the link of an employee stands.
    pub fn position(&self, employee_id: &str) -> Option<usize> {
        let id_at = |place: usize| self.entries.get(place).and_then(|entry| self.employee_id(entry));
        self.places.find(employee_id, id_at)
    }

    /// The link of an employee.
    pub fn find(&self, employee_id: &str) -> Option<LinkView<'_>> {
        self.position(employee_id).and_then(|position| self.get(position))
    }

    /// Keeps a journal; neighbours often share theirs, because they were applied together.
    fn note(&mut self, journal: Journal) -> u32 {
        if self.journals.last() != Some(&journal) {
            self.journals.push(journal);
        }
        narrow(self.journals.len())
    }

    fn employee_id(&self, entry: &Entry) -> Option<&str> {
        self.texts.from(entry.spot).get(..usize::from(entry.employee_id))
    }

    fn view(&self, entry: &Entry) -> Option<LinkView<'_>> {
        let texts = self.texts.from(entry.spot);
        let (employee_id, texts) = texts.split_at_checked(usize::from(entry.employee_id))?;
        let (account_id, texts) = texts.split_at_checked(usize::from(entry.account_id))?;
        let rare = (entry.rare as usize)
            .checked_sub(1)
            .and_then(|place| self.rare.get(place));
        Some(LinkView {
            employee_id,
            account_id,
            state: rare.map_or(LinkState::Active, |rare| rare.state),
            absent_since: rare.and_then(|rare| rare.absent_since),
            prints: PrintsView::new(texts.get(..entry.prints as usize)?),
            former_ids: rare.map_or(&[], |rare| &*rare.former_ids),
            evidence: entry.evidence,
            journal: (entry.journal as usize)
                .checked_sub(1)
                .and_then(|place| self.journals.get(place)),
            linked_at: entry.linked_at,
        })
    }
}

/// Packs links one by one, so that no list of them is held.
#[derive(Default)]
pub struct LinksBuilder(Links);

impl LinksBuilder {
    /// Adds a link. Any order will do; ascending employee ids are cheapest.
    pub fn push(&mut self, link: Link) {
        let links = &mut self.0;
        let (employee_id, account_id) = (link.employee_id.as_str(), link.account_id.as_str());
        let prints = link.prints.as_packed();
        let is_rare = link.state != LinkState::Active || link.absent_since.is_some() || !link.former_ids.is_empty();
        let spot = links.texts.push([employee_id, account_id, prints]);
        let entry = Entry {
            spot,
            prints: narrow(prints.len()),
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

    /// All that were added, in the order of employee ids.
    pub fn finish(self) -> Links {
        let mut links = self.0;
        let mut entries = std::mem::take(&mut links.entries);
        let id = |entry: &Entry| links.employee_id(entry).unwrap_or_default();
        if !entries.is_sorted_by(|left, right| shortlex(id(left), id(right)).is_lt()) {
            entries.sort_by(|left, right| shortlex(id(left), id(right)));
        }
        links.places = Places::new(entries.iter().map(id));
        links.entries = entries;
        links
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::plan::{LeaverReason, Phase, Prints};

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
            prints: Prints::from_packed(&"E12345678=".repeat(usize::from(number % 3))),
            journal: has_journal.then(|| Journal {
                plan: format!("p-{}", number % 2),
                phase: Phase::People,
                done: number % 5 > 0,
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
