//! People, and their custom fields.

use super::View;
use super::field::{CUSTOM, LIST, ONE, OWNER};
use crate::company::custom::FIELDS;
use crate::company::truth::Truth;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::{CANARY, Person};
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// People, as they are listed or one by one.
pub(super) struct People {
    path: &'static str,
}

/// The list.
pub(super) const EVERYBODY: People = People { path: LIST };
/// One person.
pub(super) const SOMEBODY: People = People { path: ONE };

/// A day, with an hour behind it.
fn stamp(date: Option<Date>) -> Option<String> {
    date.map(|date| format!("{date}T00:00:00"))
}

/// An entry of a list of the company's own: its number and its name; none where there is none.
fn lookup(text: Option<impl AsRef<str>>) -> Value {
    let Some(text) = text else { return Value::Null };
    let text = text.as_ref();
    let number = text
        .bytes()
        .fold(7_u64, |sum, byte| (sum * 31 + u64::from(byte)) % 9_000);
    json!({"ID": 1_000 + number, "Value": text})
}

/// A section of a row: what `fill` puts into it, under the veil of the row.
fn section(row: &Row, fill: impl FnOnce(&mut Row)) -> Result<Map<String, Value>, Refusal> {
    let mut written = Vec::new();
    let mut members = Row::open(&mut written, row.veil());
    fill(&mut members);
    members.close()?;
    Ok(serde_json::from_slice(&written)?)
}

impl Resource<()> for People {
    fn path(&self) -> &'static str {
        self.path
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(view.everybody().map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        row.put("ID", id);
        let personal = personal(view, &shown, row)?;
        row.put("Personal", personal);
        let contract = contract(view, &shown, row)?;
        row.put("Contract", contract);
        let termination = section(row, |members| {
            let last = stamp(shown.ends_on);
            members.put("TerminationDate", &last).put("LastWorkingDate", &last);
        })?;
        row.put("Termination", termination);
        Ok(())
    }
}

/// What is private.
fn personal(view: &View, shown: &Person, row: &Row) -> Result<Map<String, Value>, Refusal> {
    let email = shown.work_email(&view.company.domain);
    let mut address = section(row, |members| {
        members.put("Line1", shown.address_line_1());
        members.put("Line2", shown.address_line_2());
        members.put("Town", shown.city()).put("PostCode", shown.zip_code());
        members.put("AddressCountry", shown.country());
    })?;
    if let Some(country) = address.remove("AddressCountry") {
        address.insert("Country".to_owned(), country);
    }
    section(row, |members| {
        members.put("Title", "Mx").put("KnownAs", shown.known_as());
        // As people type them: with a stray space.
        members.put("Forenames", shown.first_name().map(|name| format!("{name} ")));
        members.put("Surname", shown.last_name());
        members.put("Address", address);
        let gender = match shown.gender() {
            Some("female") => "Female",
            Some("male") => "Male",
            Some(_) | None => "",
        };
        members.put("Gender", gender);
        members.put("Pronouns", Value::Null).put("MaritalStatus", "Single");
        let born = shown.birth_date().map(|day| format!("{day}T00:00:00"));
        members.put("DateOfBirth", born);
        members.put("EmployeeNumber", shown.employee_number());
        // Who has no address has an empty one.
        members.put("WorkEmail", email.unwrap_or_default());
        members.put("PersonalEmail", shown.personal_email());
        members.put("PersonalMobile", shown.mobile_phone());
        members.put("DefaultEmailPrivate", false);
        members.put("EmergencyContact", format!("{CANARY} contact"));
        members.put_nulls(&["EmergencyPhone", "EmergencyAddress", "EmergencyRelationship"]);
        members.put("EthnicOrigin", lookup(Some(format!("{CANARY} origin"))));
        members.put("Disability", lookup(Some(format!("{CANARY} disability"))));
        members.put("GenderIdentity", Value::Null);
        members.put("Nationality", lookup(Some(format!("{CANARY} nationality"))));
    })
}

/// What a person works as.
fn contract(view: &View, shown: &Person, row: &Row) -> Result<Map<String, Value>, Refusal> {
    let truth = Truth {
        company: view.company,
        person: shown,
    };
    let found = |name| lookup(truth.value(name));
    let manager = shown.manager.and_then(|manager| view.company.find_person(manager));
    let manager = manager.map(|manager| json!({"ID": manager.id, "Value": view.shown(manager).full_name()}));
    let is_full = shown.employment_type() == "full_time";
    section(row, |members| {
        members.put("StartDate", stamp(Some(shown.starts_on)));
        members.put("ContServiceDate", stamp(Some(shown.first_day())));
        members.put("IsLineManager", shown.leads);
        members.put("Job", found("job_title")).put("Company", found("group"));
        members.put("Country", lookup(Some("United Kingdom")));
        members.put("LocationDivision", found("work_location"));
        members
            .put("Department", found("department"))
            .put("Team", found("team"));
        members.put("LineManager", manager);
        members.put("ContractType", lookup(Some("Permanent")));
        members.put("EmployeeType", if is_full { "Full Time" } else { "Part Time" });
        members.put_nulls(&["PersonalGrade", "Role", "ImmigrationStatus", "WorkPattern"]);
        members.put("AdditionalRoles", json!([]));
        members.put("FTE", if is_full { 1.0 } else { 0.5 });
        members.put("HoursPerWeek", if is_full { 37.5 } else { 18.75 });
        members.put("Volunteer", false).put("CompanyDirector", false);
    })
}

/// The custom fields of everybody: a row for each person, with a member for each field.
pub(super) struct CustomFields;

impl Resource<()> for CustomFields {
    fn path(&self) -> &'static str {
        CUSTOM
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(view.everybody().map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        row.put(OWNER, id);
        for position in 0..FIELDS.len() {
            let value = view.company.custom_value(person, position);
            row.put(&format!("CustomField{}", position + 1), value);
        }
        Ok(())
    }
}
