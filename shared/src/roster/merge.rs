//! The rows of several parts of one read, in order, each person once. Chunks are brought one by one, so that parts never have to be in
//! memory together.

use std::cmp::Ordering;

use super::{
    Builder, Chunk, Error, Header, Roster, Row, Sieve, Whole,
    chunk::{Packer, next_row},
    press::Unpack,
};
use crate::employee::id::shortlex;

/// A walk over the rows of several parts, in the order of ids. Of a person whom several parts show, the row that was read last
/// counts. One chunk of each part is unpacked at a time.
#[derive(Debug)]
pub struct Merge {
    piles: Vec<Pile>,
    repeats: u32,
    unpack: Unpack,
}

impl Merge {
    /// Returns a walk over parts of so many chunks each, in the order in which the parts were read.
    pub fn new<'a>(parts: impl IntoIterator<Item = (&'a Header, usize)>) -> Self {
        let piles = counting_chunks(parts).into_iter().map(Pile::of).collect();
        Self {
            piles,
            repeats: 0,
            unpack: Unpack::default(),
        }
    }

    /// Returns the part, and the number of its chunk, without which no further row can be told; `None`: none is wanted.
    pub fn wants(&self) -> Option<(usize, usize)> {
        let place = self.piles.iter().position(Pile::is_waiting)?;
        self.piles.get(place).map(|pile| (place, pile.next))
    }

    /// Takes the chunk that is wanted.
    ///
    /// # Errors
    /// [`Error`] where it is damaged, or where memory runs out.
    pub fn give(&mut self, chunk: &Chunk) -> Result<(), Error> {
        match self.piles.iter_mut().find(|pile| pile.is_waiting()) {
            Some(pile) => pile.fill(chunk, &mut self.unpack),
            None => Ok(()),
        }
    }

    /// Visits rows up to where a chunk is wanted, or to the end.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged, and what the visit returns.
    pub fn each(&mut self, mut visit: impl FnMut(Row<'_>) -> Result<(), Error>) -> Result<(), Error> {
        while self.wants().is_none()
            && let Some(place) = self.least()?
        {
            self.take_from(place, &mut visit)?;
        }
        Ok(())
    }

    /// Returns how many rows came again, of people who are there already.
    pub const fn repeats(&self) -> u32 {
        self.repeats
    }

    /// Returns the pile whose first row comes next: the least id, and of equal ones the one of the last part.
    fn least(&self) -> Result<Option<usize>, Error> {
        let mut best: Option<(usize, Row<'_>)> = None;
        for (place, pile) in self.piles.iter().enumerate() {
            let Some((row, _)) = next_row(pile.rest())? else {
                continue;
            };
            let comes_later = |(_, best): &(usize, Row<'_>)| shortlex(best.id, row.id) == Ordering::Less;
            if !best.as_ref().is_some_and(comes_later) {
                best = Some((place, row));
            }
        }
        Ok(best.map(|(place, _)| place))
    }

    /// Visits the first row of a pile, and those behind it up to where another pile's row comes.
    fn take_from(&mut self, place: usize, visit: &mut impl FnMut(Row<'_>) -> Result<(), Error>) -> Result<(), Error> {
        let Some(pile) = self.piles.get(place) else {
            return Ok(());
        };
        let Some((first, mut rest)) = next_row(pile.rest())? else {
            return Ok(());
        };
        visit(first)?;
        let first = first.id.to_owned();
        let bound = self.least_beside(place, &first)?;
        while let Some((row, behind)) = next_row(rest)?
            && bound
                .as_deref()
                .is_none_or(|bound| shortlex(row.id, bound) == Ordering::Less)
        {
            visit(row)?;
            rest = behind;
        }
        let left = rest.len();
        for (other, pile) in self.piles.iter_mut().enumerate() {
            if other == place {
                pile.at = pile.rows.len() - left;
            } else if pile.step_over(&first)? {
                self.repeats += 1;
            }
        }
        Ok(())
    }

    /// Returns the least id of all other piles, but for the row of a person who was just visited: behind it, another row comes.
    fn least_beside(&self, place: usize, visited: &str) -> Result<Option<String>, Error> {
        let mut least: Option<&str> = None;
        for (other, pile) in self.piles.iter().enumerate() {
            let Some((row, _)) = next_row(pile.rest())? else {
                continue;
            };
            if other == place {
                continue;
            }
            if row.id == visited {
                return Ok(Some(visited.to_owned()));
            }
            if least.is_none_or(|least| shortlex(row.id, least) == Ordering::Less) {
                least = Some(row.id);
            }
        }
        Ok(least.map(str::to_owned))
    }
}

/// The rows of a part that are still to come.
#[derive(Debug)]
struct Pile {
    /// How many chunks the part has.
    chunks: usize,
    /// The number of the chunk that comes next.
    next: usize,
    rows: String,
    at: usize,
}

impl Pile {
    const fn of(chunks: usize) -> Self {
        Self {
            chunks,
            next: 0,
            rows: String::new(),
            at: 0,
        }
    }

    /// The rest of the chunk that is being read.
    fn rest(&self) -> &str {
        self.rows.get(self.at..).unwrap_or_default()
    }

    const fn is_waiting(&self) -> bool {
        self.at >= self.rows.len() && self.next < self.chunks
    }

    fn fill(&mut self, chunk: &Chunk, unpack: &mut Unpack) -> Result<(), Error> {
        unpack.decompress(chunk, &mut self.rows)?;
        self.at = 0;
        self.next += 1;
        Ok(())
    }

    /// Goes on behind the first row, where it is this person's. Returns whether it was.
    fn step_over(&mut self, id: &str) -> Result<bool, Error> {
        let Some((row, rest)) = next_row(self.rest())? else {
            return Ok(false);
        };
        let (is_same, left) = (row.id == id, rest.len());
        if is_same {
            self.at = self.rows.len() - left;
        }
        Ok(is_same)
    }
}

/// Returns how many chunks of each part count: all of them, but for the last one of a part with whose people the next part begins.
pub fn counting_chunks<'a>(parts: impl IntoIterator<Item = (&'a Header, usize)>) -> Vec<usize> {
    let mut counts: Vec<usize> = Vec::new();
    for (header, chunks) in parts {
        if let Some(before) = counts.last_mut().filter(|_| header.again > 0) {
            *before = before.saturating_sub(1);
        }
        counts.push(chunks);
    }
    counts
}

/// Visits the rows of parts that are in memory. Returns how many rows came again.
fn each_of(parts: &[Roster], mut visit: impl FnMut(Row<'_>) -> Result<(), Error>) -> Result<u32, Error> {
    let mut merge = Merge::new(parts.iter().map(|part| (&part.header, part.chunks.len())));
    loop {
        merge.each(&mut visit)?;
        let Some((part, number)) = merge.wants() else {
            return Ok(merge.repeats());
        };
        let chunk = parts.get(part).and_then(|part| part.chunks.get(number));
        merge.give(chunk.ok_or(Error::Form)?)?;
    }
}

/// Returns what several slices read, in their order, as if it had been read at one time; `last` is what the last of them
/// read. Of a person whom several slices show, the row that was read last counts. `broken` says, as a code, why the read
/// failed, if it did. Parts and whole are in memory.
///
/// # Errors
/// [`Error`] where a part is damaged, where there are more people than a roster holds, or where memory runs out.
pub fn merge(mut parts: Vec<Roster>, last: Builder, broken: Option<&str>) -> Result<Roster, Error> {
    if parts.is_empty() {
        return last.finish(broken);
    }
    let (mut whole, last) = Whole::of(parts.iter().map(|part| &part.header), last, broken)?;
    parts.push(last);
    let mut is_summed_up = whole.sum_up_as_read();
    while !is_summed_up {
        let repeats = each_of(&parts, |row| whole.push(row))?;
        is_summed_up = whole.end_pass(repeats)?;
    }
    let mut sieve = Sieve::default();
    let summed = whole.finish(&mut sieve);
    let header = summed.header;
    if summed.is_as_read {
        let counts = counting_chunks(parts.iter().map(|part| (&part.header, part.chunks.len())));
        let chunks = parts
            .into_iter()
            .zip(counts)
            .flat_map(|(part, count)| part.chunks.into_iter().take(count));
        let chunks = chunks.collect();
        return Ok(Roster { header, chunks });
    }
    let mut packer = Packer::default();
    each_of(&parts, |row| sieve.pass(row, |row| packer.push(row)))?;
    let chunks = packer.finish()?;
    Ok(Roster { header, chunks })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use proptest::prelude::*;

    use super::*;
    use crate::{
        employee::{Attribute, Canonical, CompanyId, Employee, EmployeeBuilder, EmployeeId, Field},
        roster::{Before, Company, Position, Proof, Read, Reading},
    };

    fn company() -> Company {
        Company {
            id: CompanyId::parse("1").unwrap(),
            name: "Acme".into(),
        }
    }

    fn employee(id: u16, city: &str) -> Employee {
        let mut builder = EmployeeBuilder::new();
        builder.set(Canonical::City, Field::Value(city));
        builder.build(EmployeeId::parse(&id.to_string()).unwrap())
    }

    /// What a source shows on one page.
    #[derive(Clone, Debug)]
    struct Page {
        people: Vec<(u16, String)>,
        total: Option<u64>,
        hidden: bool,
        without_id: bool,
    }

    impl Page {
        fn read_into(&self, roster: &mut Builder) {
            if let Some(total) = self.total {
                roster.announce(total);
            }
            if self.hidden {
                roster.hide(Canonical::Country.into(), "no_permission");
            }
            if self.without_id {
                roster.skip();
            }
            for (id, city) in &self.people {
                roster.push(&employee(*id, city)).unwrap();
            }
        }
    }

    /// How a slice ends behind a page.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Then {
        /// It does not.
        GoOn,
        /// It is told to pause.
        Pause,
        /// It is called off in the middle of the page behind.
        Cut,
        /// Its process dies, and the slice is read again.
        Die,
    }

    fn expectations(roster: &mut Builder) {
        for canonical in [Canonical::City, Canonical::Country] {
            roster.expect(Attribute::Canonical(canonical), "not_shown", Some("no_permission"));
        }
    }

    fn end(roster: &mut Builder, ends: bool) {
        if ends {
            roster.end_walk(Proof::LastPage);
        }
    }

    /// Reads pages from a position to the end, or as far as `thens` says. Returns what the slice came to; `None`: its process
    /// died.
    fn slice(
        pages: &[Page],
        (from, before): (Option<Position>, Before),
        ends: bool,
        room: usize,
        thens: &mut Vec<Then>,
    ) -> Option<Read> {
        let is_over = AtomicBool::new(false);
        let is_time_over = || is_over.load(Ordering::Relaxed);
        let first: usize = from.as_ref().map_or(0, |from| from.place(1).unwrap());
        let mut reading = Reading::new(company(), from, &is_time_over);
        reading = reading.within(room).after(before);
        expectations(&mut reading.roster);
        let mut is_cut = false;
        for (number, page) in pages.iter().enumerate().skip(first) {
            page.read_into(&mut reading.roster);
            if is_cut {
                return Some(reading.finish(true).unwrap());
            }
            if number + 1 == pages.len() {
                break;
            }
            let then = thens.pop().unwrap_or(Then::GoOn);
            is_over.store(then == Then::Pause, Ordering::Relaxed);
            let paused = reading.pause(Position::new(1, &(number + 1)));
            match then {
                Then::Pause => {
                    assert!(paused.is_break());
                    return Some(reading.finish(false).unwrap());
                }
                Then::Die => return None,
                Then::GoOn | Then::Cut if paused.is_break() => return Some(reading.finish(false).unwrap()),
                Then::Cut => is_cut = true,
                Then::GoOn => {}
            }
        }
        end(&mut reading.roster, ends);
        Some(reading.finish(false).unwrap())
    }

    fn page() -> impl Strategy<Value = Page> {
        let people = proptest::collection::vec((0_u16..60, "[a-z]{1,5}"), 0..6);
        let odds = (proptest::option::weighted(0.3, 0_u64..90), 0_u8..8, 0_u8..20);
        (people, odds).prop_map(|(people, (total, hidden, without_id))| Page {
            people,
            total,
            hidden: hidden == 0,
            without_id: without_id == 0,
        })
    }

    fn then() -> impl Strategy<Value = Then> {
        prop_oneof![
            3 => Just(Then::GoOn),
            2 => Just(Then::Pause),
            1 => Just(Then::Cut),
            1 => Just(Then::Die),
        ]
    }

    proptest! {
        #[test]
        fn r29_a_read_in_any_slices_equals_a_read_in_one_to_the_byte(
            mut pages in proptest::collection::vec(page(), 1..14),
            in_order in any::<bool>(),
            mut thens in proptest::collection::vec(then(), 0..30),
            ends in any::<bool>(),
            room in prop_oneof![Just(usize::MAX), 1_usize..400],
        ) {
            if in_order {
                for (id, person) in (1..).zip(pages.iter_mut().flat_map(|page| &mut page.people)) {
                    person.0 = id;
                }
            }
            let mut once = Builder::new(company());
            expectations(&mut once);
            for page in &pages {
                page.read_into(&mut once);
            }
            end(&mut once, ends);
            let once = once.finish(None).unwrap();
            let (mut parts, mut from, mut before) = (Vec::new(), None, Before::default());
            let last = loop {
                match slice(&pages, (from.clone(), std::mem::take(&mut before)), ends, room, &mut thens) {
                    Some(Read::Full { part, position, before: read }) => {
                        parts.push(*part);
                        (from, before) = (Some(position), read);
                    }
                    Some(Read::Paused { part, position }) => {
                        parts.push(*part);
                        from = Some(position);
                    }
                    Some(Read::Over(last)) => break *last,
                    Some(Read::Nothing) | None => {}
                }
            };
            prop_assert_eq!(merge(parts, last, None).unwrap(), once);
        }
    }

    /// Reads pages of people in order with no room in memory, so that each page makes a part. Returns the parts, and the last one.
    fn page_by_page(pages: &[Vec<Employee>]) -> (Vec<Roster>, Builder) {
        let (mut parts, mut before) = (Vec::new(), Before::default());
        for (number, page) in pages.iter().enumerate() {
            let mut reading = Reading::whole(company()).within(1).after(before);
            for person in page {
                reading.roster.push(person).unwrap();
            }
            if number + 1 < pages.len() {
                assert!(reading.pause(Position::new(1, &number)).is_break());
            }
            match reading.finish(false).unwrap() {
                Read::Full { part, before: read, .. } => {
                    parts.push(*part);
                    before = read;
                }
                Read::Over(last) => return (parts, *last),
                Read::Paused { .. } | Read::Nothing => panic!("there is time enough"),
            }
        }
        panic!("the last page is the end")
    }

    #[test]
    fn what_is_read_in_order_and_in_one_go_is_counted_as_it_is_read_and_stands_in_the_chunks_of_its_parts() {
        let person = |id: u16| employee(id, &format!("{id}{}", "Ñ".repeat(200)));
        let pages: Vec<Vec<Employee>> = (0..10)
            .map(|page| (page * 400..(page + 1) * 400).map(person).collect())
            .collect();
        let mut once = Builder::new(company());
        for person in pages.iter().flatten() {
            once.push(person).unwrap();
        }
        let once = once.finish(None).unwrap();
        assert!(once.chunks.len() > 3, "people in several chunks");
        let (parts, last) = page_by_page(&pages);
        let headers: Vec<Header> = parts.iter().map(|part| part.header.clone()).collect();
        let new: Vec<u32> = headers.iter().map(|header| header.employees - header.again).collect();
        assert_eq!(new, [400; 9], "of each part, the people who came with it");
        let (mut whole, _) = Whole::of(&headers, last, None).unwrap();
        assert!(whole.sum_up_as_read());
        let summed = whole.finish(&mut Sieve::default());
        assert!(summed.is_as_read);
        assert_eq!((summed.header, summed.chunks), (once.header.clone(), once.chunks.len()));
        let (parts, last) = page_by_page(&pages);
        assert_eq!(merge(parts, last, None).unwrap(), once);
    }

    #[test]
    fn what_is_not_in_order_or_not_in_one_go_has_to_pass_once_more() {
        let page = |people: [u16; 2]| people.map(|id| employee(id, "Oslo")).to_vec();
        let is_counted = |pages: &[Vec<Employee>], skipped: usize| {
            let (parts, last) = page_by_page(pages);
            let (mut whole, _) = Whole::of(parts.iter().skip(skipped).map(|part| &part.header), last, None).unwrap();
            whole.sum_up_as_read()
        };
        let [one, two, three] = [[1, 2], [3, 4], [5, 6]].map(page);
        assert!(is_counted(&[one.clone(), two.clone(), three.clone()], 0));
        assert!(!is_counted(&[one.clone(), two.clone(), three.clone()], 1));
        assert!(!is_counted(&[two.clone(), one.clone(), three.clone()], 0));
        assert!(!is_counted(&[one.clone(), three, two], 0));
        assert!(!is_counted(&[one.clone(), one.clone(), one], 0));
    }

    #[test]
    fn a_person_in_several_parts_is_shown_as_read_last() {
        let part = |people: &[(u16, &str)]| {
            let mut builder = Builder::new(company());
            for (id, city) in people {
                builder.push(&employee(*id, city)).unwrap();
            }
            builder
        };
        let parts = vec![
            part(&[(2, "Oslo"), (10, "Rome")]).into_part().unwrap(),
            part(&[(2, "Bern")]).into_part().unwrap(),
        ];
        let whole = merge(parts, part(&[(9, "Graz"), (10, "Zagreb")]), None).unwrap();
        let expected = [employee(2, "Bern"), employee(9, "Graz"), employee(10, "Zagreb")];
        assert_eq!(whole.employees().unwrap(), expected);
        assert_eq!((whole.header.employees, whole.header.duplicates), (3, 2));
    }

    #[test]
    fn r07_what_nobody_is_shown_is_hidden_where_the_last_slice_fails_before_it_knows_what_to_expect() {
        let mut builder = EmployeeBuilder::new();
        builder.set(Canonical::City, Field::Value("Oslo"));
        builder.set(Canonical::Country, Field::Empty);
        let mut part = Builder::new(company());
        expectations(&mut part);
        part.push(&builder.build(EmployeeId::parse("1").unwrap())).unwrap();
        let part = part.into_part().unwrap();
        let whole = merge(vec![part], Builder::new(company()), Some("temporary")).unwrap();
        assert_eq!(whole.header.hidden[&Canonical::Country.into()], "no_permission");
        assert_eq!(whole.header.broken.as_deref(), Some("temporary"));
        let people = whole.employees().unwrap();
        assert_eq!(people[0].attributes.field(Canonical::Country), Field::Unseen);
        assert!(whole.header.expected.is_empty(), "only parts say so");
    }

    #[test]
    fn a_roster_of_nobody_does_not_keep_what_was_expected_of_it() {
        let mut builder = Builder::new(company());
        expectations(&mut builder);
        let roster = builder.finish(None).unwrap();
        assert!(roster.header.expected.is_empty(), "only parts say so");
        assert!(
            roster.header.hidden.is_empty(),
            "nobody is there who could have been shown"
        );
    }

    #[test]
    fn a_damaged_part_is_an_error() {
        let mut part = Builder::new(company());
        part.push(&employee(1, "Oslo")).unwrap();
        let mut part = part.into_part().unwrap();
        part.chunks = vec![Chunk::from_bytes(vec![1, 2, 3])];
        assert!(merge(vec![part], Builder::new(company()), None).is_err());
    }
}
