//! Collects what a source shows, page by page, in little memory.

mod onward;
mod part;

use std::collections::{BTreeMap, BTreeSet};

pub use onward::Before;
pub(super) use onward::Counted;
pub(super) use part::Mark;
use part::RowsAre;
use sha2::{Digest, Sha256};

use super::{
    chunk::{Chunk, Error, MAX_CHUNK_BYTES, MOST_PEOPLE, MOST_ROWS_BYTES, each_row, fits, push_row},
    header::{Company, Expected, Header, Roster},
    press::Press,
    sieve::{Cut, Sieve},
    tally::{Sight, Tally},
};
use crate::employee::{
    Attribute, AttributesBuilder, CustomName, Employee, Entry, Excess, MOST_CUSTOM, MOST_PERSON_BYTES, View, Wanted,
    id::shortlex,
};

/// The version of rosters that this code writes.
pub(super) const VERSION: u32 = 1;

/// The reason of a hidden attribute that a company has too many others beside.
const TOO_MANY: &str = "too_many";
/// How many attributes are named as hidden because there are too many.
const MOST_NAMED: usize = 50;
/// The longest label, in characters.
const MOST_LABEL: usize = 100;
/// How many attributes a header names as hidden, canonical ones first.
const MOST_HIDDEN: usize = 600;

/// Why a walk is over: what a source says itself. Without it there is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A page said that it is the last one, or that nothing stands behind it.
    LastPage,
    /// As many rows came as there are, by the source's own count.
    Total(u64),
}

/// Collects people and the evidence of how complete the read was.
#[derive(Debug)]
pub struct Builder {
    company: Company,
    wanted: Wanted,
    chunks: Vec<Chunk>,
    rows_are: RowsAre,
    /// How many chunks there were, and how many bytes those have that are kept.
    flushed: usize,
    held: usize,
    /// People, and bytes of them, that were read before in the same slice and are not here.
    before: (u32, usize),
    /// How many parts there are before this one whose rows are counted here; `None`: there is no telling any more.
    counts_parts: Option<usize>,
    /// How many people came over with the last chunk of the part before, and how many bytes of `rows` are theirs.
    again: u32,
    again_bytes: usize,
    /// People, and bytes of them, that are in chunks.
    in_chunks: (u32, usize),
    rows: String,
    last_id: String,
    in_order: bool,
    employees: u32,
    duplicates: u32,
    bytes: usize,
    walk_ended: bool,
    announced: Option<u64>,
    announced_changed: bool,
    hidden: BTreeMap<Attribute, String>,
    labels: BTreeMap<CustomName, String>,
    expected: Vec<Expected>,
    unreadable: u64,
    hash: Sha256,
    tally: Tally,
    press: Press,
}

/// The code of a read that broke off because the source's answer is not in its documented form.
const MALFORMED: &str = "malformed";

impl Builder {
    /// Returns an empty roster of one company, for everything that its source shows.
    pub fn new(company: Company) -> Self {
        Self::wanting(Wanted::everything(), company)
    }

    /// Returns an empty roster of one company, for these attributes: what a source shows beside them is left out.
    pub fn wanting(wanted: Wanted, company: Company) -> Self {
        Self {
            company,
            wanted,
            chunks: Vec::new(),
            rows_are: RowsAre::Kept,
            flushed: 0,
            held: 0,
            before: (0, 0),
            counts_parts: Some(0),
            again: 0,
            again_bytes: 0,
            in_chunks: (0, 0),
            rows: String::with_capacity(MAX_CHUNK_BYTES),
            last_id: String::new(),
            in_order: true,
            employees: 0,
            duplicates: 0,
            bytes: 0,
            walk_ended: false,
            announced: None,
            announced_changed: false,
            hidden: BTreeMap::new(),
            labels: BTreeMap::new(),
            expected: Vec::new(),
            unreadable: 0,
            hash: Sha256::new(),
            tally: Tally::default(),
            press: Press::default(),
        }
    }

    /// Adds a person. Any order will do; ascending ids are cheapest. Where HR shows more of a person than is carried,
    /// their longest values are marked as not valid (R47).
    ///
    /// # Errors
    /// [`Error::TooLarge`] where there is no more room, [`Error::Compression`] where memory runs out.
    pub fn push(&mut self, employee: &Employee) -> Result<(), Error> {
        self.push_view(employee.id.as_str(), employee.attributes.view())
    }

