//! Humaans' lists and their JSON: where each stands, how its pages come, and by what its rows are found.

use crate::connector::{ANY, Form, Related, Resource, Sequel, Spell, Written};

/// Lists of all kinds: `{"total": 1, "limit": 250, "skip": 0, "data": […]}`. The vendor gives 250 rows at most.
const LIST: Form = Form {
    query: &[("$limit", "250")],
    place: Written::Skip("$skip"),
    rows: &["data"],
    total: &["total"],
    is_counted: true,
    next: Sequel::Total,
    nothing: None,
};

pub(super) const PEOPLE: Resource = list("list people", "/api/people");
pub(super) const COMPANIES: Resource = list("list companies", "/api/companies");
pub(super) const CUSTOM_FIELDS: Resource = list("list custom fields", "/api/custom-fields");
pub(super) const CUSTOM_VALUES: Resource = list("list custom values", "/api/custom-values");

pub(super) const COMPANY: Related = Related::shared(COMPANIES);
pub(super) const LOCATIONS: Related = Related::shared(list("list locations", "/api/locations"));
pub(super) const PAY_TYPES: Related = Related::shared(list("list compensation types", "/api/compensation-types"));

/// What people do, each role from a day on.
pub(super) const JOB_ROLES: Related = history(list("list job roles", "/api/job-roles"));
/// What people are paid, of all types.
pub(super) const COMPENSATIONS: Related = history(list("list compensations", "/api/compensations"));
/// Where people are paid to.
pub(super) const BANK_ACCOUNTS: Related = Related::Whole {
    of: list("list bank accounts", "/api/bank-accounts"),
    owner: OWNER,
    only: ANY,
    spell: None,
};

/// Where the person stands to whom a row belongs.
pub(super) const OWNER: &str = "personId";

const fn list(operation: &'static str, path: &'static str) -> Resource {
    Resource::new(operation, path, &LIST)
}

const fn history(of: Resource) -> Related {
    Related::Whole {
        of,
        owner: OWNER,
        only: ANY,
        spell: Some(Spell {
            from: "effectiveDate",
            until: &["endDate"],
        }),
    }
}
