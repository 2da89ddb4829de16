//! Every break mode of the emulator, and what a read under it proves.

use std::time::Duration;

use rollcall::{
    employee::{Attribute, Canonical, Employee},
    roster::{Completeness, Doubt},
    source::Class,
};
use serde_json::{Value, json};

use super::support::{Bamboo, REPORT};
use crate::support::Read;

/// The path under which the number of people is asked for.
const NUMBER: &str = "datasets/employee/data";

/// Reads well once, then under a fault. Returns both reads.
async fn read_under(employees: u32, fault: Value) -> (Read, Read) {
    let bamboo = Bamboo::start(employees).await;
    let before = bamboo.read().await;
    assert!(before.judge(None).certificate().is_some());
    bamboo.0.arm(fault).await;
    (before, bamboo.read().await)
}

/// Checks that a read that broke off is no proof that a person is absent.
#[track_caller]
fn assert_broken(read: &Read, before: &Read, class: Class) {
    assert_eq!(read.class(), Some(class), "{:?}", read.error);
    assert!(!read.roster.header.walk_ended);
    let Completeness::Partial(doubts) = read.judge(Some(before)) else {
        panic!("{:?}", read.judge(Some(before)));
    };
    assert!(
        matches!(&doubts[..], [Doubt::WalkBroken { reason }, ..] if reason == class.as_str()),
        "{doubts:?}"
    );
}

#[track_caller]
fn assert_counts_disagree(read: &Read, before: &Read) {
    assert!(read.error.is_none(), "{:?}", read.error);
    let Completeness::Partial(doubts) = read.judge(Some(before)) else {
        panic!("{:?}", read.judge(Some(before)));
    };
    assert!(matches!(doubts[..], [Doubt::CountsDisagree { .. }]), "{doubts:?}");
}

#[tokio::test]
async fn r06_an_answer_that_stays_away_breaks_the_read_after_all_tries() {
    for path in [REPORT, NUMBER, "meta/fields"] {
        let fault = json!({"mode": "status", "status": 503, "path": path});
        let (before, read) = read_under(60, fault).await;
        assert_broken(&read, &before, Class::Temporary);
    }
}

#[tokio::test]
async fn r31_an_answer_that_stays_away_for_a_moment_costs_one_call() {
    for status in [429, 500, 503] {
        let fault = json!({"mode": "status", "status": status, "times": 1, "path": REPORT});
        let (before, read) = read_under(60, fault).await;
        assert_eq!(read.roster, before.roster, "{status}");
        assert_eq!(read.calls, before.calls + 1, "{status}");
    }
}

#[tokio::test]
async fn r31_a_server_that_names_a_date_is_obeyed() {
    let bamboo = Bamboo::start(20).await;
    let before = bamboo.read().await;
    let fault = json!({"mode": "status", "status": 429, "retry_after": "date", "times": 1, "path": REPORT});
    bamboo.0.arm(fault).await;
    let read = tokio::time::timeout(Duration::from_secs(8), bamboo.read())
        .await
        .unwrap();
    assert_eq!(read.roster, before.roster);
}

#[tokio::test]
async fn r06_a_document_that_is_cut_off_or_is_none_is_never_a_short_roster() {
    for fault in [
        json!({"mode": "truncate", "path": REPORT}),
        json!({"mode": "truncate", "path": NUMBER}),
        json!({"mode": "html", "path": REPORT}),
        json!({"mode": "html", "path": NUMBER}),
        json!({"mode": "html", "path": "meta/fields"}),
    ] {
        let (before, read) = read_under(60, fault.clone()).await;
        assert_broken(&read, &before, Class::Malformed);
        assert_eq!(read.roster.header.employees, 0, "{fault}");
    }
}

#[tokio::test]
async fn r06_a_document_that_is_cut_off_behind_many_people_is_broken_all_the_same() {
    let (before, read) = read_under(1_500, json!({"mode": "truncate", "path": REPORT})).await;
    assert_broken(&read, &before, Class::Malformed);
    let (some, all) = (read.roster.header.employees, before.roster.header.employees);
    assert!(
        (1..all).contains(&some),
        "people come before the end is known: {some} of {all}"
    );
}

#[tokio::test]
async fn r06_the_people_who_begin_later_break_the_read_where_they_stay_away() {
    let fault = json!({"mode": "status", "status": 503, "page": 3});
    let (before, read) = read_under(60, fault).await;
    // Lists are counted: the number of people, everybody, and then the people who begin later.
    assert!(read.error.is_none(), "one refusal is asked again: {:?}", read.error);
    assert_eq!((read.calls, &read.roster), (before.calls + 1, &before.roster));
    let (before, read) = read_under(60, json!({"mode": "truncate", "page": 3})).await;
    assert_broken(&read, &before, Class::Malformed);
}

