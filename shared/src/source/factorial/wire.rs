//! Factorial's JSON, version 2026-10-01: only the members that are read, all of them optional, borrowed from the page.
//! No logic beyond what a value is on the wire.
//!
//! What may never be read (bank details, social security number, national id, disability …) is not named here, so that
//! no decoder ever holds it (R34). Values of custom fields stay raw until it is known that their field may be read.

mod glance;
mod value;

use serde::Deserialize;
use serde_json::value::RawValue;

use self::glance::Place;
pub(super) use self::{
    glance::{Row, rows_at_a_glance},
    value::{Flag, Text},
};

/// Declares a row with the members that are read: texts, flags, and values that stay raw.
macro_rules! row {
    (
        $(#[$doc:meta])*
        $name:ident {
            texts: [$($text:ident),*],
            flags: [$($flag:ident),*],
            raws: [$($raw:ident),*],
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize)]
        pub(super) struct $name<'a> {
            $(#[serde(borrow, default)] pub(super) $text: Text<'a>,)*
            $(#[serde(default)] pub(super) $flag: Flag,)*
            $(#[serde(borrow, default)] pub(super) $raw: Option<&'a RawValue>,)*
        }

        impl<'a> Row<'a> for $name<'a> {
            fn place(member: &str) -> Option<Place<'a, Self>> {
                match member {
                    $(stringify!($text) => Some(Place::Text(|row| &mut row.$text)),)*
                    $(stringify!($flag) => Some(Place::Flag(|row| &mut row.$flag)),)*
                    $(stringify!($raw) => Some(Place::Raw(|row| &mut row.$raw)),)*
                    _ => None,
                }
            }
        }
    };
}

/// A list: `{"data": […], "meta": {…}}`. `errors` has been seen as `null` in place of `data`.
#[derive(Debug, Deserialize)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
pub(super) struct List<'a, T> {
    #[serde(default)]
    pub(super) data: Option<Vec<T>>,
    #[serde(borrow, default)]
    pub(super) meta: Option<Meta<'a>>,
    #[serde(borrow, default)]
    pub(super) errors: Text<'a>,
}

/// Where a page stands in its list.
#[derive(Debug, Deserialize)]
pub(super) struct Meta<'a> {
    #[serde(default)]
    pub(super) has_next_page: Option<bool>,
    #[serde(borrow, default)]
    pub(super) end_cursor: Text<'a>,
    #[serde(default)]
    pub(super) total: Option<u64>,
}

/// The id of a row, whatever else it holds: what paging needs.
#[derive(Debug, Deserialize)]
pub(super) struct Outline<'a> {
    #[serde(borrow, default)]
    pub(super) id: Text<'a>,
}

/// `api_public/credentials`: whose credential this is.
#[derive(Debug, Deserialize)]
pub(super) struct Credential<'a> {
    #[serde(borrow, default)]
    pub(super) company_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) employee_id: Text<'a>,
    #[serde(borrow, default)]
    pub(super) role: Text<'a>,
    #[serde(borrow, default)]
    pub(super) name: Text<'a>,
    #[serde(borrow, default)]
    pub(super) legal_name: Text<'a>,
}

row! {
    /// `employees/employees`.
    Employee {
        texts: [id, company_id, first_name, last_name, full_name, preferred_name, email, login_email, personal_email, phone_number, address_line_1, address_line_2, postal_code, city, country, birthday_on, company_identifier, manager_id, location_id, legal_entity_id, seniority_calculation_date, terminated_on],
        flags: [active],
        raws: [],
    }
}

row! {
    /// `contracts/reference_contracts`: the contract that applies today, else the nearest to come, else the latest past.
    Contract {
        texts: [employee_id, effective_on, starts_on, job_title, salary_amount, salary_currency, salary_frequency, working_time_percentage_in_cents],
        flags: [],
        raws: [],
    }
}

row! {
    /// `teams/memberships`.
    Membership {
        texts: [id, employee_id, team_id],
        flags: [direct],
        raws: [],
    }
}

row! {
    /// `teams/teams`.
    Team {
        texts: [id, name],
        flags: [],
        raws: [],
    }
}

row! {
    /// `locations/locations`.
    Location {
        texts: [id, name, city, timezone],
        flags: [],
        raws: [],
    }
}

row! {
    /// `companies/legal_entities`.
    LegalEntity {
        texts: [id, currency],
        flags: [],
        raws: [],
    }
}

row! {
    /// `custom_fields/fields`.
    CustomField {
        texts: [id, field_type, label_text, slug],
        flags: [],
        raws: [],
    }
}

row! {
    /// `custom_fields/values`, the values themselves still raw (R34).
    CustomValue {
        texts: [id, valuable_id, field_id],
        flags: [],
        raws: [value, long_text_value, date_value, single_choice_value, cents_value],
    }
}

/// The token endpoint's answer (RFC 6749, section 5.1). A company token has neither end nor refresh token.
#[derive(Deserialize)]
pub(super) struct Tokens {
    #[serde(default)]
    pub(super) access_token: Option<String>,
    #[serde(default)]
    pub(super) refresh_token: Option<String>,
    #[serde(default)]
    pub(super) expires_in: Option<i64>,
    #[serde(default)]
    pub(super) scope: Option<String>,
}

/// The token endpoint's refusal (RFC 6749, section 5.2).
#[derive(Debug, Deserialize)]
pub(super) struct Refusal<'a> {
    #[serde(borrow, default)]
    pub(super) error: Text<'a>,
}
