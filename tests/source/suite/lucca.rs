//! Lucca in the suite: its older API, which a key opens, and its newer one, which the tokens of a client open.

use std::sync::Arc;

use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field, classify_label},
    source::Method,
    testing::contract::source::Request,
};
use serde_json::Value;

use super::{
    NO_TOKENS,
    stand::{Own, count, custom_values, walk},
};
use crate::{
    lucca::support::{EMPLOYEES, USERS, client_of, provider_on},
    support::key_of,
};

/// A key, which opens the older API.
pub(crate) static BY_KEY: Own = Own {
    kind: emulators::Kind::Lucca,
    provider: |hr| Arc::new(provider_on(hr.http())),
    method: Method::ApiKey,
    credential: |running| key_of(running.api_key()),
    excuses: &[
        (
            "r05_an_empty_last_page_ends_the_walk",
            "a total says where the list ends, and nothing behind it is asked for",
        ),
        (
            "r07_an_unknown_word_is_unseen",
            "nothing that is read is one of a few words",
        ),
        (
            "r07_a_value_whose_field_is_broken_empties_no_field",
            "values of custom fields stand in a person's own row, under the ids of their fields",
        ),
        NO_TOKENS[0],
        NO_TOKENS[1],
        NO_TOKENS[2],
    ],
    page_rows: Some(200),
    people: USERS,
    number: USERS,
    related: ("fixed-items", Canonical::PayRate),
    owned: &["fixed-items"],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId, Canonical::PayRate],
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
        (
            "r07_a_row_whose_day_is_broken_gives_way_to_no_older_one",
            "which employment and which position applies it says itself",
        ),
        (
            "r07_what_is_null_for_one_person_and_may_be_hidden_is_unseen",
            "a scope opens a list for everybody or for nobody, so that null says that there is no value",
        ),
        (
            "r07_an_unknown_word_is_unseen",
            "whether custom values apply hangs on the status, so that with an unknown word nothing is known of them either",
        ),
        (
            "r31_a_renewal_is_never_sent_twice",
            "a client may ask for tokens as often as it likes, and loses none by it",
        ),
    ],
    page_rows: Some(100),
    people: EMPLOYEES,
    number: EMPLOYEES,
    related: ("employee-personal-records", Canonical::BirthDate),
    owned: &["employee-personal-records", "employee-attributes"],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId],
    shows: shows_client,
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

/// Custom fields whose values are references without a name.
const CHOICES: [&str; 3] = ["t_shirt_size", "languages", "religion"];

/// There is no pay. Of custom fields a choice has no name, and of a person who left, or has not begun, none applies today.
fn shows_client(attribute: &Attribute, person: &Value) -> Option<Field<String>> {
    let is_unseen = match attribute {
        Attribute::Canonical(attribute) => [Canonical::PayRate, Canonical::PayCurrency].contains(attribute),
        Attribute::Custom(name) => CHOICES.contains(&name.as_str()) || person["status"] != "active",
    };
    is_unseen.then_some(Field::Unseen)
}

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
        let active = page.iter().filter(|person| person["status"] == "active");
        let values = active.map(|person| readable(person).count()).sum();
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
