//! `employees`, the public face of people, and `employee-personal-records`, what few may see.

use super::super::{Employment, SLOTS, department_of, establishment_of, family_name, status_name};
use super::employment::{current_slot, legal_entity};
use super::{Base, View, dated, names, refer, stamp};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::{CANARY, Person, Status, place};
use serde_json::{Value, json};

pub(super) const FILTERS: &[&str] = &[
    "search",
    "id",
    "email",
    "status",
    "applicableEmployment.legalEntity.id",
    "applicableEmployment.startsOn",
    "applicableEmployment.startsOn.between",
    "applicableEmployment.endsOn",
    "applicableEmployment.endsOn.between",
    "applicableEmployment.template.id",
    "applicableEmployment.template.term",
    "applicableJobPosition.businessEstablishment.id",
    "applicableJobPosition.department.id",
    "applicableJobPosition.manager.id",
];

/// People.
pub(super) struct Employees;

fn keeps(view: &View, query: &Query, person: &Person) -> Result<bool, Refusal> {
    let today = view.company.today;
    // Unasked, nobody comes who left or is still to begin.
    let status = status_name(person.status(today));
    if !query
        .commas("status")
        .map_or(status == "active", |wanted| wanted.contains(&status))
    {
        return Ok(false);
    }
    let shown = view.shown(person);
    let email = shown.work_email(&view.company.domain);
    let id = |id: Option<u64>| id.map(|id| id.to_string());
    let Some(employment) = Employment::applicable(person, today) else {
        return Ok(false);
    };
    let (template, term) = super::employment::template(&employment);
    let searched = query.one("search").is_none_or(|words| {
        let name = format!("{} {}", shown.first_name().unwrap_or_default(), family_name(&shown)).to_lowercase();
        let split = |text: &str| {
            text.split([' ', '-', '_', ',', '.'])
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let own = split(&name);
        split(&words.to_lowercase())
            .iter()
            .all(|word| own.iter().any(|part| part.starts_with(word)))
    });
    Ok(searched
        && names(query, "id", id(Some(person.id)).as_deref())
        && names(query, "email", email.as_deref())
        && names(
            query,
            "applicableEmployment.legalEntity.id",
            Some(&legal_entity(person).to_string()),
        )
        && names(query, "applicableEmployment.template.id", Some(template))
        && names(query, "applicableEmployment.template.term", Some(term))
        && names(
            query,
            "applicableJobPosition.businessEstablishment.id",
            id(establishment_of(person)).as_deref(),
        )
        && names(
            query,
            "applicableJobPosition.department.id",
            id(department_of(view, person)).as_deref(),
        )
        && names(query, "applicableJobPosition.manager.id", id(person.manager).as_deref())
        && dated(
            query,
            "applicableEmployment.startsOn",
            "applicableEmployment.startsOn.between",
            Some(employment.starts_on),
        )?
        && dated(
            query,
            "applicableEmployment.endsOn",
            "applicableEmployment.endsOn.between",
            employment.ends_on,
        )?)
}

impl Resource<Base> for Employees {
    fn path(&self) -> &'static str {
        "employees"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        if query.commas("status").is_some_and(|wanted| {
            let known = [Status::Active, Status::Upcoming, Status::Terminated].map(status_name);
            wanted.iter().any(|status| !known.contains(status))
        }) {
            return Err(Refusal::parameter("status", "active, upcoming or deactivated"));
        }
        let mut ids = Vec::new();
        for person in view.everybody() {
            if keeps(view, query, person)? {
                ids.push(person.id);
            }
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let (shown, today) = (view.shown(person), view.company.today);
        let base = &view.context;
        let birth = shown
            .birth_date()
            .and_then(|date| date.parse::<jiff::civil::Date>().ok());
        let employment = Employment::applicable(person, today).map(|one| one.id(person));
        let position = current_slot(view, person).map(|slot| u64::from(person.number) * SLOTS + slot + 1);
        let link = |list: &str| json!({"href": format!("{}/lucca-api/{list}={id}", base.0)});
        row.put("id", id.to_string()).put("type", "employee");
        row.put("url", format!("{}/lucca-api/employees/{id}", base.0));
        row.put_nulls(&["remoteId", "portrait"]);
        row.put("givenName", shown.first_name())
            .put("familyName", family_name(&shown));
        row.put("employeeNumber", shown.employee_number());
        row.put("status", status_name(person.status(today)));
        row.put("email", shown.work_email(&view.company.domain));
        row.put(
            "birthDay",
            birth.map(|date| json!({"day": date.day(), "month": date.month()})),
        );
        row.put("phoneNumber", shown.mobile_phone());
        row.put(
            "applicableEmployment",
            employment.map(|id| refer(base, "employments", "employment", id)),
        );
        row.put(
            "applicableJobPosition",
            position.map(|id| refer(base, "job-positions", "job-position", id)),
        );
        row.put("createdAt", stamp(person.first_day().min(view.company.founded_on)));
        row.put("lastUpdatedAt", stamp(person.changed_on));
        let links = json!({
            "employments": link("employments?employee.id"), "jobPositions": link("job-positions?employment.employee.id"),
            "personalRecord": link("employee-personal-records?employee.id"), "portrait": null,
        });
        row.put("links", links);
        Ok(())
    }
}

/// Three letters for a country (ISO 3166-1 alpha-3).
pub(super) fn alpha3(country: &str) -> Option<&'static str> {
    const CODES: [(&str, &str); 16] = [
        ("AU", "AUS"),
        ("BR", "BRA"),
        ("CH", "CHE"),
        ("DE", "DEU"),
        ("ES", "ESP"),
        ("FR", "FRA"),
        ("GB", "GBR"),
        ("IN", "IND"),
        ("JP", "JPN"),
        ("MX", "MEX"),
        ("NP", "NPL"),
        ("NZ", "NZL"),
        ("PL", "POL"),
        ("PT", "PRT"),
        ("SG", "SGP"),
        ("US", "USA"),
    ];
    let found = CODES.iter().find(|(two, _)| *two == country);
    found.map(|(_, three)| *three)
}

