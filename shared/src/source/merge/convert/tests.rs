//! Recorded wire cases: what Merge sends, and what becomes of it.

use std::{collections::BTreeSet, sync::Arc};

use super::*;
use crate::{
    connector::{ByLayout, Census as _, Converter as _, Lists},
    employee::{Attribute, Canonical, CompanyId, Employee as Person, Field, Wanted},
    roster::{Builder, Company, Roster},
};

/// A person as the vendor's client has one, with all that is embedded.
const ANA: &str = r#"{"id":"0958cbc6-6040-430a-848e-aafacbadf4ae","remote_id":"19202938","employee_number":"2","company":
    {"id":"8d9fd929","legal_name":null,"display_name":"Acme"},"first_name":"Ana","last_name":"Ruiz","preferred_name":null,
    "display_full_name":"Ana Ruiz","username":"ana","groups":[{"id":"g0","type":"GROUP","name":"Everybody"},null,
    {"id":"g1","type":"DEPARTMENT","name":"Engineering"},{"id":"g2","type":"TEAM","name":"Platform"},
    {"id":"g3","type":"COST_CENTER","name":"CC-7"}],"work_email":"ana@acme.example","personal_email":null,"mobile_phone_number":"+34600123456",
    "employments":[{"id":"e2","job_title":"Lead","pay_rate":105000.5,"pay_period":"YEAR","pay_currency":"EUR","effective_date":
    "2025-01-01T00:00:00Z","employment_type":"FULL_TIME"},{"id":"e1","job_title":"Engineer","pay_rate":50000,"pay_period":"YEAR",
    "pay_currency":"EUR","effective_date":"2020-01-06T00:00:00Z","employment_type":"CONTRACTOR"},{"id":"e3","job_title":"Head",
    "pay_rate":1,"pay_period":"HOUR","pay_currency":"USD","effective_date":"2027-01-01T00:00:00Z","employment_type":"PART_TIME"}],
    "home_location":{"id":"h1","street_1":"Calle Mayor 1","street_2":null,"city":"Madrid","zip_code":"28013","country":"ES"},
    "work_location":{"id":"w1","name":"HQ","city":"Lisboa","country":"PT"},"manager":"345f7c75-458e-4fa2-b269-2cb3d97530a3",
    "team":null,"ssn":null,"gender":"NON-BINARY","ethnicity":"CANARY","marital_status":"CANARY","date_of_birth":
    "1990-11-10T00:00:00Z","hire_date":"2019-12-01T00:00:00Z","start_date":null,"employment_status":"ACTIVE",
    "termination_date":null,"remote_was_deleted":false,"field_mappings":{"organization_defined_targets":{"shoeSize":{"value":42},
    "religion":"CANARY"},"linked_account_defined_targets":{"badge":"B-7","hobbies":["chess","go"],"parking":null}}}"#;

/// The list of fields, as the client makes it.
const MAPPED: &str = r#"{"of":"organization_defined_targets","key":"shoeSize"},{"of":"organization_defined_targets","key":"religion"},
    {"of":"linked_account_defined_targets","key":"badge"},{"of":"linked_account_defined_targets","key":"hobbies"},
    {"of":"linked_account_defined_targets","key":"parking"},{"of":"groups","key":"COST_CENTER"},{"of":"groups","key":"BUSINESS_UNIT"}"#;

fn text(rows: &str) -> String {
    format!(r#"{{"next":null,"previous":null,"results":[{rows}]}}"#)
}

fn read(people: &str) -> Roster {
    let company = Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    };
    let (wanted, none) = (Wanted::everything(), BTreeSet::new());
    let mut roster = Builder::wanting(wanted.clone(), company);
    let fields = Lists::from_iter([(&FIELDS, Some(vec![text(MAPPED)]))]);
    let census = ByLayout::<People>::new(&none, &wanted, "2026-03-02".parse().unwrap()).with_fields(fields);
    let references = Arc::new(census.refer(&Lists::from_iter([])).unwrap());
    let mut converter = census.begin(references, &mut roster);
    let nothing = Lists::from_iter([]);
    converter.convert(&text(people), &nothing, &mut roster).unwrap();
    converter.finish(&roster).unwrap();
    roster.finish(None).unwrap()
}

fn person(people: &str) -> Person {
    read(people).employees().unwrap().remove(0)
}

/// Returns Ana with other values in these places.
fn ana(changes: &[(&str, &str)]) -> Person {
    let text = changes.iter().fold(ANA.to_owned(), |all, (old, new)| {
        assert!(all.contains(old), "{old}");
        all.replace(old, new)
    });
    person(&text)
}

