//! Factorial's lists and their JSON, version 2026-10-01: where each stands, how its pages come, and the members that are read, all of
//! them optional, borrowed from the page. No logic beyond what a value is on the wire.
//!
//! What may never be read (bank details, social security number, national id, disability …) is not named here, so that
//! no decoder ever holds it (R34). Values of custom fields stay raw until it is known that their field may be read.

use crate::connector::{Form, Resource, Sequel, Written, row};

/// Where the rows of a page stand.
pub(super) const ROWS: &[&str] = &["data"];

/// People (vendor documentation, "Pagination"): at most 100 rows, `after_id=<meta.end_cursor>`, and the last page says
/// `has_next_page: false`.
const PEOPLE: Form = Form {
    query: &[("limit", "100")],
    place: Written::Cursor("after_id"),
    rows: ROWS,
    total: &["meta", "total"],
    is_counted: false,
    next: Sequel::Flag {
        more: &["meta", "has_next_page"],
        cursor: &["meta", "end_cursor"],
    },
    nothing: None,
};

/// Related lists. `{"errors": null}` has been seen in place of an empty one. It is believed of them, never of people.
const RELATED: Form = Form {
    nothing: Some("errors"),
    ..PEOPLE
};

macro_rules! resource {
    ($operation:literal, $path:literal, $form:ident) => {
        Resource::new($operation, concat!("/api/2026-10-01/resources/", $path), &$form)
    };
}

pub(super) const CREDENTIALS: Resource = resource!("identify company", "api_public/credentials", RELATED);
pub(super) const EMPLOYEES: Resource = resource!("list employees", "employees/employees", PEOPLE);
pub(super) const CONTRACTS: Resource = resource!("list contracts", "contracts/reference_contracts", RELATED);
pub(super) const MEMBERSHIPS: Resource = resource!("list memberships", "teams/memberships", RELATED);
pub(super) const TEAMS: Resource = resource!("list teams", "teams/teams", RELATED);
pub(super) const LOCATIONS: Resource = resource!("list locations", "locations/locations", RELATED);
pub(super) const LEGAL_ENTITIES: Resource = resource!("list legal entities", "companies/legal_entities", RELATED);
pub(super) const CUSTOM_FIELDS: Resource = resource!("list custom fields", "custom_fields/fields", RELATED);
pub(super) const CUSTOM_VALUES: Resource = resource!("list custom values", "custom_fields/values", RELATED);

row! {
    /// `api_public/credentials`: whose credential this is.
    Credential {
        texts: [company_id, employee_id, role, name, legal_name],
    }
    /// `employees/employees`.
    Employee {
        texts: [id, company_id, first_name, last_name, full_name, preferred_name, email, login_email, personal_email, phone_number, address_line_1, address_line_2, postal_code, city, country, birthday_on, company_identifier, manager_id, location_id, legal_entity_id, seniority_calculation_date, terminated_on],
        nested: [active],
    }
    /// `contracts/reference_contracts`: the contract that applies today, else the nearest to come, else the latest past.
    Contract {
        texts: [employee_id, effective_on, starts_on, ends_on, job_title, job_catalog_tree_node_uuid, salary_amount, salary_currency, salary_frequency, working_time_percentage_in_cents],
    }
    /// `teams/memberships`.
    Membership {
        texts: [id, employee_id, team_id],
        flags: [direct],
    }
    /// `teams/teams`.
    Team {
        texts: [id, name],
    }
    /// `locations/locations`.
    Location {
        texts: [id, name, city, timezone],
    }
    /// `companies/legal_entities`.
    LegalEntity {
        texts: [id, currency],
    }
    /// `custom_fields/fields`.
    CustomField {
        texts: [id, field_type, label_text, slug],
    }
    /// `custom_fields/values`, the values themselves still raw (R34).
    CustomValue {
        texts: [id, valuable_id, valuable_type, field_id],
        raws: [value, long_text_value, date_value, single_choice_value, cents_value],
    }
}
