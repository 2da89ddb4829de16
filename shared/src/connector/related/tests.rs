//! A company of two people, and the lists beside them.

use super::*;
use crate::{
    connector::{Cells, Columns, Form, Ground, ID, Sequel, Written, columns_of, given, plain, read_cells, refused},
    employee::Canonical,
};

const TODAY: Date = jiff::civil::date(2026, 3, 2);

/// What is the same for all people of a read of a table on that day.
fn ground(table: &[Given], lists: &Lists) -> Ground {
    Ground {
        columns: Columns::new([ID].into_iter().chain(columns_of(table)).map(str::to_owned)),
        shared: Shared::read(table, lists).unwrap(),
        kept: Kept::read(table, lists).unwrap(),
        id: ID,
        today: TODAY,
    }
}

const FORM: Form = Form {
    query: &[],
    place: Written::Token("page"),
    rows: &["items"],
    total: &[],
    is_counted: false,
    next: Sequel::Total,
    nothing: None,
};
const PLACE_LIST: Resource = Resource::new("list places", "/places", &FORM);
const CONTRACT_LIST: Resource = Resource::new("list contracts", "/contracts", &FORM);
const PLACES: Related = Related::shared(PLACE_LIST);
const TOWNS: Related = Related::Shared {
    of: Resource::new("list towns", "/towns", &FORM),
    asked: &[("archived", "true")],
    key: "code",
};
const JOBS: Related = Related::Embedded {
    path: &["embedded", "job"],
};
const CONTRACTS: Related = Related::Owned {
    of: CONTRACT_LIST,
    people: Some("people"),
    owner: "person.id",
    only: ("kind", &["work"]),
    spell: Some(Spell {
        from: "from",
        until: &["until"],
    }),
};

const HISTORY: Related = Related::Whole {
    of: Resource::new("list history", "/history", &FORM),
    owner: "person",
    only: ANY,
    spell: Some(Spell {
        from: "from",
        until: &["until"],
    }),
};

given! {
    /// What the sample gives.
    TABLE {
        Group = Yes ["place.id"; PLACES "owner.name" | "name"];
        JobTitle = Yes ["job.id"; JOBS "title"];
        PayRate = NeedsPermission [; CONTRACTS "pay.amount"];
        TimeZone = Yes ["place.id"; PLACES "zone"] behind ["zone"];
        WorkCity = Yes ["job.id"; JOBS "place.id", PLACES "town", TOWNS "name"];
    }
}

const PEOPLE: &str = r#"{"items":[
    {"id":"1","place":{"id":"a"},"job":{"id":"7"},"zone":null},
    {"id":"2","place":null,"job":{"id":"8"},"zone":"UTC"},
    {"id":"3","place":{"id":"c"},"job":null}],
    "embedded":{"job":{"7":{"title":"Cook","place":{"id":"b"}},"9":{}}}}"#;

