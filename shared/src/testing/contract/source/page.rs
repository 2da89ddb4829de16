//! Pages and their edges, and lists that are not what they say.

use serde_json::json;

use super::{Change, Emulated, read, read_under, truth::assert_is_the_truth};
use crate::roster::Completeness;

/// Lets people begin until there are so many.
async fn grow(hr: &dyn Emulated, people: usize) {
    let there = hr.truth().await;
    assert!(there.len() <= people, "{} are more than {people}", there.len());
    // In some HR systems nobody is without a workplace, and the employer follows from it.
    let colleague = there.iter().find(|person| person["work_location"].is_string());
    for number in there.len()..people {
        let mut person = json!({"first_name": format!("Edge {number}"), "last_name": "Case"});
        for same in ["work_location", "group"] {
            if let Some(value) = colleague
                .map(|colleague| &colleague[same])
                .filter(|value| value.is_string())
            {
                person[same] = value.clone();
            }
        }
        hr.change(Change::Hire(person)).await;
    }
}

/// Reads a company of so many people, each of whom has to be in the roster once.
async fn assert_reads(hr: &dyn Emulated, people: usize) {
    grow(hr, people).await;
    let read = read(hr).await;
    read.assert_certified(None);
    assert_eq!(usize::try_from(read.roster.header.employees).unwrap(), people);
    assert_eq!(read.roster.header.duplicates, 0);
    assert_is_the_truth(hr, &read).await;
}

/// A page that is almost full is the only one.
pub async fn r05_a_page_minus_one(hr: &dyn Emulated) {
    assert_reads(hr, hr.page_rows().unwrap() - 1).await;
}

/// A full page that is the only one.
pub async fn r05_a_page(hr: &dyn Emulated) {
    assert_reads(hr, hr.page_rows().unwrap()).await;
}

/// A second page with one person.
pub async fn r05_a_page_plus_one(hr: &dyn Emulated) {
    assert_reads(hr, hr.page_rows().unwrap() + 1).await;
}

/// A full page says that another one follows, which is empty.
pub async fn r05_an_empty_last_page_ends_the_walk(hr: &dyn Emulated) {
    grow(hr, hr.page_rows().unwrap()).await;
    let fault = json!({"mode": "empty_page", "path": hr.people()});
    let (before, read) = read_under(hr, fault).await;
    read.assert_same(&before);
    read.assert_certified(Some(&before));
    assert_eq!(read.calls, before.calls + 1, "the empty page was asked for");
}

/// A cursor leads back to its own page, or every page is the first one.
pub async fn r06_a_place_that_comes_again_never_makes_a_whole_read(hr: &dyn Emulated) {
    let fault = json!({"mode": "repeat_cursor", "path": hr.people()});
    let (before, read) = read_under(hr, fault).await;
    let verdict = read.judge(Some(&before));
    assert!(matches!(verdict, Completeness::Partial(_)), "{verdict:?}");
    assert!(read.calls < before.calls + 10);
}

/// More people are told than there are.
pub async fn r05_totals_that_disagree_get_no_certificate(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, json!({"mode": "wrong_total", "path": hr.number()})).await;
    let verdict = read.judge(Some(&before));
    assert!(matches!(verdict, Completeness::Partial(_)), "{verdict:?}");
}

/// A row stands twice on its page.
pub async fn r05_a_row_that_comes_twice_is_one_person(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, json!({"mode": "duplicate_row"})).await;
    assert!(read.roster.header.duplicates > 0);
    assert_eq!(read.roster.header.content_hash, before.roster.header.content_hash);
    read.assert_certified(Some(&before));
}

/// Nobody works there any more.
pub async fn an_empty_company_is_read_to_its_end_and_left_to_the_guards(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, json!({"mode": "empty"})).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let header = &read.roster.header;
    let told = (!hr.number().is_empty()).then_some(0);
    assert_eq!((header.employees, header.announced), (0, told));
    assert!(header.walk_ended && read.judge(Some(&before)).is_whole());
}

/// The list of people lacks some, and its total agrees.
pub async fn a_list_that_is_short_but_consistent_is_read_as_it_is(hr: &dyn Emulated) {
    assert_lacks_people(hr, "short_list").await;
}

/// Some people are gone from everywhere.
pub async fn people_who_are_gone_from_everywhere_are_left_to_the_guards(hr: &dyn Emulated) {
    assert_lacks_people(hr, "vanish").await;
}

async fn assert_lacks_people(hr: &dyn Emulated, mode: &str) {
    let (before, read) = read_under(hr, json!({"mode": mode, "share": 0.4})).await;
    read.assert_certified(Some(&before));
    assert!(read.roster.header.employees < before.roster.header.employees);
}

/// A list beside people has no rows over night.
pub async fn r07_a_related_list_that_is_suddenly_empty_empties_nothing(hr: &dyn Emulated) {
    let (path, attribute) = hr.related();
    let (before, read) = read_under(hr, json!({"mode": "empty", "path": path})).await;
    read.assert_narrowed(&before, attribute);
}
