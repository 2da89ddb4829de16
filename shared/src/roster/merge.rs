//! Several slices of one read, as one roster.

use std::{cmp::Ordering, vec};

use super::{Builder, Chunk, Error, Roster, Row, chunk::next_row};
use crate::employee::id::shortlex;

/// Returns what several slices read, in their order, as if it had been read at one time; `last` is what the last of them
/// read. Of a person whom several slices show, the row that was read last counts. `broken` says, as a code, why the read
/// failed, if it did.
///
/// One chunk of each part is unpacked at a time.
///
/// # Errors
/// [`Error`] where a part is damaged, where there are more people than a roster holds, or where memory runs out.
pub fn merge(parts: Vec<Roster>, last: Builder, broken: Option<&str>) -> Result<Roster, Error> {
    if parts.is_empty() {
        return last.finish(broken);
    }
    let mut whole = Builder::wanting(last.wanted().clone(), last.company().clone());
    whole.take_end(&last);
    let mut broken = broken.map(str::to_owned);
    let mut piles = Vec::with_capacity(parts.len() + 1);
    for part in parts.into_iter().chain([last.into_part()?]) {
        whole.note_part(&part.header);
        broken = broken.or(part.header.broken);
        piles.push(Pile::new(part.chunks)?);
    }
    while let Some(next) = least(&piles)? {
        // Behind the least row of the last part stand rows of the same person in earlier parts.
        let Some(row) = piles.get(next).map(Pile::row).transpose()?.flatten() else {
            break;
        };
        whole.push_view(row.id, row.attributes)?;
        let id = row.id.to_owned();
        for (place, pile) in piles.iter_mut().enumerate() {
            let is_same = pile.row()?.is_some_and(|row| row.id == id);
            if is_same {
                pile.step()?;
                if place != next {
                    whole.note_duplicate();
                }
            }
        }
    }
    whole.finish(broken.as_deref())
}

/// Returns the pile whose first row comes next: the least id, and of equal ones the one of the last part.
fn least(piles: &[Pile]) -> Result<Option<usize>, Error> {
    let mut best: Option<(usize, Row<'_>)> = None;
    for (place, pile) in piles.iter().enumerate() {
        let Some(row) = pile.row()? else { continue };
        let comes_later = |(_, best): &(usize, Row<'_>)| shortlex(best.id, row.id) == Ordering::Less;
        if !best.as_ref().is_some_and(comes_later) {
            best = Some((place, row));
        }
    }
    Ok(best.map(|(place, _)| place))
}

/// The rows of a part that are still to come.
struct Pile {
    chunks: vec::IntoIter<Chunk>,
    rows: String,
    at: usize,
}

impl Pile {
    fn new(chunks: Vec<Chunk>) -> Result<Self, Error> {
        let mut pile = Self {
            chunks: chunks.into_iter(),
            rows: String::new(),
            at: 0,
        };
        pile.fill()?;
        Ok(pile)
    }

    /// The rest of the chunk that is being read.
    fn rest(&self) -> &str {
        self.rows.get(self.at..).unwrap_or_default()
    }

    fn row(&self) -> Result<Option<Row<'_>>, Error> {
        Ok(next_row(self.rest())?.map(|(row, _)| row))
    }

    /// Goes on behind the first row.
    fn step(&mut self) -> Result<(), Error> {
        let behind = next_row(self.rest())?.map_or(0, |(_, rest)| rest.len());
        self.at = self.rows.len() - behind;
        self.fill()
    }

    fn fill(&mut self) -> Result<(), Error> {
        while self.rest().is_empty()
            && let Some(chunk) = self.chunks.next()
        {
            self.rows = chunk.decompress()?;
            self.at = 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use proptest::prelude::*;

    use super::*;
    use crate::{
        employee::{Attribute, Canonical, CompanyId, Employee, EmployeeBuilder, EmployeeId, Field},
        roster::{Company, Position, Proof, Read, Reading},
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
    fn slice(pages: &[Page], from: Option<Position>, ends: bool, thens: &mut Vec<Then>) -> Option<Read> {
        let is_over = AtomicBool::new(false);
        let is_time_over = || is_over.load(Ordering::Relaxed);
        let first: usize = from.as_ref().map_or(0, |from| from.place(1).unwrap());
        let mut reading = Reading::new(company(), from, &is_time_over);
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
            pages in proptest::collection::vec(page(), 1..14),
            mut thens in proptest::collection::vec(then(), 0..30),
            ends in any::<bool>(),
        ) {
            let mut once = Builder::new(company());
            expectations(&mut once);
            for page in &pages {
                page.read_into(&mut once);
            }
            end(&mut once, ends);
            let once = once.finish(None).unwrap();
            let (mut parts, mut from) = (Vec::new(), None);
            let last = loop {
                match slice(&pages, from.clone(), ends, &mut thens) {
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
