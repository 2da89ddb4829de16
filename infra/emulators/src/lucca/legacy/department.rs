//! Departments of the older API. Without `fields` the first of the two embeds everybody who works there.

use super::super::{FIRST_DEPARTMENT, department_of};
use super::{View, Wanted};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;
use crate::person::Status;
use serde_json::{Value, json};

fn name<'a>(view: &View<'a>, id: u64) -> Result<&'a str, Refusal> {
    let found = view.company.departments.get(position_of(id, FIRST_DEPARTMENT)?);
    found.map(String::as_str).ok_or(Refusal::NotFound)
}

/// `/api/v3/departments`.
pub(super) struct Departments;

impl Resource<Wanted> for Departments {
    fn path(&self) -> &'static str {
        "departments"
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_DEPARTMENT, view.company.departments.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let name = name(view, id)?;
        let fields = &view.context.fields;
        let members = [
            ("id", json!(id)),
            ("name", json!(name)),
            ("code", json!(format!("D{id:03}"))),
            ("hierarchy", json!(format!("/{id}/"))),
            ("parentId", Value::Null),
            ("isActive", json!(true)),
            ("position", json!(id)),
            ("level", json!(1)),
            ("headID", Value::Null),
            ("head", Value::Null),
        ];
        for (member, value) in members {
            if fields.is_empty() || fields.find(member).is_some() {
                row.put(member, value);
            }
        }
        if fields.is_empty() {
            let own = view
                .everybody()
                .filter(|person| department_of(view, person) == Some(id));
            let today = view.company.today;
            let (now, all): (Vec<_>, Vec<_>) = own
                .map(|person| {
                    (
                        person.status(today) == Status::Active,
                        json!({"id": person.id, "name": person.full_name()}),
                    )
                })
                .partition(|(is_here, _)| *is_here);
            let rows = |people: &[(bool, Value)]| people.iter().map(|(_, user)| user.clone()).collect::<Vec<_>>();
            row.put("currentUsers", rows(&now))
                .put("users", [rows(&now), rows(&all)].concat());
        }
        Ok(())
    }
}

/// `/organization/structure/api/departments`.
pub(super) struct Plain;

impl Resource<Wanted> for Plain {
    fn path(&self) -> &'static str {
        "departments"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        Departments.select(view, query)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        row.put("id", id)
            .put("name", name(view, id)?)
            .put("code", format!("D{id:03}"));
        row.put("isArchived", false).put_nulls(&["parentId", "headId"]);
        Ok(())
    }
}
