//! Personio's lists and their JSON: where each stands, how its pages come, and by what its rows are found. No logic beyond what a
//! value is on the wire.
//!
//! Gender and pictures of people come unasked, and are not named here, so that no decoder ever holds them (R34). Values of custom
//! fields stay raw until it is known that their field may be read.

use crate::connector::{ANY, Form, Path, Related, Resource, Sequel, Spell, Written};

/// Lists of version 2: `{"_data": […], "_meta": {"links": {"self": {…}, "next": {…}}}}`. Of most lists the vendor gives 50 rows at
/// once.
const PAGES: Form = Form {
    query: &[("limit", "50")],
    place: Written::Token("cursor"),
    rows: &["_data"],
    total: &[],
    is_counted: false,
    next: Sequel::Link {
        links: &["_meta", "links"],
        parameter: "cursor",
    },
    nothing: None,
};

/// Lists of version 1 that come at once: `{"success": true, "data": […]}`.
const WHOLE: Form = Form {
    query: &[],
    rows: ROWS,
    next: Sequel::Total,
    ..PAGES
};

/// Where the rows of a list of version 1 stand.
pub(super) const ROWS: Path = &["data"];
/// Where version 1 says how many people there are. Its number of pages is another thing in the vendor's own example.
pub(super) const TOTAL: Path = &["metadata", "total_elements"];
/// Where the token of version 1 stands.
pub(super) const TOKEN: &str = "data.token";

/// Everybody, former and future people too: no status is asked for.
pub(super) const PERSONS: Resource = Resource::new("list persons", "/v2/persons", &PAGES);
/// What people can be asked about; version 2 has no such list.
pub(super) const ATTRIBUTES: Resource =
    Resource::new("list attributes", "/v1/company/employees/attributes", &WHOLE).of_module();

/// A person's employments. Version 2 lists those of one person at a time.
pub(super) const EMPLOYMENTS: Related = Related::Owned {
    of: Resource::new("list employments", "/v2/persons/{id}/employments", &PAGES),
    people: None,
    owner: "person.id",
    only: ANY,
    spell: Some(Spell {
        from: "employment_start_date",
        until: &["termination.termination_date", "employment_end_date"],
    }),
};

/// What people are paid in this month. Other amounts than basic pay are listed too.
pub(super) const COMPENSATIONS: Related = Related::Whole {
    of: Resource::new("list compensations", "/v2/compensations", &PAGES).of_module(),
    owner: "person.id",
    only: ("category", &["FIXED_SALARY", HOURLY]),
    spell: Some(Spell {
        from: "effective_from",
        until: &[],
    }),
};
/// The category of pay by the hour.
pub(super) const HOURLY: &str = "HOURLY_SALARY";

/// Departments and teams. Their ids are counted apart: an id is asked for with its kind.
pub(super) const UNITS: Related = Related::Shared {
    of: Resource::new("list units", "/v2/org-units", &PAGES).of_module(),
    asked: &[],
    key: "type:id",
};
pub(super) const WORKPLACES: Related =
    Related::shared(Resource::new("list workplaces", "/v2/workplaces", &PAGES).of_module());
pub(super) const LEGAL_ENTITIES: Related =
    Related::shared(Resource::new("list legal entities", "/v2/legal-entities", &PAGES).of_module());