#[track_caller]
fn assert_shows(person: &Person, expected: &[(Canonical, Field<&str>)]) {
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(*attribute), *field, "{}", attribute.name());
    }
}

#[test]
fn a_person_is_put_together_from_what_comes_with_them() {
    let ana = ana(&[]);
    assert_eq!(ana.id.as_str(), "0958cbc6-6040-430a-848e-aafacbadf4ae");
    assert_shows(
        &ana,
        &[
            (Canonical::AddressLine1, Field::Value("Calle Mayor 1")),
            // Nobody has any: it may be switched off.
            (Canonical::AddressLine2, Field::Unseen),
            (Canonical::BankDetails, Field::Unseen),
            (Canonical::BirthDate, Field::Value("1990-11-10")),
            (Canonical::City, Field::Value("Madrid")),
            (Canonical::Country, Field::Value("ES")),
            (Canonical::Department, Field::Value("Engineering")),
            (Canonical::DisplayName, Field::Value("Ana Ruiz")),
            (Canonical::EmployeeNumber, Field::Value("2")),
            (Canonical::EmploymentStatus, Field::Value("active")),
            (Canonical::EmploymentType, Field::Value("full_time")),
            (Canonical::Group, Field::Value("Acme")),
            (Canonical::JobTitle, Field::Value("Lead")),
            (Canonical::Manager, Field::Value("345f7c75-458e-4fa2-b269-2cb3d97530a3")),
            (Canonical::PayCurrency, Field::Value("EUR")),
            (Canonical::PayPeriod, Field::Value("year")),
            (Canonical::PayRate, Field::Value("105000.5")),
            (Canonical::StartDate, Field::Value("2019-12-01")),
            (Canonical::Team, Field::Value("Platform")),
            (Canonical::WorkCity, Field::Value("Lisboa")),
            (Canonical::WorkLocation, Field::Value("HQ")),
            (Canonical::ZipCode, Field::Value("28013")),
        ],
    );
    assert!(!ana.attributes.as_packed().contains("CANARY"), "r34");
}

#[test]
fn a_mapped_value_stands_alone_in_a_list_or_in_an_object_and_a_group_is_a_field_where_there_is_no_attribute() {
    let roster = read(ANA);
    let ana = roster.employees().unwrap().remove(0);
    let custom = |name: &str| ana.attributes.field(Attribute::parse(name).unwrap());
    assert_eq!(custom("custom.shoesize"), Field::Value("42"));
    assert_eq!(custom("custom.badge"), Field::Value("B-7"));
    assert_eq!(custom("custom.hobbies"), Field::Value("chess, go"));
    assert_eq!(custom("custom.cost_centre"), Field::Value("CC-7"));
    assert_eq!(custom("custom.religion"), Field::Unseen);
    // Nobody has one: it may be switched off.
    for name in ["custom.parking", "custom.business_unit"] {
        assert!(
            roster.header.hidden.contains_key(&Attribute::parse(name).unwrap()),
            "{name}"
        );
    }
    let (religion, reason) = roster
        .header
        .hidden
        .iter()
        .find(|(name, _)| name.to_string() == "custom.religion")
        .unwrap();
    assert_eq!(reason, "forbidden_category", "{religion}");
}

#[test]
fn of_several_employments_the_last_that_began_counts_and_of_a_person_to_come_the_first_of_the_new_time() {
    let former = ana(&[("\"employment_status\":\"ACTIVE\"", "\"employment_status\":\"INACTIVE\"")]);
    assert_shows(
        &former,
        &[
            (Canonical::EmploymentStatus, Field::Value("terminated")),
            (Canonical::JobTitle, Field::Value("Lead")),
        ],
    );
    let pending = ("\"employment_status\":\"ACTIVE\"", "\"employment_status\":\"PENDING\"");
    let back = ana(&[
        pending,
        ("\"start_date\":null", "\"start_date\":\"2027-01-01T00:00:00Z\""),
    ]);
    assert_shows(
        &back,
        &[
            (Canonical::EmploymentStatus, Field::Value("upcoming")),
            (Canonical::JobTitle, Field::Value("Head")),
            (Canonical::PayPeriod, Field::Value("hour")),
            (Canonical::StartDate, Field::Value("2027-01-01")),
        ],
    );
    let signed = ana(&[
        pending,
        ("\"start_date\":null", "\"start_date\":\"2028-01-01T00:00:00Z\""),
    ]);
    assert_shows(&signed, &[(Canonical::JobTitle, Field::Value("Lead"))]);
}

