//! Recorded wire cases: what Personio sends by the vendor's own examples, and what becomes of it.

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Lists, Related},
    employee::{Attribute, Canonical, Category, CompanyId, Employee as Person, Field},
    roster::{Builder, Company, Roster},
};

const PERSON: &str = r#"{"_data":[{"id":"3003","email":"jen.doe@personio.de","first_name":"John","last_name":"Smith",
    "preferred_name":null,"gender":"MALE","status":"ACTIVE","custom_attributes":[
    {"id":"dynamic_305","type":"string","value":"Red","global_id":"color"},
    {"id":"dynamic_306","type":"string","value":"CANARY","global_id":"IBAN"},
    {"id":"dynamic_307","type":"date","value":"1990-05-04T00:00:00Z","global_id":"date_of_birth"},
    {"id":"dynamic_308","type":"date","value":"2026-04-01T00:00:00+02:00"},
    {"id":"dynamic_309","type":"string","global_id":"dynamic_309"},
    {"id":"dynamic_310","type":"STRING_LIST","value":["English","Français"]}],
    "employments":[{"id":"c85d978e-1104-4762-be94-c868525eef45"}]},
    {"id":"3004","email":"ann@personio.de","first_name":"Ann","last_name":"Bo","preferred_name":"Annie",
    "custom_attributes":[{"id":"dynamic_309","type":"string","value":"B1"}]}],"_meta":{"links":{"self":{"href":"https://api.personio.de/v2/persons"}}}}"#;

const ATTRIBUTE_LIST: &str = r#"{"success":true,"data":[{"key":"first_name","label":"First Name","type":"standard","universal_id":"first_name"},
    {"key":"dynamic_305","label":"Farbe","type":"standard","universal_id":null},
    {"key":"dynamic_306","label":"Konto","type":"standard","universal_id":"iban"},
    {"key":"dynamic_307","label":"Geburtstag","type":"date","universal_id":"date_of_birth"},
    {"key":"dynamic_308","label":"Review","type":"date","universal_id":null},
    {"key":"dynamic_309","label":"Badge","type":"standard","universal_id":null},
    {"key":"dynamic_310","label":"Languages","type":"tags","universal_id":null},
    {"key":"dynamic_311","label":"Locker","type":"standard","universal_id":null}]}"#;

/// What belongs to another person, of whom no attribute is empty: what is empty for everybody is hidden.
const COLLEAGUE: &str = r#"{"id":"z","person":{"id":"3004"},"employment_start_date":"2020-01-01","termination":{"termination_date":"2027-01-01"},
    "supervisor":{"id":"3001"},"org_units":[{"type":"team","id":"7"}]}"#;

