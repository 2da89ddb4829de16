//! Collects what a source shows, page by page, in little memory.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{
    chunk::{Chunk, Error, MAX_CHUNK_BYTES, each_row, push_row},
    header::{Company, Header, Roster},
    tally::Tally,
};
use crate::employee::{Attribute, AttributesBuilder, Employee, View, id::shortlex};

/// The version of rosters that this code writes.
pub(super) const VERSION: u32 = 1;

/// Collects people and the evidence of how complete the read was.
#[derive(Debug)]
pub struct Builder {
    company: Company,
    chunks: Vec<Chunk>,
    rows: String,
    last_id: String,
    in_order: bool,
    employees: u32,
    walk_ended: bool,
    announced: Option<u64>,
    announced_changed: bool,
    hidden: BTreeMap<Attribute, String>,
    hash: Sha256,
    tally: Tally,
}

impl Builder {
    /// An empty roster of one company.
    pub fn new(company: Company) -> Self {
        Self {
            company,
            chunks: Vec::new(),
            rows: String::with_capacity(MAX_CHUNK_BYTES),
            last_id: String::new(),
            in_order: true,
            employees: 0,
            walk_ended: false,
            announced: None,
            announced_changed: false,
            hidden: BTreeMap::new(),
            hash: Sha256::new(),
            tally: Tally::default(),
        }
    }

    /// Adds a person. Any order will do; ascending ids are cheapest.
    ///
    /// # Errors
    /// [`Error::Compression`] for want of memory.
    pub fn push(&mut self, employee: &Employee) -> Result<(), Error> {
        self.push_view(employee.id.as_str(), employee.attributes.view())
    }

    /// Adds a person, borrowed; the id was checked.
    ///
    /// # Errors
    /// [`Error::Compression`] for want of memory.
    pub(crate) fn push_view(&mut self, id: &str, attributes: View<'_>) -> Result<(), Error> {
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
        self.hidden.entry(attribute).or_insert_with(|| reason.to_owned());
    }

    /// Notes that the source gave its own sign of the last page.
    pub const fn end_walk(&mut self) {
        self.walk_ended = true;
    }

    /// How many rows were added so far.
    pub const fn len(&self) -> u32 {
        self.employees
    }

    /// Whether no row was added yet.
    pub const fn is_empty(&self) -> bool {
        self.employees == 0
    }

    /// Closes the roster. `broken` says, as a code, why the read failed, if it did; then the walk did not end.
    ///
    /// # Errors
    /// [`Error`] for want of memory.
    pub fn finish(mut self, broken: Option<&str>) -> Result<Roster, Error> {
        self.flush()?;
        let pushed = self.employees;
        if !self.in_order {
            self.sort()?;
        }
        if self.tally.shows_any(&self.hidden) {
            self.strip_hidden()?;
        }
        let (visible, coverage) = self.tally.finish();
        let header = Header {
            version: VERSION,
            company: self.company,
            employees: self.employees,
            duplicates: pushed - self.employees,
            walk_ended: self.walk_ended && broken.is_none(),
            announced: self.announced,
            announced_changed: self.announced_changed,
            broken: broken.map(str::to_owned),
            hidden: self.hidden,
            visible,
            coverage,
            content_hash: hex::encode(self.hash.finalize()),
        };
        Ok(Roster {
            header,
            chunks: self.chunks,
        })
    }

    /// Takes out all rows, to be pushed anew: hash and tally begin again with them.
    fn take_chunks(&mut self) -> Vec<Chunk> {
        self.hash = Sha256::new();
        self.tally = Tally::default();
        std::mem::take(&mut self.chunks)
    }

    /// Takes hidden attributes out of all rows: whether they are empty is not known, whatever the source wrote (R07).
    fn strip_hidden(&mut self) -> Result<(), Error> {
        let mut kept = AttributesBuilder::new();
        for chunk in self.take_chunks() {
            let text = chunk.decompress()?;
            let mut rows = Vec::new();
            each_row(&text, |row| {
                for entry in row.attributes {
                    if let Some(attribute) = entry.attribute.to_owned()
                        && !self.hidden.contains_key(&attribute)
                    {
                        kept.append(&attribute, entry.field);
                    }
                }
                rows.push((row.id, kept.build()));
            })?;
            for (id, attributes) in rows {
                self.push_row(id, attributes.view())?;
            }
        }
        self.flush()
    }

    fn push_row(&mut self, id: &str, attributes: View<'_>) -> Result<(), Error> {
        let size = id.len() + attributes.as_packed().len() + 12;
        if !self.rows.is_empty() && self.rows.len() + size > MAX_CHUNK_BYTES {
            self.flush()?;
        }
        push_row(&mut self.rows, id, attributes);
        self.tally.count(attributes);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Error> {
        if !self.rows.is_empty() {
            self.hash.update(self.rows.as_bytes());
            self.chunks.push(Chunk::compress(&self.rows)?);
            self.rows.clear();
        }
        Ok(())
    }

    /// Brings the rows into order and drops those that came again under the same id, the last one read staying.
    fn sort(&mut self) -> Result<(), Error> {
        let mut rows: Vec<(String, String)> = Vec::with_capacity(self.employees as usize);
        for chunk in self.take_chunks() {
            let text = chunk.decompress()?;
            each_row(&text, |row| {
                rows.push((row.id.to_owned(), row.attributes.as_packed().to_owned()));
            })?;
        }
        rows.reverse();
        rows.sort_by(|left, right| shortlex(&left.0, &right.0));
        rows.dedup_by(|later, earlier| later.0 == earlier.0);
        self.employees = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        for (id, packed) in rows {
            self.push_row(&id, View::new(&packed))?;
        }
        self.flush()
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
