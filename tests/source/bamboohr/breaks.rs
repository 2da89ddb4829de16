//! How a report breaks that the suite does not look at: the questions beside it, its length, the people who begin later.

use rollcall::{
    roster::{Completeness, Doubt},
    source::Class,
};
use serde_json::{Value, json};

use super::support::{Bamboo, REPORT};
use crate::support::Read;

/// The path under which the number of people is asked for.
const NUMBER: &str = "datasets/employee/data";

/// The path of the fields.
const FIELDS: &str = "meta/fields";

/// Reads well once, then under a fault. Returns both reads.
async fn read_under(employees: u32, fault: Value) -> (Read, Read) {
    let bamboo = Bamboo::start(employees).await;
    let before = bamboo.read().await;
    before.assert_certified(None);
    bamboo.0.arm(fault).await;
    (before, bamboo.read().await)
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
async fn r06_without_the_number_of_people_nobody_is_read() {
    for (fault, class) in [
        (
            json!({"mode": "status", "status": 503, "path": NUMBER}),
            Class::Temporary,
        ),
        (json!({"mode": "truncate", "path": NUMBER}), Class::Malformed),
        (json!({"mode": "html", "path": NUMBER}), Class::Temporary),
    ] {
        let (before, read) = read_under(60, fault.clone()).await;
        read.assert_broken(&before, &[class]);
        assert_eq!(read.roster.header.employees, 0, "{fault}");
    }
}

#[tokio::test]
async fn r01_without_the_fields_nobody_is_known() {
    for (fault, class) in [
        (
            json!({"mode": "status", "status": 503, "path": FIELDS}),
            Class::Temporary,
        ),
        (json!({"mode": "html", "path": FIELDS}), Class::Temporary),
    ] {
        let bamboo = Bamboo::start(20).await;
        bamboo.0.arm(fault).await;
        let error = bamboo.open(bamboo.key()).identify().await.unwrap_err();
        assert_eq!(error.class, class);
    }
}

#[tokio::test]
async fn r06_a_document_that_is_cut_off_behind_many_people_is_broken_all_the_same() {
    let (before, read) = read_under(1_500, json!({"mode": "truncate", "path": REPORT})).await;
    read.assert_broken(&before, &[Class::Malformed]);
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
    read.assert_broken(&before, &[Class::Malformed]);
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
async fn where_there_are_no_pages_there_is_no_cursor_to_come_again() {
    let (before, read) = read_under(60, json!({"mode": "repeat_cursor"})).await;
    assert_eq!(read.roster, before.roster, "{:?}", read.error);
}

#[tokio::test]
async fn a_refusal_has_its_class() {
    for (status, class) in [(400, Class::Malformed), (404, Class::Misconfigured)] {
        let fault = json!({"mode": "status", "status": status, "path": REPORT});
        let (before, read) = read_under(20, fault).await;
        read.assert_broken(&before, &[class]);
    }
}
