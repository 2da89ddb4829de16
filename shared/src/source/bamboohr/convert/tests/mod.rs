//! Rows as BambooHR sends them, and what becomes of them.

mod employment;

use std::collections::BTreeSet;

use super::{super::wire::LOCATIONS, *};
use crate::{
    connector::{ByReport, Lists},
    employee::{
        Attribute, Canonical, Category, CompanyId, CustomName, Employee as Person, Field, Wanted, classify_label,
    },
    roster::{Builder, Company, Roster},
    source::{Class, Error},
};

const FIELDS: &str = r#"[{"id":1,"name":"First Name","type":"text","alias":"firstName"},
    {"id":"19.1","name":"Pay rate - Currency code","type":"text","alias":"payRate"},
    {"id":4600,"name":"T-shirt size","type":"list","alias":"customTShirtSize"},
    {"id":4601,"name":"Languages","type":"multilist","alias":"customLanguages"},
    {"id":4602,"name":"Religion","type":"list","alias":"customField9"},
    {"id":4337,"name":"NIN","type":"text","alias":"customNIN1"},
    {"id":4603,"name":"Old size","type":"text","alias":"customOldSize","deprecated":true},
    {"id":4604,"name":"No alias","type":"text"}]"#;

const ANA: &str = r#"[{"id":"101","terminationDate":"","employeeNumber":"E-1","firstName":"Ana","lastName":"Ruiz Núñez",
    "preferredName":"Anita","displayName":"Anita Ruiz","fullName1":"Ana Ruiz Núñez","workEmail":"Ana@acme.example",
    "homeEmail":null,"mobilePhone":"+34 600 111 222","address1":"Calle Mayor 1","address2":"","zipcode":"08001",
    "city":"Barcelona","country":"Spain","dateOfBirth":"1990-02-03","division":"Acme SL","teams":"Platform, Design",
    "department":"Engineering","jobTitle":"Engineer","supervisorEId":"100","hireDate":"2018-05-01","status":"Active",
    "employmentHistoryStatus":"Part-Time","payRate":"42000.50 EUR","payPer":"Year","location":"Head office",
    "timezone":"Europe/Madrid","4600":"M","4601":"Català, 日本語","4602":"CANARY belief","4337":"CANARY number",
    "ssn":"CANARY","gender":"Female"}]"#;

/// A read of one report, and of one more about the people who are kept back.
struct Read<'a> {
    people: &'a str,
    ahead: &'a str,
    allowed: BTreeSet<Category>,
    places: Option<&'a str>,
}

impl<'a> Read<'a> {
    fn of(people: &'a str) -> Self {
        Self {
            people,
            ahead: "[]",
            allowed: BTreeSet::new(),
            places: Some(
                r#"{"data":[{"id":"1","label":"Head office","address":{"city":"Barcelona","timezone":"Europe/Paris"}},
                {"id":"2","label":"Depot","address":null}],"meta":{"totalItems":2}}"#,
            ),
        }
    }

    fn try_roster(&self) -> Result<Roster, Error> {
        let mut roster = Builder::new(Company {
            id: CompanyId::parse("site-acme.bamboohr.com").unwrap(),
            name: "acme.bamboohr.com".into(),
        });
        let fields = read_fields("list fields", Some(FIELDS), &self.allowed)?;
        let pages = self.places.map(|text| vec![text.to_owned()]);
        let workplaces = Lists::from_iter([(&LOCATIONS, pages)]);
        let today = "2026-03-02".parse().unwrap();
        let mut converter = ByReport::<Everybody>::new(ATTRIBUTES.to_vec(), &fields, &workplaces, today, &mut roster)?;
        converter.convert(self.people, &mut roster)?;
        if !converter.ahead().is_empty() {
            converter.convert_ahead(self.ahead, &mut roster)?;
        }
        converter.finish(&mut roster)?;
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

/// One active person with these members, beside one with everything, so that nothing is hidden because nobody has it.
fn field(members: &str, attribute: Canonical) -> Field<String> {
    let beside = ANA.trim_start_matches('[');
    let text = format!(r#"[{{"id":"1","status":"Active","employmentHistoryStatus":"Full-Time",{members}}},{beside}"#);
    let people = Read::of(&text).roster().employees().unwrap();
    people[0].attributes.field(attribute).map(str::to_owned)
}

fn value(text: &str) -> Field<String> {
    Field::Value(text.to_owned())
}

fn custom<'p>(person: &'p Person, name: &str) -> Field<&'p str> {
    let name = CustomName::parse(name).unwrap();
    person.attributes.field(Attribute::Custom(name))
}

