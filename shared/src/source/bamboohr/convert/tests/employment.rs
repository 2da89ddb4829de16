//! Employments: their kind, their first and last days, and what lies ahead.

use super::*;

#[test]
fn the_kind_of_employment_is_the_companys_word_and_of_a_person_who_left_it_is_not_told() {
    for (kind, expected) in [
        ("Full-Time", value("full_time")),
        ("part time", value("part_time")),
        ("Contractor", value("Contractor")),
        ("Terminated", Field::Unseen),
    ] {
        let text = ANA.replace("Part-Time", kind);
        let person = Read::of(&text).roster().employees().unwrap().remove(0);
        let seen = person.attributes.field(Canonical::EmploymentType).map(str::to_owned);
        assert_eq!(seen, expected, "{kind}");
    }
}

#[test]
fn r14_the_last_day_of_an_earlier_employment_does_not_end_this_one() {
    let last = |status: &str, first: &str| {
        let text = format!(r#"[{{"id":"1","status":"{status}","hireDate":"{first}","terminationDate":"2024-05-31"}}]"#);
        let person = Read::of(&text).person();
        person.attributes.field(Canonical::TerminationDate).map(str::to_owned)
    };
    assert_eq!(last("Active", "2020-01-01"), value("2024-05-31"));
    assert_eq!(last("Inactive", "2025-01-01"), value("2024-05-31"));
    assert_eq!(last("Active", "2024-05-31"), value("2024-05-31"));
    assert_eq!(
        field(
            r#""hireDate":"2025-01-01","terminationDate":"2024-05-31""#,
            Canonical::TerminationDate
        ),
        Field::Unseen,
        "nobody has one, which is hidden"
    );
}

#[test]
fn r14_a_last_day_that_has_passed_stays_whatever_else_is_said() {
    let last = |members: &str| {
        let both =
            format!(r#"[{{"id":"1","hireDate":"2018-05-01",{members}}},{{"id":"2","terminationDate":"2026-09-30"}}]"#);
        let people = Read::of(&both).roster().employees().unwrap();
        people[0]
            .attributes
            .field(Canonical::TerminationDate)
            .map(str::to_owned)
    };
    for (status, kind, day) in [
        ("Active", "Full-Time", "2024-05-31"),
        ("Active", "Terminated", "2024-05-31"),
        ("Active", "", "2024-05-31"),
        ("Inactive", "Full-Time", "2024-05-31"),
        ("Active", "Full-Time", "2026-02-27"),
        ("Active", "Full-Time", "2026-09-30"),
    ] {
        let shown = format!(r#""status":"{status}","employmentHistoryStatus":"{kind}","terminationDate":"{day}""#);
        assert_eq!(last(&shown), value(day), "{status} {kind}");
    }
}

#[test]
fn r14_a_person_whose_first_day_has_just_come_has_not_left_because_their_status_lags_behind() {
    let status = |first: &str| {
        let row = format!(r#"[{{"id":"1","status":"Inactive","hireDate":"{first}","terminationDate":""}}]"#);
        Read::of(&row)
            .person()
            .value(Canonical::EmploymentStatus)
            .map(str::to_owned)
    };
    for first in ["2026-03-01", "2026-03-02", "2026-03-03"] {
        assert_eq!(status(first), None, "{first}");
    }
    assert_eq!(status("2026-02-28").as_deref(), Some("terminated"));
}

#[test]
fn r14_of_which_employment_a_last_day_is_has_to_be_readable() {
    let before = r#""hireDate":"2026-01-01","terminationDate":"2024-06-30","employmentHistoryStatus":"Full-Time""#;
    for (member, whole) in [
        ("status", "Active"),
        ("hireDate", "2026-01-01"),
        ("employmentHistoryStatus", "Full-Time"),
    ] {
        let row = format!(r#"[{{"id":"1","status":"Active",{before}}}]"#);
        let broken = row.replace(
            &format!(r#""{member}":"{whole}""#),
            &format!(r#""{member}":"{whole}\ud83d""#),
        );
        assert_ne!(broken, row);
        let person = Read::of(&broken).person();
        let last_day = person.attributes.field(Canonical::TerminationDate);
        assert!(!matches!(last_day, Field::Value(_)), "{member}: {last_day:?}");
    }
    let row = r#"[{"id":"1","displayName":"Ana\ud83d","fullName1":"Ana Ruiz"}]"#;
    assert_eq!(invalid(&Read::of(row).person()), ["display_name"]);
}

#[test]
fn a_person_who_begins_later_is_asked_for_again_with_what_lies_ahead() {
    let mut read = Read::of(BEGINS);
    read.ahead = r#"[{"id":"8","firstName":"Nobody asked"},{"id":"7","firstName":"Bo","status":"Active",
        "hireDate":"2026-04-01","employmentHistoryStatus":"Full-Time","jobTitle":"Lead","payRate":"9.00 EUR"}]"#;
    let person = read.person();
    assert_eq!(person.id.as_str(), "7");
    for (attribute, expected) in [
        (Canonical::JobTitle, "Lead"),
        (Canonical::PayRate, "9"),
        (Canonical::EmploymentType, "full_time"),
        (Canonical::FirstName, "Bo"),
    ] {
        assert_eq!(person.value(attribute), Some(expected));
    }
}

#[test]
fn r14_nobody_who_begins_later_has_left_whatever_the_word_for_it() {
    for (word, last_day, expected) in [
        ("Inactive", "", [None, None]),
        ("Inactive", "2024-05-01", [None, None]),
        ("Active", "2024-05-01", [Some("active"), None]),
        ("Active", "2026-09-30", [Some("active"), Some("2026-09-30")]),
    ] {
        let status = format!(r#""status":"{word}","terminationDate":"{last_day}""#);
        let person = Read::of(&BEGINS.replace(r#""status":"Active""#, &status)).person();
        let shown = [Canonical::EmploymentStatus, Canonical::TerminationDate].map(|name| person.value(name));
        assert_eq!(shown, expected, "{status}");
    }
    let begun = BEGINS.replace("2026-04-01", "2020-01-01").replace("Active", "Inactive");
    assert_eq!(
        Read::of(&begun).person().value(Canonical::EmploymentStatus),
        Some("terminated")
    );
}

#[test]
fn r07_what_lies_ahead_and_is_not_shown_is_unseen_and_nobody_is_lost() {
    let person = Read::of(BEGINS).person();
    assert_eq!(person.value(Canonical::FirstName), Some("Bo"));
    for attribute in [Canonical::JobTitle, Canonical::PayRate, Canonical::WorkLocation] {
        assert_eq!(
            person.attributes.field(attribute),
            Field::Unseen,
            "{}",
            attribute.name()
        );
    }
    let begun = BEGINS.replace("2026-04-01", "2020-01-01");
    let roster = Read::of(&begun).roster();
    assert_eq!(roster.header.employees, 1, "one who has begun is not kept back");
}
