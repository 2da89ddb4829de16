//! BambooHR's requests and where its answers hold what is read. No logic beyond what a value is on the wire.
//!
//! What may never be read (social security number, ethnicity, marital status …) is not named here, so that it is not asked for
//! and no decoder ever holds it (R34). Custom fields are asked for by their ids, once it is known that they may be read.

use serde::Serialize;

use crate::connector::{Form, Related, Resource, Sequel, Written};

/// Where the rows of a report stand.
pub(super) const PEOPLE: &[&str] = &["employees"];
/// Where the number of rows of a list with pages stands.
pub(super) const TOTAL: &[&str] = &["meta", "totalItems"];
/// The most fields of one report (vendor description).
pub(super) const MOST_FIELDS: usize = 400;

/// The places of work, in pages that are counted from 0.
pub(super) const LOCATIONS: Resource = Resource::new(
    "list locations",
    "/api/v1/hris/org/locations",
    &Form {
        query: &[("pageSize", "500")],
        place: Written::Number { name: "page", first: 0 },
        rows: &["data"],
        total: TOTAL,
        is_counted: false,
        next: Sequel::Total,
        nothing: None,
    },
);

/// The places of work as people refer to them: by name.
pub(super) const WORKPLACES: Related = Related::Shared {
    of: LOCATIONS,
    asked: &[],
    key: "label",
};

/// A report that is asked for.
#[derive(Serialize)]
pub(super) struct Order<'a> {
    /// What it is called; nobody reads it.
    pub(super) title: &'static str,
    /// Fields by name or id.
    pub(super) fields: Vec<&'a str>,
    /// Whom it is about, where it is not about everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filters: Option<Filters>,
}

/// Whom a report is about.
#[derive(Serialize)]
pub(super) struct Filters {
    /// These people.
    #[serde(rename = "employeeIds")]
    pub(super) employee_ids: Vec<u64>,
}