    /// Adds a person, borrowed; the id was checked.
    ///
    /// # Errors
    /// As for [`Self::push`].
    pub(crate) fn push_view(&mut self, id: &str, attributes: View<'_>) -> Result<(), Error> {
        let is_wanted = |entry: Entry<'_>| self.wanted.wants(entry.attribute);
        if !self.wanted.is_everything() && !attributes.iter().all(is_wanted) {
            let mut kept = AttributesBuilder::new();
            for entry in attributes.iter().filter(|entry| is_wanted(*entry)) {
                if let Some(attribute) = entry.attribute.to_owned() {
                    kept.append(&attribute, entry.field);
                }
            }
            return self.push_view(id, kept.build().view());
        }
        if let Some(shortened) = attributes.shortened(MOST_PERSON_BYTES, Excess::Marked) {
            return self.push_view(id, shortened.attributes.view());
        }
        let bytes = self.bytes.saturating_add(id.len() + attributes.as_packed().len());
        let (people_before, bytes_before) = self.before;
        let people = self.employees.saturating_add(people_before);
        if people >= MOST_PEOPLE || bytes.saturating_add(bytes_before) > MOST_ROWS_BYTES {
            return Err(Error::TooLarge);
        }
        self.bytes = bytes;
        self.in_order &= self.employees == 0 || shortlex(&self.last_id, id).is_lt();
        self.last_id.clear();
        self.last_id.push_str(id);
        self.employees += 1;
        self.push_row(id, attributes)
    }

    /// Notes how many people the source says there are; each page may say it again.
    pub fn announce(&mut self, total: u64) {
        self.announced_changed |= self.announced.is_some_and(|earlier| earlier != total);
        self.announced = Some(total);
    }

    /// Notes an attribute that the source may not show, with the reason as a code such as `no_permission`. It is unseen
    /// for everyone then, whatever the rows say.
    pub fn hide(&mut self, attribute: Attribute, reason: &str) {
        if !self.wanted.wants(attribute.as_ref()) {
            return;
        }
        self.hidden.entry(attribute).or_insert_with(|| reason.to_owned());
    }

    /// Notes an attribute that the source gives. Where no row shows it, it is hidden for the reason `unshown`; where no row
    /// has a value of it and there is a reason `empty`, it is hidden for that one. Both are known once everybody was read.
    pub fn expect(&mut self, attribute: Attribute, unshown: &'static str, empty: Option<&'static str>) {
        if !self.wanted.wants(attribute.as_ref()) {
            return;
        }
        self.expected.push(Expected {
            attribute,
            unshown: unshown.to_owned(),
            empty: empty.map(str::to_owned),
        });
    }

    /// Notes what HR calls one of the tenant's own attributes. It is kept where everything is wanted: a survey tells it.
    pub fn label(&mut self, name: &CustomName, label: &str) {
        if self.wanted.is_everything() {
            let label = label.trim().chars().take(MOST_LABEL).collect();
            self.labels.insert(name.clone(), label);
        }
    }

    /// Notes a row whose person has no readable id: such a list proves nobody's absence, and the read counts as broken.
    pub const fn skip(&mut self) {
        self.unreadable += 1;
    }

    /// Returns how many rows had no readable id.
    pub const fn skipped(&self) -> u64 {
        self.unreadable
    }

    /// Returns what the read is to show.
    pub const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Notes that the walk is over, and by what that is known.
    pub fn end_walk(&mut self, proof: Proof) {
        if let Proof::Total(total) = proof {
            self.announce(total);
        }
        self.walk_ended = true;
    }

    /// Returns how many people the source said there are, so far.
    pub const fn announced(&self) -> Option<u64> {
        self.announced
    }

    /// Returns how many rows were added so far.
    pub const fn len(&self) -> u32 {
        self.employees
    }

    /// Returns whether no row was added yet.
    pub const fn is_empty(&self) -> bool {
        self.employees == 0
    }

    /// Returns the finished roster. `broken` says, as a code, why the read failed, if it did; then the walk did not
    /// end.
    ///
    /// # Errors
    /// [`Error`] where memory runs out.
    pub fn finish(mut self, broken: Option<&str>) -> Result<Roster, Error> {
        self.put_in_order()?;
        if let Some(cut) = self.settle() {
            self.take_out(cut)?;
        }
        Ok(self.into_roster(broken))
    }

    /// Settles what is hidden, once everybody was read. Returns what has to be taken out of rows, if rows show any of it:
    /// whether that is empty is not known, whatever the source wrote (R07).
    pub(super) fn settle(&mut self) -> Option<Cut> {
        self.hide_unshown();
        let custom = self.tally.first_custom(MOST_CUSTOM);
        if let Some(custom) = &custom {
            self.hide_all_but(custom);
        }
        let is_shown = custom.is_some() || self.tally.shows_any(&self.hidden);
        is_shown.then(|| Cut {
            wanted: Wanted::everything(),
            hidden: self.hidden.keys().cloned().collect(),
            custom,
        })
    }

