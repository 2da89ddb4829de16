//! Recorded wire cases: what Humaans sends, and what becomes of it.

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Lists, Related},
    employee::{Attribute, Canonical, Category, CompanyId, Employee as Person, Field},
    roster::{Builder, Company, Roster},
};

/// A person as the vendor's page has one, shortened.
const ANA: &str = r#"{"id":"VMB1yzL5uL8VvNNCJc9rykJz","companyId":"SBkKxrQHJtkPdJ0WVDmWcuKZ","firstName":"Ana","lastName":"Ruiz",
    "preferredName":null,"email":"ana@acme.example","employeeId":"12","locationId":"l1","remoteCity":null,"remoteTimezone":null,
    "timezone":"Europe/Madrid","teams":[{"name":"Platform"},{"name":"Design"}],"status":"active","contractType":"Full time",
    "employmentStartDate":"2020-01-06","employmentEndDate":null,"lastWorkingDay":"2020-01-06","birthday":"1990-02-03",
    "personalEmail":"ana@home.example","phoneNumber":null,"personalPhoneNumber":"+34600123456","address":"Calle Mayor 1","city":"Madrid",
    "postcode":"28013","countryCode":"ES","country":"Spain","taxId":"CANARY","nationality":"CANARY","calendarFeedToken":"CANARY"}"#;

const ROLES: &str = r#"{"personId":"VMB1yzL5uL8VvNNCJc9rykJz","jobTitle":"Lead","department":"Engineering","reportingTo":"p2","effectiveDate":"2024-01-01","endDate":null},
    {"personId":"VMB1yzL5uL8VvNNCJc9rykJz","jobTitle":"Engineer","department":"Design","reportingTo":null,"effectiveDate":"2020-01-06","endDate":"2023-12-31"}"#;

const PAY: &str = r#"{"personId":"VMB1yzL5uL8VvNNCJc9rykJz","compensationTypeId":"t2","amount":"900","currency":"USD","period":"annual","effectiveDate":"2025-01-01","endDate":null},
    {"personId":"VMB1yzL5uL8VvNNCJc9rykJz","compensationTypeId":"t1","amount":"65000.50","currency":"EUR","period":"annual","effectiveDate":"2020-01-06","endDate":null}"#;

const ACCOUNT: &str = r#"{"personId":"VMB1yzL5uL8VvNNCJc9rykJz","bankName":"Bank","accountNumber":"1234","sortCode":"20-00-00","swiftCode":null}"#;

/// A list of one page; without rows, it may not be read.
fn page(of: Resource, rows: Option<&str>) -> (Resource, Option<Vec<String>>) {
    (of, rows.map(|rows| vec![text(rows)]))
}

