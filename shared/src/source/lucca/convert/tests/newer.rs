//! Employees of the newer API.

use super::{
    super::super::wire::{DEFINITIONS, DEPARTMENTS, LEGAL_ENTITIES, RECORDS as RECORD_LIST, VALUES, WORKPLACES},
    *,
};
use crate::source::Class;

pub(super) fn references(definitions: &str) -> Lists {
    lists([
        (
            of(&WORKPLACES),
            Some(
                r#"{"items":[{"id":"300","name":"Paris","timezoneId":"Europe/Paris","address":{"locality":"Paris","countryCode":"FRA"}}],
                "totalCount":1,"links":{"next":null}}"#,
            ),
        ),
        (
            of(&DEPARTMENTS),
            Some(r#"{"items":[{"id":"1","name":"Design","isArchived":true}],"totalCount":1,"links":{}}"#),
        ),
        (
            of(&LEGAL_ENTITIES),
            Some(r#"{"items":[{"id":"100","legalName":"Acme SAS"}],"totalCount":1,"links":{}}"#),
        ),
        (DEFINITIONS, Some(definitions)),
    ])
}

pub(super) const NONE: &str = r#"{"items":[],"totalCount":0,"links":{}}"#;

pub(super) const ANA: &str = r#"{"type":"employees","items":[{"id":"101","type":"employee","givenName":"Ana","familyName":"Ruiz","employeeNumber":null,
    "status":"deactivated","email":"ana@acme.example","birthDay":{"day":3,"month":2},"phoneNumber":"+33612345678",
    "applicableEmployment":{"id":"9","type":"employment"},"applicableJobPosition":{"id":"7","type":"job-position"}}],
    "embedded":{"employment":{"9":{"id":"9","legalEntity":{"id":"100","type":"legal-entity"},"start":{"date":"2019-01-01"},"end":{"date":"2026-01-31"}}},
        "job-position":{"7":{"id":"7","jobTitle":"Engineer","manager":{"id":"100"},"department":{"id":"1"},"businessEstablishment":{"id":"300"}}},
        "other":{"1":{}}},"totalCount":1,"links":{"next":null}}"#;

const RECORDS: &str = r#"{"items":[{"id":"40101","employee":{"id":"101"},"birthDate":"1990-02-03","email":"ana@home.example",
    "legalGender":"female","bankAccount":{"format":"iban","accountIdentifier":"FR76"}}],"totalCount":1,"links":{}}"#;

pub(super) fn page<'a>(people: &'a str, records: Option<&str>, values: Option<&str>) -> Page<'a> {
    Page {
        api: Api::Newer,
        people,
        lists: lists([(of(&RECORD_LIST), records), (VALUES, values)]),
    }
}

#[test]
fn a_person_is_put_together_from_what_the_row_refers_to() {
    let person = person(&references(NONE), &page(ANA, Some(RECORDS), Some(NONE)));
    assert_shows(
        &person,
        &[
            (Canonical::BankDetails, Field::Unseen),
            (Canonical::BirthDate, Field::Value("1990-02-03")),
            (Canonical::Department, Field::Value("Design")),
            (Canonical::DisplayName, Field::Unseen),
            (Canonical::EmployeeId, Field::Value("101")),
            (Canonical::EmploymentStatus, Field::Value("terminated")),
            (Canonical::FirstName, Field::Value("Ana")),
            (Canonical::Group, Field::Value("Acme SAS")),
            (Canonical::JobTitle, Field::Value("Engineer")),
            (Canonical::LastName, Field::Value("Ruiz")),
            (Canonical::Manager, Field::Value("100")),
            (Canonical::MobilePhone, Field::Value("+33612345678")),
            (Canonical::PayRate, Field::Unseen),
            (Canonical::PersonalEmail, Field::Value("ana@home.example")),
            (Canonical::StartDate, Field::Value("2019-01-01")),
            (Canonical::TerminationDate, Field::Value("2026-01-31")),
            (Canonical::TimeZone, Field::Value("Europe/Paris")),
            (Canonical::WorkCity, Field::Value("Paris")),
            (Canonical::WorkEmail, Field::Value("ana@acme.example")),
            (Canonical::WorkLocation, Field::Value("Paris")),
        ],
    );
}

