//! `employees/employees`: people without team, job, pay or start date, which stand in other resources.

use super::super::query::Query;
use super::super::refusal::Refusal;
use super::super::version::Version;
use super::super::view::View;
use super::super::wire::{Id, Phone, Stamp};
use super::{Out, Resource, legal_entity, location, team};
use crate::draw::{below, percent};
use crate::person::{CANARY, Person, Status};
use jiff::civil::Date;
use serde::Serialize;
use std::borrow::Cow;

type Text<'a> = Option<Cow<'a, str>>;

#[derive(Serialize)]
struct Row<'a> {
    id: Id,
    access_id: Id,
    first_name: Cow<'a, str>,
    last_name: Cow<'a, str>,
    full_name: String,
    preferred_name: Text<'a>,
    birth_name: Text<'a>,
    gender: Option<&'static str>,
    identifier: String,
    identifier_type: &'static str,
    identifier_expiration_date: Option<Date>,
    email: Text<'a>,
    login_email: Text<'a>,
    personal_email: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    communications_email: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unconfirmed_communications_email: Option<Text<'a>>,
    birthday_on: Text<'a>,
    age_number: Option<i16>,
    nationality: Text<'a>,
    country_of_birth: Text<'a>,
    birthplace: Text<'a>,
    address_line_1: Text<'a>,
    address_line_2: Text<'a>,
    postal_code: Text<'a>,
    city: Text<'a>,
    state: Text<'a>,
    country: Text<'a>,
    bank_number: String,
    bank_number_format: &'static str,
    swift_bic: Option<&'static str>,
    company_id: Id,
    legal_entity_id: Id,
    location_id: Option<Id>,
    default_work_area_id: Option<Id>,
    social_security_number: String,
    manager_id: Option<Id>,
    timeoff_manager_id: Option<Id>,
    phone_number: Option<Phone<'a>>,
    company_identifier: Text<'a>,
    contact_name: String,
    contact_number: Option<&'static str>,
    seniority_calculation_date: Date,
    pronouns: Option<&'static str>,
    active: bool,
    is_terminating: bool,
    attendable: bool,
    disability_percentage_cents: Option<u16>,
    terminated_on: Option<Date>,
    termination_reason_type: Option<&'static str>,
    termination_reason: Option<&'static str>,
    termination_observations: Option<String>,
    termination_type_description: Option<&'static str>,
    created_at: Stamp,
    updated_at: Stamp,
}

/// Added to an employee's id to make the id of their access.
const ACCESS: u64 = 70_000;

pub(super) struct Employees;

impl Resource for Employees {
    fn path(&self) -> &'static str {
        "employees/employees"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut people = view.people(query, "ids[]");
        let company = view.company;
        if let Some(ids) = query.ids("access_ids[]") {
            people.retain(|person| ids.binary_search(&(person.id + ACCESS)).is_ok());
        }
        if let Some(emails) = query.many("emails[]") {
            people.retain(|person| {
                view.shown(person)
                    .work_email(&company.domain)
                    .is_some_and(|email| emails.iter().any(|asked| asked.eq_ignore_ascii_case(&email)))
            });
        }
        if let Some(name) = query.one("full_text_name") {
            let name = name.to_lowercase();
            people.retain(|person| view.shown(person).full_name().to_lowercase().contains(&name));
        }
        if let Some(start) = query.one("name_starts_with") {
            let start = start.to_lowercase();
            people.retain(|person| view.shown(person).full_name().to_lowercase().starts_with(&start));
        }
        if let Some(since) = query.date("updated_at_gteq")? {
            people.retain(|person| person.changed_on >= since);
        }
        if let Some(ids) = query.ids("legal_entity_ids[]") {
            people.retain(|person| {
                ids.binary_search(&(legal_entity::FIRST + u64::from(person.entity)))
                    .is_ok()
            });
        }
        if let Some(number) = query.one("company_identifier") {
            people.retain(|person| person.employee_number().as_deref() == Some(number));
        }
        if query.flag("only_active")? == Some(true) {
            people.retain(|person| person.status(company.today) != Status::Terminated);
        }
        if let Some(ids) = query.ids("team_ids[]") {
            let member = |team: Option<u32>| {
                team.is_some_and(|team| ids.binary_search(&(team::FIRST + u64::from(team))).is_ok())
            };
            people.retain(|person| member(person.team) || member(person.second_team));
        }
        if let Some(ids) = query.ids("location_ids[]") {
            people.retain(|person| {
                person
                    .location
                    .is_some_and(|location| ids.binary_search(&(location::FIRST + u64::from(location))).is_ok())
            });
        }
        if query.flag("only_managers")? == Some(true) {
            let managers: std::collections::BTreeSet<u64> =
                company.people.iter().filter_map(|person| person.manager).collect();
            people.retain(|person| managers.contains(&person.id));
        }
        Ok(people.iter().map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, out: &mut Out) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        Ok(serde_json::to_writer(out, &row(view, &shown))?)
    }
}

