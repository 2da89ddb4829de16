//! Every paging over a list that is there, and over servers that lie.

use proptest::prelude::*;

use super::*;

/// A page of this many rows, the first of them with this id.
fn mark(rows: usize, first: Option<&str>, next: Next) -> Mark {
    Mark {
        rows,
        ids: first.map(str::to_owned).into_iter().collect(),
        total: None,
        next,
    }
}

fn at(cursor: &str) -> Next {
    Next::At(cursor.to_owned())
}

/// A list of this many rows in pages of this many, as a server with a paging of this kind gives it.
struct Server {
    paging: Paging,
    rows: usize,
    page: usize,
    says_total: bool,
}

impl Server {
    /// The rows at a place, and what the page says.
    fn answer(&self, place: &Place) -> (Vec<String>, Option<u64>, Option<String>) {
        let start = match place {
            Place::Start => 0,
            Place::At(text) => text.trim_start_matches("from ").parse().unwrap(),
            Place::Behind(rows) => usize::try_from(*rows).unwrap(),
            Place::Page(number) => (usize::try_from(*number).unwrap() - 1) * self.page,
        };
        let end = if self.paging == Paging::Once {
            self.rows
        } else {
            self.rows.min(start + self.page)
        };
        let rows = (start..end).map(|row| format!("row {row}")).collect();
        let next = (end < self.rows).then(|| format!("from {end}"));
        (rows, self.says_total.then_some(self.rows as u64), next)
    }

    /// Reads it to its end, the walk handed over as text after each page where `in_slices`.
    fn read(&self, in_slices: bool) -> Result<(Vec<String>, u32), Broken> {
        let mut walk = Walk::begin(self.paging);
        let mut all = Vec::new();
        for calls in 1.. {
            let (rows, total, next) = self.answer(&walk.waypoint().place);
            let next = match (self.paging, next) {
                (Paging::Cursor, None) => Next::Last,
                (Paging::Offset | Paging::Page { .. }, _) | (_, None) => Next::Unsaid,
                (_, Some(place)) => Next::At(place),
            };
            let mark = Mark {
                rows: rows.len(),
                ids: rows.clone(),
                total,
                next,
            };
            let end = walk.take(&mark)?;
            all.extend(rows);
            if end.is_some() {
                return Ok((all, calls));
            }
            if in_slices {
                let kept = serde_json::to_string(walk.waypoint()).unwrap();
                assert!(kept.len() < 400, "{kept}");
                walk = Walk::resume(self.paging, serde_json::from_str(&kept).unwrap());
            }
        }
        unreachable!()
    }
}

const PAGINGS: [Paging; 6] = [
    Paging::Cursor,
    Paging::Offset,
    Paging::Page { first: 1 },
    Paging::Token,
    Paging::Link,
    Paging::Once,
];

proptest! {
    #[test]
    fn every_paging_reads_every_row_once_in_one_go_or_in_slices(
        paging in proptest::sample::select(&PAGINGS[..]), rows in 0_usize..60, page in 1_usize..12, says_total: bool,
    ) {
        let server = Server { paging, rows, page, says_total };
        let expected: Vec<String> = (0..rows).map(|row| format!("row {row}")).collect();
        let (all, calls) = server.read(false).unwrap();
        prop_assert_eq!(&all, &expected);
        prop_assert_eq!(server.read(true).unwrap(), (expected, calls));
    }

    #[test]
    fn r06_a_circle_of_any_length_is_noticed(tail in 0_u32..40, circle in 1_u32..40, by_cursor: bool) {
        let mut walk = Walk::begin(Paging::Cursor);
        let page = |number: u32| if number < tail { number } else { tail + (number - tail) % circle };
        let broken = (0..1_000).find_map(|number| {
            let cursor = if by_cursor { format!("c{}", page(number + 1)) } else { format!("c{number}") };
            let first = if by_cursor { None } else { Some(format!("r{}", page(number))) };
            walk.take(&mark(1, first.as_deref(), at(&cursor))).err().map(|error| (number, error))
        });
        let (number, error) = broken.unwrap();
        prop_assert_eq!(error, if by_cursor { Broken::CursorAgain } else { Broken::PageAgain });
        prop_assert!(number <= 4 * (tail + circle) + 2, "noticed at {number}");
    }
}

