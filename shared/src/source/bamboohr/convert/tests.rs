//! Rows as BambooHR sends them, and what becomes of them.

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
        let mut converter = ByReport::<Everybody>::new(&fields, &workplaces, today, &mut roster)?;
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
fn r07_a_member_that_is_not_there_is_unseen_and_null_or_no_text_is_empty() {
    assert_eq!(field(r#""city":null"#, Canonical::City), Field::Empty);
    assert_eq!(field(r#""city":"""#, Canonical::City), Field::Empty);
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
        ("\" USD\"", Field::Empty, Field::Empty),
        ("\"\"", Field::Empty, Field::Empty),
        ("null", Field::Empty, Field::Empty),
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
fn the_kind_of_employment_is_the_companys_word_and_of_a_person_who_left_it_is_not_told() {
    for (kind, expected) in [
        ("Full-Time", value("full_time")),
        ("part time", value("part_time")),
        ("Contractor", value("Contractor")),
        ("Terminated", Field::Unseen),
    ] {
        let text = ANA.replace("Part-Time", kind);
        let person = Read::of(&text).roster().employees().unwrap().remove(0);
        let seen = person.attributes.field(Canonical::EmploymentType).map(str::to_owned);
        assert_eq!(seen, expected, "{kind}");
    }
}

#[test]
fn r14_the_last_day_of_an_earlier_employment_does_not_end_this_one() {
    let last = |status: &str, first: &str| {
        let text = format!(r#"[{{"id":"1","status":"{status}","hireDate":"{first}","terminationDate":"2024-05-31"}}]"#);
        let person = Read::of(&text).person();
        person.attributes.field(Canonical::TerminationDate).map(str::to_owned)
    };
    assert_eq!(last("Active", "2020-01-01"), value("2024-05-31"));
    assert_eq!(last("Inactive", "2025-01-01"), value("2024-05-31"));
    assert_eq!(last("Active", "2024-05-31"), value("2024-05-31"));
    assert_eq!(
        field(
            r#""hireDate":"2025-01-01","terminationDate":"2024-05-31""#,
            Canonical::TerminationDate
        ),
        Field::Unseen,
        "nobody has one, which is hidden"
    );
}

#[test]
fn r14_a_person_who_came_back_under_the_first_day_of_before_has_no_last_day() {
    let last = |members: &str| {
        let both =
            format!(r#"[{{"id":"1","hireDate":"2018-05-01",{members}}},{{"id":"2","terminationDate":"2026-09-30"}}]"#);
        let people = Read::of(&both).roster().employees().unwrap();
        people[0]
            .attributes
            .field(Canonical::TerminationDate)
            .map(str::to_owned)
    };
    let shown = |status: &str, kind: &str, last: &str| {
        format!(r#""status":"{status}","employmentHistoryStatus":"{kind}","terminationDate":"{last}""#)
    };
    assert_eq!(last(&shown("Active", "Full-Time", "2024-05-31")), Field::Empty);
    for (status, kind, day) in [
        ("Active", "Terminated", "2024-05-31"),
        ("Active", "", "2024-05-31"),
        ("Inactive", "Full-Time", "2024-05-31"),
        ("Active", "Full-Time", "2026-03-01"),
        ("Active", "Full-Time", "2026-03-02"),
        ("Active", "Full-Time", "2026-09-30"),
    ] {
        assert_eq!(last(&shown(status, kind, day)), value(day), "{status} {kind}");
    }
}

#[test]
fn r14_of_which_employment_a_last_day_is_has_to_be_readable() {
    let before = r#""hireDate":"2026-01-01","terminationDate":"2024-06-30","employmentHistoryStatus":"Full-Time""#;
    for (member, whole) in [
        ("status", "Active"),
        ("hireDate", "2026-01-01"),
        ("employmentHistoryStatus", "Full-Time"),
    ] {
        let row = format!(r#"[{{"id":"1","status":"Active",{before}}}]"#);
        let broken = row.replace(
            &format!(r#""{member}":"{whole}""#),
            &format!(r#""{member}":"{whole}\ud83d""#),
        );
        assert_ne!(broken, row);
        let person = Read::of(&broken).person();
        let last_day = person.attributes.field(Canonical::TerminationDate);
        assert!(!matches!(last_day, Field::Value(_)), "{member}: {last_day:?}");
    }
    let row = r#"[{"id":"1","displayName":"Ana\ud83d","fullName1":"Ana Ruiz"}]"#;
    assert_eq!(invalid(&Read::of(row).person()), ["display_name"]);
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
        [Field::Empty, Field::Empty, Field::Empty]
    );
    assert_eq!(
        at(r#""location":"Depot","timezone":"UTC""#),
        [value("Depot"), Field::Empty, value("UTC")]
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
fn a_person_who_begins_later_is_asked_for_again_with_what_lies_ahead() {
    let mut read = Read::of(BEGINS);
    read.ahead = r#"[{"id":"8","firstName":"Nobody asked"},{"id":"7","firstName":"Bo","status":"Active",
        "hireDate":"2026-04-01","employmentHistoryStatus":"Full-Time","jobTitle":"Lead","payRate":"9.00 EUR"}]"#;
    let person = read.person();
    assert_eq!(person.id.as_str(), "7");
    for (attribute, expected) in [
        (Canonical::JobTitle, "Lead"),
        (Canonical::PayRate, "9"),
        (Canonical::EmploymentType, "full_time"),
        (Canonical::FirstName, "Bo"),
    ] {
        assert_eq!(person.value(attribute), Some(expected));
    }
}

#[test]
fn r14_nobody_who_begins_later_has_left_whatever_the_word_for_it() {
    for (word, last_day, expected) in [
        ("Inactive", "", [None, None]),
        ("Inactive", "2024-05-01", [None, None]),
        ("Active", "2024-05-01", [Some("active"), None]),
        ("Active", "2026-09-30", [Some("active"), Some("2026-09-30")]),
    ] {
        let status = format!(r#""status":"{word}","terminationDate":"{last_day}""#);
        let person = Read::of(&BEGINS.replace(r#""status":"Active""#, &status)).person();
        let shown = [Canonical::EmploymentStatus, Canonical::TerminationDate].map(|name| person.value(name));
        assert_eq!(shown, expected, "{status}");
    }
    let begun = BEGINS.replace("2026-04-01", "2020-01-01").replace("Active", "Inactive");
    assert_eq!(
        Read::of(&begun).person().value(Canonical::EmploymentStatus),
        Some("terminated")
    );
}

#[test]
fn r07_what_lies_ahead_and_is_not_shown_is_unseen_and_nobody_is_lost() {
    let person = Read::of(BEGINS).person();
    assert_eq!(person.value(Canonical::FirstName), Some("Bo"));
    for attribute in [Canonical::JobTitle, Canonical::PayRate, Canonical::WorkLocation] {
        assert_eq!(
            person.attributes.field(attribute),
            Field::Unseen,
            "{}",
            attribute.name()
        );
    }
    let begun = BEGINS.replace("2026-04-01", "2020-01-01");
    let roster = Read::of(&begun).roster();
    assert_eq!(roster.header.employees, 1, "one who has begun is not kept back");
}

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
