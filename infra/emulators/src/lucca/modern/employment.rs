//! `employments`, each a time with the company, and `job-positions`, each a time on the same terms within one.

use super::super::{Employment, FIRST_LEGAL_UNIT, SLOTS, department_of, establishment_of, terms_end};
use super::{Base, View, dated, names, refer, stamp};
use crate::company::contract::Version;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::Person;
use jiff::civil::Date;
use serde_json::json;

pub(super) const FILTERS: &[&str] = &[
    "id",
    "employee.id",
    "legalEntity.id",
    "template.id",
    "status",
    "start.date",
    "start.date.between",
    "end.date",
    "end.date.between",
];
pub(super) const POSITION_FILTERS: &[&str] = &[
    "id",
    "status",
    "employment.id",
    "employment.employee.id",
    "businessEstablishment.id",
    "department.id",
    "manager.id",
];

/// Returns the id of the legal entity that employs a person.
pub(super) fn legal_entity(person: &Person) -> u64 {
    FIRST_LEGAL_UNIT + u64::from(person.entity)
}

/// Id and term of an employment's template.
pub(super) const fn template(employment: &Employment) -> (&'static str, &'static str) {
    if employment.ends_on.is_some() {
        ("2", "fixed")
    } else {
        ("1", "permanent")
    }
}

/// Returns which of a person's positions is the applicable one.
pub(super) fn current_slot(view: &View, person: &Person) -> Option<u64> {
    view.company.current_version(person).map(|version| version.slot)
}

/// Times with the company.
pub(super) struct Employments;

impl Resource<Base> for Employments {
    fn path(&self) -> &'static str {
        "employments"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let today = view.company.today;
        let mut ids = Vec::new();
        for person in view.everybody() {
            if !names(query, "employee.id", Some(&person.id.to_string()))
                || !names(query, "legalEntity.id", Some(&legal_entity(person).to_string()))
            {
                continue;
            }
            for employment in Employment::all(person) {
                let id = employment.id(person);
                if names(query, "id", Some(&id.to_string()))
                    && names(query, "template.id", Some(template(&employment).0))
                    && names(query, "status", Some(employment.status(today)))
                    && dated(query, "start.date", "start.date.between", Some(employment.starts_on))?
                    && dated(query, "end.date", "end.date.between", employment.ends_on)?
                {
                    ids.push(id);
                }
            }
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (person, employment) = Employment::find(view, id).ok_or(Refusal::NotFound)?;
        let base = &view.context;
        let link = |list: &str| json!({"href": format!("{}/lucca-api/{list}?employment.id={id}", base.0)});
        row.put("id", id.to_string()).put("type", "employment");
        row.put("url", format!("{}/lucca-api/employments/{id}", base.0));
        row.put("employee", refer(base, "employees", "employee", person.id));
        row.put(
            "legalEntity",
            refer(base, "legal-entities", "legal-entity", legal_entity(person)),
        );
        row.put("status", employment.status(view.company.today));
        row.put("start", json!({"date": employment.starts_on}));
        row.put("end", employment.ends_on.map(|date| json!({"date": date})));
        let template = template(&employment).0;
        row.put(
            "template",
            refer(base, "employment-templates", "employment-template", template),
        );
        row.put("createdAt", stamp(employment.starts_on.min(view.company.founded_on)));
        row.put("lastUpdatedAt", stamp(person.changed_on));
        row.put("links", json!({"jobPositions": link("job-positions")}));
        row.put_nulls(&["remoteId", "document"]);
        Ok(())
    }
}

/// Times on the same terms.
pub(super) struct JobPositions;

/// A position: its terms and its last day.
struct Position {
    terms: Version,
    ends_on: Option<Date>,
}

impl Position {
    fn all(view: &View, person: &Person) -> Vec<Self> {
        let versions = view.company.versions(person);
        let ends: Vec<_> = (0..versions.len())
            .map(|position| terms_end(&versions, position))
            .collect();
        let both = versions.into_iter().zip(ends);
        both.map(|(terms, ends_on)| Self { terms, ends_on }).collect()
    }

    fn id(&self, person: &Person) -> u64 {
        u64::from(person.number) * SLOTS + self.terms.slot + 1
    }

    fn status(&self, today: Date) -> &'static str {
        if self.ends_on.is_some_and(|last_day| last_day < today) {
            "deactivated"
        } else if self.terms.effective_on > today {
            "upcoming"
        } else {
            "active"
        }
    }

    /// The id of the employment it belongs to: the last one that began on its first day.
    fn employment(&self, person: &Person) -> Option<u64> {
        let mut all = Employment::all(person).into_iter().rev();
        let own = all.find(|employment| employment.starts_on == self.terms.spell.0)?;
        Some(own.id(person))
    }
}

impl Resource<Base> for JobPositions {
    fn path(&self) -> &'static str {
        "job-positions"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let today = view.company.today;
        let text = |id: Option<u64>| id.map(|id| id.to_string());
        let mut ids = Vec::new();
        for person in view.everybody() {
            let fits = names(query, "employment.employee.id", Some(&person.id.to_string()))
                && names(
                    query,
                    "businessEstablishment.id",
                    text(establishment_of(person)).as_deref(),
                )
                && names(query, "department.id", text(department_of(view, person)).as_deref())
                && names(query, "manager.id", text(person.manager).as_deref());
            for position in Position::all(view, person).iter().filter(|_| fits) {
                let id = position.id(person);
                if names(query, "id", Some(&id.to_string()))
                    && names(query, "status", Some(position.status(today)))
                    && names(query, "employment.id", text(position.employment(person)).as_deref())
                {
                    ids.push(id);
                }
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let slot = id.checked_sub(1).ok_or(Refusal::NotFound)?;
        let person = view.numbered(slot / SLOTS).ok_or(Refusal::NotFound)?;
        let mut all = Position::all(view, person).into_iter();
        let position = all
            .find(|position| position.terms.slot == slot % SLOTS)
            .ok_or(Refusal::NotFound)?;
        let base = &view.context;
        let refer_some = |id: Option<u64>, list: &str, kind: &str| id.map(|id| refer(base, list, kind, id));
        row.put("id", id.to_string()).put("type", "job-position");
        row.put("url", format!("{}/lucca-api/job-positions/{id}", base.0));
        row.put(
            "employment",
            refer_some(position.employment(person), "employments", "employment"),
        );
        row.put("employee", refer(base, "employees", "employee", person.id));
        row.put("status", position.status(view.company.today));
        row.put("startsOn", position.terms.effective_on)
            .put("endsOn", position.ends_on);
        row.put(
            "businessEstablishment",
            refer_some(
                establishment_of(person),
                "business-establishments",
                "business-establishment",
            ),
        );
        row.put("jobTitle", &position.terms.job_title);
        row.put("manager", refer_some(person.manager, "employees", "employee"));
        row.put(
            "department",
            refer_some(department_of(view, person), "departments", "department"),
        );
        row.put(
            "createdAt",
            stamp(position.terms.effective_on.min(view.company.founded_on)),
        );
        row.put("lastUpdatedAt", stamp(person.changed_on));
        row.put("t9n", json!({}))
            .put("updatedAttributes", ["jobTitle"])
            .put("links", json!({}));
        row.put_nulls(&[
            "remoteId",
            "jobQualification",
            "occupationCategory",
            "workingTimeArrangement",
            "document",
            "notes",
        ]);
        Ok(())
    }
}
