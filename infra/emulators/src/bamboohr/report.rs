//! Custom reports: everybody in one answer, whatever their status, with the fields that were asked for and may be seen.

use super::field::Which;
use super::look::Look;
use super::refusal::{bad_request, not_found};
use super::xml;
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::Page;
use crate::kit::query::Query;
use crate::kit::query::read_date;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::kit::view::View;
use crate::server::reply::Reply;
use jiff::civil::Date;
use serde_json::{Value, json};

/// The most fields of one request (vendor description).
pub(super) const MOST_FIELDS: usize = 400;

/// A field under the name it was asked for.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) field: Which,
}

impl Column {
    /// The columns of these names; what is unknown is left out silently.
    pub(super) fn find<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Self> {
        let known = names.filter_map(|name| {
            Some(Self {
                name: name.to_owned(),
                field: Which::find(name)?,
            })
        });
        let mut columns: Vec<Self> = Vec::new();
        for column in known {
            if columns.iter().all(|other| other.name != column.name) && column.name != "id" {
                columns.push(column);
            }
        }
        columns
    }
}

/// What rows of people depend on.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) columns: Vec<Column>,
    pub(super) only_current: bool,
    /// Whether an unset date is an empty text, as reports have it, and a `terminationDate` stands in every row.
    pub(super) is_report: bool,
    /// What references are written out as.
    pub(super) expanded: Vec<String>,
    /// Whether rows of tables say neither their own id nor the employee's.
    pub(super) is_grouped: bool,
}

/// People with the columns that are wanted.
pub(super) struct People;

impl Resource<Wanted> for People {
    fn path(&self) -> &'static str {
        "employee"
    }

    fn lists_people(&self) -> bool {
        true
    }

    fn select(&self, view: &View<Wanted>, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(view.everybody().map(|person| person.id).collect())
    }

    fn write(&self, view: &View<Wanted>, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.company.find_person(id).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        let wanted = &view.context;
        let look = Look {
            company: view.company,
            person: &shown,
            only_current: wanted.only_current,
        };
        row.put("id", id.to_string());
        // Recorded on a real account: the key is there unasked, and empty even for people who left.
        let says_end = wanted.columns.iter().any(|column| column.name == "terminationDate");
        if wanted.is_report && !says_end {
            row.put("terminationDate", "");
        }
        for column in &wanted.columns {
            if row.veil().drops(&column.field.alias()) {
                continue;
            }
            let value = column.field.value(&look);
            if wanted.is_report && column.field.kind() == "date" {
                row.put(&column.name, value.unwrap_or_default());
            } else {
                row.put(&column.name, value);
            }
        }
        Ok(())
    }
}

/// A report that is asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) title: String,
    pub(super) fields: Vec<String>,
    pub(super) changed_since: Option<Date>,
    pub(super) employee_ids: Option<Vec<u64>>,
}

impl Order {
    /// Reads the body: JSON if the content type says exactly that, else XML (vendor description).
    fn read(asked: &Asked) -> Result<Self, Refusal> {
        if asked.header("content-type") == Some("application/json") {
            let value = serde_json::from_slice(asked.body).map_err(|_| bad_request("Malformed JSON"))?;
            return Self::of_json(&value);
        }
        let text = std::str::from_utf8(asked.body).ok();
        text.and_then(xml::read_order)
            .ok_or_else(|| bad_request("Malformed XML"))
    }

    fn of_json(value: &Value) -> Result<Self, Refusal> {
        let name = |field: &Value| match field {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        };
        let fields = value["fields"]
            .as_array()
            .ok_or_else(|| bad_request("Missing fields"))?;
        let since = value.pointer("/filters/lastChanged/value");
        let ids = value.pointer("/filters/employeeIds").and_then(Value::as_array);
        Ok(Self {
            title: value
                .get("title")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            fields: fields.iter().filter_map(name).collect(),
            changed_since: match since.and_then(Value::as_str) {
                None => None,
                Some(text) => Some(read_date(text).ok_or_else(|| bad_request("Invalid lastChanged"))?),
            },
            employee_ids: ids.map(|ids| ids.iter().filter_map(Value::as_u64).collect()),
        })
    }
}

/// The form of the answer: as asked for in the query, else as accepted.
fn format(asked: &Asked) -> Result<&'static str, Refusal> {
    let wanted = match asked.query.one("format") {
        Some(format) => format.to_ascii_lowercase(),
        None => match asked.header("accept") {
            Some("application/json") => "json".to_owned(),
            Some("text/xml") => "xml".to_owned(),
            Some("text/csv") => "csv".to_owned(),
            Some(_) | None => String::new(),
        },
    };
    let known = ["json", "xml", "csv"].into_iter().find(|known| *known == wanted);
    known.ok_or_else(|| not_found("Report format not found"))
}

/// What rows of a report depend on, and the report itself.
pub(super) fn order(asked: &Asked) -> Result<(Order, Wanted), Refusal> {
    format(asked)?;
    let order = Order::read(asked)?;
    if order.fields.len() > MOST_FIELDS {
        return Err(bad_request("Too many fields: at most 400 can be asked for"));
    }
    let wanted = Wanted {
        columns: Column::find(order.fields.iter().map(String::as_str)),
        only_current: asked.query.one("onlyCurrent") != Some("false"),
        is_report: true,
        ..Wanted::default()
    };
    Ok((order, wanted))
}

/// Answers a report.
pub(super) fn answer(listing: &Listing<Wanted>, order: &Order, asked: &Asked) -> Result<Reply, Refusal> {
    let company = listing.view.company;
    let keeps = |id: u64| {
        let named = order.employee_ids.as_ref().is_none_or(|ids| ids.contains(&id));
        let person = company.find_person(id);
        named && person.is_some_and(|person| order.changed_since.is_none_or(|since| person.changed_on >= since))
    };
    let ids = listing.ids(&asked.query, true, Some(&keeps))?;
    let page = Page::whole(&ids, listing.faults);
    let columns = listing.view.context.columns.iter();
    let visible = columns.filter(|column| !listing.veil.drops(&column.field.alias()));
    let fields: Vec<Value> = visible
        .map(|column| {
            let id = column
                .name
                .parse::<i32>()
                .map_or_else(|_| json!(column.name), Value::from);
            json!({"id": id, "type": column.field.kind(), "name": column.field.label()})
        })
        .collect();
    let mut body = b"{\"title\":".to_vec();
    serde_json::to_writer(&mut body, &order.title)?;
    body.extend_from_slice(b",\"fields\":");
    serde_json::to_writer(&mut body, &fields)?;
    body.extend_from_slice(b",\"employees\":");
    listing.write_all(&page.rows, &mut body)?;
    body.push(b'}');
    Ok(match format(asked)? {
        "json" => Reply::json(200, body),
        "csv" => xml::sheet(&body)?,
        _ => xml::reply(&body, "report")?,
    })
}