fn invalid(person: &Person) -> Vec<String> {
    person
        .attributes
        .view()
        .invalid()
        .map(|name| name.to_string())
        .collect()
}

#[test]
fn a_person_is_put_together_from_the_report_and_the_place_of_work() {
    let person = Read::of(ANA).person();
    for (attribute, field) in [
        (Canonical::AddressLine1, Field::Value("Calle Mayor 1")),
        (Canonical::BirthDate, Field::Value("1990-02-03")),
        (Canonical::City, Field::Value("Barcelona")),
        (Canonical::Country, Field::Value("ES")),
        (Canonical::Department, Field::Value("Engineering")),
        (Canonical::DisplayName, Field::Value("Anita Ruiz")),
        (Canonical::EmployeeId, Field::Value("101")),
        (Canonical::EmployeeNumber, Field::Value("E-1")),
        (Canonical::EmploymentStatus, Field::Value("active")),
        (Canonical::EmploymentType, Field::Value("part_time")),
        (Canonical::FirstName, Field::Value("Ana")),
        (Canonical::Group, Field::Value("Acme SL")),
        (Canonical::JobTitle, Field::Value("Engineer")),
        (Canonical::KnownAs, Field::Value("Anita")),
        (Canonical::LastName, Field::Value("Ruiz Núñez")),
        (Canonical::Manager, Field::Value("100")),
        (Canonical::MobilePhone, Field::Value("+34600111222")),
        (Canonical::PayCurrency, Field::Value("EUR")),
        (Canonical::PayPeriod, Field::Value("year")),
        (Canonical::PayRate, Field::Value("42000.5")),
        (Canonical::StartDate, Field::Value("2018-05-01")),
        (Canonical::Team, Field::Value("Platform")),
        (Canonical::TimeZone, Field::Value("Europe/Madrid")),
        (Canonical::WorkCity, Field::Value("Barcelona")),
        (Canonical::WorkEmail, Field::Value("ana@acme.example")),
        (Canonical::WorkLocation, Field::Value("Head office")),
        (Canonical::ZipCode, Field::Value("08001")),
    ] {
        assert_eq!(person.attributes.field(attribute), field, "{}", attribute.name());
    }
    assert_eq!(invalid(&person), Vec::<String>::new());
}

#[test]
fn custom_fields_are_those_with_an_alias_of_their_own_that_are_still_kept() {
    let person = Read::of(ANA).person();
    assert_eq!(custom(&person, "t_shirt_size"), Field::Value("M"));
    assert_eq!(custom(&person, "languages"), Field::Value("Català, 日本語"));
    let fields = read_fields("list fields", Some(FIELDS), &BTreeSet::new()).unwrap();
    let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["languages", "t_shirt_size"]);
    assert_eq!(read_fields("list fields", None, &BTreeSet::new()).unwrap().len(), 0);
}

#[test]
fn r34_what_is_forbidden_is_neither_asked_for_nor_decoded_unless_it_is_allowed() {
    for name in Everybody::columns(&Wanted::everything()) {
        assert_eq!(classify_label(name), None, "{name}");
    }
    let mut read = Read::of(ANA);
    let roster = read.roster();
    let hidden: Vec<String> = roster.header.hidden.keys().map(ToString::to_string).collect();
    assert!(hidden.contains(&"custom.field9".to_owned()) && hidden.contains(&"custom.nin1".to_owned()));
    assert!(!roster.employees().unwrap()[0].attributes.as_packed().contains("CANARY"));
    read.allowed.insert(Category::Religion);
    let person = read.person();
    assert_eq!(custom(&person, "field9"), Field::Value("CANARY belief"));
    assert!(!person.attributes.as_packed().contains("CANARY number"));
}

#[test]
fn r46_a_column_that_serves_nothing_wanted_is_not_asked_for() {
    let wanted = Wanted::only([Canonical::WorkEmail.into(), Canonical::PayCurrency.into()]);
    assert_eq!(
        Everybody::columns(&wanted),
        [Everybody::JUDGING, &["payRate", "workEmail"]].concat()
    );
    assert_eq!(Everybody::columns(&Wanted::everything()).len(), 28, "each once");
}

