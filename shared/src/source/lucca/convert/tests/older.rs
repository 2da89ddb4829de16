//! Users of the older API.

use super::{
    super::super::wire::{ESTABLISHMENTS as PLACES, EXTENSIONS, FIXED_ITEMS},
    *,
};
use crate::source::Class;

const ESTABLISHMENTS: &str = r#"{"items":[
    {"id":300,"name":"Paris","timeZoneId":"Europe/Paris","address":{"street":"1 rue X","city":"Paris"},"legalUnit":{"id":100,"name":"Acme SAS"}},
    {"id":301,"name":"Lyon","timezoneId":"Europe/Paris","address":null,"legalUnit":null}],"count":2}"#;

pub(super) fn references_with(extensions: &str) -> Lists {
    lists([(of(&PLACES), Some(ESTABLISHMENTS)), (EXTENSIONS, Some(extensions))])
}

fn references() -> Lists {
    references_with(r#"{"data":{"items":[],"count":0}}"#)
}

pub(super) fn page<'a>(people: &'a str, pay: Option<&str>) -> Page<'a> {
    Page {
        api: Api::Older,
        people,
        lists: lists([(of(&FIXED_ITEMS), pay)]),
    }
}

pub(super) const NO_PAY: &str = r#"{"items":[],"count":0}"#;

const ANA: &str = r#"{"header":{"generated":"x"},"data":{"items":[{"id":101,"firstName":"Ana","lastName":"RUIZ","name":"Ana RUIZ",
    "mail":"Ana@acme.example","personalEmail":null,"professionalMobile":"+33 6 12 34 56 78","address":"1 rue Y\r\n75001 Paris",
    "birthDate":"1990-02-03T00:00:00","employeeNumber":"E-1","jobTitle":"Engineer","dtContractStart":"2019-01-01T00:00:00",
    "dtContractEnd":null,"legalEntity":{"id":300,"name":"Paris"},"department":{"name":"Design"},"manager":{"id":100},
    "iban":"FR76","extendedData":{}}],"count":1}}"#;

/// An amount of basic pay of Ana's.
fn amount(id: u64, nature: u64, amount: &str, starts_on: &str, ends_on: Option<&str>) -> String {
    let ends_on = ends_on.map_or("null".to_owned(), |day| format!("\"{day}\""));
    format!(
        r#"{{"id":{id},"amount":{amount},"startsOn":"{starts_on}","endsOn":{ends_on},"natureId":{nature},
            "nature":{{"id":{nature},"category":{{"id":1,"code":"BASIC_SALARY"}},
                "establishments":[{{"id":301,"currencyCode":"CHF"}},{{"id":300,"currencyCode":"EUR"}}]}},
            "workContract":{{"workContractId":9,"ownerId":101}}}}"#
    )
}

fn items(amounts: &[String]) -> String {
    format!(r#"{{"items":[{}],"count":{}}}"#, amounts.join(","), amounts.len())
}

#[test]
fn a_person_is_put_together_from_all_lists() {
    let pay = items(&[amount(1, 1, "3500.50", "2025-01-01", None)]);
    let person = person(&references(), &page(ANA, Some(&pay)));
    assert_shows(
        &person,
        &[
            (Canonical::AddressLine1, Field::Value("1 rue Y\n75001 Paris")),
            (Canonical::BankDetails, Field::Unseen),
            (Canonical::BirthDate, Field::Value("1990-02-03")),
            (Canonical::Department, Field::Value("Design")),
            (Canonical::DisplayName, Field::Value("Ana RUIZ")),
            (Canonical::EmployeeId, Field::Value("101")),
            (Canonical::EmployeeNumber, Field::Value("E-1")),
            (Canonical::EmploymentStatus, Field::Unseen),
            (Canonical::EmploymentType, Field::Unseen),
            (Canonical::FirstName, Field::Value("Ana")),
            (Canonical::Group, Field::Value("Acme SAS")),
            (Canonical::JobTitle, Field::Value("Engineer")),
            (Canonical::LastName, Field::Value("RUIZ")),
            (Canonical::Manager, Field::Value("100")),
            (Canonical::MobilePhone, Field::Value("+33612345678")),
            (Canonical::PayCurrency, Field::Value("EUR")),
            (Canonical::PayPeriod, Field::Unseen),
            (Canonical::PayRate, Field::Value("3500.5")),
            (Canonical::StartDate, Field::Value("2019-01-01")),
            (Canonical::TimeZone, Field::Value("Europe/Paris")),
            (Canonical::WorkCity, Field::Value("Paris")),
            (Canonical::WorkEmail, Field::Value("ana@acme.example")),
            (Canonical::WorkLocation, Field::Value("Paris")),
        ],
    );
}

#[test]
fn r07_what_is_null_and_takes_a_permission_is_unseen_and_hidden_where_it_is_null_for_everybody() {
    let two = r#"{"data":{"items":[
        {"id":1,"firstName":"A","mail":"a@x.example","manager":null,"department":null,"legalEntity":null},
        {"id":2,"firstName":"B","mail":null,"manager":{"id":1},"department":{"name":"D"},"legalEntity":{"id":301,"name":"Lyon"}}],"count":2}}"#;
    let roster = roster(&references(), &page(two, Some(NO_PAY)));
    let people = roster.employees().unwrap();
    let (one, two) = (&people[0], &people[1]);
    for attribute in [
        Canonical::Manager,
        Canonical::Department,
        Canonical::WorkLocation,
        Canonical::TimeZone,
    ] {
        assert_eq!(one.attributes.field(attribute), Field::Unseen, "{}", attribute.name());
        assert!(two.attributes.value(attribute).is_some(), "{}", attribute.name());
    }
    assert_eq!(two.attributes.field(Canonical::WorkEmail), Field::Empty);
    let hidden = hidden(&roster);
    for (name, reason) in [
        ("group", "not_shown"),
        ("work_city", "not_shown"),
        ("birth_date", "not_shown"),
    ] {
        assert!(hidden.contains(&format!("{name}: {reason}")), "{hidden:?}");
    }
}

