//! `/v1/people/search`: everybody whom the caller may see, with the fields that were asked for and may be seen.

use super::View;
use super::field::{self, FIELDS, Held};
use crate::company::custom::FIELDS as CUSTOM;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::Status;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// The most fields of one search.
const MOST_FIELDS: usize = 400;
/// What comes where no field is asked for.
const UNASKED: [&str; 6] = [
    "root.id",
    "root.email",
    "root.firstName",
    "root.surname",
    "root.displayName",
    "work.title",
];

/// A search as it is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Asked {
    pub(super) fields: Vec<String>,
    pub(super) show_inactive: bool,
    filters: Option<Vec<Filter>>,
    human_readable: String,
    /// Whether the caller may see what is sensitive.
    #[serde(skip)]
    pub(super) sees_sensitive: bool,
}

/// Whom a search is about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    field_path: String,
    operator: String,
    values: Vec<String>,
}

impl Asked {
    /// Reads a search. An empty list of filters is refused, as it is by the vendor.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let asked: Self = serde_json::from_slice(body).map_err(|_| Refusal::parameter("body", "a search"))?;
        if asked.fields.len() > MOST_FIELDS {
            return Err(Refusal::parameter("fields", "at most 400"));
        }
        match asked.filters.as_deref() {
            None => {}
            Some([one]) if one.operator == "equals" && ["root.id", "root.email"].contains(&one.field_path.as_str()) => {
            }
            Some(_) => {
                return Err(Refusal::parameter(
                    "filters",
                    "one filter by root.id or root.email, or left out",
                ));
            }
        }
        if !["", "APPEND", "REPLACE"].contains(&asked.human_readable.as_str()) {
            return Err(Refusal::parameter("humanReadable", "APPEND, REPLACE or empty"));
        }
        Ok(asked)
    }

    fn wants(&self, id: &str) -> bool {
        let is_unasked = self.fields.is_empty() && UNASKED.contains(&id);
        // What is sensitive is left out silently.
        let is_sensitive = ["payroll.", "financial.", "identification."]
            .iter()
            .any(|category| id.starts_with(category));
        let is_named = id == "root.id" || is_unasked || self.fields.iter().any(|field| field == id);
        is_named && (self.sees_sensitive || !is_sensitive)
    }
}

/// People.
pub(super) struct People;

impl Resource<Asked> for People {
    fn path(&self) -> &'static str {
        "people"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        let asked = &view.context;
        let company = view.company;
        let filter = asked.filters.iter().flatten().next();
        let people = view.everybody().filter(|person| {
            let own = match filter.map(|filter| filter.field_path.as_str()) {
                None => return true,
                Some("root.id") => Some(person.id.to_string()),
                Some(_) => view.shown(person).work_email(&company.domain).map(Into::into),
            };
            filter.is_some_and(|filter| own.is_some_and(|own| filter.values.contains(&own)))
        });
        let is_shown = |status| asked.show_inactive || status != Status::Terminated;
        let people = people.filter(|person| is_shown(person.status(company.today)));
        Ok(people.map(|person| person.id).collect())
    }

    /// Each field stands at its path, with those of `root` at the top.
    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let asked = &view.context;
        let mut nested = Map::new();
        let mut names = Map::new();
        let mut put = |id: &str, shown: Option<Value>, held: Held| {
            let Some(value) = shown else { return };
            let is_replaced = asked.human_readable == "REPLACE";
            let value = held.name.clone().filter(|_| is_replaced).unwrap_or(value);
            let path = id.strip_prefix("root.").unwrap_or(id);
            if let Some(name) = held.name.filter(|_| asked.human_readable == "APPEND") {
                insert(&mut names, path, name);
            }
            insert(&mut nested, path, value);
        };
        for own in FIELDS.iter().filter(|field| asked.wants(field.id)) {
            let held = own.value(view, person);
            let shown = row.show(own.id, &held.value)?;
            put(own.id, shown, held);
        }
        for position in 0..CUSTOM.len() {
            let id = field::custom_id(position);
            if asked.wants(&id) {
                let held = field::custom_value(view, person, position);
                put(&id, Some(held.value.clone()), held);
            }
        }
        for (name, value) in nested {
            row.put(&name, value);
        }
        if asked.human_readable == "APPEND" {
            row.put("humanReadable", names);
        }
        Ok(())
    }
}

/// Puts a value at a path of members.
fn insert(into: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            into.insert(path.to_owned(), value);
        }
        Some((member, rest)) => {
            let inside = into.entry(member).or_insert_with(|| json!({}));
            if let Some(inside) = inside.as_object_mut() {
                insert(inside, rest, value);
            }
        }
    }
}
