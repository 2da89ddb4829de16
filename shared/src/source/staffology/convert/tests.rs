//! What Staffology HR sends, and what becomes of it.

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Lists, Related},
    employee::{Attribute, Canonical, CompanyId, Employee as Person, Field},
    roster::{Builder, Company, Roster},
};

/// A person with everything, as the list has one.
const SAM: &str = r#"{"ID":7,
    "Personal":{"Title":"Dr","KnownAs":"Sam","Forenames":"Samantha Jo ","Surname":" Okafor","Gender":"Female",
        "Address":{"Line1":"1 High Street","Line2":null,"Town":"Leeds","PostCode":"LS1 1AA","Country":"United Kingdom"},
        "DateOfBirth":"1980-02-03T00:00:00","EmployeeNumber":"0042","WorkEmail":"sam@acme.example","PersonalEmail":"",
        "PersonalMobile":"+447700900123","EthnicOrigin":{"ID":3,"Value":"CANARY"}},
    "Contract":{"StartDate":"2020-01-06T00:00:00","Job":{"ID":1,"Value":"Cook"},"Company":{"Value":"Acme Ltd"},
        "LocationDivision":{"ID":5,"Value":"Leeds"},"Department":{"ID":2,"Value":"Kitchen"},"Team":null,
        "LineManager":{"ID":9,"Value":"Ada Bell"},"EmployeeType":"Full Time","ContractType":{"Value":"Permanent"}},
    "Termination":{"TerminationDate":"2026-04-30T00:00:00","LastWorkingDate":"2026-04-24T00:00:00"}}"#;

/// Another person, who has what the first one may lack: what is empty for everybody is hidden.
const PEER: &str = r#"{"ID":99,"Personal":{"PersonalEmail":"peer@home.example","Address":{"Line1":"1","Line2":"2","Town":"York"}},
    "Contract":{"Team":{"Value":"Grill"},"LineManager":{"ID":9}},"Termination":{"TerminationDate":"2030-01-31"}}"#;

fn detail() -> Resource {
    let Related::Detail { of, .. } = PERSON else {
        panic!("a person has a row of their own")
    };
    of
}

/// Reads people, with a person's own row and custom fields.
fn read_with(people: &str, own: &[&str], custom: Option<&str>, wanted: &Wanted) -> Roster {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let allowed = BTreeSet::new();
    let mut roster = Builder::wanting(wanted.clone(), company);
    let list = |rows: &str| vec![format!("[{rows}]")];
    let fields = Lists::from_iter([(&CUSTOM_FIELDS, custom.map(list))]);
    let census = ByLayout::<People>::new(&allowed, wanted, "2026-03-02".parse().unwrap()).with_fields(fields);
    let references = Arc::new(census.refer(&Lists::from_iter([])).unwrap());
    let mut converter = census.begin(references, &mut roster);
    let lists = Lists::from_iter([(&detail(), Some(list(&own.join(","))))]);
    let page = format!("[{people}]");
    converter.convert(&page, &lists, &mut roster).unwrap();
    converter.finish(&roster).unwrap();
    roster.finish(None).unwrap()
}

fn read(people: &str) -> Roster {
    read_with(people, &[], Some(""), &Wanted::everything())
}

