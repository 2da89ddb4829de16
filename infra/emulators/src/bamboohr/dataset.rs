//! Datasets, the vendor's recommended way to read in bulk: the same people as in reports under other names, in pages.

use super::field::{FIELDS, Which, custom_id};
use super::filter::{Filter, Key};
use super::look::Look;
use super::refusal::problem;
use super::report::{Column, Wanted};
use crate::company::custom::FIELDS as CUSTOM;
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::{Page, Start, pages};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::{Row, add};
use crate::kit::view::View;
use crate::server::reply::Reply;
use serde_json::{Map, Value, json};

/// The dataset there is.
pub(super) const NAME: &str = "employee";
/// The most values of one answer; a guess, since the vendor says only that too much is a 413.
const MOST_VALUES: usize = 250_000;

/// The people of the dataset.
pub(super) struct Records;

impl Resource<Wanted> for Records {
    fn path(&self) -> &'static str {
        "dataset"
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
        let look = Look::current(view.company, &shown);
        let mut fields = Map::new();
        for column in view
            .context
            .columns
            .iter()
            .filter(|column| !row.veil().drops(&column.name))
        {
            let value = column.field.value(&look);
            fields.insert(
                column.name.clone(),
                value.map_or(Value::Null, |text| text.into_owned().into()),
            );
        }
        row.put("fields", fields);
        Ok(())
    }
}

/// A query of a dataset.
pub(super) struct DatasetQuery {
    filter: Option<Filter>,
    order: Vec<(Which, bool)>,
    page: usize,
    page_size: usize,
}

fn invalid(member: &str, detail: &str) -> Refusal {
    let mut body = problem(422, "Unprocessable Entity", detail);
    add(&mut body, "code", "VALIDATION_ERROR");
    add(&mut body, "fields", json!({member: detail}));
    Refusal::own(Reply::problem(422, &body))
}

fn missing(detail: &str) -> Refusal {
    Refusal::own(Reply::problem(400, &problem(400, "Bad Request", detail)))
}

/// Reads the body of a query, and what rows depend on.
pub(super) fn query(asked: &Asked) -> Result<(DatasetQuery, Wanted), Refusal> {
    let body: Value = serde_json::from_slice(asked.body).map_err(|_| missing("The body must be JSON"))?;
    let names = body
        .get("fields")
        .and_then(Value::as_array)
        .ok_or_else(|| missing("fields is required"))?;
    let mut columns = Vec::new();
    for name in names {
        let name = name
            .as_str()
            .ok_or_else(|| invalid("fields", "must be a list of names"))?;
        let field = Which::find_in_dataset(name).ok_or_else(|| invalid("fields", "names an unknown field"))?;
        columns.push(Column {
            name: name.to_owned(),
            field,
        });
    }
    let text = |member: &str| {
        body.get(member)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
    };
    let filter = match text("filter") {
        None => None,
        Some(text) => Some(Filter::read(text).ok_or_else(|| invalid("filter", "must be a filter expression"))?),
    };
    let mut order = Vec::new();
    for rule in text("orderBy").into_iter().flat_map(|text| text.split(',')) {
        let (name, direction) = rule.trim().split_once(' ').unwrap_or((rule.trim(), "asc"));
        let column = columns.iter().find(|column: &&Column| column.name == name);
        let is_known = ["asc", "desc"].contains(&direction.trim());
        let column = column
            .filter(|_| is_known)
            .ok_or_else(|| invalid("orderBy", "must be asked for in fields"))?;
        order.push((column.field, direction.trim() == "desc"));
    }
    let number = |member: &str, unsaid: u64, most: u64| {
        let Some(value) = body.get(member).filter(|value| !value.is_null()) else {
            return Ok(unsaid);
        };
        let number = value.as_u64().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| invalid(member, "must be a whole number within its bounds"))
    };
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let query = DatasetQuery {
        filter,
        order,
        page: size(number("page", 1, u64::MAX)?),
        page_size: size(number("pageSize", 100, 1_000)?),
    };
    let wanted = Wanted {
        columns,
        ..Wanted::default()
    };
    Ok((query, wanted))
}