#[test]
fn r06_what_looks_like_an_end_and_is_none_is_an_error() {
    for (paging, page, expected) in [
        (Paging::Cursor, mark(3, Some("1"), Next::Unsaid), Broken::Unsaid),
        (Paging::Cursor, mark(3, Some("1"), Next::More), Broken::NoCursor),
        (Paging::Cursor, mark(0, None, at("c")), Broken::EmptyPage),
        (Paging::Token, mark(0, None, at("c")), Broken::EmptyPage),
        (Paging::Link, mark(0, None, at("c")), Broken::EmptyPage),
        (Paging::Page { first: 0 }, mark(0, None, Next::More), Broken::EmptyPage),
    ] {
        assert_eq!(Walk::begin(paging).take(&page), Err(expected), "{paging:?}");
    }
    let long = "c".repeat(MOST_PLACE_BYTES + 1);
    let page = mark(1, Some("1"), at(&long));
    assert_eq!(Walk::begin(Paging::Token).take(&page), Err(Broken::LongCursor));
}

#[test]
fn r06_a_server_that_knows_no_pages_gives_the_same_one_again_and_is_found_out() {
    for paging in [Paging::Offset, Paging::Page { first: 1 }] {
        let mut walk = Walk::begin(paging);
        let page = mark(100, Some("1"), Next::Unsaid);
        assert_eq!(walk.take(&page), Ok(None));
        assert_eq!(walk.take(&page), Err(Broken::PageAgain));
    }
}

#[test]
fn r05_a_list_that_ends_before_its_total_is_short() {
    for paging in [Paging::Offset, Paging::Page { first: 1 }] {
        let mut walk = Walk::begin(paging);
        let page = |rows, first, next| Mark {
            total: Some(5),
            ..mark(rows, first, next)
        };
        assert_eq!(walk.take(&page(2, Some("1"), Next::Unsaid)), Ok(None));
        let short = Err(Broken::Short { total: 5, read: 2 });
        assert_eq!(walk.clone().take(&page(0, None, Next::Unsaid)), short);
        assert_eq!(walk.clone().take(&page(0, None, Next::Last)), short);
        let end = walk.take(&page(3, Some("3"), Next::Unsaid));
        assert_eq!(end, Ok(Some(Proof::Total(5))));
    }
}

#[test]
fn a_page_that_is_shorter_than_asked_for_is_no_end() {
    let mut walk = Walk::begin(Paging::Offset);
    assert_eq!(walk.take(&mark(100, Some("1"), Next::Unsaid)), Ok(None));
    assert_eq!(walk.take(&mark(40, Some("101"), Next::Unsaid)), Ok(None));
    assert_eq!(walk.waypoint().place, Place::Behind(140));
    assert_eq!(walk.take(&mark(0, None, Next::Unsaid)), Ok(Some(Proof::LastPage)));
}

#[test]
fn r06_a_list_without_an_end_is_given_up() {
    let mut walk = Walk::begin(Paging::Token);
    let broken = (1_u32..).find_map(|number| {
        let (cursor, first) = (format!("c{number}"), format!("r{number}"));
        walk.take(&mark(1, Some(&first), at(&cursor)))
            .err()
            .map(|error| (number, error))
    });
    assert_eq!(broken, Some((MOST_PAGES, Broken::Endless)));
}

#[test]
fn r41_of_an_address_that_a_page_gives_one_parameter_is_taken_and_nothing_else() {
    let token = |address| parameter(address, "page");
    assert_eq!(
        token("https://evil.example/x?limit=5&page=%21abc%3D").as_deref(),
        Some("!abc=")
    );
    for address in ["", "https://hr.example/x", "https://hr.example/x?pages=1"] {
        assert_eq!(token(address), None, "{address}");
    }
}
