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

use super::{AT_ONCE, Excuse, LEFT_OUT, NO_TOKENS, stand::Own, together};
use crate::{
    hibob::support::{SEARCH, provider_of, service_user_of},
    support::tokens,
};

/// Why there is no case about a list beside people.
const NO_LIST: &str = "what stands in lists comes with its name, so that no list beside people is asked for";

/// The cases that a search cannot show.
const NOT_IN_A_SEARCH: &[Excuse] = &[
    LEFT_OUT,
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
];

/// A service user.
pub(crate) static BY_SERVICE_USER: Own = Own {
    kind: emulators::Kind::HiBob,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::Basic,
    credential: service_user_of,
    excuses: &together::<19>(&[AT_ONCE, NOT_IN_A_SEARCH, NO_TOKENS]),
    ..BY_LOGIN
};

/// A login in the browser.
pub(crate) const BY_LOGIN: Own = Own {
    kind: emulators::Kind::HiBob,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| tokens(&running.user_tokens(PermissionGroup::administrator()).unwrap()),
    excuses: &together::<16>(&[AT_ONCE, NOT_IN_A_SEARCH]),
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