#[test]
fn r47_no_more_fields_are_asked_for_than_a_report_takes() {
    let own = (0..500).map(|id| format!(r#"{{"id":{id},"name":"F{id}","alias":"customF{id}"}}"#));
    let text = format!("[{}]", own.collect::<Vec<_>>().join(","));
    let fields = read_fields("list fields", Some(&text), &BTreeSet::new()).unwrap();
    assert_eq!(fields.len() + 1 + Everybody::columns(&Wanted::everything()).len(), 400);
    assert!(fields.excess().count() > 0);
}

#[test]
fn r07_null_or_no_text_is_empty_but_in_what_a_user_may_not_see_of_each_person() {
    for nothing in ["null", "\"\""] {
        assert_eq!(
            field(&format!("\"department\":{nothing}"), Canonical::Department),
            Field::Empty
        );
        assert_eq!(field(&format!("\"city\":{nothing}"), Canonical::City), Field::Unseen);
    }
    assert_eq!(field(r#""zipcode":"1""#, Canonical::City), Field::Unseen);
    for none in ["\"\"", "null", "\"0000-00-00\""] {
        assert_eq!(
            field(&format!("\"hireDate\":{none}"), Canonical::StartDate),
            Field::Empty,
            "{none}"
        );
    }
}

#[test]
fn pay_is_an_amount_with_its_currency_or_nothing() {
    for (rate, amount, currency) in [
        ("\"65000.00 USD\"", value("65000"), value("USD")),
        ("\"24 aud\"", value("24"), value("AUD")),
        ("\"27000.00\"", value("27000"), Field::Unseen),
        ("\" USD\"", Field::Unseen, Field::Unseen),
        ("\"\"", Field::Unseen, Field::Unseen),
        ("null", Field::Unseen, Field::Unseen),
        ("\"much money\"", Field::Unseen, Field::Unseen),
        ("{\"value\":1}", Field::Unseen, Field::Unseen),
    ] {
        let members = format!("\"payRate\":{rate}");
        assert_eq!(field(&members, Canonical::PayRate), amount, "{rate}");
        assert_eq!(field(&members, Canonical::PayCurrency), currency, "{rate}");
    }
    assert_eq!(field(r#""payPer":"Hour""#, Canonical::PayPeriod), value("hour"));
    assert_eq!(field(r#""payPer":"Quarter""#, Canonical::PayPeriod), Field::Unseen);
}

#[test]
fn a_country_is_named_and_an_unknown_one_is_invalid() {
    assert_eq!(field(r#""country":"United States""#, Canonical::Country), value("US"));
    let person = Read::of(r#"[{"id":"1","country":"Ruritania","city":"Strelsau"}]"#).person();
    assert_eq!(invalid(&person), ["country"]);
}

#[test]
fn a_place_of_work_may_be_unknown_or_not_shown() {
    let at = |members: &str| {
        let field = |attribute| field(members, attribute);
        [Canonical::WorkLocation, Canonical::WorkCity, Canonical::TimeZone].map(field)
    };
    assert_eq!(
        at(r#""location":"Head office","timezone":null"#),
        [value("Head office"), value("Barcelona"), value("Europe/Paris")]
    );
    assert_eq!(
        at(r#""location":null,"timezone":null"#),
        [Field::Empty, Field::Unseen, Field::Unseen]
    );
    assert_eq!(
        at(r#""location":"Depot","timezone":"UTC""#),
        [value("Depot"), Field::Unseen, value("UTC")]
    );
    assert_eq!(
        at(r#""location":"Elsewhere""#),
        [value("Elsewhere"), Field::Unseen, Field::Unseen]
    );
    let mut read = Read::of(ANA);
    read.places = None;
    let roster = read.roster();
    assert_eq!(roster.header.hidden[&Canonical::WorkCity.into()], "no_permission");
    let person = &roster.employees().unwrap()[0];
    assert_eq!(person.value(Canonical::TimeZone), Some("Europe/Madrid"));
}

const BEGINS: &str = r#"[{"id":"7","firstName":"Bo","status":"Active","hireDate":"2026-04-01","employmentHistoryStatus":null,
    "jobTitle":null,"payRate":" EUR","location":null}]"#;

#[test]
fn r31_a_row_without_an_id_stops_nobody_else_but_such_a_list_is_not_whole() {
    let error = Read::of(r#"[{"firstName":"Nobody"},{"id":"2"},{"id":1e30},{"id":"3"}]"#)
        .try_roster()
        .unwrap_err();
    assert_eq!(error.to_string(), "list employees: 2 people have no readable id");
}

#[test]
fn r38_an_error_never_quotes_the_page() {
    let error = Read::of(r#"[{"id":"1","firstName":"Ana" "x"}]"#)
        .try_roster()
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Ana"), "{error}");
    assert_eq!(error.class, Class::Malformed);
}
