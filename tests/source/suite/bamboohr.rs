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

use super::{AT_ONCE, Excuse, NO_TOKENS, stand::Own, together};
use crate::{
    bamboohr::support::{REPORT, provider_of},
    support::{key_of, tokens},
};

/// Why a key has no case about a list beside people.
const NO_LIST: &str = "the vendor names a login alone for places of work, so that a key asks for no list beside people";

/// The cases that a key cannot show, which asks for no list beside people.
const PEOPLE_ALONE: &[Excuse] = &[
    (
        "r06_a_related_list_that_may_not_be_read_hides_what_comes_from_it",
        NO_LIST,
    ),
    ("r06_a_related_list_that_cannot_be_read_breaks_the_walk", NO_LIST),
    ("r07_a_related_list_that_is_suddenly_empty_empties_nothing", NO_LIST),
];

/// A login in the browser.
pub(crate) const BY_LOGIN: Own = Own {
    kind: emulators::Kind::BambooHr,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| tokens(&running.user_tokens(PermissionGroup::administrator()).unwrap()),
    excuses: AT_ONCE,
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
    excuses: &together::<16>(&[AT_ONCE, NO_TOKENS, PEOPLE_ALONE]),
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
