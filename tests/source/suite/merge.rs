//! Merge in the suite, by an account token that was pasted and by one that Merge Link led to.

use std::sync::Arc;

use rollcall::{
    connection::{Credential, TokenSet},
    each_source_case,
    employee::{Attribute, Canonical},
    source::Method,
    testing::contract::source::{Request, now},
};
use serde_json::Value;

use super::{
    Excuse, NO_TOKENS, ONE_ROW,
    stand::{Own, walk},
    together,
};
use crate::{
    merge::support::{EMPLOYEES, provider_of},
    support::key_of,
};

/// Why there is no case about a list beside people.
const NO_LIST: &str = "what people refer to comes with them, so that no list beside people is asked for";

/// The cases that Merge cannot show.
const NOT_HERE: &[Excuse] = &[
    (
        "r05_totals_that_disagree_get_no_certificate",
        "no answer says how many people there are",
    ),
    (
        "r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it",
        NO_LIST,
    ),
    ("r06_a_related_list_that_cannot_be_read_breaks_the_walk", NO_LIST),
    ("r07_a_related_list_that_is_suddenly_empty_empties_nothing", NO_LIST),
    ("r07_what_one_slice_was_not_shown_is_hidden_for_everybody", NO_LIST),
    (
        "r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person",
        ONE_ROW,
    ),
    (
        "r07_a_value_whose_field_is_broken_empties_no_field",
        "values of mapped fields stand in a person's own row, each under the name of its field",
    ),
    (
        "r07_what_is_null_for_one_person_and_may_be_hidden_is_unseen",
        "scopes hide a field of everybody, so that null for one person says that there is no value",
    ),
    (
        "r14_a_last_day_of_today_ends_by_the_persons_own_zone",
        "no field holds a time zone, so that the one of the configuration counts",
    ),
];

/// A token that was pasted.
pub(crate) static BY_TOKEN: Own = Own {
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
    ..BY_LINK
};

/// A token that Merge Link led to.
pub(crate) const BY_LINK: Own = Own {
    kind: emulators::Kind::Merge,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| {
        Credential::Tokens(TokenSet {
            access_token: running.api_key().to_owned().into(),
            refresh_token: None,
            expires_at: None,
            obtained_at: now(),
            scope: None,
        })
    },
    excuses: &together::<12>(&[NOT_HERE, NO_TOKENS]),
    page_rows: Some(100),
    people: EMPLOYEES,
    number: "",
    related: ("sync-status", Canonical::WorkCity),
    owned: &[EMPLOYEES],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId, Canonical::PayRate],
    shows: |_, _| None,
    formula,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["account-details", "sync-status", "employees"],
        Attribute::Canonical(_) | Attribute::Custom(_) => &[],
    },
};

/// The linked account, its sync, the fields, and a call for each started hundred people.
fn formula(truth: &[Value], _: &[Request]) -> usize {
    3 + walk(truth.len(), 100)
}

mod by_token {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::merge::BY_TOKEN));
}

mod by_link {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::merge::BY_LINK));
}