    pub(super) fn into_roster(self, broken: Option<&str>) -> Roster {
        let broken = broken.or_else(|| (self.unreadable > 0).then_some(MALFORMED));
        let hidden = self.hidden.into_iter().take(MOST_HIDDEN).collect();
        let (visible, coverage) = self.tally.finish();
        let header = Header {
            version: VERSION,
            company: self.company,
            employees: self.employees,
            duplicates: self.duplicates,
            walk_ended: self.walk_ended && broken.is_none(),
            announced: self.announced,
            announced_changed: self.announced_changed,
            broken: broken.map(str::to_owned),
            hidden,
            labels: self.labels,
            visible,
            coverage,
            wanted: self.wanted,
            expected: self.expected,
            again: self.again,
            content_hash: hex::encode(self.hash.finalize()),
        };
        Roster {
            header,
            chunks: self.chunks,
        }
    }

    fn put_in_order(&mut self) -> Result<(), Error> {
        self.flush()?;
        if !self.in_order {
            self.sort()?;
        }
        Ok(())
    }

    /// Hides what the source gives and did not show.
    fn hide_unshown(&mut self) {
        let expected = std::mem::take(&mut self.expected);
        if self.employees == 0 {
            return;
        }
        for Expected {
            attribute,
            unshown,
            empty,
        } in expected
        {
            let reason = match self.tally.sight(&attribute) {
                Sight::Unshown => Some(unshown),
                Sight::Empty => empty,
                Sight::Something => None,
            };
            if let Some(reason) = reason {
                self.hide(attribute, &reason);
            }
        }
    }

    /// Takes out and returns all rows, to be pushed anew: hash and tally begin again with them.
    fn take_chunks(&mut self) -> Vec<Chunk> {
        self.hash = Sha256::new();
        self.tally = Tally::default();
        (self.flushed, self.held) = (0, 0);
        std::mem::take(&mut self.chunks)
    }

    /// Names some of the custom attributes that there is no room for.
    fn hide_all_but(&mut self, kept: &BTreeSet<CustomName>) {
        let others: Vec<CustomName> = self
            .tally
            .custom_names()
            .filter(|name| !kept.contains(*name))
            .cloned()
            .collect();
        for name in others.into_iter().take(MOST_NAMED) {
            self.hide(Attribute::Custom(name), TOO_MANY);
        }
    }

    /// Takes attributes out of all rows.
    fn take_out(&mut self, cut: Cut) -> Result<(), Error> {
        let mut sieve = Sieve::default();
        sieve.add(cut);
        for chunk in self.take_chunks() {
            let text = chunk.decompress()?;
            let mut failure = None;
            each_row(&text, |row| {
                if failure.is_none() {
                    failure = sieve.pass(row, |row| self.push_row(row.id, row.attributes)).err();
                }
            })?;
            failure.map_or(Ok(()), Err)?;
        }
        self.flush()
    }

    fn push_row(&mut self, id: &str, attributes: View<'_>) -> Result<(), Error> {
        if !fits(&self.rows, id, attributes) {
            self.flush()?;
        }
        push_row(&mut self.rows, id, attributes);
        self.tally.count(attributes);
        Ok(())
    }

