//! Recorded wire cases: what PayFit sends, and what becomes of it.

use std::{collections::BTreeSet, sync::Arc};

use jiff::tz::TimeZone;

use super::*;
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Lists},
    employee::{AttributeRef, Canonical, Category, CompanyId, Employee as Person, EmploymentStatus, Field, LastDay},
    roster::{Builder, Company, Roster},
};

/// A person with everything, as others took the members from live answers.
const ANA: &str = r#"{"id":"5c1f","matricule":"12","firstName":"Ana","lastName":"Ruiz","secondLastName":"Gil","birthName":"CANARY",
    "birthDate":"1990-02-03","countryOfBirth":"CANARY","nationality":"CANARY","gender":"woman","socialSecurityNumber":"CANARY",
    "iban":"FR7612","bic":"BNPA","managerId":"5c20","teamName":"Platform","terminationDate":null,
    "emails":[{"type":"personal","email":"ana@home.example"},{"type":"professional","email":"ana@acme.example"}],
    "phoneNumbers":[{"type":"personal","phoneNumber":"+33600000001"},{"type":"professional","phoneNumber":"+33600000002"}],
    "addresses":[{"type":"professional","address":"2 rue X"},{"type":"personal","address":"1 rue de la Paix","postcode":"75002","city":"Paris","country":"FR"}],
    "contracts":[{"id":"c1","status":"ACTIVE","startDate":"2020-01-06","endDate":null}],"additional":{"any":1}}"#;

/// Contracts of Ana: one that is over, and the one that applies.
const CONTRACTS_OF_ANA: &str = r#"{"contractId":"c1","collaboratorId":"5c1f","status":"ACTIVE","jobName":"Lead","startDate":"2020-01-06","endDate":null,"isFullTime":true},
    {"contractId":"c0","collaboratorId":"5c1f","status":"ARCHIVED","jobName":"Trainee","startDate":"2019-01-07","endDate":"2019-06-30","isFullTime":false}"#;

/// The day of every read.
const TODAY: &str = "2026-03-02";