/// Answers a query.
pub(super) fn answer(listing: &Listing<Wanted>, query: &DatasetQuery, asked: &Asked) -> Result<Reply, Refusal> {
    let view = listing.view;
    if view.context.columns.len() * query.page_size > MOST_VALUES {
        let body = problem(413, "Content Too Large", "Ask for fewer fields or fewer rows");
        return Err(Refusal::own(Reply::problem(413, &body)));
    }
    let keeps = |id: u64| {
        let person = view.company.find_person(id);
        query
            .filter
            .as_ref()
            .is_none_or(|filter| person.is_some_and(|person| filter.passes(&Look::current(view.company, person))))
    };
    let ids = listing.ids(
        &asked.query,
        true,
        query.filter.is_some().then_some(&keeps as &dyn Fn(u64) -> bool),
    )?;
    let ids = sort(view, query, ids.to_vec());
    let page = Page::cut(
        &ids,
        Start::page(query.page, query.page_size),
        query.page_size,
        listing.faults,
    );
    let mut body = b"{\"data\":".to_vec();
    listing.write_all(&page.rows, &mut body)?;
    let (number, base) = (query.page, format!("{}{}", asked.base(), asked.path));
    let link = |page: usize| format!("{base}?page={page}&pageSize={}", query.page_size);
    let mut links = Map::new();
    if page.has_next {
        links.insert("next".to_owned(), link(number + 1).into());
    }
    if number > 1 {
        links.insert("prev".to_owned(), link(number - 1).into());
    }
    // Recorded on a real account: an empty list where there is nothing to link to.
    let links = if links.is_empty() { json!([]) } else { links.into() };
    let last = pages(page.total, query.page_size).max(if page.has_next { number + 1 } else { 0 });
    let meta = json!({"page": number, "pageSize": query.page_size, "totalPages": last, "totalItems": page.total});
    body.extend_from_slice(b",\"links\":");
    serde_json::to_writer(&mut body, &links)?;
    body.extend_from_slice(b",\"meta\":");
    serde_json::to_writer(&mut body, &meta)?;
    body.push(b'}');
    Ok(Reply::json(200, body))
}

fn sort(view: &View<Wanted>, query: &DatasetQuery, mut ids: Vec<u64>) -> Vec<u64> {
    for (field, falls) in query.order.iter().rev() {
        ids.sort_by_cached_key(|id| {
            let person = view.company.find_person(*id);
            let value = person.and_then(|person| {
                field
                    .value(&Look::current(view.company, person))
                    .map(std::borrow::Cow::into_owned)
            });
            Key::of(value, *falls)
        });
    }
    ids
}

/// The catalogue of datasets.
pub(super) fn list() -> Reply {
    Reply::of(200, &json!({"datasets": [{"name": NAME, "label": "Employee"}]}))
}

/// The fields of the dataset, in pages; a page beyond the ends is the nearest one.
pub(super) fn fields(asked: &Asked) -> Reply {
    let mut fields: Vec<Value> = Vec::new();
    for field in FIELDS.iter().filter(|field| !field.dataset.is_empty()) {
        fields.push(describe(field.dataset, field.label, "Personal", "personal"));
    }
    for (position, field) in CUSTOM.iter().enumerate() {
        fields.push(describe(
            &format!("customField{}", custom_id(position)),
            field.label,
            "Custom",
            "custom",
        ));
    }
    let (rows, pagination) = clamp(&fields, asked);
    Reply::of(
        200,
        &json!({"pagination": pagination, "name": NAME, "label": "Employee", "fields": rows}),
    )
}

fn describe(name: &str, label: &str, parent: &str, entity: &str) -> Value {
    json!({"name": name, "label": label, "parentType": "page", "parentName": parent, "entityName": entity})
}

/// The page that `page` and `page_size` ask for, or the nearest one, with the older form of page numbers.
pub(super) fn clamp<'a, T>(rows: &'a [T], asked: &Asked) -> (&'a [T], Value) {
    let number = |name: &str| {
        asked
            .query
            .one(name)
            .and_then(|text| text.parse().ok())
            .filter(|number| *number > 0)
    };
    let size = number("page_size").unwrap_or(500).min(1_000);
    let last = pages(rows.len(), size);
    let page = number("page").unwrap_or(1).min(last);
    let link = |page: usize| format!("{}{}?page={page}&page_size={size}", asked.base(), asked.path);
    let pagination = json!({
        "total_records": rows.len(),
        "current_page": page,
        "total_pages": last,
        "next_page": (page < last).then(|| link(page + 1)),
        "prev_page": (page > 1).then(|| link(page - 1)),
    });
    let from = (page - 1) * size;
    (
        rows.get(from..(from + size).min(rows.len())).unwrap_or_default(),
        pagination,
    )
}
