//! `persons`: people with what is theirs whatever they work as.

use super::employment::Employment;
use super::field;
use super::{Base, View, stamp};
use crate::kit::query::{Query, read_date};
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::{Person, Status};
use serde_json::{Map, Value, json};

/// The parameters of the list, beside those of its pages.
const FILTERS: &[&str] = &[
    "limit",
    "id",
    "email",
    "first_name",
    "last_name",
    "preferred_name",
    "created_at",
    "created_at.gt",
    "created_at.lt",
    "updated_at",
    "updated_at.gt",
    "updated_at.lt",
    "status",
];

/// People.
pub(super) struct Persons;

/// Whether a filter names a text; one that is not given does.
fn names(query: &Query, name: &str, own: Option<&str>) -> bool {
    let wanted = query.commas(name);
    wanted.is_none_or(|wanted| own.is_some_and(|own| wanted.contains(&own)))
}

/// Whether a day is as the filters of its name ask.
fn dated(query: &Query, name: &'static str, own: jiff::civil::Date) -> Result<bool, Refusal> {
    let day = |suffix: &'static str| {
        let name = format!("{name}{suffix}");
        let asked = query.one(&name).map(|text| read_date(text).ok_or(()));
        asked
            .transpose()
            .map_err(|()| Refusal::parameter(name, "a date and time"))
    };
    let (exact, after, before) = (day("")?, day(".gt")?, day(".lt")?);
    Ok(exact.is_none_or(|day| own == day) && after.is_none_or(|day| own > day) && before.is_none_or(|day| own < day))
}

/// `ACTIVE` has people who are still to begin, too.
fn status(view: &View, person: &Person) -> &'static str {
    match person.status(view.company.today) {
        Status::Active | Status::Upcoming => "ACTIVE",
        Status::Terminated => "INACTIVE",
    }
}

impl Resource<Base> for Persons {
    fn path(&self) -> &'static str {
        "persons"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        if query.has_others(FILTERS) {
            return Err(Refusal::parameter("query", "parameters of this list only"));
        }
        if query
            .one("status")
            .is_some_and(|asked| !["ACTIVE", "INACTIVE"].contains(&asked))
        {
            return Err(Refusal::parameter("status", "ACTIVE or INACTIVE"));
        }
        let mut ids = Vec::new();
        for person in view.everybody() {
            let shown = view.shown(person);
            let created = person.first_day().min(view.company.founded_on);
            if names(query, "id", Some(&person.id.to_string()))
                && names(query, "email", shown.work_email(&view.company.domain).as_deref())
                && names(query, "first_name", shown.first_name().as_deref())
                && names(query, "last_name", shown.last_name().as_deref())
                && names(query, "preferred_name", shown.known_as().as_deref())
                && names(query, "status", Some(status(view, person)))
                && dated(query, "created_at", created)?
                && dated(query, "updated_at", person.changed_on)?
            {
                ids.push(person.id);
            }
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let (shown, base) = (view.shown(person), &view.context.0);
        let gender = match shown.gender() {
            Some("female") => "FEMALE",
            Some(_) => "MALE",
            None => "UNSPECIFIED",
        };
        row.put("id", id.to_string());
        row.put("email", shown.work_email(&view.company.domain));
        row.put("created_at", stamp(person.first_day().min(view.company.founded_on)));
        row.put("updated_at", stamp(person.changed_on));
        row.put("first_name", shown.first_name())
            .put("last_name", shown.last_name());
        row.put("preferred_name", shown.known_as()).put("gender", gender);
        row.put(
            "profile_picture",
            json!({"url": format!("{base}/v1/company/employees/{id}/profile-picture")}),
        );
        row.put("status", status(view, person));
        let fields = custom_attributes(view, person, row)?;
        row.put("custom_attributes", fields);
        let employments = Employment::all(person).into_iter().rev();
        let employments: Vec<Value> = employments.map(|one| json!({"id": one.id(person)})).collect();
        row.put("employments", employments);
        let link = format!("{base}/v2/persons/{id}/employments");
        row.put("_meta", json!({"links": {"employments": {"href": link}}}));
        Ok(())
    }
}

/// Returns a person's custom fields. One that is hidden is not in the list, and one without a value has no member for it.
fn custom_attributes(view: &View, person: &Person, row: &Row) -> Result<Vec<Value>, Refusal> {
    let mut written = Vec::new();
    let mut values = Row::open(&mut written, row.veil());
    for field in field::all() {
        values.put(field.member(), field.value(view, person));
    }
    values.close()?;
    let mut values: Map<String, Value> = serde_json::from_slice(&written)?;
    let entry = |field: field::Field| {
        let value = values.remove(field.member())?;
        let mut entry = json!({
            "id": field.id, "type": field.modern(), "global_id": field.preset.unwrap_or(field.id.as_str()), "label": field.label,
        });
        if let (false, Some(entry)) = (value.is_null(), entry.as_object_mut()) {
            entry.insert("value".to_owned(), value);
        }
        Some(entry)
    };
    Ok(field::all().filter_map(entry).collect())
}
