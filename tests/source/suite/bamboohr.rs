//! BambooHR in the suite, by an administrator's login. It has no pages.

use std::sync::Arc;

use emulators::PermissionGroup;
use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field},
    source::Method,
    testing::contract::source::{Request, TODAY},
};
use serde_json::Value;

use super::stand::Own;
use crate::{
    bamboohr::support::{REPORT, provider_of},
    support::tokens,
};

/// Why there is no case about pages.
const NO_PAGES: &str = "a report has no pages: everybody comes in one answer";

/// A login in the browser.
pub(crate) static BY_LOGIN: Own = Own {
    kind: emulators::Kind::BambooHr,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| tokens(&running.user_tokens(PermissionGroup::administrator()).unwrap()),
    excuses: &[
        ("r05_a_page_minus_one", NO_PAGES),
        ("r05_a_page", NO_PAGES),
        ("r05_a_page_plus_one", NO_PAGES),
        ("r05_an_empty_last_page_ends_the_walk", NO_PAGES),
        ("r06_a_place_that_comes_again_never_makes_a_whole_read", NO_PAGES),
        ("r07_what_one_slice_was_not_shown_is_hidden_for_everybody", NO_PAGES),
        ("a_place_that_is_not_known_any_more_is_named_as_such", NO_PAGES),
        (
            "ids_beyond_the_numbers_of_a_float_are_kept_digit_by_digit",
            "its ids are small numbers",
        ),
    ],
    page_rows: None,
    people: REPORT,
    number: "datasets/employee/data",
    related: ("org/locations", Canonical::WorkCity),
    enumerated: Canonical::PayPeriod,
    shows,
    formula,
    lists_for,
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
