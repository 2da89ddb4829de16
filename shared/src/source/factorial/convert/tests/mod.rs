//! Recorded wire cases: what Factorial sends, and what becomes of it.

mod custom;
mod unseen;

use std::collections::BTreeSet;

use super::*;
use crate::{
    employee::{Attribute, Category, CompanyId, CustomName, Employee as Person, Field},
    roster::{Company, Roster},
    source::Class,
};

const TEAMS: &str =
    r#"{"data":[{"id":"11","name":"Platform"},{"id":12,"name":"Design"}],"meta":{"has_next_page":false}}"#;
const LOCATIONS: &str = r#"{"data":[{"id":"21","name":"Head office","city":"Barcelona","timezone":"Europe/Madrid"},
    {"id":"22","name":"Depot","city":null}],"meta":{}}"#;
const ENTITIES: &str = r#"{"data":[{"id":"31","currency":"EUR"}],"meta":{}}"#;
const FIELDS: &str = r#"{"data":[
    {"id":"41","field_type":"single_choice","label_text":"T-shirt size","slug":"t_shirt_size"},
    {"id":"42","field_type":"cents","label_text":"Phone budget"},
    {"id":"43","field_type":"multiple_choice","label_text":"Idiomas","slug":null},
    {"id":"44","field_type":"text","label_text":"Religion","slug":"religion"},
    {"id":"45","field_type":"text","label_text":"尺码"},
    {"id":"46","field_type":"text","label_text":"T Shirt Size"},
    {"id":"47","field_type":"checkbox","label_text":"Remote"},
    {"id":"48","field_type":"a_new_type","label_text":"Novelty"},
    {"id":"49","field_type":"date","label_text":"Review on"},
    {"id":"50","field_type":"long_text","label_text":"About"}]}"#;

/// The day of the read.
const TODAY: Date = Date::constant(2026, 3, 2);

/// A read of one page of people.
struct Read<'a> {
    employees: &'a str,
    contracts: Option<&'a str>,
    memberships: Option<&'a str>,
    values: Option<&'a str>,
    references: ReferenceTexts<&'a str>,
    reach: Reach,
    allowed: BTreeSet<Category>,
}

impl<'a> Read<'a> {
    fn of(employees: &'a str) -> Self {
        Self {
            employees,
            contracts: Some(r#"{"data":[]}"#),
            memberships: Some(r#"{"data":[]}"#),
            values: Some(r#"{"data":[]}"#),
            references: ReferenceTexts {
                teams: Some(vec![TEAMS]),
                locations: Some(vec![LOCATIONS]),
                legal_entities: Some(vec![ENTITIES]),
                fields: Some(vec![FIELDS]),
            },
            reach: Reach::Company,
            allowed: BTreeSet::new(),
        }
    }

    fn try_roster(&self) -> Result<Roster, Error> {
        let company = Company {
            id: CompanyId::parse("7").unwrap(),
            name: "Acme".into(),
        };
        let mut roster = Builder::new(company);
        let references = References::read(&self.references, &self.allowed)?;
        let mut converter = Converter::new(references, self.reach, Some("7"), TODAY, &mut roster);
        let page = PageTexts {
            employees: self.employees,
            contracts: self.contracts.map(|text| vec![text]),
            memberships: self.memberships.map(|text| vec![text]),
            values: self.values.map(|text| vec![text]),
        };
        converter.convert_page(&page, &mut roster)?;
        converter.finish(&roster)?;
        Ok(roster.finish(None).unwrap())
    }

    fn roster(&self) -> Roster {
        self.try_roster().unwrap()
    }

    fn person(&self) -> Person {
        let people = self.roster().employees().unwrap();
        assert_eq!(people.len(), 1);
        people.into_iter().next().unwrap()
    }
}

fn custom<'p>(person: &'p Person, name: &str) -> Field<&'p str> {
    person
        .attributes
        .field(Attribute::Custom(CustomName::parse(name).unwrap()))
}

fn hidden(roster: &Roster) -> Vec<String> {
    let entry = |(attribute, reason): (&Attribute, &String)| format!("{attribute}: {reason}");
    roster.header.hidden.iter().map(entry).collect()
}

const ANA: &str = r#"{"data":[{"id":"101","access_id":"9","company_id":"7","first_name":"Ana","last_name":"Ruiz Núñez",
    "full_name":"Ana Ruiz Núñez","preferred_name":"Anita","gender":"female","email":"Ana@acme.example",
    "login_email":"login@acme.example","personal_email":null,"phone_number":34600111222,"address_line_1":"Calle Mayor 1",
    "address_line_2":"","postal_code":"08001","city":"Barcelona","country":"es","birthday_on":"1990-02-03",
    "company_identifier":"E-1","manager_id":"100","location_id":"21","legal_entity_id":"31","terminated_on":null,
    "seniority_calculation_date":"2019-01-01","active":true,"bank_number":"ES00","social_security_number":"SSN"}],
    "meta":{"has_next_page":false,"end_cursor":null,"total":1}}"#;
