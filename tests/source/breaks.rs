//! Every break mode, and what a read under it proves.

use std::time::Duration;

use rollcall::{
    employee::{Attribute, Canonical},
    roster::{Completeness, Doubt},
    source::Class,
};
use serde_json::{Value, json};

use crate::support::{Hr, Read};

const EMPLOYEES: &str = "employees/employees";

/// Reads well once, then under a fault. Returns both reads.
async fn read_under(employees: u32, fault: Value) -> (Hr, Read, Read) {
    let hr = Hr::start(employees).await;
    let before = hr.read().await;
    assert!(before.judge(None).certificate().is_some());
    hr.arm(fault).await;
    let read = hr.read().await;
    (hr, before, read)
}

/// Checks that a read that broke off is no proof that a person is absent.
#[track_caller]
fn assert_broken(read: &Read, before: &Read, class: Class) {
    assert_eq!(read.class(), Some(class), "{:?}", read.error);
    let Completeness::Partial(doubts) = read.judge(Some(before)) else {
        panic!("{:?}", read.judge(Some(before)));
    };
    assert!(
        matches!(&doubts[..], [Doubt::WalkBroken { reason }, ..] if reason == class.as_str()),
        "{doubts:?}"
    );
}

#[tokio::test]
async fn r06_a_page_that_stays_away_breaks_the_walk_after_all_tries() {
    let (_, before, read) = read_under(
        250,
        json!({"mode": "status", "status": 503, "page": 2, "path": EMPLOYEES}),
    )
    .await;
    assert_broken(&read, &before, Class::Temporary);
    assert!(read.roster.header.employees <= 100);
}

#[tokio::test]
async fn r31_a_page_that_stays_away_for_a_moment_costs_one_call() {
    for status in [429, 500, 503] {
        let fault = json!({"mode": "status", "status": status, "page": 2, "times": 1, "path": EMPLOYEES});
        let (_, before, read) = read_under(150, fault).await;
        assert_eq!(read.roster, before.roster, "{status}");
        assert_eq!(read.calls, before.calls + 1, "{status}");
    }
}

#[tokio::test]
async fn r31_a_server_that_names_a_date_is_obeyed() {
    let fault = json!({"mode": "status", "status": 429, "retry_after": "date", "times": 1, "path": EMPLOYEES});
    let hr = Hr::start(20).await;
    let before = hr.read().await;
    hr.arm(fault).await;
    let read = tokio::time::timeout(Duration::from_secs(8), hr.read()).await.unwrap();
    assert_eq!(read.roster, before.roster);
}

#[tokio::test]
async fn r06_an_answer_that_is_cut_off_or_no_json_is_never_a_short_roster() {
    for fault in [
        json!({"mode": "truncate", "page": 2, "path": EMPLOYEES}),
        json!({"mode": "truncate", "path": "reference_contracts"}),
        json!({"mode": "html", "path": EMPLOYEES}),
        json!({"mode": "html", "path": "teams/teams"}),
    ] {
        let (_, before, read) = read_under(150, fault.clone()).await;
        let class = read.class().unwrap();
        assert!(matches!(class, Class::Malformed | Class::Temporary), "{fault}");
        assert_broken(&read, &before, class);
    }
}

#[tokio::test]
async fn r06_a_cursor_that_comes_again_ends_the_walk_as_broken() {
    let (_, before, read) = read_under(150, json!({"mode": "repeat_cursor"})).await;
    assert_broken(&read, &before, Class::Malformed);
    assert!(read.calls < before.calls + 10);
}

#[tokio::test]
async fn r05_totals_that_disagree_get_no_certificate() {
    let (_, before, read) = read_under(150, json!({"mode": "wrong_total", "path": EMPLOYEES})).await;
    assert!(read.error.is_none(), "{:?}", read.error);
    let Completeness::Partial(doubts) = read.judge(Some(&before)) else {
        panic!("{:?}", read.judge(Some(&before)));
    };
    assert!(matches!(doubts[..], [Doubt::CountsDisagree { .. }]), "{doubts:?}");
    let (_, before, read) = read_under(150, json!({"mode": "wrong_total", "path": "teams/memberships"})).await;
    assert_broken(&read, &before, Class::Malformed);
}

#[tokio::test]
async fn r05_a_row_that_comes_twice_is_one_person() {
    let (_, before, read) = read_under(150, json!({"mode": "duplicate_row"})).await;
    assert!(read.roster.header.duplicates > 0);
    assert_eq!(read.roster.header.content_hash, before.roster.header.content_hash);
    assert!(read.judge(Some(&before)).certificate().is_some());
}

