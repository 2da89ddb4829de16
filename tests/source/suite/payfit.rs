//! PayFit in the suite, by a key and by a login with every scope that is asked for.

use std::sync::Arc;

use jiff::{ToSpan as _, civil::Date};
use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field},
    source::Method,
    testing::contract::source::{Request, TODAY},
};
use serde_json::Value;

use super::{
    Excuse, LEFT_OUT, NO_TOKENS,
    stand::{Own, count, walk},
    together,
};
use crate::{
    payfit::support::provider_of,
    support::{key_of, tokens},
};

/// Most rows of a page.
const ROWS: usize = 50;
/// The last words of the address of the company.
const COMPANY: &str = "000000000000000000001068";

/// The cases that it cannot show.
const EXCUSES: &[Excuse] = &[
    LEFT_OUT,
    (
        "r05_totals_that_disagree_get_no_certificate",
        "no answer says how many people there are: a page without a token is the last one",
    ),
    (
        "r07_a_value_whose_field_is_broken_empties_no_field",
        "there are no custom fields, and so no values of any",
    ),
    (
        "r34_an_exception_opens_its_own_category_and_no_other",
        "there are no custom fields; bank details have a test of their own",
    ),
    (
        "r14_a_last_day_of_today_ends_by_the_persons_own_zone",
        "no field holds a time zone, so that the one of the configuration counts",
    ),
    (
        "r10_two_employments_of_one_person_are_one_person",
        "its contracts show the days between two of them, on which the person is away: a test of its own holds that",
    ),
];

/// Why nothing of a login is renewed.
const A_TOKEN_STAYS: &str =
    "a login brings no refresh token: its token is not renewed, and a refusal means to connect again";

/// The cases that no login can show that brings no refresh token.
const NO_REFRESH: &[Excuse] = &[
    (NO_TOKENS[0].0, A_TOKEN_STAYS),
    (NO_TOKENS[1].0, A_TOKEN_STAYS),
    (NO_TOKENS[2].0, A_TOKEN_STAYS),
];

/// A key.
pub(crate) static BY_KEY: Own = Own {
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
    excuses: &together::<9>(&[EXCUSES, NO_TOKENS]),
    ..BY_LOGIN
};

/// A login in the browser, whose token is not renewed either.
pub(crate) const BY_LOGIN: Own = Own {
    kind: emulators::Kind::PayFit,
    provider: |hr| Arc::new(provider_of(hr)),
    method: Method::OAuth,
    credential: |running| tokens(&running.company_token().unwrap()),
    excuses: &together::<9>(&[EXCUSES, NO_REFRESH]),
    page_rows: Some(ROWS),
    people: "collaborators",
    number: "",
    related: ("contracts", Canonical::JobTitle),
    owned: &["contracts"],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId],
    shows,
    formula,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["introspect", COMPANY, "collaborators"],
        Attribute::Canonical(Canonical::JobTitle | Canonical::EmploymentType) => &["contracts"],
        Attribute::Canonical(_) | Attribute::Custom(_) => &[],
    },
};

/// Of people whose last contract ended more than a year ago there is none any more in the list of contracts.
fn shows(attribute: &Attribute, person: &Value) -> Option<Field<String>> {
    let of_contract = matches!(
        attribute,
        Attribute::Canonical(Canonical::JobTitle | Canonical::EmploymentType)
    );
    let last_day: Date = person["termination_date"].as_str()?.parse().unwrap();
    let today: Date = TODAY.parse().unwrap();
    let is_forgotten = last_day < today.checked_sub(365.days()).unwrap();
    (of_contract && is_forgotten).then_some(Field::Unseen)
}

/// A person has one contract or two; of each some are forgotten.
fn formula(truth: &[Value], requests: &[Request]) -> usize {
    let people = truth.len();
    let contracts = count(requests, "/contracts");
    assert!(
        (walk(people / 2, ROWS)..=walk(2 * people, ROWS)).contains(&contracts),
        "{contracts}"
    );
    let introspection_and_company = 2;
    introspection_and_company + walk(people, ROWS) + contracts
}

mod by_key {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::payfit::BY_KEY));
}

mod by_login {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::payfit::BY_LOGIN));
}