const CONTRACT: &str = r#"{"data":[{"id":"1","employee_id":"101","effective_on":"2020-01-01","starts_on":"2018-05-01",
    "job_title":"Engineer","salary_amount":4200050,"salary_currency":null,"salary_frequency":"yearly",
    "working_time_percentage_in_cents":8000}]}"#;

#[test]
fn a_person_is_put_together_from_all_lists() {
    let mut read = Read::of(ANA);
    read.contracts = Some(CONTRACT);
    read.memberships = Some(
        r#"{"data":[{"id":"5","employee_id":"101","team_id":"12","direct":true},
            {"id":"2","employee_id":"101","team_id":"12","direct":false},
            {"id":"4","employee_id":"101","team_id":"11","direct":true}]}"#,
    );
    let person = read.person();
    let expected = [
        (Canonical::AddressLine1, Field::Value("Calle Mayor 1")),
        (Canonical::AddressLine2, Field::Empty),
        (Canonical::BankDetails, Field::Unseen),
        (Canonical::BirthDate, Field::Value("1990-02-03")),
        (Canonical::City, Field::Value("Barcelona")),
        (Canonical::Country, Field::Value("ES")),
        (Canonical::Department, Field::Unseen),
        (Canonical::DisplayName, Field::Value("Anita")),
        (Canonical::EmployeeId, Field::Value("101")),
        (Canonical::EmployeeNumber, Field::Value("E-1")),
        (Canonical::EmploymentStatus, Field::Value("active")),
        (Canonical::EmploymentType, Field::Value("part_time")),
        (Canonical::FirstName, Field::Value("Ana")),
        (Canonical::Group, Field::Unseen),
        (Canonical::JobTitle, Field::Value("Engineer")),
        (Canonical::KnownAs, Field::Value("Anita")),
        (Canonical::LastName, Field::Value("Ruiz Núñez")),
        (Canonical::Manager, Field::Value("100")),
        (Canonical::PayCurrency, Field::Value("EUR")),
        (Canonical::PayPeriod, Field::Value("year")),
        (Canonical::PayRate, Field::Value("42000.5")),
        (Canonical::PersonalEmail, Field::Empty),
        (Canonical::StartDate, Field::Value("2018-05-01")),
        (Canonical::Team, Field::Value("Platform")),
        (Canonical::TerminationDate, Field::Empty),
        (Canonical::TimeZone, Field::Value("Europe/Madrid")),
        (Canonical::WorkCity, Field::Value("Barcelona")),
        (Canonical::WorkEmail, Field::Value("ana@acme.example")),
        (Canonical::WorkLocation, Field::Value("Head office")),
        (Canonical::ZipCode, Field::Value("08001")),
    ];
    for (attribute, field) in expected {
        assert_eq!(person.attributes.field(attribute), field, "{}", attribute.name());
    }
    let invalid: Vec<String> = person
        .attributes
        .view()
        .invalid()
        .map(|name| name.to_string())
        .collect();
    assert_eq!(
        invalid,
        ["mobile_phone"],
        "a number without its country code is invalid, and stops nothing"
    );
}

#[test]
fn odd_shapes_are_invalid_and_stop_nobody() {
    let person = Read::of(
        r#"{"data":[{"id":18446744073709551615,"first_name":{"given":"Ana"},"last_name":["Ruiz"],"city":true,
            "postal_code":8001.5,"phone_number":"+34 600 111 222","birthday_on":"03/02/1990","active":"yes",
            "full_name":"O'Brien \"Bo\" \u00d1\ud83d\ude00","unknown":{"deep":[1,{"x":null}]}}]}"#,
    )
    .person();
    assert_eq!(person.id.as_str(), "18446744073709551615");
    assert_eq!(person.value(Canonical::MobilePhone), Some("+34600111222"));
    assert_eq!(person.value(Canonical::DisplayName), Some("O'Brien \"Bo\" Ñ😀"));
    let invalid: Vec<String> = person
        .attributes
        .view()
        .invalid()
        .map(|name| name.to_string())
        .collect();
    let expected = [
        "birth_date",
        "city",
        "employment_status",
        "first_name",
        "last_name",
        "zip_code",
    ];
    assert_eq!(invalid, expected);
    assert_eq!(person.attributes.field(Canonical::EmploymentStatus), Field::Unseen);
}

#[test]
fn unknown_words_for_pay_and_time_are_invalid_and_nothing_else_is_lost() {
    let mut read = Read::of(ANA);
    read.contracts = Some(
        r#"{"data":[{"employee_id":101,"job_title":null,"salary_amount":"4200.5","salary_frequency":"fortnightly",
            "salary_currency":"USD","working_time_percentage_in_cents":null,"starts_on":null}]}"#,
    );
    let person = read.person();
    let invalid: Vec<String> = person
        .attributes
        .view()
        .invalid()
        .map(|name| name.to_string())
        .collect();
    assert_eq!(invalid, ["mobile_phone", "pay_period", "pay_rate"]);
    assert_eq!(person.attributes.field(Canonical::JobTitle), Field::Empty);
    assert_eq!(person.value(Canonical::PayCurrency), Some("USD"));
    assert_eq!(person.attributes.field(Canonical::EmploymentType), Field::Unseen);
    assert_eq!(person.value(Canonical::StartDate), Some("2019-01-01"));
}