    pub(super) fn flush(&mut self) -> Result<(), Error> {
        if !self.rows.is_empty() {
            self.hash.update(self.rows.as_bytes());
            self.flushed += 1;
            self.again_bytes = 0;
            self.in_chunks = (self.employees, self.bytes);
            if self.rows_are == RowsAre::Kept {
                let chunk = self.press.compress(&self.rows)?;
                self.held += chunk.as_bytes().len();
                self.chunks.push(chunk);
            }
            self.rows.clear();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::employee::{Canonical, CompanyId, EmployeeBuilder, EmployeeId, Field};

    fn company() -> Company {
        Company {
            id: CompanyId::parse("1").unwrap(),
            name: "Acme".into(),
        }
    }

    fn employee(id: u64, city: &str) -> Employee {
        let mut builder = EmployeeBuilder::new();
        builder
            .set(Canonical::City, Field::Value(city))
            .set(Canonical::Country, Field::Empty);
        builder.build(EmployeeId::parse(&id.to_string()).unwrap())
    }

    fn roster(people: &[Employee]) -> Roster {
        let mut builder = Builder::new(company());
        for person in people {
            builder.push(person).unwrap();
        }
        builder.finish(None).unwrap()
    }

    #[test]
    fn many_people_make_several_chunks_none_too_large_and_all_come_back() {
        let people: Vec<Employee> = (0..4_000).map(|id| employee(id, &"Ñ".repeat(80))).collect();
        let roster = roster(&people);
        assert!(roster.chunks.len() > 1);
        assert!(roster.chunks.iter().all(|chunk| chunk.as_bytes().len() < 400 * 1024));
        assert_eq!(roster.employees().unwrap(), people);
        assert_eq!(roster.header.coverage[&Attribute::Canonical(Canonical::City)], 4_000);
        assert_eq!(roster.header.coverage[&Attribute::Canonical(Canonical::Country)], 0);
    }

    #[test]
    fn a_row_that_comes_again_is_counted_and_kept_once_as_last_read() {
        let roster = roster(&[employee(2, "Rome"), employee(1, "Oslo"), employee(2, "Milan")]);
        assert_eq!((roster.header.employees, roster.header.duplicates), (2, 1));
        assert_eq!(roster.employees().unwrap(), [employee(1, "Oslo"), employee(2, "Milan")]);
    }

    #[test]
    fn r07_what_is_hidden_is_unseen_for_everyone_whatever_the_rows_say() {
        let mut builder = Builder::new(company());
        for id in 0..4_000 {
            builder.push(&employee(id, &"Ñ".repeat(80))).unwrap();
        }
        builder.hide(Canonical::Country.into(), "no_permission");
        let roster = builder.finish(None).unwrap();
        assert_eq!(roster.header.employees, 4_000);
        assert!(!roster.header.visible.contains(&Canonical::Country.into()));
        let people = roster.employees().unwrap();
        assert!(
            people
                .iter()
                .all(|person| person.attributes.field(Canonical::Country) == Field::Unseen)
        );
        assert!(people.iter().all(|person| person.value(Canonical::City).is_some()));
    }

    fn custom(number: usize) -> CustomName {
        CustomName::parse(&format!("field-{number:04}")).unwrap()
    }

    #[test]
    fn r47_a_person_with_more_than_is_carried_loses_the_longest_values_and_nobody_else_does() {
        let mut record = EmployeeBuilder::new();
        record.set(Canonical::City, Field::Value("Oslo"));
        for number in 0..100 {
            record.set_custom(&custom(number), Field::Value(&"x".repeat(4_000)));
        }
        let mut builder = Builder::new(company());
        builder.push(&employee(1, "Rome")).unwrap();
        builder.push(&record.build(EmployeeId::parse("2").unwrap())).unwrap();
        builder.push(&employee(3, "Bern")).unwrap();
        let people = builder.finish(None).unwrap().employees().unwrap();
        assert_eq!(
            (people[0].clone(), people[2].clone()),
            (employee(1, "Rome"), employee(3, "Bern"))
        );
        let attributes = &people[1].attributes;
        assert!(attributes.as_packed().len() <= MOST_PERSON_BYTES);
        assert_eq!(attributes.value(Canonical::City), Some("Oslo"));
        let invalid = attributes.view().invalid().count();
        assert_eq!(
            (invalid, attributes.view().iter().count()),
            (85, 101),
            "fifteen of four thousand bytes fit"
        );
    }

    #[test]
    fn r47_a_company_with_more_custom_attributes_than_are_carried_keeps_the_first_whatever_the_order_of_pages() {
        let person = |id: u64, first: usize| {
            let mut record = EmployeeBuilder::new();
            for number in first..first + 400 {
                record.set_custom(&custom(number), Field::Value("x"));
            }
            record.build(EmployeeId::parse(&id.to_string()).unwrap())
        };
        let (one, two) = (person(1, 0), person(2, 300));
        let read = roster(&[one.clone(), two.clone()]);
        assert_eq!(roster(&[two, one]).header, read.header);
        assert_eq!(read.header.visible.len(), MOST_CUSTOM);
        assert!(read.header.visible.contains(&Attribute::Custom(custom(499))));
        assert_eq!(read.header.hidden.len(), MOST_NAMED);
        assert_eq!(read.header.hidden[&Attribute::Custom(custom(500))], TOO_MANY);
        let people = read.employees().unwrap();
        assert_eq!(
            people
                .iter()
                .map(|person| person.attributes.view().iter().count())
                .sum::<usize>(),
            600
        );
    }

    #[test]
    fn a_damaged_chunk_is_an_error() {
        let mut roster = roster(&[employee(1, "Oslo")]);
        roster.chunks = vec![Chunk::from_bytes(vec![1, 2, 3])];
        assert!(roster.employees().is_err());
        roster.chunks = vec![Chunk::compress("1:15:E4:Os").unwrap()];
        assert!(roster.employees().is_err());
    }

    proptest! {
        #[test]
        fn r23_the_content_hash_does_not_depend_on_the_order_of_pages(
            cities in proptest::collection::btree_map(0_u64..500, "[a-z]{1,8}", 1..40),
            turn in any::<prop::sample::Index>(),
        ) {
            let mut people: Vec<Employee> = cities.iter().map(|(id, city)| employee(*id, city)).collect();
            let ordered = roster(&people);
            let middle = turn.index(people.len());
            people.rotate_left(middle);
            prop_assert_eq!(&roster(&people).header, &ordered.header);
        }
    }
}
