//! `/api/v3/users`: people with the fields that are named. Former ones come only if asked for.

use super::super::{Employment, department_of, establishment_of, family_name};
use super::{View, Wanted, extension, structure};
use crate::company::truth::Truth;
use crate::kit::query::{Query, read_date};
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::{Row, add};
use crate::person::{CANARY, Person, Status, place};
use jiff::civil::Date;
use serde_json::{Value, json};

/// What comes where no field is named.
const DEFAULT: [&str; 3] = ["id", "name", "url"];
/// Every field, as it is written in answers.
const FIELDS: [&str; 43] = [
    "id",
    "url",
    "firstName",
    "lastName",
    "name",
    "displayName",
    "login",
    "mail",
    "dtContractStart",
    "dtContractEnd",
    "birthDate",
    "seniorityDate",
    "employeeNumber",
    "legalEntityID",
    "legalEntity",
    "departmentID",
    "department",
    "managerID",
    "manager",
    "nationalityId",
    "insuranceNumber",
    "culture",
    "calendar",
    "picture",
    "rolePrincipal",
    "habilitedRoles",
    "address",
    "directLine",
    "professionalMobile",
    "personalMobile",
    "personalEmail",
    "jobTitle",
    "gender",
    "civilTitle",
    "bankName",
    "rib",
    "iban",
    "bic",
    "quote",
    "externalId",
    "modifiedAt",
    "extendedData",
    "userAxisValues_4",
];

/// A date as this API has it: midnight without a zone.
fn midnight(date: impl std::fmt::Display) -> String {
    format!("{date}T00:00:00")
}

/// The contract dates that a filter lets through: `since,d`, `until,d`, `between,a,b`, `null`, `notequal,null` or a date.
fn range(query: &Query, name: &'static str) -> Result<Option<impl Fn(Option<Date>) -> bool>, Refusal> {
    let bad = || {
        Refusal::parameter(
            name,
            "since, until or between with dates, null, notequal,null or a date",
        )
    };
    let Some(parts) = query.commas(name) else {
        return Ok(None);
    };
    let date = |text: &str| read_date(text).ok_or_else(bad);
    let (from, to, wants) = match *parts.as_slice() {
        ["since", from] => (Some(date(from)?), None, Some(true)),
        ["until", to] => (None, Some(date(to)?), Some(true)),
        ["between", from, to] => (Some(date(from)?), Some(date(to)?), Some(true)),
        ["null"] => (None, None, Some(false)),
        ["notequal", "null"] => (None, None, Some(true)),
        [exact] => (Some(date(exact)?), Some(date(exact)?), Some(true)),
        _ => return Err(bad()),
    };
    Ok(Some(move |own: Option<Date>| match own {
        None => wants == Some(false),
        Some(own) => wants == Some(true) && from.is_none_or(|from| own >= from) && to.is_none_or(|to| own <= to),
    }))
}

/// People.
pub(super) struct Users;

impl Resource<Wanted> for Users {
    fn path(&self) -> &'static str {
        "users"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let today = view.company.today;
        let with_former = query.flag("formerEmployees")? == Some(true);
        let (starts, ends) = (range(query, "dtContractStart")?, range(query, "dtContractEnd")?);
        let modified = match query.commas("modifiedAt").as_deref() {
            None => None,
            Some(["since", text]) => {
                Some(read_date(text).ok_or_else(|| Refusal::parameter("modifiedAt", "since with a time"))?)
            }
            Some(_) => return Err(Refusal::parameter("modifiedAt", "since with a time")),
        };
        let ids = query.comma_ids("id");
        let mut people: Vec<&Person> = view
            .everybody()
            .filter(|person| with_former || person.status(today) != Status::Terminated)
            .filter(|person| starts.as_ref().is_none_or(|fits| fits(Some(person.starts_on))))
            .filter(|person| ends.as_ref().is_none_or(|fits| fits(person.ends_on)))
            .filter(|person| modified.is_none_or(|since| person.changed_on >= since))
            .filter(|person| ids.as_ref().is_none_or(|ids| ids.binary_search(&person.id).is_ok()))
            .collect();
        for name in ["mail", "login"] {
            let parts = query.commas(name);
            let (is_like, wanted) = match parts.as_deref() {
                None => continue,
                Some(["like", part]) => (true, part.to_lowercase()),
                Some(parts) => (false, parts.join(",").to_lowercase()),
            };
            people.retain(|person| {
                let mail = view
                    .shown(person)
                    .work_email(&view.company.domain)
                    .map(|mail| mail.to_lowercase());
                mail.is_some_and(|mail| mail == wanted || (is_like && mail.contains(&wanted)))
            });
        }
        let mut ids: Vec<u64> = people.iter().map(|person| person.id).collect();
        match query.one("orderBy") {
            None | Some("id,asc" | "id") => {}
            Some("id,desc") => ids.reverse(),
            Some(_) => return Err(Refusal::parameter("orderBy", "id,asc or id,desc")),
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        let fields = &view.context.fields;
        for name in FIELDS {
            // Asked for as `managerId`, answered as `managerID`.
            let is_wanted = if fields.is_empty() {
                DEFAULT.contains(&name)
            } else {
                fields.find(name).is_some()
            };
            if is_wanted {
                let whole = value(view, &shown, name);
                let picked = match fields.find(name) {
                    Some(inner) => inner.pick(whole),
                    None => whole,
                };
                row.put(name, picked);
            }
        }
        Ok(())
    }
}