/// Added to an employee's id to make the id of their record.
const RECORD: u64 = 40_000;

/// What few may see.
pub(super) struct PersonalRecords;

impl Resource<Base> for PersonalRecords {
    fn path(&self) -> &'static str {
        "employee-personal-records"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let fits = |person: &&Person| {
            let country = alpha3(place::at(person.home).country);
            names(query, "employee.id", Some(&person.id.to_string()))
                && names(query, "legalGender", Some(person.gender().unwrap_or("unknown")))
                && names(query, "nationalitiesCountryCodes", country)
        };
        Ok(view.everybody().filter(fits).map(|person| person.id + RECORD).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = id.checked_sub(RECORD).and_then(|id| view.company.find_person(id));
        let person = person.ok_or(Refusal::NotFound)?;
        let (shown, base) = (view.shown(person), &view.context);
        let title = match shown.gender() {
            Some("male") => "mister",
            Some(_) => "miss",
            None => "unknown",
        };
        let account: Value = json!({
            "format": "iban", "bankName": format!("{CANARY} Bank"), "accountIdentifier": shown.bank_number(), "bankIdentifier": null,
        });
        row.put("id", id.to_string()).put("type", "employee-personal-record");
        row.put("url", format!("{}/lucca-api/employee-personal-records/{id}", base.0));
        row.put("employee", refer(base, "employees", "employee", person.id));
        row.put("title", title)
            .put("legalGender", shown.gender().unwrap_or("unknown"));
        row.put("birthDate", shown.birth_date());
        row.put(
            "insuranceNumber",
            json!({"format": "other", "value": shown.social_security_number()}),
        );
        let countries: Vec<_> = alpha3(place::at(shown.home).country).into_iter().collect();
        row.put("nationalitiesCountryCodes", countries)
            .put("bankAccount", account);
        row.put("email", shown.personal_email()).put_nulls(&["phoneNumber"]);
        row.put("createdAt", stamp(person.first_day().min(view.company.founded_on)));
        row.put("lastUpdatedAt", stamp(person.changed_on))
            .put("links", json!({}));
        Ok(())
    }
}
