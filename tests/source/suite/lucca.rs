//! Lucca in the suite: its older API, which a key opens, and its newer one, which the tokens of a client open.

use std::sync::Arc;

use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field, classify_label},
    source::Method,
    testing::contract::source::Request,
};
use serde_json::Value;

use super::stand::{Own, count, custom_values, walk};
use crate::lucca::support::{EMPLOYEES, USERS, client_of, key_of, provider_on};

/// Why there are no ids beyond 2^53.
const SMALL_IDS: (&str, &str) = (
    "ids_beyond_the_numbers_of_a_float_are_kept_digit_by_digit",
    "its ids are small numbers",
);

/// Why nothing is renewed.
const NO_TOKENS: &str = "a key has no tokens, and is not renewed";

/// A key, which opens the older API.
pub(crate) static BY_KEY: Own = Own {
    kind: emulators::Kind::Lucca,
    provider: |hr| Arc::new(provider_on(hr.http())),
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
    excuses: &[
        SMALL_IDS,
        (
            "r05_an_empty_last_page_ends_the_walk",
            "a total says where the list ends, and nothing behind it is asked for",
        ),
        (
            "r07_an_unknown_word_is_unseen",
            "nothing that is read is one of a few words",
        ),
        ("r40_tokens_that_expire_in_the_middle_of_a_read_are_renewed", NO_TOKENS),
        (
            "r40_a_renewal_that_is_refused_differs_from_one_that_has_to_wait",
            NO_TOKENS,
        ),
        ("r31_a_renewal_is_never_sent_twice", NO_TOKENS),
    ],
    page_rows: Some(200),
    people: USERS,
    number: USERS,
    related: ("fixed-items", Canonical::PayRate),
    enumerated: Canonical::EmploymentStatus,
    shows: |_, _| None,
    formula: by_key,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["users"],
        Attribute::Canonical(Canonical::Group | Canonical::WorkCity | Canonical::TimeZone) => &["establishments"],
        Attribute::Canonical(Canonical::PayRate | Canonical::PayCurrency) => &["fixed-items"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["extensionuserdefinitions"],
    },
};

/// A client with its tokens, which open the newer API.
pub(crate) static BY_CLIENT: Own = Own {
    kind: emulators::Kind::Lucca,
    provider: |hr| Arc::new(provider_on(hr.http())),
    method: Method::ClientCredentials,
    credential: |running| client_of(running, None),
    excuses: &[
        SMALL_IDS,
        (
            "r31_a_renewal_is_never_sent_twice",
            "a client may ask for tokens as often as it likes, and loses none by it",
        ),
    ],
    page_rows: Some(100),
    people: EMPLOYEES,
    number: EMPLOYEES,
    related: ("employee-personal-records", Canonical::BirthDate),
    enumerated: Canonical::EmploymentStatus,
    shows: |attribute, _| {
        let pay = [Canonical::PayRate, Canonical::PayCurrency].map(Attribute::Canonical);
        pay.contains(attribute).then_some(Field::Unseen)
    },
    formula: by_client,
    lists_for: |attribute| match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["employees"],
        Attribute::Canonical(Canonical::Department) => &["departments"],
        Attribute::Canonical(Canonical::Group) => &["legal-entities"],
        Attribute::Canonical(Canonical::PersonalEmail | Canonical::BirthDate) => &["employee-personal-records"],
        Attribute::Canonical(Canonical::WorkCity | Canonical::TimeZone) => &["business-establishments"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["employee-attribute-definitions", "employee-attributes"],
    },
};

/// A person has one to four amounts of pay.
fn by_key(truth: &[Value], requests: &[Request]) -> usize {
    let (people, pay) = (truth.len(), count(requests, "fixed-items"));
    let users = people.div_ceil(200);
    assert!(
        (walk(people, 100)..=4 * walk(people, 100) + users).contains(&pay),
        "{pay}"
    );
    let identify_and_shared_lists = 1 + 2;
    identify_and_shared_lists + users + pay
}

fn by_client(truth: &[Value], _: &[Request]) -> usize {
    let pages = truth.chunks(100).map(|page| {
        let readable = |person| custom_values(person).filter(|name| classify_label(name).is_none());
        let values = page.iter().map(|person| readable(person).count()).sum();
        1 + walk(page.len(), 100) + walk(values, 100)
    });
    let identify_and_shared_lists = 1 + 4;
    identify_and_shared_lists + pages.sum::<usize>()
}

mod by_key {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::lucca::BY_KEY));
}

mod by_client {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::lucca::BY_CLIENT));
}
