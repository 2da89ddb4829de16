//! Lucca's lists and their JSON, of both its APIs: where each stands, how its pages come, and by what its rows are found. No logic
//! beyond what a value is on the wire.
//!
//! What may never be read (bank details, insurance number, nationality, gender …) is not named here, and the older API is
//! not even asked for it (R34). Values of custom fields stay raw until it is known that their field may be read.

use crate::connector::{ANY, Form, Related, Resource, Sequel, Spell, Written};

/// Lists of `/api/v3`: `{"header": {…}, "data": {"items": […], "count": 1}}`. The vendor allows a thousand users at once, and gives
/// an answer five seconds.
const OLDER: Form = Form {
    query: &[],
    place: Written::Range {
        name: "paging",
        rows: 200,
    },
    rows: &["data", "items"],
    total: &["data", "count"],
    is_counted: true,
    next: Sequel::Total,
    nothing: None,
};

/// Lists that stand beside it (`/organization`, `/remuneration`): `{"items": […], "count": 1}`.
const BESIDE: Form = Form {
    query: &[("limit", "100"), ("fields.root", "count")],
    place: Written::Number { name: "page", first: 1 },
    rows: &["items"],
    total: &["count"],
    ..OLDER
};

/// Lists of `/lucca-api`: `{"type": …, "items": […], "totalCount": 1, "links": {…}}`. Links and total come where they are asked for.
const NEWER: Form = Form {
    query: &[("limit", "100"), ("include", "links,totalCount")],
    place: Written::Token("page"),
    total: &["totalCount"],
    next: Sequel::Link {
        links: &["links"],
        parameter: "page",
    },
    ..BESIDE
};

/// The same, with what the rows refer to.
const EMBEDDED: Form = Form {
    query: &[("limit", "100"), ("include", "links,totalCount,embedded")],
    ..NEWER
};

pub(super) const USERS: Resource = Resource::new("list users", "/api/v3/users", &OLDER);
pub(super) const EXTENSIONS: Resource =
    Resource::new("list custom fields", "/api/v3/extensionuserdefinitions", &OLDER).of_module();

const ESTABLISHMENT_LIST: &str = "/organization/structure/api/establishments";

/// Archived ones too: people who left were there. The newer API answers with what is archived unasked.
pub(super) const ESTABLISHMENTS: Related = Related::Shared {
    of: Resource::new("list establishments", ESTABLISHMENT_LIST, &BESIDE).of_module(),
    asked: &[("isArchived", "true,false")],
    key: "id",
};

/// Amounts, each for some time and of some nature. Those of basic pay count.
pub(super) const FIXED_ITEMS: Related = Related::Owned {
    of: Resource::new("list pay", "/remuneration/api/fixed-items", &BESIDE).of_module(),
    people: Some("ownerIds"),
    owner: "workContract.ownerId",
    only: ("nature.category.code", &["BASIC_SALARY"]),
    spell: Some(Spell {
        from: "startsOn",
        until: &["endsOn"],
    }),
};

pub(super) const EMPLOYEES: Resource = Resource::new("list employees", "/lucca-api/employees", &EMBEDDED);
pub(super) const DEFINITIONS: Resource = modern("list custom fields", "/lucca-api/employee-attribute-definitions");
pub(super) const VALUES: Resource = modern("list custom values", "/lucca-api/employee-attributes");
const RECORD_LIST: Resource = modern("list personal records", "/lucca-api/employee-personal-records");
const DEPARTMENT_LIST: Resource = Resource::new("list departments", "/lucca-api/departments", &NEWER);
const WORKPLACE_LIST: Resource = Resource::new("list workplaces", "/lucca-api/business-establishments", &NEWER);
const ENTITY_LIST: Resource = Resource::new("list legal entities", "/lucca-api/legal-entities", &NEWER);

/// What few may see of a person.
pub(super) const RECORDS: Related = Related::Owned {
    of: RECORD_LIST,
    people: Some("employee.id"),
    owner: "employee.id",
    only: ANY,
    spell: None,
};
pub(super) const DEPARTMENTS: Related = Related::shared(DEPARTMENT_LIST);
pub(super) const WORKPLACES: Related = Related::shared(WORKPLACE_LIST);
pub(super) const LEGAL_ENTITIES: Related = Related::shared(ENTITY_LIST);

/// Times with the company: of each person the one that applies.
pub(super) const EMPLOYMENTS: Related = Related::Embedded {
    path: &["embedded", "employment"],
};
/// Times on the same terms: of each person the one that applies.
pub(super) const POSITIONS: Related = Related::Embedded {
    path: &["embedded", "job-position"],
};

/// A list of the newer API, of a module.
const fn modern(operation: &'static str, path: &'static str) -> Resource {
    Resource::new(operation, path, &NEWER).of_module()
}
