//! Reports that a user saved: one, with everybody's name, address and job.

use super::dataset::clamp;
use super::field::Which;
use super::refusal::{not_found, problem};
use super::report::{Column, Wanted};
use crate::kit::Asked;
use crate::kit::list::Listing;
use crate::kit::paging::Page;
use crate::kit::refusal::Refusal;
use crate::server::reply::Reply;
use serde_json::{Value, json};

/// Id and name of the report.
const REPORT: (u64, &str) = (31, "Everybody");

/// The saved reports.
pub(super) fn list(asked: &Asked) -> Reply {
    let reports = [json!({"id": REPORT.0, "name": REPORT.1})];
    let (rows, pagination) = clamp(&reports, asked);
    Reply::of(200, &json!({"reports": rows, "pagination": pagination}))
}

/// What the report depends on; an error where there is no report of this id.
pub(super) fn wanted(id: &str) -> Result<Wanted, Refusal> {
    if id != REPORT.0.to_string() {
        return Err(Refusal::own(Reply::problem(
            404,
            &problem(404, "Not Found", "No such report"),
        )));
    }
    let names = [
        "eeid",
        "employeeNumber",
        "firstName",
        "lastName",
        "email",
        "jobInformationJobTitle",
    ];
    let column = |name: &str| {
        Some(Column {
            name: name.to_owned(),
            field: Which::find_in_dataset(name)?,
        })
    };
    Ok(Wanted {
        columns: names.into_iter().filter_map(column).collect(),
        ..Wanted::default()
    })
}

/// A page of the report; rows as in the dataset, but without a wrapping.
pub(super) fn answer(listing: &Listing<Wanted>, asked: &Asked) -> Result<Reply, Refusal> {
    let ids = listing.ids(&asked.query, true, None)?;
    let page = Page::whole(&ids, listing.faults);
    let (rows, pagination) = clamp(&page.rows, asked);
    let mut body = Vec::new();
    listing.write_all(rows, &mut body)?;
    let wrapped: Vec<Value> = serde_json::from_slice(&body).map_err(|_| not_found("No such report"))?;
    let data: Vec<&Value> = wrapped.iter().filter_map(|row| row.get("fields")).collect();
    Ok(Reply::of(
        200,
        &json!({"data": data, "aggregations": [], "pagination": pagination}),
    ))
}