/// A list of one page; without one, it may not be read.
fn page<'r>(of: &'r Related, page: Option<&str>) -> (&'r Resource, Option<Vec<String>>) {
    let text = page.map(|rows| vec![format!(r#"{{"items":[{rows}]}}"#)]);
    (of.list().unwrap(), text)
}

fn shared() -> Lists {
    let places = r#"{"id":"a","name":"Yard","owner":{"name":"Acme"},"zone":"Europe/Paris"},
        {"id":"b","name":"Pier","owner":null,"town":"X1"}"#;
    let towns = r#"{"code":"X1","name":"Brest"}"#;
    Lists::from_iter([page(&PLACES, Some(places)), page(&TOWNS, Some(towns))])
}

/// What the table says of each person of [`PEOPLE`], in the order of the table.
fn read(shared: &Lists, contracts: Option<&str>) -> Vec<Vec<Text<'static>>> {
    let ground = ground(TABLE, shared);
    let lists = Lists::from_iter([page(&CONTRACTS, contracts)]);
    let belongings = Belongings::read(TABLE, "list people", PEOPLE, &lists).unwrap();
    let rows: Vec<Cells<'_>> = read_cells(PEOPLE, &["items"], &ground.columns).unwrap();
    let said = |row| {
        let one = ground.show_with(row, &belongings);
        TABLE.iter().map(|given| plain(&one, given).keep()).collect()
    };
    rows.iter().map(said).collect()
}

#[test]
fn a_table_leads_from_a_persons_row_through_what_is_embedded_and_shared() {
    let said = read(&shared(), Some(""));
    let word = Text::word;
    assert_eq!(
        said[0],
        [
            word("Acme"),
            word("Cook"),
            Text::Absent,
            word("Europe/Paris"),
            word("Brest")
        ]
    );
    assert_eq!(
        said[1],
        [Text::Null, Text::Absent, Text::Absent, word("UTC"), Text::Absent],
        "no place is none, and a job that is not there says nothing"
    );
    assert_eq!(
        said[2],
        [Text::Absent, Text::Absent, Text::Absent, Text::Absent, Text::Absent],
        "a place that is not listed says nothing, nor does a person without a job"
    );
}

#[test]
fn r07_a_list_that_may_not_be_read_says_nothing_and_hides_what_comes_from_it_alone() {
    let lists = Lists::from_iter([page(&PLACES, None), page(&TOWNS, Some(""))]);
    let said = read(&lists, None);
    assert_eq!(said[0][0], Text::Absent);
    assert_eq!(said[1][3], Text::word("UTC"), "what stands in the row itself is said");
    assert_eq!(refused(TABLE, &lists), [Canonical::Group, Canonical::WorkCity]);
    let none = Lists::from_iter([page(&CONTRACTS, None)]);
    assert_eq!(refused(TABLE, &none), [Canonical::PayRate]);
}

#[test]
fn of_several_rows_the_current_one_counts_else_the_next_else_the_last() {
    let row = |amount: u32, from: &str, until: &str| {
        format!(r#"{{"person":{{"id":1}},"kind":"work","pay":{{"amount":{amount}}},"from":"{from}","until":{until}}}"#)
    };
    let past = || row(1, "2020-01-01", "\"2025-12-31\"");
    let current = || row(2, "2026-01-01T00:00:00", "null");
    let next = || row(3, "2027-01-01", "null");
    let later = || row(4, "2028-01-01", "null");
    let other = || row(9, "2026-02-01", "null").replace("work", "bonus");
    for (rows, expected) in [
        (vec![later(), past(), next(), current(), other()], "2"),
        (vec![later(), past(), next()], "3"),
        (vec![past(), row(5, "2019-01-01", "\"2019-12-31\"")], "1"),
        (vec![row(6, "2026-03-02", "\"2026-03-02\"")], "6"),
    ] {
        let said = read(&shared(), Some(&rows.join(",")));
        assert_eq!(said[0][2], Text::word(expected), "{rows:?}");
        assert_eq!(said[1][2], Text::Absent, "of another person");
    }
    assert_eq!(read(&shared(), Some(&other()))[0][2], Text::Absent);
}

#[test]
fn r07_what_a_broken_id_leads_to_cannot_be_read_and_nothing_else_is_lost() {
    let lists = Lists::<String>::from_iter([page(&CONTRACTS, Some(""))]);
    let said = |people: &str| {
        let ground = ground(TABLE, &shared());
        let belongings = Belongings::read(TABLE, "list people", people, &lists).unwrap();
        let rows: Vec<Cells<'_>> = read_cells(people, &["items"], &ground.columns).unwrap();
        let one = ground.show_with(&rows[0], &belongings);
        [&TABLE[0], &TABLE[1]].map(|given| plain(&one, given).keep())
    };
    let word = Text::word;
    assert_eq!(said(PEOPLE), [word("Acme"), word("Cook")]);
    let broken = PEOPLE.replace(
        r#""place":{"id":"a"},"job":{"id":"7"}"#,
        r#""place":{"id":"a\ud83d"},"job":{"id":"7\ud83d"}"#,
    );
    assert_eq!(said(&broken), [Text::Odd, Text::Odd]);
    // As it is once broken names are mended.
    let broken = PEOPLE.replace(r#""7":{"title""#, r#""7\ufffd":{"title""#);
    assert_eq!(said(&broken), [word("Acme"), Text::Odd]);
}

#[test]
fn r07_a_row_whose_owner_is_broken_counts_as_a_persons_where_it_would_change_what_they_have() {
    let row = |owner: &str, amount: u32, from: &str| {
        format!(r#"{{"person":{{"id":{owner}}},"kind":"work","pay":{{"amount":{amount}}},"from":"{from}"}}"#)
    };
    let broken = r#""1\ud83d""#;
    let own = || row("1", 1, "2025-01-01");
    let older = row(broken, 7, "2020-01-01");
    let said = read(&shared(), Some(&[own(), older].join(",")));
    let pay = |said: &[Vec<Text<'static>>]| said.iter().map(|person| person[2].clone()).collect::<Vec<_>>();
    assert_eq!(
        pay(&said),
        [Text::word("1"), Text::Odd, Text::Odd],
        "an older row changes nothing"
    );
    for spoiling in [
        row(broken, 7, "2026-01-01"),
        row(broken, 7, r"2020-\ud83d"),
        row(broken, 7, "2026-01-01").replace("work", r"work\ud83d"),
    ] {
        let said = read(&shared(), Some(&[own(), spoiling.clone()].join(",")));
        assert_eq!(pay(&said), [Text::Odd, Text::Odd, Text::Odd], "{spoiling}");
    }
}

#[test]
fn r07_a_row_whose_day_or_kind_is_broken_gives_way_to_no_other_one() {
    let row = |kind: &str, amount: u32, from: &str, until: &str| {
        format!(
            r#"{{"person":{{"id":1}},"kind":"{kind}","pay":{{"amount":{amount}}},"from":"{from}","until":{until}}}"#
        )
    };
    let older = || row("work", 1, "2020-01-01", "null");
    let current = |from, until| row("work", 2, from, until);
    for (rows, expected) in [
        (vec![older(), current(r"2026-\ud83d", "null")], Text::Odd),
        (vec![older(), current("next spring", "null")], Text::Odd),
        (vec![older(), current("2026-01-01", r#""2026-\ud83d""#)], Text::Odd),
        (vec![older(), row(r"wor\ud83d", 2, "2026-01-01", "null")], Text::Odd),
        (vec![current(r"2026-\ud83d", "null")], Text::word("2")),
        (vec![older(), row("bonus", 3, r"2026-\ud83d", "null")], Text::word("1")),
    ] {
        let said = read(&shared(), Some(&rows.join(",")));
        assert_eq!(said[0][2], expected, "{rows:?}");
        assert_eq!(said[1][2], Text::Absent, "of another person");
    }
}

#[test]
fn r31_what_is_of_another_form_is_malformed_and_nothing_embedded_is_nothing() {
    let lists = Lists::<String>::from_iter([]);
    for wrong in [
        r#"{"embedded":{"job":[]}}"#,
        r#"{"embedded":{"job":7}}"#,
        "<html></html>",
    ] {
        assert!(
            Belongings::read(TABLE, "list people", wrong, &lists).is_err(),
            "{wrong}"
        );
    }
    for nothing in [
        "{}",
        r#"{"embedded":null}"#,
        r#"{"embedded":{}}"#,
        r#"{"embedded":{"job":null}}"#,
    ] {
        assert!(
            Belongings::read(TABLE, "list people", nothing, &lists).is_ok(),
            "{nothing}"
        );
    }
    let wrong = Lists::from_iter([page(&CONTRACTS, Some("1"))]);
    assert!(Belongings::read(TABLE, "list people", PEOPLE, &wrong).is_err());
    let wrong = Lists::from_iter([page(&PLACES, Some("[]"))]);
    assert!(Shared::read(TABLE, &wrong).is_err());
}

#[test]
fn r46_lists_are_asked_for_with_their_parameters_where_they_serve_what_is_wanted() {
    let asks = |asks: Vec<Ask>| -> Vec<(&'static str, Vec<(&'static str, String)>)> {
        let wanted = asks.into_iter().filter(|ask| ask.is_wanted);
        wanted.map(|ask| (ask.rows.of.path, ask.rows.asked)).collect()
    };
    let wanted = Wanted::only([Canonical::WorkCity.into()]);
    let archived = vec![("archived", "true".to_owned())];
    assert_eq!(
        asks(shared_by(TABLE, &wanted)),
        [("/places", Vec::new()), ("/towns", archived)]
    );
    let people = ["1", "2"].map(str::to_owned);
    assert_eq!(asks(owned_by(&people, TABLE, &wanted)), []);
    let of_these = vec![("people", "1,2".to_owned())];
    assert_eq!(
        asks(owned_by(&people, TABLE, &Wanted::everything())),
        [("/contracts", of_these)]
    );
}

given! {
    /// What stands in a list that is read once.
    FROM_HISTORY {
        Department = Yes [; HISTORY "department"];
    }
}

#[test]
fn a_list_that_is_read_once_gives_each_person_the_row_that_applies() {
    let rows = r#"{"person":"2","department":"Bar","from":"2020-01-01","until":"2025-12-31"},
        {"person":2,"department":"Pier","from":"2026-01-01","until":null},{"department":"Nobody's"}"#;
    let lists = Lists::from_iter([page(&HISTORY, Some(rows))]);
    let ground = ground(FROM_HISTORY, &lists);
    let rows = read_cells(PEOPLE, &["items"], &ground.columns).unwrap();
    let said = rows.iter().map(|row| plain(&ground.show(row), &FROM_HISTORY[0]).keep());
    assert_eq!(
        said.collect::<Vec<_>>(),
        [Text::Odd, Text::word("Pier"), Text::Odd],
        "the row that says of no person that it is theirs may be anybody's"
    );
    let none = Lists::from_iter([page(&HISTORY, None)]);
    assert_eq!(refused(FROM_HISTORY, &none), [Canonical::Department]);
    let asked = shared_by(FROM_HISTORY, &Wanted::everything());
    assert_eq!(
        asked.iter().map(|ask| ask.rows.of.path).collect::<Vec<_>>(),
        ["/history"]
    );
    let people = ["1", "2"].map(str::to_owned);
    assert!(owned_by(&people, FROM_HISTORY, &Wanted::everything()).is_empty());
}

const PAY: Related = Related::Whole {
    of: Resource::new("list pay", "/pay", &FORM),
    owner: "person.id",
    only: ("kind", &["fixed", "hourly"]),
    spell: Some(Spell {
        from: "from",
        until: &["closed", "until"],
    }),
};
const UNITS: Related = Related::Shared {
    of: Resource::new("list units", "/units", &FORM),
    asked: &[],
    key: "type:id",
};
const JOB_LIST: Related = Related::Owned {
    of: Resource::new("list jobs", "/people/{id}/jobs", &FORM),
    people: None,
    owner: "person.id",
    only: ANY,
    spell: None,
};

given! {
    /// What another sample gives.
    OTHER {
        JobTitle = Yes [; JOB_LIST "title"];
        PayRate = NeedsPermission [; PAY "amount"];
        Team = Yes ["unit"; UNITS "name"];
    }
}

/// What the other table says of two people.
fn read_other(pay: Option<&str>) -> Vec<Vec<Text<'static>>> {
    let people = r#"{"items":[{"id":"1","unit":"team:7"},{"id":"2","unit":"department:7"}]}"#;
    let units = r#"{"type":"TEAM","id":7,"name":"Crew"},{"type":"department","id":"7","name":"Ship"},{"id":"7"}"#;
    let lists = Lists::from_iter([page(&PAY, pay), page(&UNITS, Some(units))]);
    let ground = ground(OTHER, &lists);
    let jobs = Lists::from_iter([page(&JOB_LIST, Some(r#"{"title":"Cook","person":{"id":"2"}}"#))]);
    let belongings = Belongings::read(OTHER, "list people", people, &jobs).unwrap();
    let rows: Vec<Cells<'_>> = read_cells(people, &["items"], &ground.columns).unwrap();
    let said = |row| {
        let one = ground.show_with(row, &belongings);
        OTHER.iter().map(|given| plain(&one, given).keep()).collect()
    };
    rows.iter().map(said).collect()
}

#[test]
fn of_a_list_that_is_read_once_the_rows_of_several_kinds_count_each_until_the_first_last_day_that_it_says() {
    let pay = r#"{"person":{"id":"1"},"kind":"fixed","amount":10,"from":"2020-01-01","until":null},
        {"person":{"id":"1"},"kind":"bonus","amount":99,"from":"2026-01-01"},
        {"person":{"id":"1"},"kind":"hourly","amount":5,"from":"2026-02-01","closed":"2026-02-28","until":null},
        {"person":{"id":"1"},"kind":"hourly","amount":7,"from":"2026-04-01"}"#;
    let said = read_other(Some(pay));
    let word = Text::word;
    assert_eq!(said[0], [Text::Absent, word("10"), word("Crew")]);
    assert_eq!(said[1], [word("Cook"), Text::Absent, word("Ship")]);
    assert_eq!(read_other(None)[0][1], Text::Absent);
    let none = Lists::from_iter([page(&PAY, None)]);
    assert_eq!(refused(OTHER, &none), [Canonical::PayRate]);
}

#[test]
fn r46_what_is_listed_for_one_person_only_is_asked_for_once_for_each() {
    let people = ["1", "2"].map(str::to_owned);
    let asks = owned_by(&people, OTHER, &Wanted::everything());
    let persons: Vec<_> = asks.iter().map(|ask| ask.rows.person.as_deref()).collect();
    assert_eq!(persons, [Some("1"), Some("2")]);
    let shared = shared_by(OTHER, &Wanted::only([Canonical::PayRate.into()]));
    let wanted = shared.iter().filter(|ask| ask.is_wanted).map(|ask| ask.rows.of.path);
    assert_eq!(wanted.collect::<Vec<_>>(), ["/pay"]);
}