/// Returns an employment with these days, and more members.
fn employment(id: &str, first: &str, last: Option<&str>, more: &str) -> String {
    let end = last.map_or("null".to_owned(), |day| format!(r#"{{"termination_date":"{day}"}}"#));
    format!(
        r#"{{"id":"{id}","person":{{"id":"3003"}},"employment_start_date":"{first}","employment_end_date":null,"termination":{end}{more}}}"#
    )
}

fn page(rows: &str) -> String {
    format!(r#"{{"_data":[{rows}],"_meta":{{"links":{{}}}}}}"#)
}

fn of(related: &Related) -> Resource {
    *related.list().unwrap()
}

/// Reads the person with these employments and these amounts of pay.
fn roster(employments: &str, pay: &str, allowed: &BTreeSet<Category>) -> Roster {
    roster_of(PERSON, employments, pay, allowed)
}

/// Reads these people, of whom the first has these employments and these amounts of pay.
fn roster_of(people: &str, employments: &str, pay: &str, allowed: &BTreeSet<Category>) -> Roster {
    let units = page(r#"{"id":"7","type":"team","name":"Crew"},{"id":7,"type":"DEPARTMENT","name":"Ship"}"#);
    let list = |related: &Related, rows: String| (of(related), Some(vec![rows]));
    let shared = [
        list(&UNITS, units),
        list(&WORKPLACES, page(r#"{"id":"300","name":"Harbour"}"#)),
        list(
            &LEGAL_ENTITIES,
            page(r#"{"id":"100","country":"DE","name":"Acme GmbH"}"#),
        ),
        list(&COMPENSATIONS, page(pay)),
        (ATTRIBUTES, Some(vec![ATTRIBUTE_LIST.to_owned()])),
    ];
    let shared: Lists = shared.iter().map(|(of, pages)| (of, pages.clone())).collect();
    let own = of(&EMPLOYMENTS);
    let own = Lists::from_iter([(&own, Some(vec![page(employments), page(COLLEAGUE)]))]);
    let wanted = Wanted::everything();
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let mut roster = Builder::wanting(wanted.clone(), company);
    let census = ByLayout::<People>::new(allowed, &wanted, "2026-03-02".parse().unwrap());
    let references = Arc::new(census.refer(&shared).unwrap());
    let mut converter = census.begin(references, &mut roster);
    converter.convert(people, &own, &mut roster).unwrap();
    converter.finish(&roster).unwrap();
    roster.finish(None).unwrap()
}

fn person(employments: &str, pay: &str) -> Person {
    let people = roster(employments, pay, &BTreeSet::new()).employees().unwrap();
    people.into_iter().next().unwrap()
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

const WORK: &str = r#","position":{"title":"Cook"},"status":"active","type":"UNSPECIFIED","supervisor":{"id":"3001"},"office":{"id":"300"},
    "org_units":[{"type":"DEPARTMENT","id":"7"},{"type":"team","id":"7"}],"legal_entity":{"id":"100"}"#;

#[test]
fn a_person_is_put_together_of_their_row_their_employment_and_the_names_of_what_that_refers_to() {
    let value = Field::Value;
    let person = person(&employment("a", "2024-01-17", None, WORK), "");
    assert_shows(
        &person,
        &[
            (Canonical::FirstName, value("John")),
            (Canonical::KnownAs, Field::Empty),
            (Canonical::WorkEmail, value("jen.doe@personio.de")),
            (Canonical::BirthDate, value("1990-05-04")),
            (Canonical::JobTitle, value("Cook")),
            (Canonical::Manager, value("3001")),
            (Canonical::WorkLocation, value("Harbour")),
            (Canonical::Department, value("Ship")),
            (Canonical::Team, value("Crew")),
            (Canonical::Group, value("Acme GmbH")),
            (Canonical::EmploymentStatus, value("active")),
            (Canonical::EmploymentType, Field::Unseen),
            (Canonical::StartDate, value("2024-01-17")),
            (Canonical::TerminationDate, Field::Empty),
            (Canonical::PayRate, Field::Unseen),
        ],
    );
}

#[test]
fn of_several_employments_the_one_that_applies_counts_whatever_their_order() {
    let past = || employment("a", "2019-01-01", Some("2025-12-31"), r#","status":"INACTIVE""#);
    let next = || employment("b", "2026-05-04", None, r#","status":"ONBOARDING""#);
    let ended = || employment("c", "2025-01-01", Some("2026-03-31"), r#","status":"LEAVE""#);
    let value = Field::Value;
    for (employments, first, last, status) in [
        (vec![next(), past()], "2026-05-04", Field::Empty, "upcoming"),
        (
            vec![past(), next(), ended()],
            "2025-01-01",
            value("2026-03-31"),
            "active",
        ),
        (vec![past()], "2019-01-01", value("2025-12-31"), "terminated"),
    ] {
        let person = person(&employments.join(","), "");
        assert_shows(
            &person,
            &[
                (Canonical::StartDate, value(first)),
                (Canonical::TerminationDate, last),
                (Canonical::EmploymentStatus, value(status)),
            ],
        );
    }
    let own = employment("d", "2020-01-01", None, "")
        .replace(r#""employment_end_date":null"#, r#""employment_end_date":"2026-02-01""#);
    assert_shows(&person(&own, ""), &[(Canonical::TerminationDate, value("2026-02-01"))]);
}

#[test]
fn r07_what_an_employment_does_not_show_is_unseen_and_a_person_without_a_team_has_none() {
    let bare = person(r#"{"id":"a","status":"ACTIVE","person":{"id":"3003"}}"#, "");
    for attribute in [
        Canonical::StartDate,
        Canonical::TerminationDate,
        Canonical::Team,
        Canonical::Manager,
    ] {
        assert_eq!(bare.attributes.field(attribute), Field::Unseen, "{}", attribute.name());
    }
    let alone = employment("a", "2024-01-17", None, r#","org_units":[],"supervisor":null"#);
    let alone = person(&alone, "");
    for attribute in [Canonical::Team, Canonical::Manager] {
        assert_eq!(alone.attributes.field(attribute), Field::Empty, "{}", attribute.name());
    }
}

#[test]
fn r07_a_unit_that_does_not_say_of_which_kind_it_is_leaves_in_doubt_what_a_person_works_in() {
    for (units, team) in [
        (r#"[{"type":"team","id":"7"}]"#, Field::Value("Crew")),
        (r#"[{"type":"team \ud83d","id":"7"}]"#, Field::Unseen),
        (r#"[{"id":"7"},{"type":"department","id":"7"}]"#, Field::Unseen),
        (r#"[{"type":"team","id":"7 \ud83d"}]"#, Field::Unseen),
        (r#"[{"type":"department","id":"7"}]"#, Field::Empty),
    ] {
        let person = person(
            &employment("a", "2024-01-17", None, &format!(r#","org_units":{units}"#)),
            "",
        );
        assert_shows(&person, &[(Canonical::Team, team)]);
    }
}

#[test]
fn r07_a_custom_field_whose_id_is_broken_is_unseen_and_not_empty() {
    let badge = Attribute::parse("custom.badge").unwrap();
    let people = PERSON.replace(
        r#""id":"dynamic_309","type":"string","global_id""#,
        r#""id":"dynamic_309 \ud83d","type":"string","global_id""#,
    );
    assert_ne!(people, PERSON);
    let roster = roster_of(&people, "", "", &BTreeSet::new());
    assert_eq!(roster.employees().unwrap()[0].attributes.field(badge), Field::Unseen);
}

#[test]
fn of_what_people_are_paid_basic_pay_counts_that_holds_today() {
    let row = |category: &str, value: &str, interval: &str, from: &str| {
        format!(
            r#"{{"person":{{"id":"3003"}},"category":"{category}","value":{value},"currency":"EUR","interval":{interval},"effective_from":"{from}"}}"#
        )
    };
    let value = Field::Value;
    for (rows, rate, period) in [
        (
            vec![
                row("FIXED_SALARY", "4000.50", r#""MONTHLY""#, "2025-01-01"),
                row("FIXED_SALARY", "4500", r#""MONTHLY""#, "2026-03-20"),
                row("ONE_TIME", "99", "null", "2026-03-01"),
            ],
            "4000.5",
            value("month"),
        ),
        (
            vec![row("HOURLY_SALARY", "17", r#""MONTHLY""#, "2025-01-01")],
            "17",
            value("hour"),
        ),
        (
            vec![row("FIXED_SALARY", "50000", r#""yearly""#, "2025-01-01")],
            "50000",
            value("year"),
        ),
        (
            vec![row("FIXED_SALARY", "9000", r#""QUARTERLY""#, "2025-01-01")],
            "9000",
            Field::Unseen,
        ),
    ] {
        let person = person("", &rows.join(","));
        assert_shows(
            &person,
            &[
                (Canonical::PayRate, value(rate)),
                (Canonical::PayPeriod, period),
                (Canonical::PayCurrency, value("EUR")),
            ],
        );
    }
}

#[test]
fn a_custom_field_is_a_text_a_day_or_a_list_and_one_that_is_sent_without_a_value_has_none() {
    let person = person("", "");
    let shown = ["farbe", "review", "badge", "languages", "locker"].map(|name| {
        let attribute = Attribute::parse(&format!("custom.{name}")).unwrap();
        person.attributes.field(attribute)
    });
    let value = Field::Value;
    assert_eq!(
        shown,
        [
            value("Red"),
            value("2026-04-01"),
            Field::Empty,
            value("English, Français"),
            Field::Unseen
        ]
    );
}

#[test]
fn r34_bank_details_are_read_where_that_was_allowed_and_else_named_only() {
    let iban = Attribute::parse("custom.iban").unwrap();
    let closed = roster("", "", &BTreeSet::new());
    assert_eq!(closed.header.hidden[&iban], "forbidden_category");
    assert!(!closed.employees().unwrap()[0].attributes.as_packed().contains("CANARY"));
    let open = roster("", "", &BTreeSet::from([Category::BankDetails]));
    let person = &open.employees().unwrap()[0];
    assert_eq!(person.attributes.field(iban), Field::Value("CANARY"));
}
