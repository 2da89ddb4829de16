//! Days and status by contracts, and who has none.

use jiff::tz::TimeZone;

use super::*;
use crate::employee::{EmploymentStatus, LastDay};

/// First day, last day and status by the contracts in a person's own row.
fn days(contracts: &str) -> [String; 3] {
    let person = shown(&format!(r#""terminationDate":null,"contracts":[{contracts}]"#));
    let attributes = [
        Canonical::StartDate,
        Canonical::TerminationDate,
        Canonical::EmploymentStatus,
    ];
    attributes.map(|attribute| said(&person, attribute))
}

#[test]
fn r17_an_administrator_without_a_contract_has_not_begun_and_one_who_left_long_ago_has_left() {
    let administrator = shown(r#""terminationDate":null,"contracts":[]"#);
    assert_shows(
        &administrator,
        &[
            (Canonical::EmploymentStatus, Field::Value("upcoming")),
            (Canonical::StartDate, Field::Unseen),
            (Canonical::TerminationDate, Field::Empty),
        ],
    );
    let unsaid = shown(r#""contracts":[]"#);
    assert_shows(&unsaid, &[(Canonical::EmploymentStatus, Field::Value("upcoming"))]);
    let odd = shown(r#""terminationDate":"\ud83d","contracts":[]"#);
    assert!(is_invalid(&odd, Canonical::TerminationDate));
    assert_shows(&odd, &[(Canonical::EmploymentStatus, Field::Unseen)]);
    let gone = shown(r#""terminationDate":"2021-05-31","contracts":[]"#);
    assert_shows(
        &gone,
        &[
            (Canonical::EmploymentStatus, Field::Unseen),
            (Canonical::StartDate, Field::Unseen),
            (Canonical::TerminationDate, Field::Value("2021-05-31")),
        ],
    );
    let planned = shown(r#""terminationDate":"2026-12-31","contracts":[]"#);
    assert_shows(&planned, &[(Canonical::EmploymentStatus, Field::Value("upcoming"))]);
}

#[test]
fn r07_without_the_scope_of_contracts_no_day_is_known_and_the_vendors_last_day_lets_nobody_go() {
    for members in [
        r#""terminationDate":"2024-06-30""#,
        r#""terminationDate":"2026-06-30","contracts":null"#,
        r#""terminationDate":null"#,
    ] {
        let person = shown(members);
        for attribute in [
            Canonical::TerminationDate,
            Canonical::EmploymentStatus,
            Canonical::StartDate,
        ] {
            assert_eq!(said(&person, attribute), "unseen", "{members}: {}", attribute.name());
        }
    }
}

#[test]
fn r14_between_two_contracts_a_person_has_left_and_has_a_first_day_to_come() {
    let fixed = contract("2024-01-08", Some("2026-02-27"), "ARCHIVED");
    let next = contract("2026-09-01", None, "PENDING");
    let expected = ["2026-09-01", "2026-02-27", "upcoming"];
    assert_eq!(days(&format!("{fixed},{next}")), expected);
    let row = format!(r#""contracts":[{next},{fixed}]"#);
    let status = |day: &str| {
        let at = format!("{day}T12:00:00Z").parse().unwrap();
        shown(&row).status_at(at, LastDay::EndOfLastDay, &TimeZone::UTC)
    };
    assert_eq!(status("2026-03-02"), EmploymentStatus::Terminated);
    let ends_later = contract("2024-01-08", Some("2026-03-02"), "ACTIVE");
    assert_eq!(
        days(&format!("{ends_later},{next}")),
        ["2024-01-08", "2026-03-02", "active"],
        "the last day is a day at work"
    );
    let tomorrow = contract("2026-03-03", None, "PENDING");
    assert_eq!(
        days(&format!("{ends_later},{tomorrow}")),
        ["2024-01-08", "empty", "active"],
        "without a day between them they are one"
    );
}

#[test]
fn r17_a_contract_that_nobody_signed_counts_for_nothing_beside_one_that_was_signed() {
    let open = contract("2025-01-01", None, "ACTIVE");
    let ended = contract("2024-01-08", Some("2024-12-31"), "ARCHIVED");
    for word in ["IN_PROGRESS", "in progress", "InProgress"] {
        for draft in [
            contract("2025-01-01", None, word),
            contract("2026-09-01", None, word),
            contract("2026-03-02", Some("2026-03-02"), word),
        ] {
            let over = ["2024-01-08", "2024-12-31", "terminated"];
            assert_eq!(days(&format!("{ended},{draft}")), over, "{draft}");
            assert_eq!(
                days(&format!("{draft},{open}")),
                ["2025-01-01", "empty", "active"],
                "{draft}"
            );
        }
        let alone = contract("2026-09-01", None, word);
        assert_eq!(days(&alone), ["2026-09-01", "empty", "upcoming"]);
        let other = contract("2026-06-01", Some("2026-06-30"), word);
        assert_eq!(
            days(&format!("{alone},{other}")),
            ["2026-06-01", "2026-06-30", "upcoming"]
        );
    }
    let unread = r#"{"id":"c","status":"\ud83d","startDate":"2025-01-01","endDate":null}"#;
    assert_eq!(
        days(&format!("{ended},{unread}")),
        ["2024-01-08", "empty", "invalid"],
        "one that may be signed counts"
    );
}

#[test]
fn r17_title_and_working_time_are_not_those_of_a_contract_that_nobody_signed() {
    let draft = r#"{"contractId":"c2","collaboratorId":"1","status":"IN_PROGRESS","jobName":"Head","startDate":"2026-02-01","endDate":null,"isFullTime":false}"#;
    let signed = r#"{"contractId":"c1","collaboratorId":"1","status":"ACTIVE","jobName":"Lead","startDate":"2020-01-06","endDate":null,"isFullTime":true}"#;
    let people = format!(r#"{{"id":"1"}},{ANA}"#);
    for (rows, title, time) in [
        (format!("{draft},{signed}"), "Lead", "full_time"),
        (draft.to_owned(), "Head", "part_time"),
    ] {
        let one = person(&people, &format!("{rows},{CONTRACTS_OF_ANA}"));
        assert_shows(
            &one,
            &[
                (Canonical::JobTitle, Field::Value(title)),
                (Canonical::EmploymentType, Field::Value(time)),
            ],
        );
    }
}

#[test]
fn r14_a_contract_that_is_over_and_does_not_say_since_when_lets_nobody_go() {
    let vague = contract("2025-01-01", None, "ARCHIVED");
    let invalid = ["invalid", "invalid", "invalid"];
    assert_eq!(days(&vague), invalid);
    assert_eq!(days(&format!("{vague},{vague}")), invalid);
    let (ended, next) = (
        contract("2024-01-08", Some("2024-12-31"), "ARCHIVED"),
        contract("2026-09-01", None, "PENDING"),
    );
    for other in [&ended, &next] {
        assert_eq!(days(&format!("{vague},{other}")), invalid, "{other}");
    }
    let open = contract("2025-02-01", None, "ACTIVE");
    assert_eq!(
        days(&format!("{vague},{open}")),
        ["2025-02-01", "empty", "active"],
        "a person is there who has a contract today"
    );
    let odd = r#"{"id":"c","status":"ARCHIVED","startDate":"2025-01-01","endDate":"soon"}"#;
    assert_eq!(days(odd), ["2025-01-01", "invalid", "terminated"]);
}

#[test]
fn r10_contracts_that_follow_each_other_are_one_employment_and_others_are_several() {
    let fixed = contract("2024-01-08", Some("2024-12-31"), "ARCHIVED");
    let open = contract("2025-01-01", None, "ACTIVE");
    let expected = ["2024-01-08", "empty", "active"];
    assert_eq!(days(&format!("{open},{fixed}")), expected, "in any order");
    let later = contract("2025-02-01", None, "ACTIVE");
    assert_eq!(days(&format!("{fixed},{later}")), ["2025-02-01", "empty", "active"]);
    let beside = contract("2025-06-01", Some("2025-09-30"), "ARCHIVED");
    assert_eq!(days(&format!("{open},{beside}")), ["2025-01-01", "empty", "active"]);
    let planned = contract("2026-09-01", None, "PENDING");
    let ends = contract("2025-01-01", Some("2026-04-30"), "ACTIVE");
    assert_eq!(
        days(&format!("{planned},{ends}")),
        ["2025-01-01", "2026-04-30", "active"],
        "the current one counts, also where a next one is planned"
    );
    assert_eq!(
        days(&format!("{planned},{fixed}")),
        ["2026-09-01", "2024-12-31", "upcoming"],
        "the next one counts where none is current"
    );
    let older = contract("2019-01-08", Some("2020-12-31"), "ARCHIVED");
    assert_eq!(
        days(&format!("{fixed},{older}")),
        ["2024-01-08", "2024-12-31", "terminated"],
        "the last one counts where none is left"
    );
    let until_yesterday = contract("2025-01-01", Some("2026-03-01"), "ACTIVE");
    assert_eq!(
        days(&format!("{until_yesterday},{planned}")),
        ["2026-09-01", "2026-03-01", "upcoming"],
        "what ended yesterday is over"
    );
}

#[test]
fn a_status_is_read_in_any_case_and_an_unknown_one_is_that_value_alone() {
    for (word, expected) in [
        ("ACTIVE", "active"),
        ("active", "active"),
        ("In_Progress", "upcoming"),
        ("PENDING", "upcoming"),
        ("in-progress", "upcoming"),
        ("SUSPENDED", "invalid"),
    ] {
        let own = contract("2025-01-01", None, word);
        assert_eq!(days(&own), ["2025-01-01", "empty", expected], "{word}");
    }
    let over = contract("2025-01-01", Some("2025-06-30"), "archived");
    assert_eq!(days(&over), ["2025-01-01", "2025-06-30", "terminated"]);
}

#[test]
fn r07_where_a_day_of_one_of_several_contracts_cannot_be_read_nobody_is_let_go_by_the_others() {
    let ended = contract("2024-01-08", Some("2024-12-31"), "ARCHIVED");
    for odd in [
        r#"{"id":"c","status":"ACTIVE","startDate":"\ud83d","endDate":null}"#,
        r#"{"id":"c","status":"ACTIVE","endDate":null}"#,
        r#"{"id":"c","status":"ACTIVE","startDate":"2025-01-01","endDate":"soon"}"#,
        r#"{"id":"c","status":"ARCHIVED","startDate":"2025-01-01","endDate":null}"#,
        "null",
    ] {
        assert_eq!(
            days(&format!("{ended},{odd}")),
            ["invalid", "invalid", "invalid"],
            "{odd}"
        );
    }
    let alone = r#"{"id":"c","status":"ACTIVE","startDate":"\ud83d","endDate":null}"#;
    assert_eq!(days(alone), ["invalid", "empty", "active"]);
    assert_eq!(days("null"), ["invalid", "invalid", "invalid"]);
    let odd = shown(r#""terminationDate":null,"contracts":"none""#);
    assert!(is_invalid(&odd, Canonical::StartDate) && is_invalid(&odd, Canonical::TerminationDate));
}