fn person(one: &str) -> Person {
    read(&format!("{one},{PEER}")).employees().unwrap().remove(0)
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

#[test]
fn a_person_is_put_together_from_the_sections_of_their_row() {
    let sam = person(SAM);
    assert_eq!(sam.id.as_str(), "7");
    assert_shows(
        &sam,
        &[
            (Canonical::AddressLine1, Field::Value("1 High Street")),
            (Canonical::AddressLine2, Field::Empty),
            (Canonical::BirthDate, Field::Value("1980-02-03")),
            (Canonical::City, Field::Value("Leeds")),
            (Canonical::Country, Field::Value("GB")),
            (Canonical::Department, Field::Value("Kitchen")),
            (Canonical::EmployeeNumber, Field::Value("0042")),
            (Canonical::EmploymentType, Field::Value("full_time")),
            (Canonical::FirstName, Field::Value("Samantha Jo")),
            (Canonical::Group, Field::Value("Acme Ltd")),
            (Canonical::JobTitle, Field::Value("Cook")),
            (Canonical::KnownAs, Field::Value("Sam")),
            (Canonical::LastName, Field::Value("Okafor")),
            (Canonical::Manager, Field::Value("9")),
            (Canonical::MobilePhone, Field::Value("+447700900123")),
            (Canonical::PayRate, Field::Unseen),
            (Canonical::PersonalEmail, Field::Empty),
            (Canonical::StartDate, Field::Value("2020-01-06")),
            (Canonical::Team, Field::Empty),
            (Canonical::TerminationDate, Field::Value("2026-04-30")),
            (Canonical::WorkEmail, Field::Value("sam@acme.example")),
            (Canonical::WorkLocation, Field::Value("Leeds")),
            (Canonical::ZipCode, Field::Value("LS1 1AA")),
        ],
    );
    assert!(!sam.attributes.as_packed().contains("CANARY"), "r34");
}

#[test]
fn the_last_day_is_that_of_the_list_or_else_of_the_persons_own_row() {
    let own = r#"{"ID":7,"Termination":{"TerminationDate":"2026-01-31"}},{"ID":8,"Termination":null}"#;
    for (termination, expected) in [
        ("", Field::Value("2026-01-31")),
        (
            r#","Termination":{"TerminationDate":"2026-02-28"}"#,
            Field::Value("2026-02-28"),
        ),
        (r#","Termination":{"TerminationDate":null}"#, Field::Empty),
        (r#","Termination":{"TerminationDate":""}"#, Field::Empty),
        (
            r#","Termination":{"TerminationDate":"0001-01-01T00:00:00"}"#,
            Field::Empty,
        ),
        (r#","Termination":{"TerminationDate":"soon"}"#, Field::Unseen),
        (r#","Termination":{}"#, Field::Unseen),
        (r#","Termination":null"#, Field::Empty),
    ] {
        let row = format!(r#"{{"ID":7{termination}}},{PEER}"#);
        let roster = read_with(&row, &[own], Some(""), &Wanted::everything());
        let one = roster.employees().unwrap().remove(0);
        assert_shows(&one, &[(Canonical::TerminationDate, expected)]);
    }
}

#[test]
fn r07_where_no_row_has_the_section_on_leaving_the_last_day_is_unseen_and_hidden() {
    let roster = read_with(
        r#"{"ID":7},{"ID":8}"#,
        &[r#"{"ID":7}"#, r#"{"ID":8}"#],
        Some(""),
        &Wanted::everything(),
    );
    assert_eq!(roster.header.hidden[&Canonical::TerminationDate.into()], "not_shown");
    for one in roster.employees().unwrap() {
        assert_shows(&one, &[(Canonical::TerminationDate, Field::Unseen)]);
    }
}

#[test]
fn a_manager_is_an_id_and_a_name_leads_to_nobody() {
    for (manager, expected) in [
        (r#"{"ID":9,"Value":"Ada Bell"}"#, Field::Value("9")),
        (r#"{"Id":"9","Value":"Ada Bell"}"#, Field::Value("9")),
        (r#"{"Key":9}"#, Field::Value("9")),
        (r#"{"ID":0,"Value":""}"#, Field::Empty),
        (r#"{"Value":"Ada Bell"}"#, Field::Unseen),
        (r#""Ada Bell""#, Field::Unseen),
        (r#""9""#, Field::Value("9")),
        ("null", Field::Empty),
    ] {
        let one = person(&format!(r#"{{"ID":7,"Contract":{{"LineManager":{manager}}}}}"#));
        assert_shows(&one, &[(Canonical::Manager, expected)]);
    }
}

#[test]
fn an_address_is_an_object_under_any_of_the_usual_names_or_a_text_and_a_lookup_may_be_a_text() {
    for (address, line, city) in [
        (
            r#"{"Address1":"1 High Street","City":"Leeds"}"#,
            Field::Value("1 High Street"),
            Field::Value("Leeds"),
        ),
        (r#""1 High Street""#, Field::Value("1 High Street"), Field::Unseen),
        ("null", Field::Empty, Field::Empty),
        ("{}", Field::Unseen, Field::Unseen),
        ("7.5", Field::Unseen, Field::Unseen),
    ] {
        let one = person(&format!(r#"{{"ID":7,"Personal":{{"Address":{address}}}}}"#));
        assert_shows(&one, &[(Canonical::AddressLine1, line), (Canonical::City, city)]);
    }
    let one = person(r#"{"ID":7,"Contract":{"Job":"Cook","Team":{"ID":3}}}"#);
    assert_shows(
        &one,
        &[
            (Canonical::JobTitle, Field::Value("Cook")),
            (Canonical::Team, Field::Unseen),
            (Canonical::Department, Field::Unseen),
        ],
    );
}

/// The custom fields of two people, under names of both kinds.
const CUSTOM_ROWS: &str = r#"{"EmployeeID":7,"CustomField1":"red","CustomField2":null,"ShirtSize":{"ID":1,"Value":"M"},"Religion":"CANARY"},
    {"ID":"8","CustomField1":4,"ShirtSize":null},{"EmployeeID":null,"CustomField2":"anybody's"}"#;

fn custom(name: &str) -> Attribute {
    Attribute::parse(name).unwrap()
}

#[test]
fn r34_a_custom_field_is_read_by_a_name_that_says_what_it_holds_or_because_the_configuration_names_it() {
    let people = r#"{"ID":7},{"ID":8},{"ID":9}"#;
    let roster = read_with(people, &[], Some(CUSTOM_ROWS), &Wanted::everything());
    for name in ["custom.custom_field1", "custom.custom_field2", "custom.religion"] {
        assert_eq!(roster.header.hidden[&custom(name)], "forbidden_category", "{name}");
    }
    let everybody = roster.employees().unwrap();
    let size = |one: &Person| one.attributes.field(custom("custom.shirt_size")).map(str::to_owned);
    let sizes: Vec<_> = everybody.iter().map(size).collect();
    assert_eq!(sizes, [Field::Value("M".to_owned()), Field::Empty, Field::Unseen]);
    assert!(
        everybody
            .iter()
            .all(|one| !one.attributes.as_packed().contains("CANARY"))
    );
    let named = custom("custom.custom_field1");
    let wanted = Wanted::only([Canonical::EmployeeId.into(), named.clone(), custom("custom.religion")]);
    let roster = read_with(people, &[], Some(CUSTOM_ROWS), &wanted);
    let everybody = roster.employees().unwrap();
    let said: Vec<_> = everybody
        .iter()
        .map(|one| one.attributes.field(named.clone()).map(str::to_owned))
        .collect();
    assert_eq!(
        said,
        [
            Field::Value("red".to_owned()),
            Field::Value("4".to_owned()),
            Field::Unseen
        ]
    );
    assert_eq!(roster.header.hidden[&custom("custom.religion")], "forbidden_category");
}

#[test]
fn r34_a_name_with_a_number_anywhere_in_it_or_with_plain_words_alone_says_nothing_of_what_a_field_holds() {
    let places = [
        "Custom1Text",
        "Field3Value",
        "C1A",
        "Field²",
        "Text٣B",
        "CustomFieldA",
        "UserDefinedText",
        "custom_field_b",
        "Notes",
    ];
    let told = ["ShirtSize", "ParkingSpace", "CustomShirtSize", "DateOfInduction"];
    let members = |names: &[&str]| -> String {
        let each = names.iter().map(|name| format!(r#","{name}":"CANARY""#));
        each.collect()
    };
    let rows = format!(r#"{{"EmployeeID":7{}{}}}"#, members(&places), members(&told));
    let roster = read_with(r#"{"ID":7},{"ID":8}"#, &[], Some(&rows), &Wanted::everything());
    let shown = roster
        .header
        .visible
        .iter()
        .filter(|name| matches!(name, Attribute::Custom(_)));
    let shown: BTreeSet<String> = shown.map(ToString::to_string).collect();
    let expected = [
        "custom.custom_shirt_size",
        "custom.date_of_induction",
        "custom.parking_space",
        "custom.shirt_size",
    ];
    assert_eq!(shown, expected.map(str::to_owned).into());
    let hidden = roster
        .header
        .hidden
        .iter()
        .filter(|(_, why)| *why == "forbidden_category");
    assert_eq!(hidden.count(), places.len());
}

#[test]
fn r31_a_custom_value_of_another_form_is_invalid_for_that_person_alone() {
    let rows = r#"{"EmployeeID":7,"ShirtSize":[{"a":1}]},{"EmployeeID":8,"ShirtSize":"M"},{"EmployeeID":9,"ShirtSize":"\ud83d"}"#;
    let roster = read_with(r#"{"ID":7},{"ID":8},{"ID":9}"#, &[], Some(rows), &Wanted::everything());
    let size = custom("custom.shirt_size");
    let people = roster.employees().unwrap();
    let said: Vec<_> = people
        .iter()
        .map(|one| one.attributes.field(size.clone()).map(str::to_owned))
        .collect();
    assert_eq!(said, [Field::Unseen, Field::Value("M".to_owned()), Field::Unseen]);
    let invalid = |one: &Person| one.attributes.view().invalid().count();
    assert_eq!(people.iter().map(invalid).collect::<Vec<_>>(), [1, 0, 1]);
}

#[test]
fn r07_a_row_of_custom_fields_without_an_owner_may_be_anybodys() {
    let named = custom("custom.custom_field2");
    let wanted = Wanted::only([named.clone()]);
    let roster = read_with(r#"{"ID":7},{"ID":8}"#, &[], Some(CUSTOM_ROWS), &wanted);
    for one in roster.employees().unwrap() {
        assert_eq!(one.attributes.field(named.clone()), Field::Unseen, "{}", one.id);
    }
}

#[test]
fn custom_fields_that_may_not_be_read_are_hidden() {
    let named = custom("custom.custom_field1");
    let roster = read_with(r#"{"ID":7}"#, &[], None, &Wanted::only([named.clone()]));
    assert_eq!(roster.header.hidden[&named], "no_permission");
}

#[test]
fn r46_a_persons_own_row_is_asked_for_where_the_list_lacks_the_section_and_the_last_day_is_wanted() {
    let page =
        r#"[{"ID":7},{"ID":8,"Termination":null},{"ID":9,"Termination":{}},{"id":10},{"ID":"11","Personal":{}}]"#;
    let allowed = BTreeSet::new();
    let asked = |wanted: &Wanted| {
        let census = ByLayout::<People>::new(&allowed, wanted, "2026-03-02".parse().unwrap());
        let references = census.refer(&Lists::from_iter([])).unwrap();
        census.belonging(page, &[], &references).unwrap().len()
    };
    assert_eq!(asked(&Wanted::everything()), 2);
    assert_eq!(asked(&Wanted::only([Canonical::TerminationDate.into()])), 2);
}