#[test]
fn r07_a_reference_that_leads_to_nothing_says_nothing() {
    let bare = ANA
        .replace("\"9\":{\"id\"", "\"8\":{\"id\"")
        .replace("\"7\":{\"id\"", "\"6\":{\"id\"");
    let read = roster(&references(NONE), &page(&bare, Some(NONE), Some(NONE)));
    let hidden = hidden(&read);
    for name in [
        "start_date",
        "termination_date",
        "group",
        "job_title",
        "manager",
        "department",
        "work_location",
        "birth_date",
    ] {
        assert!(hidden.contains(&format!("{name}: not_shown")), "{name}: {hidden:?}");
    }
    let unlisted = ANA.replace("{\"id\":\"1\"}", "{\"id\":\"5\"}");
    let person = person(&references(NONE), &page(&unlisted, Some(NONE), Some(NONE)));
    assert_eq!(person.attributes.field(Canonical::Department), Field::Unseen);
    assert_eq!(person.value(Canonical::JobTitle), Some("Engineer"));
}

#[test]
fn r07_lists_that_may_not_be_read_hide_what_comes_from_them() {
    let none = lists([
        (of(&WORKPLACES), None),
        (of(&DEPARTMENTS), None),
        (of(&LEGAL_ENTITIES), None),
        (DEFINITIONS, None),
    ]);
    let hidden = hidden(&roster(&none, &page(ANA, None, None)));
    for name in [
        "birth_date",
        "personal_email",
        "department",
        "group",
        "time_zone",
        "work_city",
        "work_location",
    ] {
        assert!(hidden.contains(&format!("{name}: no_permission")), "{name}: {hidden:?}");
    }
}

#[test]
fn an_end_that_is_null_is_no_end_and_a_word_that_is_new_is_not_valid() {
    let two = format!(
        r#"{{"items":[{},{}],"embedded":{{"employment":{{"1":{{"start":{{"date":"2020-01-01"}},"end":null}},"2":{{"start":null,"end":{{"date":"2020-02-01"}}}}}}}},"totalCount":2,"links":{{}}}}"#,
        r#"{"id":"1","status":"on-leave","applicableEmployment":{"id":"1"},"applicableJobPosition":null}"#,
        r#"{"id":"2","status":"upcoming","applicableEmployment":{"id":"2"},"applicableJobPosition":null}"#,
    );
    let roster = roster(&references(NONE), &page(&two, Some(NONE), Some(NONE)));
    let people = roster.employees().unwrap();
    assert_eq!(people[0].attributes.field(Canonical::TerminationDate), Field::Empty);
    assert_eq!(people[0].attributes.field(Canonical::EmploymentStatus), Field::Unseen);
    assert_eq!(people[1].attributes.field(Canonical::StartDate), Field::Empty);
    assert_eq!(people[1].value(Canonical::EmploymentStatus), Some("upcoming"));
}

#[test]
fn r31_what_is_embedded_in_another_form_is_malformed_and_nothing_embedded_is_read_as_nothing() {
    let wrong = r#"{"items":[{"id":"1"}],"embedded":{"employment":[]},"totalCount":1,"links":{}}"#;
    let read = try_roster(
        &references(NONE),
        &page(wrong, Some(NONE), Some(NONE)),
        &BTreeSet::new(),
    );
    assert_eq!(read.unwrap_err().class, Class::Malformed);
    for embedded in [
        "",
        r#""embedded":null,"#,
        r#""embedded":{},"#,
        r#""embedded":{"employment":null,"job-position":null},"#,
    ] {
        let text = format!(r#"{{"items":[{{"id":"1","givenName":"A"}}],{embedded}"totalCount":1,"links":{{}}}}"#);
        let person = person(&references(NONE), &page(&text, Some(NONE), Some(NONE)));
        assert_eq!(person.value(Canonical::FirstName), Some("A"), "{embedded}");
    }
}

#[test]
fn r07_where_the_list_of_custom_fields_is_not_there_those_that_are_wanted_are_hidden_with_a_reason() {
    let size = Attribute::parse("custom.size").unwrap();
    let wanted = Wanted::only([Canonical::FirstName.into(), size.clone()]);
    let page = page(ANA, Some(NONE), Some(NONE));
    let none = lists([(DEFINITIONS, None)]);
    let roster = read::<Newer>(&none, &page, &wanted, &BTreeSet::new()).unwrap();
    assert_eq!(roster.header.hidden[&size], "no_permission");
    assert_eq!(roster.header.employees, 1);
    let known = r#"{"items":[{"id":"e_size","name":"Size"}],"totalCount":1,"links":{}}"#;
    let known = lists([(DEFINITIONS, Some(known))]);
    let roster = read::<Newer>(&known, &page, &wanted, &BTreeSet::new()).unwrap();
    assert_ne!(
        roster.header.hidden.get(&size).map(String::as_str),
        Some("no_permission")
    );
}