#[tokio::test]
async fn r05_a_report_that_has_fewer_people_than_there_are_gets_no_certificate() {
    for fault in [
        json!({"mode": "wrong_total"}),
        json!({"mode": "short_list", "share": 0.4, "path": REPORT}),
        json!({"mode": "empty", "path": REPORT}),
    ] {
        let (before, read) = read_under(150, fault).await;
        assert_counts_disagree(&read, &before);
    }
}

#[tokio::test]
async fn r05_a_row_that_comes_twice_is_one_person() {
    let (before, read) = read_under(150, json!({"mode": "duplicate_row", "path": REPORT})).await;
    assert!(read.roster.header.duplicates > 0);
    assert_eq!(read.roster.header.content_hash, before.roster.header.content_hash);
    assert!(read.judge(Some(&before)).certificate().is_some());
}

#[tokio::test]
async fn an_empty_company_is_read_to_its_end_and_left_to_the_guards() {
    let (before, read) = read_under(20, json!({"mode": "empty"})).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let header = &read.roster.header;
    assert_eq!((header.employees, header.announced), (0, Some(0)));
    assert!(header.walk_ended && read.judge(Some(&before)).is_whole());
}

#[tokio::test]
async fn a_list_that_is_short_but_consistent_is_read_as_it_is_and_left_to_the_guards() {
    for mode in ["short_list", "vanish"] {
        let (before, read) = read_under(150, json!({"mode": mode, "share": 0.4})).await;
        assert!(read.error.is_none(), "{mode}: {:?}", read.error);
        assert!(read.roster.header.employees < before.roster.header.employees);
        assert!(read.judge(Some(&before)).certificate().is_some(), "{mode}");
    }
}

#[tokio::test]
async fn where_there_are_no_pages_there_is_no_cursor_to_come_again() {
    let (before, read) = read_under(60, json!({"mode": "repeat_cursor"})).await;
    assert_eq!(read.roster, before.roster, "{:?}", read.error);
}

/// Returns the people whose first and last name are others in the second read, under the same id.
fn renamed(before: &Read, after: &Read) -> usize {
    let names = |person: &Employee| {
        let name = |attribute| person.value(attribute).map(str::to_owned);
        (name(Canonical::FirstName), name(Canonical::LastName))
    };
    let (old, new) = (before.roster.employees().unwrap(), after.roster.employees().unwrap());
    assert_eq!(old.len(), new.len());
    let pairs = old.iter().zip(&new);
    pairs
        .filter(|(old, new)| old.id == new.id && names(old) != names(new))
        .count()
}

#[tokio::test]
async fn r09_an_id_that_carries_another_person_is_read_as_it_is_and_left_to_the_plan() {
    let (before, read) = read_under(60, json!({"mode": "id_reused"})).await;
    assert!(read.judge(Some(&before)).certificate().is_some());
    assert_eq!(renamed(&before, &read), 1);
}

#[tokio::test]
async fn r01_another_company_behind_the_same_key_shows_other_people_which_is_left_to_recognition() {
    let (before, read) = read_under(60, json!({"mode": "other_company"})).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let people = read.roster.employees().unwrap().len();
    assert!(renamed(&before, &read) * 10 > people * 9);
}

#[tokio::test]
async fn r05_a_member_that_is_not_sent_any_more_hides_its_attribute() {
    let (before, read) = read_under(60, json!({"mode": "drop_field", "field": "birth_date"})).await;
    let birth_date = Attribute::Canonical(Canonical::BirthDate);
    assert_eq!(read.roster.header.hidden[&birth_date], "not_shown");
    assert!(matches!(read.judge(Some(&before)), Completeness::Narrowed(hidden) if hidden.contains(&birth_date)));
}

#[tokio::test]
async fn r06_a_reply_that_is_lost_is_asked_for_again_and_then_given_up() {
    let (before, read) = read_under(20, json!({"mode": "lost_reply", "times": 2, "path": REPORT})).await;
    assert_eq!(read.roster, before.roster);
    let (before, read) = read_under(20, json!({"mode": "lost_reply", "path": REPORT})).await;
    assert_broken(&read, &before, Class::Temporary);
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let (before, read) = read_under(20, json!({"mode": "slow", "ms": 40})).await;
    assert_eq!(read.roster, before.roster);
}

#[tokio::test]
async fn a_refusal_has_its_class() {
    for (status, class) in [
        (302, Class::Malformed),
        (400, Class::Malformed),
        (403, Class::Forbidden),
        (404, Class::Misconfigured),
    ] {
        let fault = json!({"mode": "status", "status": status, "path": REPORT});
        let (before, read) = read_under(20, fault).await;
        assert_broken(&read, &before, class);
    }
}
