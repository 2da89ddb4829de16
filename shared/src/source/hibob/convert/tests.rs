//! Recorded wire cases: what HiBob sends, and what becomes of it.

use std::collections::BTreeSet;

use super::*;
use crate::{
    connector::{ByReport, Lists, permitted},
    employee::{Attribute, Canonical, Category, CompanyId, Employee as Person, Field},
    roster::{Builder, Company, Roster},
};

/// A person in the form that was observed on a demo tenant, shortened.
const ANA: &str = r#"{"id":"3332883884017713264","companyId":636192,"firstName":"Ana","surname":"Ruiz","displayName":"Ana Ruiz","email":"ana@acme.example",
    "personal":{"birthDate":"1990-02-03"},"home":{"mobilePhone":"+34600123456","privateEmail":"ana@home.example"},
    "address":{"line1":"Calle Mayor 1","line2":null,"city":"Madrid","postCode":"28013","country":"250"},
    "work":{"title":"280138271","department":"280138272","site":"Madrid HQ","startDate":"2020-01-06","manager":"3332883884017713200",
        "employeeIdInCompany":12,"workPhone":null,"custom":{"field_1":["7","9"],"field_2":"CANARY","field_3":"CC-001","field_4":4.5,"field_5":{"value":10.5,"currency":"EUR"}}},
    "internal":{"status":"Active","terminationDate":null},
    "payroll":{"employment":{"type":"300"},"salary":{"payment":{"value":65000.5,"currency":"EUR"},"payPeriod":"400"}},
    "financial":{"iban":"CANARY ES00"},
    "humanReadable":{"work":{"title":"Engineer","department":"Platform","startDate":"06/01/2020","custom":{"field_1":["English","Español"]}},
        "address":{"country":"Spain"},"payroll":{"employment":{"type":"Full time"},"salary":{"payment":"€65,000.50","payPeriod":"Annual"}}}}"#;

const FIELDS: &str = r#"[{"id":"work.title","name":"Job title","type":"list"},
    {"id":"work.custom.field_1","name":"Languages","type":"multi-list"},{"id":"work.custom.field_2","name":"Religion","type":"text"},
    {"id":"work.custom.field_3","name":"Cost centre","type":"text"},{"id":"work.custom.field_4","name":"Size","type":"number"},
    {"id":"work.custom.field_5","name":"Budget","type":"currency"},{"id":"work.custom.field_6","name":null,"type":"text"}]"#;

fn roster(fields: &str, people: &str, allowed: &BTreeSet<Category>) -> Roster {
    let mut roster = Builder::new(Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    });
    let fields = read_fields("list fields", fields, allowed).unwrap();
    let (given, none) = (permitted(GIVEN, allowed), Lists::from_iter([]));
    let today = "2026-03-02".parse().unwrap();
    let mut report = ByReport::<Everybody>::new(given, &fields, &none, today, &mut roster).unwrap();
    report.convert(&format!("[{people}]"), &mut roster).unwrap();
    report.finish(&mut roster).unwrap();
    roster.finish(None).unwrap()
}

fn person(people: &str) -> Person {
    roster(FIELDS, people, &BTreeSet::new()).employees().unwrap().remove(0)
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

fn custom<'p>(person: &'p Person, name: &str) -> Field<&'p str> {
    person
        .attributes
        .field(Attribute::parse(&format!("custom.{name}")).unwrap())
}

