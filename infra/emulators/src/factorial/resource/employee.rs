//! `employees/employees`: people without team, job, pay or start date, which stand in other resources.

use super::{Phone, Query, Refusal, Resource, Row, Stamp, Version, View, legal_entity, location, team};
use crate::draw::{below, percent};
use crate::person::{CANARY, Person, Status};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Added to an employee's id to make the id of their access.
const ACCESS: u64 = 70_000;

/// Members that this emulator leaves empty.
const EMPTY: [&str; 7] = [
    "birth_name",
    "identifier_expiration_date",
    "swift_bic",
    "contact_number",
    "pronouns",
    "termination_type_description",
    "unconfirmed_communications_email",
];

pub(super) struct Employees;

impl Resource<Version> for Employees {
    fn path(&self) -> &'static str {
        "employees/employees"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut people = view.people(query, "ids[]");
        keep_named(view, query, &mut people);
        let company = view.company;
        if let Some(since) = query.date("updated_at_gteq")? {
            people.retain(|person| person.changed_on >= since);
        }
        if query.flag("only_active")? == Some(true) {
            people.retain(|person| person.status(company.today) != Status::Terminated);
        }
        let is_in = |ids: &[u64], first: u64, position: u64| ids.binary_search(&(first + position)).is_ok();
        if let Some(ids) = query.ids("legal_entity_ids[]") {
            people.retain(|person| is_in(&ids, legal_entity::FIRST, u64::from(person.entity)));
        }
        if let Some(ids) = query.ids("team_ids[]") {
            let member = |team: Option<u32>| team.is_some_and(|team| is_in(&ids, team::FIRST, u64::from(team)));
            people.retain(|person| member(person.team) || member(person.second_team));
        }
        if let Some(ids) = query.ids("location_ids[]") {
            let works_in = |place: u8| is_in(&ids, location::FIRST, u64::from(place));
            people.retain(|person| person.location.is_some_and(works_in));
        }
        if query.flag("only_managers")? == Some(true) {
            let managers: BTreeSet<u64> = company.people.iter().filter_map(|person| person.manager).collect();
            people.retain(|person| managers.contains(&person.id));
        }
        Ok(people.iter().map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let person = &*view.shown(person);
        write_person(view, person, row);
        write_private(person, row, view.company.today);
        write_work(view, person, row);
        Ok(())
    }
}

/// Keeps whom the parameters name: by access, e-mail address, name or number.
fn keep_named(view: &View, query: &Query, people: &mut Vec<&Person>) {
    if let Some(ids) = query.ids("access_ids[]") {
        people.retain(|person| ids.binary_search(&(person.id + ACCESS)).is_ok());
    }
    if let Some(emails) = query.many("emails[]") {
        people.retain(|person| {
            view.shown(person)
                .work_email(&view.company.domain)
                .is_some_and(|email| emails.iter().any(|asked| asked.eq_ignore_ascii_case(&email)))
        });
    }
    if let Some(name) = query.one("full_text_name").map(str::to_lowercase) {
        people.retain(|person| view.shown(person).full_name().to_lowercase().contains(&name));
    }
    if let Some(start) = query.one("name_starts_with").map(str::to_lowercase) {
        people.retain(|person| view.shown(person).full_name().to_lowercase().starts_with(&start));
    }
    if let Some(number) = query.one("company_identifier") {
        people.retain(|person| person.employee_number().as_deref() == Some(number));
    }
}

/// Names and addresses.
fn write_person(view: &View, person: &Person, row: &mut Row) {
    let email = person.work_email(&view.company.domain);
    let home = crate::person::place::at(person.home);
    row.put("id", view.id(person.id))
        .put("access_id", view.id(person.id + ACCESS));
    row.put("first_name", person.first_name().unwrap_or_default());
    row.put("last_name", person.last_name().unwrap_or_default());
    row.put("full_name", person.full_name())
        .put("preferred_name", person.known_as());
    row.put("email", &email).put("login_email", &email);
    let is_newer = view.context >= Version::Y2026M07;
    row.put_some("communications_email", is_newer.then_some(&email));
    row.put_nulls(EMPTY.get(..if is_newer { 7 } else { 6 }).unwrap_or_default());
    row.put("personal_email", person.personal_email())
        .put("phone_number", Phone::of(person));
    row.put("address_line_1", person.address_line_1())
        .put("address_line_2", person.address_line_2());
    row.put("postal_code", person.zip_code()).put("city", person.city());
    row.put("state", Some(home.state).filter(|state| !state.is_empty()));
    row.put("country", person.country());
}

/// What few may see and no reader may keep.
fn write_private(person: &Person, row: &mut Row, today: Date) {
    let home = crate::person::place::at(person.home);
    let birthday = person.birth_date();
    row.put("gender", person.gender());
    row.put("identifier", person.national_id())
        .put("identifier_type", "passport");
    row.put("birthday_on", &birthday)
        .put("age_number", age(birthday.as_deref(), today));
    row.put("nationality", home.country)
        .put("country_of_birth", home.country);
    row.put("birthplace", home.city);
    row.put("bank_number", person.bank_number())
        .put("bank_number_format", "iban");
    row.put("social_security_number", person.social_security_number());
    row.put(
        "contact_name",
        format!("{CANARY} Contact {}", below(person.key, 45, 1_000)),
    );
    row.put(
        "disability_percentage_cents",
        percent(person.key, 46, 4).then_some(3_300),
    );
}

/// What belongs to work.
fn write_work(view: &View, person: &Person, row: &mut Row) {
    let company = view.company;
    let (status, left) = (person.status(company.today), person.ends_on.is_some());
    let place = |first: u64| person.location.map(|location| view.id(first + u64::from(location)));
    let manager = person.manager.map(|manager| view.id(manager));
    row.put("company_id", view.company_id());
    row.put(
        "legal_entity_id",
        view.id(legal_entity::FIRST + u64::from(person.entity)),
    );
    row.put("location_id", place(location::FIRST));
    row.put("default_work_area_id", place(location::FIRST_AREA));
    row.put("manager_id", manager).put("timeoff_manager_id", manager);
    row.put("company_identifier", person.employee_number());
    row.put("seniority_calculation_date", person.first_day());
    row.put("active", status != Status::Terminated);
    row.put("is_terminating", left && status != Status::Terminated);
    row.put("attendable", true).put("terminated_on", person.ends_on);
    row.put("termination_reason_type", left.then_some("voluntary"));
    row.put("termination_reason", left.then_some("other"));
    row.put(
        "termination_observations",
        left.then(|| format!("{CANARY} note for the file")),
    );
    row.put("created_at", Stamp(person.first_day().min(company.founded_on)));
    row.put("updated_at", Stamp(person.changed_on));
}

/// Years completed on `today`.
fn age(birthday: Option<&str>, today: Date) -> Option<i16> {
    let born: Date = birthday?.parse().ok()?;
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    Some(today.year() - born.year() - i16::from(!had_birthday))
}