#[test]
fn r07_lists_that_may_not_be_read_hide_what_comes_from_them_and_a_place_that_is_not_listed_says_nothing() {
    let none = lists([(of(&PLACES), None), (EXTENSIONS, None)]);
    let read = roster(&none, &page(ANA, None));
    let hidden = hidden(&read);
    for name in ["group", "time_zone", "work_city", "pay_rate", "pay_currency"] {
        assert!(hidden.contains(&format!("{name}: no_permission")), "{name}: {hidden:?}");
    }
    let elsewhere = ANA.replace("\"id\":300", "\"id\":999");
    let person = person(&references(), &page(&elsewhere, Some(NO_PAY)));
    assert_shows(
        &person,
        &[
            (Canonical::WorkLocation, Field::Value("Paris")),
            (Canonical::WorkCity, Field::Unseen),
            (Canonical::Group, Field::Unseen),
        ],
    );
}

#[test]
fn of_several_amounts_the_current_one_counts_else_the_next_else_the_last() {
    let past = || amount(1, 1, "1000", "2020-01-01", Some("2025-12-31"));
    let current = || amount(2, 1, "2000", "2026-01-01", Some("2026-12-31"));
    let next = || amount(3, 1, "3000", "2027-01-01", None);
    let later = || amount(4, 1, "4000", "2028-01-01T00:00:00", None);
    for (amounts, expected) in [
        (vec![later(), past(), next(), current()], "2000"),
        (vec![later(), past(), next()], "3000"),
        (
            vec![past(), amount(5, 1, "900", "2019-01-01", Some("2019-12-31"))],
            "1000",
        ),
        (vec![amount(6, 1, "2000", TODAY, Some(TODAY))], "2000"),
    ] {
        let text = items(&amounts);
        let person = person(&references(), &page(ANA, Some(&text)));
        assert_eq!(person.value(Canonical::PayRate), Some(expected), "{text}");
    }
}

#[test]
fn r07_amounts_of_two_natures_at_one_time_are_not_valid_and_other_amounts_are_not_basic_pay() {
    let two = items(&[
        amount(1, 1, "2000", "2026-01-01", None),
        amount(2, 2, "500", "2026-02-01", None),
    ]);
    let both = person(&references(), &page(ANA, Some(&two)));
    assert_eq!(both.attributes.field(Canonical::PayRate), Field::Unseen);
    let invalid: Vec<_> = both.attributes.view().invalid().map(|name| name.to_string()).collect();
    assert_eq!(invalid, ["pay_rate"]);
    let bonus = items(&[amount(1, 1, "2000", "2026-01-01", None).replace("BASIC_SALARY", "BONUS")]);
    let read = roster(&references(), &page(ANA, Some(&bonus)));
    assert!(hidden(&read).contains(&"pay_rate: not_shown".to_owned()));
}

#[test]
fn r31_odd_values_are_not_valid_and_stop_nobody_else() {
    let odd = r#"{"data":{"items":[{"id":1,"firstName":["A"],"mail":{"x":1},"manager":7,"department":{"name":[]},"dtContractStart":"soon"},
        {"id":2,"firstName":"B","mail":"b@x.example","manager":null,"department":null,"dtContractStart":"2020-01-01T00:00:00"}],"count":2}}"#;
    let roster = roster(&references(), &page(odd, Some(NO_PAY)));
    let people = roster.employees().unwrap();
    let invalid: Vec<_> = people[0]
        .attributes
        .view()
        .invalid()
        .map(|name| name.to_string())
        .collect();
    assert_eq!(
        invalid,
        ["department", "first_name", "manager", "start_date", "work_email"]
    );
    assert_eq!(people[1].value(Canonical::StartDate), Some("2020-01-01"));
}

#[test]
fn r05_a_person_without_an_id_proves_nobodys_absence_and_another_form_is_malformed() {
    for users in [
        r#"{"data":{"items":[{"firstName":"A"}],"count":1}}"#,
        r#"{"data":{"items":[{"id":null}],"count":1}}"#,
        r#"{"data":{"items":[1],"count":1}}"#,
        "<html></html>",
    ] {
        let read = try_roster(&references(), &page(users, Some(NO_PAY)), &BTreeSet::new());
        assert_eq!(read.unwrap_err().class, Class::Malformed, "{users}");
    }
}
