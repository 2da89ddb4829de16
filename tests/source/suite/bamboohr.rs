//! BambooHR in the suite, by an administrator's login and by the key of one. It has no pages.

use std::sync::Arc;

use emulators::PermissionGroup;
use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field},
    source::Method,
    testing::contract::source::{Request, TODAY},
};
use serde_json::Value;

use super::{NO_TOKENS, stand::Own};
use crate::{
    bamboohr::support::{REPORT, provider_of},
    support::{key_of, tokens},
};

/// Why there is no case about pages.
const AT_ONCE: &str = "a report has no pages: everybody comes in one answer";
/// Why a key has no case about a list beside people.
const NO_LIST: &str = "the vendor names a login alone for places of work, so that a key asks for no list beside people";

/// Why there is no case about rows that belong to people.
const ONE_ROW: &str = "all that is told of a person stands in their one row, so that no row belongs to them beside it";

/// The cases that a report cannot show.
const NO_PAGES: &[(&str, &str)] = &[
    ("r05_a_page_minus_one", AT_ONCE),
    ("r05_a_page", AT_ONCE),
    ("r05_a_page_plus_one", AT_ONCE),
    ("r05_an_empty_last_page_ends_the_walk", AT_ONCE),
    ("r06_a_place_that_comes_again_never_makes_a_whole_read", AT_ONCE),
    ("r07_what_one_slice_was_not_shown_is_hidden_for_everybody", AT_ONCE),
    ("a_place_that_is_not_known_any_more_is_named_as_such", AT_ONCE),
    (
        "r07_a_row_whose_owner_is_broken_empties_nothing_for_any_person",
        ONE_ROW,
    ),
    ("r07_a_row_whose_day_is_broken_gives_way_to_no_older_one", ONE_ROW),
    ("r07_a_value_whose_field_is_broken_empties_no_field", ONE_ROW),
];

/// A login in the browser.
pub(crate) const BY_LOGIN: Own = Own {
    kind: emulators::Kind::BambooHr,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| tokens(&running.user_tokens(PermissionGroup::administrator()).unwrap()),
    excuses: NO_PAGES,
    page_rows: None,
    people: REPORT,
    number: "datasets/employee/data",
    related: ("org/locations", Canonical::WorkCity),
    owned: &[],
    enumerated: Canonical::PayPeriod,
    digits: &[Canonical::EmployeeId],
    shows,
    formula,
    lists_for,
};

/// The key of an administrator.
pub(crate) static BY_KEY: Own = Own {
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
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
        NO_TOKENS[0],
        NO_TOKENS[1],
        NO_TOKENS[2],
        (
            "r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it",
            NO_LIST,
        ),
        ("r06_a_related_list_that_cannot_be_read_breaks_the_walk", NO_LIST),
        ("r07_a_related_list_that_is_suddenly_empty_empties_nothing", NO_LIST),
    ],
    shows: |attribute, person| {
        let is_unseen = match attribute {
            Attribute::Canonical(Canonical::WorkCity) => true,
            // What zone a place has is not told, so that a person without one of their own may have one nevertheless.
            Attribute::Canonical(Canonical::TimeZone) => person["time_zone"].is_null(),
            Attribute::Canonical(_) | Attribute::Custom(_) => false,
        };
        shows(attribute, person).or(is_unseen.then_some(Field::Unseen))
    },
    formula: |_, _| 4,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => lists_for(attribute),
        Attribute::Canonical(_) | Attribute::Custom(_) => &[],
    },
    ..BY_LOGIN
};

/// What kind of employment a person had who left is not told any more.
fn shows(attribute: &Attribute, person: &Value) -> Option<Field<String>> {
    let is_over = person["termination_date"]
        .as_str()
        .is_some_and(|last_day| last_day <= TODAY);
    let is_kind = *attribute == Attribute::Canonical(Canonical::EmploymentType);
    (is_kind && is_over).then_some(Field::Unseen)
}

/// Fields, number, everybody, the people who begin later, and the places of work.
const fn formula(_: &[Value], _: &[Request]) -> usize {
    5
}

const fn lists_for(attribute: &Attribute) -> &'static [&'static str] {
    match attribute {
        // The fields, the number of people, and the report.
        Attribute::Canonical(Canonical::EmployeeId) => &["fields", "data", "custom"],
        Attribute::Canonical(Canonical::WorkCity | Canonical::TimeZone) => &["locations"],
        Attribute::Canonical(_) | Attribute::Custom(_) => &[],
    }
}

mod by_login {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::bamboohr::BY_LOGIN));
}

mod by_key {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::bamboohr::BY_KEY));
}
