//! Staffology HR's lists and their JSON: where each stands, and in which form its rows come.

use crate::connector::{Form, Related, Resource, Sequel, Written};

/// How many people a full page has.
const FULL: usize = 200;

/// A bare list, in pages whose number stands in the path.
const PAGES: Form = Form {
    query: &[],
    place: Written::InPath { full: FULL },
    rows: &[],
    total: &[],
    is_counted: false,
    next: Sequel::Total,
    nothing: None,
};
/// A bare list on one page.
const LIST: Form = Form {
    place: Written::Once,
    ..PAGES
};
/// One row.
const ALONE: Form = Form {
    next: Sequel::Alone,
    ..LIST
};

/// The member that holds a person's id.
const ID: &str = "ID";

pub(super) const PEOPLE: Resource = Resource::new("list employees", "/api/Employees/", &PAGES).with_id(ID);
/// Stands on the second host.
pub(super) const CUSTOM_FIELDS: Resource = Resource::new("list custom fields", "/", &LIST).with_id("EmployeeID");

/// The section that says when a person leaves, which the list may lack.
pub(super) const TERMINATION: &str = "Termination";
/// One person.
pub(super) const PERSON: Related = Related::Detail {
    of: Resource::new("show an employee", "/api/Employee/{id}", &ALONE).with_id(ID),
    lacks: TERMINATION,
};

/// Where the person may stand to whom a row of custom fields belongs.
pub(super) const OWNER: &[&str] = &["EmployeeID", "EmployeeId", "ID", "Id"];
