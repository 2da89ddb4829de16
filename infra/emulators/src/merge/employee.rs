//! `employees`: people, with what they refer to as ids, or as whole objects where these are asked for.

use super::group::{Teams, groups_of};
use super::place::{Companies, Locations, company_id, home_of, location_id, workplace_of};
use super::{Context, View, employment, field, midnight, write_common};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::{CANARY, Person, Status};
use serde_json::{Value, json};

/// What can be asked for as whole objects.
pub(super) const EXPANDED: [&str; 8] = [
    "company",
    "employments",
    "groups",
    "home_location",
    "manager",
    "pay_group",
    "team",
    "work_location",
];

/// The word for where a person stands.
const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Active => "ACTIVE",
        Status::Upcoming => "PENDING",
        Status::Terminated => "INACTIVE",
    }
}

/// Whether a parameter is not given, or is this value.
fn is(query: &Query, name: &str, own: Option<&str>) -> bool {
    query.one(name).is_none_or(|asked| own == Some(asked))
}

/// People.
pub(super) struct Employees;

impl Employees {
    /// Returns a place, or its id where the whole is not asked for.
    fn place(view: &View, kind: &'static str, id: Option<u64>) -> Result<Value, Refusal> {
        let Some(id) = id else {
            return Ok(Value::Null);
        };
        if !view.context.expands(kind) {
            return Ok(location_id(id).into());
        }
        view.context.inside(kind, |row| Locations.write(view, id, row))
    }

    fn groups(view: &View, person: &Person) -> Result<Vec<Value>, Refusal> {
        // The company's own person, not the one who is shown: a stranger works where they do.
        let all = groups_of(view, view.company.find_person(person.id).ok_or(Refusal::NotFound)?);
        let one = |group: &super::group::Own<'_>| {
            if view.context.expands("groups") {
                let written = |row: &mut Row<'_>| {
                    group.write(view, row);
                    Ok(())
                };
                view.context.inside("groups", written)
            } else {
                Ok(group.id().into())
            }
        };
        all.iter().map(one).collect()
    }

    fn employments(view: &View, person: &Person) -> Result<Vec<Value>, Refusal> {
        let one = |id: u64| {
            if view.context.expands("employments") {
                view.context
                    .inside("employments", |row| employment::Employments.write(view, id, row))
            } else {
                Ok(employment::id(id).into())
            }
        };
        employment::rows_of(view, person).into_iter().map(one).collect()
    }

    fn team(view: &View, person: &Person) -> Result<Value, Refusal> {
        match person.team {
            None => Ok(Value::Null),
            Some(team) if view.context.expands("team") => {
                view.context.inside("team", |row| Teams.write(view, team.into(), row))
            }
            Some(team) => Ok(Teams::id(team).into()),
        }
    }

    fn company(view: &View, person: &Person) -> Result<Value, Refusal> {
        let entity = u64::from(person.entity);
        if view.context.expands("company") {
            view.context.inside("company", |row| Companies.write(view, entity, row))
        } else {
            Ok(company_id(view, entity).into())
        }
    }
}

impl Resource<Context> for Employees {
    fn path(&self) -> &'static str {
        "employees"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let company = view.company;
        let status = query.one("employment_status");
        if status.is_some_and(|asked| !["ACTIVE", "PENDING", "INACTIVE"].contains(&asked)) {
            return Err(Refusal::parameter("employment_status", "ACTIVE, PENDING or INACTIVE"));
        }
        let fits = |person: &&Person| {
            let shown = view.shown(person);
            is(
                query,
                "employment_status",
                Some(status_name(person.status(company.today))),
            ) && is(query, "employee_number", shown.employee_number().as_deref())
                && is(query, "first_name", shown.first_name().as_deref())
                && is(query, "last_name", shown.last_name().as_deref())
                && is(query, "work_email", shown.work_email(&company.domain).as_deref())
                && is(query, "manager_id", person.manager.map(|id| id.to_string()).as_deref())
                && is(query, "remote_id", Some(&person.id.to_string()))
        };
        Ok(view.everybody().filter(fits).map(|person| person.id).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let company = view.company;
        let person = company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        let sensitive = view.context.has_sensitive_fields;
        row.put("id", id.to_string())
            .put("employee_number", shown.employee_number());
        row.put("company", Self::company(view, person)?);
        row.put("first_name", shown.first_name())
            .put("last_name", shown.last_name());
        row.put("preferred_name", shown.known_as())
            .put("display_full_name", shown.display_name());
        row.put("username", shown.work_email(&company.domain));
        row.put("groups", Self::groups(view, person)?);
        row.put("work_email", shown.work_email(&company.domain))
            .put("personal_email", shown.personal_email());
        row.put("mobile_phone_number", shown.mobile_phone());
        row.put("employments", Self::employments(view, person)?);
        row.put(
            "home_location",
            Self::place(view, "home_location", Some(home_of(person)))?,
        );
        row.put(
            "work_location",
            Self::place(view, "work_location", workplace_of(person))?,
        );
        row.put("manager", person.manager.map(|manager| manager.to_string()));
        row.put("team", Self::team(view, person)?).put_nulls(&["pay_group"]);
        row.put("ssn", sensitive.then(|| shown.social_security_number()));
        row.put("gender", shown.gender().map(str::to_uppercase));
        row.put("ethnicity", format!("{CANARY} ethnicity"))
            .put("marital_status", format!("{CANARY} marital status"));
        row.put("date_of_birth", shown.birth_date().map(midnight));
        // A person who came back has the first day of the latest time.
        row.put("hire_date", midnight(person.starts_on))
            .put("start_date", midnight(person.starts_on));
        row.put(
            "remote_created_at",
            midnight(person.first_day().min(company.founded_on)),
        );
        row.put("employment_status", status_name(person.status(company.today)));
        row.put("termination_date", person.ends_on.map(midnight));
        row.put("avatar", json!(format!("https://pictures.example/{id}.png")));
        row.put_nulls(&["custom_fields", "employee_url"]);
        let mappings = field::mappings(view, person, row)?;
        row.put("field_mappings", mappings);
        write_common(row, id.to_string(), person.changed_on);
        Ok(())
    }
}
