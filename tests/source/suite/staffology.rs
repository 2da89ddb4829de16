//! Staffology HR in the suite, by a user of the API.

use std::sync::Arc;

use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field},
    source::Method,
    testing::contract::source::Request,
};
use serde_json::Value;

use super::{Excuse, LEFT_OUT, stand::Own};
use crate::{hibob::support::service_user_of, staffology::support::provider_on};

/// Why there is no case about a list beside people.
const NO_LIST: &str = "all but custom fields stands in a person's own row, so that no list beside people gives it";
/// Why the cases about custom fields are shown elsewhere.
const NAMED: &str =
    "names of custom fields do not say what they hold, so that one is read where the configuration names it";

const EXCUSES: &[Excuse] = &[
    LEFT_OUT,
    (
        "r05_an_empty_last_page_ends_the_walk",
        "no page says that another one follows: the one behind the last is asked for each time",
    ),
    (
        "r05_totals_that_disagree_get_no_certificate",
        "nothing says how many people there are",
    ),
    (
        "r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it",
        NO_LIST,
    ),
    ("r06_a_related_list_that_cannot_be_read_breaks_the_walk", NO_LIST),
    ("r07_a_related_list_that_is_suddenly_empty_empties_nothing", NO_LIST),
    ("r07_what_one_slice_was_not_shown_is_hidden_for_everybody", NO_LIST),
    ("r07_a_row_whose_day_is_broken_gives_way_to_no_older_one", NO_LIST),
    ("r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person", NAMED),
    ("r07_a_value_whose_field_is_broken_empties_no_field", NAMED),
    ("r34_no_canary_of_a_forbidden_category_is_in_the_roster", NAMED),
    ("r34_an_exception_opens_its_own_category_and_no_other", NAMED),
    (
        "r14_a_last_day_of_today_ends_by_the_persons_own_zone",
        "no field holds a time zone, so that the one of the configuration counts",
    ),
    (
        "r31_a_renewal_is_never_sent_twice",
        "a refresh token stays the same, so that asking twice loses none",
    ),
];

/// A user of the API.
pub(crate) static BY_USER: Own = Own {
    kind: emulators::Kind::Staffology,
    provider: |hr| Arc::new(provider_on(hr.http())),
    method: Method::Basic,
    credential: service_user_of,
    excuses: EXCUSES,
    page_rows: Some(200),
    people: "api/Employees",
    number: "",
    related: ("api/Employee/", Canonical::TerminationDate),
    owned: &[],
    enumerated: Canonical::Country,
    digits: &[Canonical::EmployeeId],
    shows: |attribute, _| matches!(attribute, Attribute::Custom(_)).then_some(Field::Unseen),
    formula,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["Employees"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["customfields"],
    },
};

/// A look at people, custom fields, and pages of people with one behind them; two where the last one is full.
const fn formula(truth: &[Value], _: &[Request]) -> usize {
    1 + 1 + truth.len() / 200 + 2
}

mod by_user {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::staffology::BY_USER));
}