/// A reference with its name.
fn named(view: &View, list: &str, id: u64, name: &str) -> Value {
    json!({"id": id, "name": name, "url": format!("{}/api/v3/{list}/{id}", view.context.base)})
}

fn user(view: &View, person: &Person) -> Value {
    let mut user = named(view, "users", person.id, &full_name(person));
    add(&mut user, "firstName", json!(person.first_name()));
    add(&mut user, "lastName", family_name(person));
    user
}

fn full_name(person: &Person) -> String {
    format!("{} {}", person.first_name().unwrap_or_default(), family_name(person))
}

/// The value of one field.
fn value(view: &View, person: &Person, name: &str) -> Value {
    let company = view.company;
    let manager = person.manager.and_then(|manager| company.find_person(manager));
    let applicable = Employment::applicable(person, company.today);
    match name {
        "id" => json!(person.id),
        "url" => json!(format!("{}/api/v3/users/{}", view.context.base, person.id)),
        "firstName" => json!(person.first_name()),
        "lastName" => json!(family_name(person)),
        "name" => json!(full_name(person)),
        "displayName" => json!(format!(
            "{} {}",
            family_name(person),
            person.first_name().unwrap_or_default()
        )),
        "login" | "mail" => json!(person.work_email(&company.domain)),
        "dtContractStart" => json!(applicable.map(|employment| midnight(employment.starts_on))),
        "dtContractEnd" => json!(applicable.and_then(|employment| employment.ends_on).map(midnight)),
        "birthDate" => json!(person.birth_date().map(midnight)),
        "seniorityDate" => json!(midnight(person.first_day())),
        "employeeNumber" => json!(person.employee_number()),
        "legalEntityID" => json!(establishment_of(person)),
        "legalEntity" => {
            let place = company.location_of(person).zip(establishment_of(person));
            json!(place.map(|(location, id)| named(view, "legalentities", id, &location.name)))
        }
        "departmentID" => json!(department_of(view, person)),
        "department" => {
            let department = department_of(view, person).zip(company.department_of(person));
            json!(department.map(|(id, department)| named(view, "departments", id, &department)))
        }
        "managerID" => json!(person.manager),
        "manager" => json!(manager.map(|manager| user(view, manager))),
        "nationalityId" => json!(place::at(person.home).country),
        "jobTitle" => json!(Truth { company, person }.value("job_title")),
        "professionalMobile" => json!(person.mobile_phone()),
        "modifiedAt" => json!(format!("{}T08:30:00", person.changed_on)),
        "extendedData" => extension::values(view, person),
        "userAxisValues_4" => structure::cost_centre(view, person),
        other => private(person, other),
    }
}

/// The value of a field that few may see, or that is the same for everybody.
fn private(person: &Person, name: &str) -> Value {
    match name {
        "insuranceNumber" => json!(person.social_security_number()),
        "address" => {
            let parts = [
                person.address_line_1(),
                person.address_line_2(),
                person.zip_code(),
                person.city(),
            ];
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            json!(parts.join(" "))
        }
        "personalEmail" => json!(person.personal_email()),
        "gender" => json!(match person.gender() {
            Some("female") => "Female",
            Some(_) => "Male",
            None => "Undefined",
        }),
        "bankName" => json!(format!("{CANARY} Bank")),
        "iban" => json!(person.bank_number()),
        "rib" | "bic" => json!(format!("{CANARY}-{}", person.number)),
        "culture" => json!({"id": 1036, "name": "Français (France)"}),
        "calendar" => json!({"id": 1, "name": "France"}),
        "rolePrincipal" => json!({"id": 2, "name": "Utilisateur"}),
        "habilitedRoles" => json!([]),
        _ => Value::Null,
    }
}
