//! HiBob in the suite, by a service user and by an administrator's login. It has no pages.

use std::sync::Arc;

use emulators::PermissionGroup;
use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical},
    source::Method,
    testing::contract::source::Request,
};
use serde_json::Value;

use super::{NO_TOKENS, stand::Own};
use crate::{
    hibob::support::{SEARCH, provider_of, service_user_of},
    support::tokens,
};

/// Why there is no case about pages.
const AT_ONCE: &str = "a search has no pages: everybody comes in one answer";
/// Why there is no case about a list beside people.
const NO_LIST: &str = "what stands in lists comes with its name, so that no list beside people is asked for";

/// Why there is no case about rows that belong to people.
const ONE_ROW: &str = "all that is told of a person stands in their one row, so that no row belongs to them beside it";

/// The cases that a search cannot show.
const NO_PAGES: &[(&str, &str)] = &[
    ("r05_a_page_minus_one", AT_ONCE),
    ("r05_a_page", AT_ONCE),
    ("r05_a_page_plus_one", AT_ONCE),
    ("r05_an_empty_last_page_ends_the_walk", AT_ONCE),
    ("r06_a_place_that_comes_again_never_makes_a_whole_read", AT_ONCE),
    ("r07_what_one_slice_was_not_shown_is_hidden_for_everybody", AT_ONCE),
    ("a_place_that_is_not_known_any_more_is_named_as_such", AT_ONCE),
    (
        "r05_totals_that_disagree_get_no_certificate",
        "no answer says a number: the ids that a search finds are counted",
    ),
    (
        "r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it",
        NO_LIST,
    ),
    ("r06_a_related_list_that_cannot_be_read_breaks_the_walk", NO_LIST),
    ("r07_a_related_list_that_is_suddenly_empty_empties_nothing", NO_LIST),
    (
        "r14_a_last_day_of_today_ends_by_the_persons_own_zone",
        "no field holds a time zone, so that the one of the configuration counts",
    ),
    (
        "r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person",
        ONE_ROW,
    ),
    ("r07_a_row_whose_day_is_broken_gives_way_to_no_older_one", ONE_ROW),
    ("r07_a_value_whose_field_is_broken_empties_no_field", ONE_ROW),
];

/// A service user.
pub(crate) static BY_SERVICE_USER: Own = Own {
    kind: emulators::Kind::HiBob,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::Basic,
    credential: service_user_of,
    excuses: &[
        NO_PAGES[0],
        NO_PAGES[1],
        NO_PAGES[2],
        NO_PAGES[3],
        NO_PAGES[4],
        NO_PAGES[5],
        NO_PAGES[6],
        NO_PAGES[7],
        NO_PAGES[8],
        NO_PAGES[9],
        NO_PAGES[10],
        NO_PAGES[11],
        NO_PAGES[12],
        NO_PAGES[13],
        NO_PAGES[14],
        NO_TOKENS[0],
        NO_TOKENS[1],
        NO_TOKENS[2],
    ],
    ..BY_LOGIN
};

/// A login in the browser.
pub(crate) const BY_LOGIN: Own = Own {
    kind: emulators::Kind::HiBob,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| tokens(&running.user_tokens(PermissionGroup::administrator()).unwrap()),
    excuses: NO_PAGES,
    page_rows: None,
    people: SEARCH,
    number: SEARCH,
    related: ("people/fields", Canonical::WorkCity),
    owned: &[],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId],
    shows: |_, _| None,
    formula,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["search"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["fields"],
    },
};

/// The company, the fields, the ids, and everybody.
const fn formula(_: &[Value], _: &[Request]) -> usize {
    4
}

mod by_service_user {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::hibob::BY_SERVICE_USER));
}

mod by_login {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::hibob::BY_LOGIN));
}