fn page(of: &str, rows: &str) -> String {
    format!(r#"{{"{of}":[{rows}],"meta":{{"count":1}}}}"#)
}

/// What is read of people, with these contracts in the list beside them; without any, it may not be read.
fn read(people: &str, contracts: Option<&str>, allowed: &BTreeSet<Category>) -> Roster {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let of = *CONTRACTS.list().unwrap();
    let lists = Lists::from_iter([(&of, contracts.map(|rows| vec![page("contracts", rows)]))]);
    let wanted = Wanted::everything();
    let mut roster = Builder::wanting(wanted.clone(), company);
    let census = ByLayout::<Everybody>::new(allowed, &wanted, TODAY.parse().unwrap());
    let census = census.with_fields(Lists::from_iter([]));
    let references = Arc::new(census.refer(&lists).unwrap());
    let mut converter = census.begin(references, &mut roster);
    let none = Lists::from_iter([]);
    converter
        .convert(&page("collaborators", people), &none, &mut roster)
        .unwrap();
    converter.finish(&roster).unwrap();
    roster.finish(None).unwrap()
}

fn person(row: &str, contracts: &str) -> Person {
    let roster = read(row, Some(contracts), &BTreeSet::new());
    roster.employees().unwrap().remove(0)
}

/// A person of whom nothing but these members is shown.
fn shown(members: &str) -> Person {
    // Beside Ana and one who left, so that nothing is empty for everybody.
    let gone = contract("2019-01-07", Some("2020-12-31"), "ARCHIVED");
    let rows = format!(r#"{{"id":"1",{members}}},{ANA},{{"id":"2","contracts":[{gone}]}}"#);
    person(&rows, CONTRACTS_OF_ANA)
}

fn is_invalid(person: &Person, attribute: Canonical) -> bool {
    let mut invalid = person.attributes.view().invalid();
    invalid.any(|name| name == AttributeRef::Canonical(attribute))
}

/// What is said of an attribute, in a word where that is no value.
fn said(person: &Person, attribute: Canonical) -> String {
    match person.attributes.field(attribute) {
        Field::Value(text) => text.to_owned(),
        Field::Empty => "empty".to_owned(),
        Field::Unseen if is_invalid(person, attribute) => "invalid".to_owned(),
        Field::Unseen => "unseen".to_owned(),
    }
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

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

fn contract(first: &str, last: Option<&str>, status: &str) -> String {
    let last = last.map_or("null".to_owned(), |last| format!("\"{last}\""));
    format!(r#"{{"id":"c","status":"{status}","startDate":"{first}","endDate":{last}}}"#)
}

#[test]
fn a_person_is_put_together_from_their_row_and_the_list_of_contracts() {
    let ana = person(ANA, CONTRACTS_OF_ANA);
    assert_eq!(ana.id.as_str(), "5c1f");
    assert_shows(
        &ana,
        &[
            (Canonical::AddressLine1, Field::Value("1 rue de la Paix")),
            (Canonical::BankDetails, Field::Unseen),
            (Canonical::BirthDate, Field::Value("1990-02-03")),
            (Canonical::City, Field::Value("Paris")),
            (Canonical::Country, Field::Value("FR")),
            (Canonical::EmployeeNumber, Field::Value("12")),
            (Canonical::EmploymentStatus, Field::Value("active")),
            (Canonical::EmploymentType, Field::Value("full_time")),
            (Canonical::FirstName, Field::Value("Ana")),
            (Canonical::JobTitle, Field::Value("Lead")),
            (Canonical::LastName, Field::Value("Ruiz Gil")),
            (Canonical::Manager, Field::Value("5c20")),
            (Canonical::MobilePhone, Field::Value("+33600000002")),
            (Canonical::PersonalEmail, Field::Value("ana@home.example")),
            (Canonical::StartDate, Field::Value("2020-01-06")),
            (Canonical::Team, Field::Value("Platform")),
            (Canonical::WorkEmail, Field::Value("ana@acme.example")),
            (Canonical::ZipCode, Field::Value("75002")),
        ],
    );
    assert!(!ana.attributes.as_packed().contains("CANARY"), "r34");
}

#[test]
fn r34_bank_details_are_decoded_under_an_exception_alone() {
    let allowed = BTreeSet::from([Category::BankDetails]);
    let people = read(ANA, Some(CONTRACTS_OF_ANA), &allowed).employees().unwrap();
    assert_eq!(people[0].value(Canonical::BankDetails), Some("FR7612, BNPA"));
}

#[test]
fn r07_a_person_whose_contracts_are_not_listed_any_more_keeps_title_and_working_time() {
    let gone = r#""terminationDate":"2024-12-31","contracts":[{"id":"c9","status":"ARCHIVED","startDate":"2020-01-06","endDate":"2024-12-31"}]"#;
    let unseen = [
        (Canonical::JobTitle, Field::Unseen),
        (Canonical::EmploymentType, Field::Unseen),
    ];
    let gone = shown(gone);
    assert_shows(&gone, &unseen);
    assert_shows(&gone, &[(Canonical::EmploymentStatus, Field::Value("terminated"))]);
    let roster = read(ANA, None, &BTreeSet::new());
    for (attribute, _) in unseen {
        assert_eq!(roster.header.hidden[&attribute.into()], "no_permission");
    }
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

#[test]
fn of_e_mails_and_telephones_the_type_decides_and_a_missing_one_is_empty() {
    let emails = |entries: &str| {
        let person = shown(&format!(r#""emails":{entries}"#));
        (
            said(&person, Canonical::WorkEmail),
            said(&person, Canonical::PersonalEmail),
        )
    };
    let expect = |work: &str, personal: &str| (work.to_owned(), personal.to_owned());
    for (entries, expected) in [
        (
            r#"[{"type":"PROFESSIONAL","email":"a@b.example"}]"#,
            expect("a@b.example", "empty"),
        ),
        (
            r#"[{"type":"professional","email":null},{"type":"professional","email":"a@b.example"}]"#,
            expect("a@b.example", "empty"),
        ),
        (r#"[{"type":null,"email":"a@b.example"}]"#, expect("unseen", "unseen")),
        (r#"[{"email":"a@b.example"}]"#, expect("unseen", "unseen")),
        (
            r#"[{"type":"login","email":"a@b.example"},{"type":"personal","email":"a@home.example"}]"#,
            expect("unseen", "a@home.example"),
        ),
        ("[]", expect("empty", "empty")),
        ("null", expect("empty", "empty")),
        (
            r#"[{"type":"\ud83d","email":"a@b.example"}]"#,
            expect("invalid", "invalid"),
        ),
        (r#"[{"type":"personal","email":"\ud83d"}]"#, expect("empty", "invalid")),
        (r#""a@b.example""#, expect("invalid", "invalid")),
        ("{}", expect("invalid", "invalid")),
    ] {
        assert_eq!(emails(entries), expected, "{entries}");
    }
    let person = shown(r#""phoneNumbers":[{"type":"personal","phoneNumber":"+33600000001"}]"#);
    assert_eq!(person.value(Canonical::MobilePhone), Some("+33600000001"));
}

#[test]
fn a_home_address_is_the_personal_one_or_the_only_one_that_does_not_say_what_it_is() {
    let line = |entries: &str| {
        shown(&format!(r#""addresses":{entries}"#))
            .attributes
            .field(Canonical::AddressLine1)
            .map(str::to_owned)
    };
    assert_eq!(
        line(r#"[{"type":null,"address":"1 rue X"}]"#),
        Field::Value("1 rue X".to_owned())
    );
    assert_eq!(line(r#"[{"type":"Professional","address":"1 rue X"}]"#), Field::Empty);
    assert_eq!(line("[]"), Field::Empty);
    assert_eq!(line(r#"[{"type":"personal"}]"#), Field::Unseen);
    let work_first = r#"[{"address":"2 rue Y"},{"type":"personal","address":"1 rue X"}]"#;
    assert_eq!(line(work_first), Field::Value("1 rue X".to_owned()));
    let either = r#"[{"type":"main","address":"2 rue Y"},{"type":null,"address":"1 rue X"}]"#;
    assert_eq!(line(either), Field::Unseen);
}

#[test]
fn a_second_last_name_stands_behind_the_first() {
    for (members, expected) in [
        (r#""lastName":"Ruiz","secondLastName":null"#, Field::Value("Ruiz")),
        (r#""lastName":"Ruiz""#, Field::Value("Ruiz")),
        (r#""lastName":"Ruiz","secondLastName":" ""#, Field::Value("Ruiz")),
        (r#""lastName":"Ruiz","secondLastName":"\ud83d""#, Field::Unseen),
        (r#""lastName":null,"secondLastName":null"#, Field::Empty),
    ] {
        assert_shows(&shown(members), &[(Canonical::LastName, expected)]);
    }
}

#[test]
fn a_working_time_that_is_neither_is_that_value_alone() {
    for (flag, expected) in [
        ("true", Field::Value("full_time")),
        ("false", Field::Value("part_time")),
        ("null", Field::Empty),
        (r#""yes""#, Field::Unseen),
    ] {
        let rows = format!(
            r#"{{"contractId":"c1","collaboratorId":"1","jobName":"Lead","startDate":"2020-01-06","endDate":null,"isFullTime":{flag}}},{CONTRACTS_OF_ANA}"#
        );
        let one = person(&format!(r#"{{"id":"1"}},{ANA}"#), &rows);
        assert_shows(
            &one,
            &[
                (Canonical::EmploymentType, expected),
                (Canonical::JobTitle, Field::Value("Lead")),
            ],
        );
    }
}