#[test]
fn fields_stand_at_their_paths_and_what_is_in_lists_is_called_by_its_name() {
    let ana = person(ANA);
    assert_eq!(ana.id.as_str(), "3332883884017713264");
    assert_shows(
        &ana,
        &[
            (Canonical::AddressLine1, Field::Value("Calle Mayor 1")),
            (Canonical::BankDetails, Field::Unseen),
            (Canonical::BirthDate, Field::Value("1990-02-03")),
            (Canonical::Country, Field::Value("ES")),
            (Canonical::Department, Field::Value("Platform")),
            (Canonical::DisplayName, Field::Value("Ana Ruiz")),
            (Canonical::EmployeeNumber, Field::Value("12")),
            (Canonical::EmploymentStatus, Field::Value("active")),
            (Canonical::EmploymentType, Field::Value("full_time")),
            (Canonical::JobTitle, Field::Value("Engineer")),
            (Canonical::Manager, Field::Value("3332883884017713200")),
            (Canonical::MobilePhone, Field::Value("+34600123456")),
            (Canonical::PayCurrency, Field::Value("EUR")),
            (Canonical::PayPeriod, Field::Value("year")),
            (Canonical::PayRate, Field::Value("65000.5")),
            (Canonical::StartDate, Field::Value("2020-01-06")),
            (Canonical::WorkEmail, Field::Value("ana@acme.example")),
            (Canonical::WorkLocation, Field::Value("Madrid HQ")),
        ],
    );
    assert_eq!(custom(&ana, "languages"), Field::Value("English, Español"));
    assert_eq!(custom(&ana, "cost_centre"), Field::Value("CC-001"));
    assert_eq!(custom(&ana, "size"), Field::Value("4.5"));
    assert_eq!(custom(&ana, "budget"), Field::Value("10.5"));
    assert!(!ana.attributes.as_packed().contains("CANARY"));
}

#[test]
fn r07_an_id_without_a_name_says_nothing_and_a_text_stands_for_itself() {
    let nameless = ANA.replace("humanReadable", "other");
    assert_shows(
        &person(&nameless),
        &[
            (Canonical::JobTitle, Field::Unseen),
            (Canonical::EmploymentType, Field::Unseen),
            (Canonical::WorkLocation, Field::Value("Madrid HQ")),
        ],
    );
    let texts = nameless.replace("\"title\":\"280138271\"", "\"title\":\"Engineer\"");
    assert_shows(&person(&texts), &[(Canonical::JobTitle, Field::Value("Engineer"))]);
}

#[test]
fn the_newer_form_of_the_list_of_fields_is_an_object() {
    let newer = format!(r#"{{"fields":{FIELDS}}}"#);
    let ana = roster(&newer, ANA, &BTreeSet::new()).employees().unwrap().remove(0);
    assert_eq!(custom(&ana, "cost_centre"), Field::Value("CC-001"));
    assert!(read_fields("list fields", "<html></html>", &BTreeSet::new()).is_err());
}

#[test]
fn r34_bank_details_are_decoded_under_an_exception_alone() {
    let allowed = BTreeSet::from([Category::BankDetails]);
    let ana = roster(FIELDS, ANA, &allowed).employees().unwrap().remove(0);
    assert_shows(&ana, &[(Canonical::BankDetails, Field::Value("CANARY ES00"))]);
}

#[test]
fn r10_a_last_day_before_the_first_one_of_a_person_who_is_there_is_that_of_an_employment_before() {
    let with = |status: &str, last_day: &str| {
        let ended = ANA.replace(
            "\"terminationDate\":null",
            &format!("\"terminationDate\":\"{last_day}\""),
        );
        // Beside a person who left, so that what is empty is not hidden.
        let left = r#"{"id":"1","internal":{"status":"Inactive","terminationDate":"2024-01-31"},"work":{"startDate":"2020-01-01"}}"#;
        let one = ended.replace("\"status\":\"Active\"", &format!("\"status\":\"{status}\""));
        let people = roster(FIELDS, &format!("{one},{left}"), &BTreeSet::new())
            .employees()
            .unwrap();
        let ana = people.into_iter().find(|person| person.id.as_str() != "1").unwrap();
        ana.attributes.field(Canonical::TerminationDate).map(str::to_owned)
    };
    assert_eq!(with("Active", "2019-06-30"), Field::Empty);
    assert_eq!(with("Active", "2026-06-30"), Field::Value("2026-06-30".to_owned()));
    assert_eq!(with("Inactive", "2019-06-30"), Field::Value("2019-06-30".to_owned()));
}

#[test]
fn a_person_whose_first_day_lies_ahead_is_not_said_to_have_left() {
    let later = ANA
        .replace("\"startDate\":\"2020-01-06\"", "\"startDate\":\"2026-05-04\"")
        .replace("\"status\":\"Active\"", "\"status\":\"Inactive\"");
    assert_shows(&person(&later), &[(Canonical::EmploymentStatus, Field::Unseen)]);
}
