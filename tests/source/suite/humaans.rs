//! Humaans in the suite, by a token with every scope.

use std::sync::Arc;

use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical},
    source::Method,
    testing::contract::source::Request,
};
use serde_json::Value;

use super::{
    LEFT_OUT, NO_TOKENS,
    stand::{Own, count, custom_values, walk},
};
use crate::{humaans::support::provider_on, support::key_of};

/// Most rows of a page.
const ROWS: usize = 250;

/// A token.
pub(crate) static BY_TOKEN: Own = Own {
    kind: emulators::Kind::Humaans,
    provider: |hr| Arc::new(provider_on(hr.http())),
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
    excuses: &[
        (
            "r05_an_empty_last_page_ends_the_walk",
            "a total says where the list ends, and nothing behind it is asked for",
        ),
        LEFT_OUT,
        NO_TOKENS[0],
        NO_TOKENS[1],
        NO_TOKENS[2],
    ],
    page_rows: Some(ROWS),
    people: "api/people",
    number: "api/people",
    related: ("job-roles", Canonical::JobTitle),
    owned: &["job-roles", "compensations", "custom-values"],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId],
    shows: |_, _| None,
    formula,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["companies", "people"],
        Attribute::Canonical(Canonical::Department | Canonical::JobTitle | Canonical::Manager) => &["job-roles"],
        Attribute::Canonical(Canonical::PayRate | Canonical::PayCurrency) => &["compensations", "compensation-types"],
        Attribute::Canonical(Canonical::WorkCity | Canonical::TimeZone) => &["locations"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["custom-fields", "custom-values"],
    },
};

/// A person has one to four roles and as many salaries, and one in three has a bonus.
fn formula(truth: &[Value], requests: &[Request]) -> usize {
    let (people, values) = (
        truth.len(),
        truth.iter().map(|person| custom_values(person).count()).sum(),
    );
    let histories = ["job-roles", "compensations"].map(|list| count(requests, list));
    for calls in histories {
        assert!(
            (walk(people, ROWS)..=walk(5 * people, ROWS)).contains(&calls),
            "{calls}"
        );
    }
    let identify_and_shared_lists = 1 + 4;
    identify_and_shared_lists + walk(people, ROWS) + walk(values, ROWS) + histories.iter().sum::<usize>()
}

mod by_token {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::humaans::BY_TOKEN));
}