#[tokio::test]
async fn r07_a_list_of_contracts_that_is_suddenly_empty_empties_nothing() {
    let (_, before, read) = read_under(60, json!({"mode": "empty", "path": "reference_contracts"})).await;
    let Completeness::Narrowed(hidden) = read.judge(Some(&before)) else {
        panic!("{:?}", read.judge(Some(&before)));
    };
    for attribute in [Canonical::JobTitle, Canonical::PayRate] {
        assert!(hidden.contains(&Attribute::Canonical(attribute)));
        assert!(!read.roster.header.visible.contains(&Attribute::Canonical(attribute)));
    }
}

#[tokio::test]
async fn an_empty_company_is_read_to_its_end_and_left_to_the_guards() {
    let (_, before, read) = read_under(20, json!({"mode": "empty", "path": EMPLOYEES})).await;
    assert!(read.error.is_none());
    assert_eq!(
        (read.roster.header.employees, read.roster.header.announced),
        (0, Some(0))
    );
    assert!(read.roster.header.walk_ended && read.judge(Some(&before)).is_whole());
}

#[tokio::test]
async fn a_list_that_is_short_but_consistent_is_read_as_it_is_and_left_to_the_guards() {
    for mode in ["short_list", "vanish"] {
        let (_, before, read) = read_under(150, json!({"mode": mode, "share": 0.4})).await;
        assert!(read.error.is_none(), "{mode}: {:?}", read.error);
        assert!(read.roster.header.employees < before.roster.header.employees);
        assert!(read.judge(Some(&before)).certificate().is_some(), "{mode}");
    }
}

#[tokio::test]
async fn r09_an_id_that_carries_another_person_is_read_as_it_is_and_left_to_the_plan() {
    let (_, before, read) = read_under(60, json!({"mode": "id_reused"})).await;
    assert!(read.judge(Some(&before)).certificate().is_some());
    let (old, new) = (before.roster.employees().unwrap(), read.roster.employees().unwrap());
    assert_eq!(old.len(), new.len());
    let changed: Vec<_> = old.iter().zip(&new).filter(|(old, new)| old != new).collect();
    let [(old, new)] = changed[..] else {
        panic!("{} people changed", changed.len());
    };
    assert_eq!(old.id, new.id);
    for attribute in [Canonical::FirstName, Canonical::WorkEmail, Canonical::BirthDate] {
        assert_ne!(old.attributes.field(attribute), new.attributes.field(attribute));
    }
}

#[tokio::test]
async fn r05_a_member_that_is_not_sent_any_more_hides_its_attribute() {
    let (_, before, read) = read_under(60, json!({"mode": "drop_field", "field": "birth_date"})).await;
    let birth_date = Attribute::Canonical(Canonical::BirthDate);
    assert_eq!(read.roster.header.hidden[&birth_date], "not_shown");
    assert!(matches!(read.judge(Some(&before)), Completeness::Narrowed(hidden) if hidden.contains(&birth_date)));
}

#[tokio::test]
async fn r01_another_company_behind_the_same_key_is_foreign() {
    let (_, before, read) = read_under(20, json!({"mode": "other_company"})).await;
    assert_eq!(read.judge(Some(&before)), Completeness::Foreign);
}

#[tokio::test]
async fn r01_another_company_in_the_middle_of_a_read_breaks_it() {
    let (_, before, read) = read_under(20, json!({"mode": "other_company", "path": EMPLOYEES})).await;
    assert_broken(&read, &before, Class::Malformed);
    assert!(read.roster.header.employees == 0);
}

#[tokio::test]
async fn r06_a_reply_that_is_lost_is_asked_for_again_and_then_given_up() {
    let (_, before, read) = read_under(20, json!({"mode": "lost_reply", "times": 2, "path": EMPLOYEES})).await;
    assert_eq!(read.roster, before.roster);
    let (_, before, read) = read_under(20, json!({"mode": "lost_reply", "path": EMPLOYEES})).await;
    assert_broken(&read, &before, Class::Temporary);
}

#[tokio::test]
async fn a_slow_server_is_waited_for() {
    let (_, before, read) = read_under(20, json!({"mode": "slow", "ms": 40})).await;
    assert_eq!(read.roster, before.roster);
}

#[tokio::test]
async fn r41_a_redirect_to_elsewhere_breaks_the_read() {
    let (_, before, read) = read_under(20, json!({"mode": "status", "status": 302, "path": EMPLOYEES})).await;
    assert_broken(&read, &before, Class::Malformed);
}
