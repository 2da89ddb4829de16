//! Factorial in the suite, by an administrator's login and by a key.

use std::sync::Arc;

use emulators::PermissionGroup;
use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Decimal, Field},
    source::Method,
    testing::contract::source::Request,
};
use serde_json::Value;

use super::{
    NO_TOKENS,
    stand::{Own, count, custom_values, walk},
};
use crate::support::{key_of, tokens};

/// Most rows of a page.
const ROWS: usize = 100;

/// A login in the browser.
pub(super) const BY_LOGIN: Own = Own {
    kind: emulators::Kind::Factorial,
    provider: |hr| Arc::new(hr.provider()),
    method: Method::OAuth,
    credential: |running| tokens(&running.user_tokens(PermissionGroup::administrator()).unwrap()),
    excuses: &[],
    page_rows: Some(ROWS),
    people: "employees/employees",
    number: "employees/employees",
    related: ("reference_contracts", Canonical::JobTitle),
    owned: &["reference_contracts", "teams/memberships", "custom_fields/values"],
    enumerated: Canonical::PayPeriod,
    digits: &[Canonical::EmployeeId, Canonical::PayRate],
    shows,
    formula,
    lists_for,
};

/// A key, which sees everything of the company.
pub(super) static BY_KEY: Own = Own {
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
    excuses: &[
        NO_TOKENS[0],
        NO_TOKENS[1],
        NO_TOKENS[2],
        (
            "r07_what_is_null_for_one_person_and_may_be_hidden_is_unseen",
            "a key sees all of the company, so that null says that there is no value",
        ),
        (
            "r05_a_role_that_is_narrowed_over_night_gets_no_certificate",
            "a key belongs to the company and sees all of it, so that no role is behind it",
        ),
    ],
    ..BY_LOGIN
};

/// An amount in a custom field is a number.
fn shows(attribute: &Attribute, person: &Value) -> Option<Field<String>> {
    let text = person[attribute.to_string()].as_str()?;
    let is_amount = matches!(attribute, Attribute::Custom(name) if name.as_str() == "phone_budget");
    is_amount.then(|| Field::Value(Decimal::parse(text).unwrap().into_text()))
}

/// Most people are in one team and none in more than two, so a page of people has one or two pages of memberships.
fn formula(truth: &[Value], requests: &[Request]) -> usize {
    let pages = truth.chunks(ROWS);
    let memberships = count(requests, "teams/memberships");
    assert!((pages.len()..=2 * pages.len()).contains(&memberships));
    let credentials_and_shared_lists = 1 + 4;
    let people_contracts_and_values = pages.map(|page| {
        let values = page.iter().map(|person| custom_values(person).count()).sum();
        1 + walk(page.len(), ROWS) + walk(values, ROWS)
    });
    credentials_and_shared_lists + people_contracts_and_values.sum::<usize>() + memberships
}

const fn lists_for(attribute: &Attribute) -> &'static [&'static str] {
    match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["credentials", "employees"],
        Attribute::Canonical(
            Canonical::StartDate | Canonical::JobTitle | Canonical::EmploymentType | Canonical::PayRate,
        ) => &["reference_contracts"],
        Attribute::Canonical(Canonical::PayCurrency) => &["legal_entities", "reference_contracts"],
        Attribute::Canonical(Canonical::Team) => &["memberships", "teams"],
        Attribute::Canonical(Canonical::WorkCity | Canonical::TimeZone) => &["locations"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["fields", "values"],
    }
}

mod by_login {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::factorial::BY_LOGIN));
}

mod by_key {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::factorial::BY_KEY));
}