#[test]
fn r07_a_row_whose_day_cannot_be_read_gives_way_to_no_other() {
    let odd = ana(&[(
        "\"effective_date\":\n    \"2025-01-01T00:00:00Z\"",
        "\"effective_date\":\"soon\"",
    )]);
    assert_shows(
        &odd,
        &[
            (Canonical::JobTitle, Field::Unseen),
            (Canonical::PayRate, Field::Unseen),
        ],
    );
}

#[test]
fn a_person_without_employments_says_nothing_of_job_and_pay_and_one_without_places_has_none() {
    let from = ANA.find("\"employments\":[").unwrap();
    let until = ANA.find("\"home_location\"").unwrap();
    let bare = ANA.replace(&ANA[from..until], "\"employments\":[],");
    let places = ["home_location", "work_location"].iter().fold(bare, |text, name| {
        let from = text.find(&format!("\"{name}\":")).unwrap();
        let until = from + text[from..].find('}').unwrap() + 1;
        text.replace(&text[from..until], &format!("\"{name}\":null"))
    });
    // A second person shows that the places are not switched off.
    let other = ANA.replace("0958cbc6", "1958cbc6");
    let roster = read(&format!("{places},{other}"));
    let people = roster.employees().unwrap();
    let bare = people
        .iter()
        .find(|person| person.id.as_str().starts_with('0'))
        .unwrap();
    assert_shows(
        bare,
        &[
            (Canonical::JobTitle, Field::Unseen),
            (Canonical::PayRate, Field::Unseen),
            (Canonical::EmploymentType, Field::Unseen),
            (Canonical::City, Field::Empty),
            (Canonical::WorkLocation, Field::Empty),
        ],
    );
}

#[test]
fn departments_and_teams_are_read_from_both_models() {
    let team = ("\"team\":null", "\"team\":{\"id\":\"t1\",\"name\":\"Design\"}");
    let both = ana(&[team]);
    assert_shows(
        &both,
        &[
            (Canonical::Team, Field::Value("Design")),
            (Canonical::Department, Field::Value("Engineering")),
        ],
    );
    let from = ANA.find("\"groups\":[").unwrap();
    let until = ANA.find("\"work_email\"").unwrap();
    let older = ana(&[(&ANA[from..until], "\"groups\":[],"), team]);
    assert_shows(
        &older,
        &[
            (Canonical::Team, Field::Value("Design")),
            (Canonical::Department, Field::Value("Design")),
        ],
    );
    let unclear = ana(&[("\"type\":\"GROUP\"", "\"type\":7.5")]);
    assert_shows(&unclear, &[(Canonical::Department, Field::Unseen)]);
}

#[test]
fn r07_words_that_merge_could_not_map_are_not_taken_for_others() {
    let odd = ana(&[
        (
            "\"employment_status\":\"ACTIVE\"",
            "\"employment_status\":\"On leave (unpaid)\"",
        ),
        ("\"pay_period\":\"YEAR\"", "\"pay_period\":\"EVERY_SIX_MONTHS\""),
        (
            "\"employment_type\":\"FULL_TIME\"",
            "\"employment_type\":\"Zeitarbeit\"",
        ),
        ("\"country\":\"ES\"", "\"country\":\"Espagne profonde\""),
    ]);
    assert_shows(
        &odd,
        &[
            (Canonical::EmploymentStatus, Field::Unseen),
            (Canonical::PayPeriod, Field::Unseen),
            (Canonical::EmploymentType, Field::Value("Zeitarbeit")),
        ],
    );
}

#[test]
fn r46_only_what_is_wanted_comes_as_whole_objects() {
    let asked = |attributes: &[Canonical]| {
        let wanted = Wanted::only(attributes.iter().map(|attribute| (*attribute).into()));
        People::asked(&wanted)
    };
    assert_eq!(asked(&[Canonical::WorkEmail, Canonical::Manager]), []);
    let job = asked(&[Canonical::JobTitle, Canonical::City, Canonical::WorkCity]);
    assert_eq!(job, [("expand", "employments,home_location,work_location".to_owned())]);
    let unit = Wanted::only([Attribute::parse("custom.cost_centre").unwrap()]);
    assert_eq!(People::asked(&unit), [("expand", "groups".to_owned())]);
    let all = People::asked(&Wanted::everything());
    assert_eq!(
        all,
        [(
            "expand",
            "company,employments,groups,home_location,team,work_location".to_owned()
        )]
    );
}