fn text(rows: &str) -> String {
    format!(r#"{{"total":9,"limit":250,"skip":0,"data":[{rows}]}}"#)
}

fn of(related: &Related) -> Resource {
    *related.list().unwrap()
}

fn lists(pay: Option<&str>, values: Option<&str>) -> Lists {
    let pages = [
        page(COMPANIES, Some(r#"{"id":"SBkKxrQHJtkPdJ0WVDmWcuKZ","name":"Acme"}"#)),
        page(
            of(&LOCATIONS),
            Some(r#"{"id":"l1","label":"HQ","city":"Madrid","timezone":"Europe/Madrid"}"#),
        ),
        page(of(&JOB_ROLES), Some(ROLES)),
        page(of(&COMPENSATIONS), pay),
        page(
            of(&PAY_TYPES),
            Some(r#"{"id":"t1","baseType":"salary"},{"id":"t2","baseType":"bonus"}"#),
        ),
        page(of(&BANK_ACCOUNTS), Some(ACCOUNT)),
        page(
            CUSTOM_FIELDS,
            Some(
                r#"{"id":"f1","name":"Languages","type":"select"},{"id":"f2","name":"Religion"},{"id":"f3","name":null}"#,
            ),
        ),
        page(CUSTOM_VALUES, values),
    ];
    pages.iter().map(|(of, pages)| (of, pages.clone())).collect()
}

fn read(lists: &Lists, people: &str, allowed: &BTreeSet<Category>) -> Roster {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let wanted = Wanted::everything();
    let mut roster = Builder::wanting(wanted.clone(), company);
    let census = ByLayout::<Everybody>::new(allowed, &wanted, "2026-03-02".parse().unwrap());
    let references = Arc::new(census.refer(lists).unwrap());
    let mut converter = census.begin(references, &mut roster);
    converter
        .convert(&text(people), &Lists::from_iter([]), &mut roster)
        .unwrap();
    converter.finish(&roster).unwrap();
    roster.finish(None).unwrap()
}

fn person(lists: &Lists, people: &str) -> Person {
    read(lists, people, &BTreeSet::new()).employees().unwrap().remove(0)
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

#[test]
fn a_person_is_put_together_from_the_lists_beside_them() {
    let ana = person(&lists(Some(PAY), Some("")), ANA);
    assert_eq!(ana.id.as_str(), "VMB1yzL5uL8VvNNCJc9rykJz");
    assert_shows(
        &ana,
        &[
            (Canonical::AddressLine1, Field::Value("Calle Mayor 1")),
            (Canonical::BankDetails, Field::Unseen),
            (Canonical::BirthDate, Field::Value("1990-02-03")),
            (Canonical::Country, Field::Value("ES")),
            (Canonical::Department, Field::Value("Engineering")),
            (Canonical::EmployeeNumber, Field::Value("12")),
            (Canonical::EmploymentStatus, Field::Value("active")),
            (Canonical::EmploymentType, Field::Value("full_time")),
            (Canonical::Group, Field::Value("Acme")),
            (Canonical::JobTitle, Field::Value("Lead")),
            (Canonical::Manager, Field::Value("p2")),
            (Canonical::MobilePhone, Field::Value("+34600123456")),
            (Canonical::PayCurrency, Field::Value("EUR")),
            (Canonical::PayPeriod, Field::Value("year")),
            (Canonical::PayRate, Field::Value("65000.5")),
            (Canonical::StartDate, Field::Value("2020-01-06")),
            (Canonical::Team, Field::Value("Platform")),
            (Canonical::TimeZone, Field::Value("Europe/Madrid")),
            (Canonical::WorkCity, Field::Value("Madrid")),
            (Canonical::WorkLocation, Field::Value("HQ")),
            (Canonical::ZipCode, Field::Value("28013")),
        ],
    );
    assert!(!ana.attributes.as_packed().contains("CANARY"));
}

#[test]
fn r34_bank_details_are_read_under_an_exception_alone() {
    let lists = lists(Some(PAY), Some(""));
    let allowed = BTreeSet::from([Category::BankDetails]);
    let ana = read(&lists, ANA, &allowed).employees().unwrap().remove(0);
    assert_shows(&ana, &[(Canonical::BankDetails, Field::Value("1234, 20-00-00"))]);
    let asked = |allowed: &BTreeSet<Category>| {
        let wanted = Wanted::everything();
        let census = ByLayout::<Everybody>::new(allowed, &wanted, "2026-03-02".parse().unwrap());
        format!("{:?}", census.shared()).contains("/api/bank-accounts")
    };
    assert!(asked(&allowed) && !asked(&BTreeSet::new()));
}

#[test]
fn a_person_who_works_remotely_has_town_and_zone_of_their_own() {
    let remote = ANA.replace(
        r#""locationId":"l1","remoteCity":null,"remoteTimezone":null"#,
        r#""locationId":"remote","remoteCity":"Porto","remoteTimezone":"Europe/Lisbon""#,
    );
    assert_shows(
        &person(&lists(Some(PAY), Some("")), &remote),
        &[
            (Canonical::TimeZone, Field::Value("Europe/Lisbon")),
            (Canonical::WorkCity, Field::Value("Porto")),
            (Canonical::WorkLocation, Field::Value("Remote")),
        ],
    );
}

#[test]
fn r07_what_a_token_may_not_see_is_unseen_and_reported() {
    let public = r#"{"id":"1","firstName":"Ana","lastName":"Ruiz","status":"active","phoneNumber":null,"teams":[]}"#;
    let read = read(&lists(None, None), public, &BTreeSet::new());
    let hidden = |attribute: Attribute| read.header.hidden.get(&attribute).map(String::as_str);
    for attribute in [Canonical::PayRate, Canonical::PayPeriod, Canonical::PayCurrency] {
        assert_eq!(hidden(attribute.into()), Some("no_permission"), "{}", attribute.name());
    }
    for attribute in [
        Canonical::AddressLine1,
        Canonical::BirthDate,
        Canonical::TerminationDate,
        Canonical::MobilePhone,
    ] {
        assert_eq!(hidden(attribute.into()), Some("not_shown"), "{}", attribute.name());
    }
    assert_eq!(
        hidden(Attribute::parse("custom.languages").unwrap()),
        Some("no_permission")
    );
}

#[test]
fn a_department_may_be_an_object_and_a_word_that_nobody_knows_is_unseen() {
    let roles = ROLES.replace(
        r#""department":"Engineering""#,
        r#""department":{"name":"Engineering"}"#,
    );
    let pay = PAY.replace("annual", "fortnightly");
    let mut pages = vec![page(of(&JOB_ROLES), Some(&roles)), page(of(&COMPENSATIONS), Some(&pay))];
    pages.push(page(of(&PAY_TYPES), Some(r#"{"id":"t1","baseType":"salary"}"#)));
    let lists = pages.iter().map(|(of, pages)| (of, pages.clone())).collect();
    let leaver = ANA.replace(r#""status":"active""#, r#""status":"elsewhere""#);
    assert_shows(
        &person(&lists, &leaver),
        &[
            (Canonical::Department, Field::Value("Engineering")),
            (Canonical::EmploymentStatus, Field::Unseen),
            (Canonical::PayPeriod, Field::Unseen),
            (Canonical::PayRate, Field::Value("65000.5")),
        ],
    );
}

#[test]
fn r34_custom_values_are_texts_or_choices_and_those_of_a_forbidden_field_are_left_out() {
    let values = r#"{"id":"v1","personId":"VMB1yzL5uL8VvNNCJc9rykJz","customFieldId":"f1","value":["English","Español"]},
        {"id":"v2","personId":"VMB1yzL5uL8VvNNCJc9rykJz","customFieldId":"f2","value":"CANARY"},
        {"id":"v3","personId":"VMB1yzL5uL8VvNNCJc9rykJz","customFieldId":"f3","value":"CANARY"}"#;
    let lists = lists(Some(PAY), Some(values));
    let ana = person(&lists, ANA);
    let languages = Attribute::parse("custom.languages").unwrap();
    assert_eq!(ana.attributes.field(languages), Field::Value("English, Español"));
    assert!(!ana.attributes.as_packed().contains("CANARY"));
    let allowed = BTreeSet::from([Category::Religion]);
    let ana = read(&lists, ANA, &allowed).employees().unwrap().remove(0);
    assert_eq!(
        ana.attributes.field(Attribute::parse("custom.religion").unwrap()),
        Field::Value("CANARY")
    );
}
