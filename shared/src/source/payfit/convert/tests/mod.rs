//! Recorded wire cases: what PayFit sends, and what becomes of it.

mod days;

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Lists},
    employee::{AttributeRef, Canonical, Category, CompanyId, Employee as Person, Field},
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

/// A contract in a person's own row.
fn contract(first: &str, last: Option<&str>, status: &str) -> String {
    let last = last.map_or("null".to_owned(), |last| format!("\"{last}\""));
    format!(r#"{{"id":"c","status":"{status}","startDate":"{first}","endDate":{last}}}"#)
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
        (r#"null,"fullTimeEquivalent":1.0"#, Field::Value("full_time")),
        (r#"null,"fullTimeEquivalent":"0.8""#, Field::Value("part_time")),
        (r#"true,"fullTimeEquivalent":0.8"#, Field::Value("full_time")),
        (r#"null,"fullTimeEquivalent":80"#, Field::Empty),
        (r#"null,"fullTimeEquivalent":0"#, Field::Empty),
        (r#""yes","fullTimeEquivalent":1"#, Field::Unseen),
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