#[test]
fn of_several_contracts_of_one_person_the_latest_counts() {
    let mut read = Read::of(ANA);
    read.contracts = Some(
        r#"{"data":[{"employee_id":"101","effective_on":"2021-01-01","job_title":"Lead"},
            {"employee_id":"1010","effective_on":"2025-01-01","job_title":"Somebody else"},
            {"employee_id":"101","effective_on":"2020-01-01","job_title":"Engineer"}]}"#,
    );
    assert_eq!(read.person().value(Canonical::JobTitle), Some("Lead"));
}

#[test]
fn the_status_is_the_vendors_word_and_the_last_day_stands_beside_it() {
    let people = r#"{"data":[{"id":"1","active":true,"terminated_on":"2099-01-01"},{"id":"2","active":false,
        "terminated_on":"2020-01-01"},{"id":"3","active":false,"terminated_on":null}]}"#;
    let people = Read::of(people).roster().employees().unwrap();
    let words = people
        .iter()
        .map(|person| person.value(Canonical::EmploymentStatus).unwrap());
    assert_eq!(words.collect::<Vec<_>>(), ["active", "terminated", "terminated"]);
    assert_eq!(people[0].value(Canonical::TerminationDate), Some("2099-01-01"));
    assert_eq!(people[2].attributes.field(Canonical::TerminationDate), Field::Empty);
}

#[test]
fn the_work_email_falls_back_to_the_login_and_is_empty_only_where_both_are_shown_empty() {
    for (members, expected) in [
        (
            r#""email":"a@x.example","login_email":"b@x.example""#,
            Field::Value("a@x.example"),
        ),
        (
            r#""email":null,"login_email":"b@x.example""#,
            Field::Value("b@x.example"),
        ),
        (
            r#""email":" ","login_email":"b@x.example""#,
            Field::Value("b@x.example"),
        ),
        (r#""login_email":"b@x.example""#, Field::Value("b@x.example")),
        (r#""email":null,"login_email":null"#, Field::Empty),
        (r#""email":null"#, Field::Unseen),
        (r#""login_email":null"#, Field::Unseen),
    ] {
        let text = format!("{{\"data\":[{{\"id\":\"1\",{members}}}]}}");
        assert_eq!(
            Read::of(&text).person().attributes.field(Canonical::WorkEmail),
            expected,
            "{members}"
        );
    }
}

#[test]
fn a_workplace_may_be_missing_unknown_or_half_filled() {
    let person = |location: &str| {
        let text = format!("{{\"data\":[{{\"id\":\"1\",\"location_id\":{location}}}]}}");
        let person = Read::of(&text).person();
        let field = |attribute| person.attributes.field(attribute).map(str::to_owned);
        [
            field(Canonical::WorkLocation),
            field(Canonical::WorkCity),
            field(Canonical::TimeZone),
        ]
    };
    assert_eq!(
        person("22"),
        [Field::Value("Depot".to_owned()), Field::Empty, Field::Unseen]
    );
    assert_eq!(person("null"), [Field::Empty, Field::Empty, Field::Empty]);
    assert_eq!(person("\"99\""), [Field::Unseen, Field::Unseen, Field::Unseen]);
}

#[test]
fn r34_what_no_decoder_may_read_is_nowhere_in_a_person() {
    let person = Read::of(ANA).person();
    for secret in ["ES00", "SSN", "female"] {
        assert!(!person.attributes.as_packed().contains(secret), "{secret}");
    }
}

#[test]
fn r01_a_row_of_another_company_breaks_the_read() {
    let error = Read::of(r#"{"data":[{"id":"1","company_id":8}]}"#)
        .try_roster()
        .unwrap_err();
    assert_eq!(
        (error.class, error.detail.as_str()),
        (Class::Malformed, "a row belongs to another company")
    );
}

#[test]
fn r31_a_row_without_an_id_stops_nobody_else_but_such_a_list_is_not_whole() {
    let text = r#"{"data":[{"first_name":"Nobody"},{"id":"2"},{"id":1e30},{"id":"3"}]}"#;
    let mut roster = Builder::new(Company {
        id: CompanyId::parse("7").unwrap(),
        name: "Acme".into(),
    });
    let mut converter = Converter::new(References::default(), Reach::Company, None, TODAY, &mut roster);
    let page = PageTexts {
        employees: text,
        contracts: None,
        memberships: None,
        values: None,
    };
    converter.convert_page(&page, &mut roster).unwrap();
    assert_eq!(roster.len(), 2);
    let error = converter.finish(&roster).unwrap_err();
    assert_eq!(error.to_string(), "list employees: 2 people have no readable id");
}

#[test]
fn r38_an_error_never_quotes_the_page() {
    let error = Read::of(r#"{"data":[{"id":"1","first_name":"Ana" "x"}]}"#)
        .try_roster()
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Ana"), "{error}");
    assert_eq!(error.class, Class::Malformed);
}