/// Years completed on `today`.
fn age(birthday: Option<&str>, today: Date) -> Option<i16> {
    let born: Date = birthday?.parse().ok()?;
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    Some(today.year() - born.year() - i16::from(!had_birthday))
}

fn phone(person: &Person) -> Option<Phone<'_>> {
    let text = person.mobile_phone()?;
    let edited = person
        .edits
        .as_ref()
        .is_some_and(|edits| edits.contains_key("mobile_phone"));
    match text.parse() {
        Ok(number) if person.mobile_is_number() && !edited => Some(Phone::Number(number)),
        Ok(_) | Err(_) => Some(Phone::Text(text)),
    }
}

fn row<'a>(view: &View, person: &'a Person) -> Row<'a> {
    let company = view.company;
    let email = person.work_email(&company.domain);
    let home = crate::person::place::at(person.home);
    let (status, left) = (person.status(company.today), person.ends_on.is_some());
    let newer = view.version >= Version::Y2026M07;
    let birthday_on = person.birth_date();
    Row {
        id: view.id(person.id),
        access_id: view.id(person.id + ACCESS),
        first_name: person.first_name().unwrap_or_default(),
        last_name: person.last_name().unwrap_or_default(),
        full_name: person.full_name(),
        preferred_name: person.known_as(),
        birth_name: None,
        gender: person.gender(),
        identifier: person.national_id(),
        identifier_type: "passport",
        identifier_expiration_date: None,
        login_email: email.clone(),
        communications_email: newer.then(|| email.clone()),
        unconfirmed_communications_email: newer.then_some(None),
        email,
        personal_email: person.personal_email(),
        age_number: age(birthday_on.as_deref(), company.today),
        birthday_on,
        nationality: Some(home.country.into()),
        country_of_birth: Some(home.country.into()),
        birthplace: Some(home.city.into()),
        address_line_1: person.address_line_1(),
        address_line_2: person.address_line_2(),
        postal_code: person.zip_code(),
        city: person.city(),
        state: Some(home.state).filter(|state| !state.is_empty()).map(Cow::from),
        country: person.country(),
        bank_number: person.bank_number(),
        bank_number_format: "iban",
        swift_bic: None,
        company_id: view.company_id(),
        legal_entity_id: view.id(legal_entity::FIRST + u64::from(person.entity)),
        location_id: person
            .location
            .map(|location| view.id(location::FIRST + u64::from(location))),
        default_work_area_id: person
            .location
            .map(|location| view.id(location::FIRST_AREA + u64::from(location))),
        social_security_number: person.social_security_number(),
        manager_id: person.manager.map(|manager| view.id(manager)),
        timeoff_manager_id: person.manager.map(|manager| view.id(manager)),
        phone_number: phone(person),
        company_identifier: person.employee_number(),
        contact_name: format!("{CANARY} Contact {}", below(person.key, 45, 1_000)),
        contact_number: None,
        seniority_calculation_date: person.starts_on,
        pronouns: None,
        active: status != Status::Terminated,
        is_terminating: left && status != Status::Terminated,
        attendable: true,
        disability_percentage_cents: percent(person.key, 46, 4).then_some(3_300),
        terminated_on: person.ends_on,
        termination_reason_type: left.then_some("voluntary"),
        termination_reason: left.then_some("other"),
        termination_observations: left.then(|| format!("{CANARY} note for the file")),
        termination_type_description: None,
        created_at: Stamp(person.starts_on.min(company.founded_on)),
        updated_at: Stamp(person.changed_on),
    }
}
