//! What is unseen, what is empty, and what is hidden, with the reason.

use super::{ANA, CONTRACT, Read, custom, hidden};
use crate::{
    employee::{Canonical, Field},
    source::factorial::Reach,
};

#[test]
fn r07_a_member_that_is_not_there_is_unseen_and_null_is_empty() {
    let person = Read::of(r#"{"data":[{"id":1,"first_name":null,"city":"","address_line_2":null}]}"#).person();
    assert_eq!(person.attributes.field(Canonical::FirstName), Field::Empty);
    assert_eq!(person.attributes.field(Canonical::City), Field::Empty);
    for unseen in [
        Canonical::LastName,
        Canonical::WorkEmail,
        Canonical::Manager,
        Canonical::WorkLocation,
    ] {
        assert_eq!(person.attributes.field(unseen), Field::Unseen, "{}", unseen.name());
    }
}

#[test]
fn r07_without_a_contract_row_job_and_pay_are_unseen_but_without_a_membership_there_is_no_team() {
    let person = Read::of(ANA).person();
    for unseen in [
        Canonical::JobTitle,
        Canonical::PayRate,
        Canonical::PayCurrency,
        Canonical::EmploymentType,
    ] {
        assert_eq!(person.attributes.field(unseen), Field::Unseen, "{}", unseen.name());
    }
    assert_eq!(person.attributes.field(Canonical::Team), Field::Empty);
    assert_eq!(
        person.value(Canonical::StartDate),
        Some("2019-01-01"),
        "the seniority date is what there is"
    );
}

#[test]
fn r07_a_job_title_that_stands_in_the_catalogue_of_jobs_is_not_empty() {
    for (catalogue, expected) in [("null", Field::Empty), (r#""7f2c""#, Field::Unseen)] {
        let title = format!(r#""job_title":null,"job_catalog_tree_node_uuid":{catalogue}"#);
        let contracts = CONTRACT.replace(r#""job_title":"Engineer""#, &title);
        let mut read = Read::of(ANA);
        read.contracts = Some(&contracts);
        assert_eq!(
            read.person().attributes.field(Canonical::JobTitle),
            expected,
            "{catalogue}"
        );
    }
}

#[test]
fn r07_a_list_that_may_not_be_read_hides_what_comes_from_it() {
    let mut read = Read::of(ANA);
    read.contracts = None;
    read.memberships = None;
    read.values = None;
    read.references.locations = None;
    read.references.fields = Some(vec![r#"{"data":[{"id":"41","field_type":"text","slug":"size"}]}"#]);
    let roster = read.roster();
    assert_eq!(
        hidden(&roster),
        [
            "employment_type: no_permission",
            "job_title: no_permission",
            "pay_currency: no_permission",
            "pay_period: no_permission",
            "pay_rate: no_permission",
            "start_date: no_permission",
            "team: no_permission",
            "time_zone: no_permission",
            "work_city: no_permission",
            "work_location: no_permission",
            "custom.size: no_permission",
        ]
    );
    let person = &roster.employees().unwrap()[0];
    for unseen in [Canonical::StartDate, Canonical::Team, Canonical::TimeZone] {
        assert_eq!(person.attributes.field(unseen), Field::Unseen, "{}", unseen.name());
    }
    assert_eq!(custom(person, "size"), Field::Unseen);
}

const TWO: &str = r#"{"data":[
    {"id":"1","first_name":"Ana","birthday_on":null,"city":"Rome"},
    {"id":"2","first_name":"Bo","birthday_on":null,"city":null}]}"#;

#[test]
fn r07_null_for_everybody_under_a_users_token_is_hidden_and_not_empty() {
    let mut read = Read::of(TWO);
    read.reach = Reach::UserByNull;
    let roster = read.roster();
    let reasons = &roster.header.hidden;
    assert_eq!(reasons[&Canonical::BirthDate.into()], "not_shown");
    assert!(!reasons.contains_key(&Canonical::City.into()));
    for person in roster.employees().unwrap() {
        assert_eq!(person.attributes.field(Canonical::BirthDate), Field::Unseen);
    }
    assert_eq!(
        roster.employees().unwrap()[1].attributes.field(Canonical::City),
        Field::Unseen,
        "it may be hidden for this person alone"
    );
    assert!(!roster.header.visible.contains(&Canonical::BirthDate.into()));
}

#[test]
fn null_for_everybody_under_a_key_is_empty() {
    let roster = Read::of(TWO).roster();
    assert!(!roster.header.hidden.contains_key(&Canonical::BirthDate.into()));
    assert_eq!(
        roster.employees().unwrap()[0].attributes.field(Canonical::BirthDate),
        Field::Empty
    );
}

#[test]
fn a_member_that_nobody_has_is_named_as_not_shown() {
    let roster = Read::of(TWO).roster();
    assert_eq!(roster.header.hidden[&Canonical::EmployeeNumber.into()], "not_shown");
}

#[test]
fn r07_what_cannot_be_read_is_not_replaced_by_another_member() {
    for (whole, broken, attribute) in [
        (
            "\"Ana@acme.example\"",
            r#""Ana\ud83d@acme.example""#,
            Canonical::WorkEmail,
        ),
        ("\"Anita\"", r#""Anita\ud83d""#, Canonical::DisplayName),
        ("\"2018-05-01\"", r#""2018-05-01\udc00""#, Canonical::StartDate),
        (
            r#""salary_currency":null"#,
            r#""salary_currency":"EUR\udc00""#,
            Canonical::PayCurrency,
        ),
    ] {
        let [people, contracts] = [ANA, CONTRACT].map(|text| text.replace(whole, broken));
        let mut read = Read::of(&people);
        read.contracts = Some(&contracts);
        let person = read.person();
        let mut invalid = person.attributes.view().invalid();
        assert!(
            invalid.any(|name| name.to_string() == attribute.name()),
            "{} is replaced",
            attribute.name()
        );
    }
}

/// Returns whether a person has an attribute that cannot be read.
fn is_invalid(person: &crate::employee::Employee, attribute: Canonical) -> bool {
    let mut invalid = person.attributes.view().invalid();
    invalid.any(|name| name.to_string() == attribute.name())
}

#[test]
fn r07_a_contract_whose_owner_is_broken_may_be_that_of_a_person_who_has_none() {
    let contracts = CONTRACT.replace(r#""employee_id":"101""#, r#""employee_id":"101\ud83d""#);
    assert_ne!(contracts, CONTRACT);
    let mut read = Read::of(ANA);
    read.contracts = Some(&contracts);
    let person = read.person();
    for attribute in [Canonical::JobTitle, Canonical::PayRate, Canonical::StartDate] {
        assert!(is_invalid(&person, attribute), "{}", attribute.name());
    }
    let currency = person.attributes.field(Canonical::PayCurrency);
    assert!(
        currency == Field::Unseen && !is_invalid(&person, Canonical::PayCurrency),
        "what the contract does not show is not shown"
    );
}

#[test]
fn of_several_contracts_the_latest_in_force_counts_else_the_nearest_to_come_else_the_latest() {
    let row = |title: &str, from: &str, until: &str| {
        format!(r#"{{"employee_id":101,"effective_on":"{from}","ends_on":{until},"job_title":"{title}"}}"#)
    };
    let title = |rows: &[String]| {
        let contracts = format!(r#"{{"data":[{}]}}"#, rows.join(","));
        let mut read = Read::of(ANA);
        read.contracts = Some(&contracts);
        read.person().value(Canonical::JobTitle).map(str::to_owned)
    };
    let (over, older) = (
        row("Over", "2025-06-01", r#""2026-03-01""#),
        row("Older", "2020-01-01", "null"),
    );
    let (here, ahead) = (
        row("Here", "2024-01-01", r#""2026-03-02""#),
        row("Ahead", "2026-03-03", "null"),
    );
    let later = row("Later", "2027-01-01", "null");
    for (rows, expected) in [
        (vec![later.clone(), here.clone(), over.clone(), older], Some("Here")),
        (vec![later, ahead.clone(), over.clone()], Some("Ahead")),
        (
            vec![row("Long over", "2019-01-01", r#""2020-01-01""#), over.clone()],
            Some("Over"),
        ),
        (vec![here, row("Broken", "2025-01-01", r#""soon""#)], None),
    ] {
        assert_eq!(title(&rows).as_deref(), expected);
    }
}

#[test]
fn r07_of_several_contracts_one_whose_day_is_broken_gives_way_to_no_older_one() {
    let row = |title: &str, day: &str| format!(r#"{{"employee_id":101,"effective_on":"{day}","job_title":"{title}"}}"#);
    let of = |rows: &[String]| {
        let contracts = format!(r#"{{"data":[{}]}}"#, rows.join(","));
        let mut read = Read::of(ANA);
        read.contracts = Some(&contracts);
        read.person()
    };
    let (older, newer) = (row("Cook", "2020-01-01"), row("Chef", "2025-01-01"));
    assert_eq!(
        of(&[newer.clone(), older.clone()]).value(Canonical::JobTitle),
        Some("Chef")
    );
    let broken = row("Chef", r"2025-01-01\ud83d");
    assert!(is_invalid(&of(&[broken.clone(), older]), Canonical::JobTitle));
    assert_eq!(of(&[broken]).value(Canonical::JobTitle), Some("Chef"));
}

#[test]
fn r07_a_membership_whose_owner_is_broken_counts_where_it_would_come_first() {
    let team = |memberships: &str| {
        let memberships = format!(r#"{{"data":[{memberships}]}}"#);
        let mut read = Read::of(ANA);
        read.memberships = Some(&memberships);
        let person = read.person();
        let team = person.value(Canonical::Team).map(str::to_owned);
        (team, is_invalid(&person, Canonical::Team))
    };
    let own = r#"{"id":5,"employee_id":101,"team_id":11,"direct":true}"#;
    let stray = |id: &str| format!(r#"{{"id":{id},"employee_id":"101\ud83d","team_id":12,"direct":true}}"#);
    assert_eq!(team(&stray("9")), (None, true), "it may be the person's only one");
    assert_eq!(
        team(&[own, &stray("9")].join(",")),
        (Some("Platform".to_owned()), false)
    );
    assert_eq!(team(&[own, &stray("4")].join(",")), (None, true));
    assert_eq!(team(&[own, &stray(r#""9\ud83d""#)].join(",")), (None, true));
    let second = r#"{"id":"4\ud83d","employee_id":101,"team_id":12,"direct":true}"#;
    assert_eq!(
        team(&[own, second].join(",")),
        (None, true),
        "which comes first is not known"
    );
}
