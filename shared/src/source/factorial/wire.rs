//! Factorial's JSON, version 2026-10-01: only the members that are read, all of them optional, borrowed from the page.
//! No logic beyond what a value is on the wire.
//!
//! What may never be read (bank details, social security number, national id, disability …) is not named here, so that
//! no decoder ever holds it (R34). Values of custom fields stay raw until it is known that their field may be read.

use serde::Deserialize;

use crate::connector::{Said, row};

/// Where the rows of a page stand.
pub(super) const ROWS: &[&str] = &["data"];

/// What stands around the rows of a list: `{"data": […], "meta": {…}}`. `errors` has been seen as `null` in place of both.
#[derive(Debug, Deserialize)]
pub(super) struct Frame {
    #[serde(default)]
    pub(super) meta: Option<Meta>,
    #[serde(default)]
    pub(super) errors: Said,
}

/// Where a page stands in its list.
#[derive(Debug, Deserialize)]
pub(super) struct Meta {
    #[serde(default)]
    pub(super) has_next_page: Option<bool>,
    #[serde(default)]
    pub(super) end_cursor: Said,
    #[serde(default)]
    pub(super) total: Option<u64>,
}

row! {
    /// `api_public/credentials`: whose credential this is.
    Credential {
        texts: [company_id, employee_id, role, name, legal_name],
    }
}

row! {
    /// `employees/employees`.
    Employee {
        texts: [id, company_id, first_name, last_name, full_name, preferred_name, email, login_email, personal_email, phone_number, address_line_1, address_line_2, postal_code, city, country, birthday_on, company_identifier, manager_id, location_id, legal_entity_id, seniority_calculation_date, terminated_on],
        flags: [active],
    }
}

row! {
    /// `contracts/reference_contracts`: the contract that applies today, else the nearest to come, else the latest past.
    Contract {
        texts: [employee_id, effective_on, starts_on, job_title, salary_amount, salary_currency, salary_frequency, working_time_percentage_in_cents],
    }
}

row! {
    /// `teams/memberships`.
    Membership {
        texts: [id, employee_id, team_id],
        flags: [direct],
    }
}

row! {
    /// `teams/teams`.
    Team {
        texts: [id, name],
    }
}

row! {
    /// `locations/locations`.
    Location {
        texts: [id, name, city, timezone],
    }
}

row! {
    /// `companies/legal_entities`.
    LegalEntity {
        texts: [id, currency],
    }
}

row! {
    /// `custom_fields/fields`.
    CustomField {
        texts: [id, field_type, label_text, slug],
    }
}

row! {
    /// `custom_fields/values`, the values themselves still raw (R34).
    CustomValue {
        texts: [id, valuable_id, field_id],
        raws: [value, long_text_value, date_value, single_choice_value, cents_value],
    }
}
