//! Personio in the suite: version 2, which the tokens of a client open, and what version 1 says beside it.

use std::sync::Arc;

use jiff::civil::Date;
use rollcall::{
    each_source_case,
    employee::{Attribute, Canonical, Field},
    source::Method,
    testing::contract::source::{Request, TODAY},
};
use serde_json::Value;

use super::{
    LEFT_OUT,
    stand::{Own, count, walk},
};
use crate::personio::support::{PERSONS, client_of, provider_on};

/// Why there is no case about zones.
const NO_ZONE: &str =
    "neither people nor places of work have a time zone, so that every last day ends by the schedule's";

/// A client.
pub(crate) static BY_CLIENT: Own = Own {
    kind: emulators::Kind::Personio,
    provider: |hr| Arc::new(provider_on(hr.http())),
    method: Method::ClientCredentials,
    credential: client_of,
    excuses: &[
        LEFT_OUT,
        (
            "r07_a_value_whose_field_is_broken_empties_no_field",
            "values of custom fields stand in a person's own row, each beside the id of its field",
        ),
        ("r14_a_last_day_of_today_ends_by_the_persons_own_zone", NO_ZONE),
        (
            "r31_a_renewal_is_never_sent_twice",
            "a client may ask for tokens as often as it likes, and loses none by it",
        ),
    ],
    page_rows: Some(50),
    people: PERSONS,
    number: "company/employees",
    related: ("v2/compensations", Canonical::PayRate),
    owned: &["employments", "v2/compensations"],
    enumerated: Canonical::EmploymentStatus,
    digits: &[Canonical::EmployeeId, Canonical::PayRate],
    shows,
    formula,
    lists_for,
};

/// What people are paid is told for this month.
fn shows(attribute: &Attribute, person: &Value) -> Option<Field<String>> {
    let pay = [Canonical::PayRate, Canonical::PayPeriod, Canonical::PayCurrency];
    let is_pay = matches!(attribute, Attribute::Canonical(attribute) if pay.contains(attribute));
    (is_pay && !is_paid_this_month(person)).then_some(Field::Unseen)
}

fn is_paid_this_month(person: &Value) -> bool {
    let today: Date = TODAY.parse().unwrap();
    let day = |name: &str| person[name].as_str().map(|day| day.parse::<Date>().unwrap());
    let begins_later = day("start_date").is_some_and(|first| first > today.last_of_month());
    let left_before = day("termination_date").is_some_and(|last| last < today.first_of_month());
    !begins_later && !left_before
}

/// Everybody has a page of employments; lists of units and of pay have as many pages as they have rows.
fn formula(truth: &[Value], requests: &[Request]) -> usize {
    let people = truth.len();
    let (units, pay) = (count(requests, "/org-units"), count(requests, "/compensations"));
    assert!((1..=10).contains(&units), "{units}");
    let paid = truth.iter().filter(|person| is_paid_this_month(person)).count();
    assert!((walk(paid, 50)..=walk(2 * paid, 50)).contains(&pay), "{pay}");
    let identify_and_older = 1 + 3;
    let workplaces_and_entities = 2;
    identify_and_older + walk(people, 50) + people + units + workplaces_and_entities + pay
}

const fn lists_for(attribute: &Attribute) -> &'static [&'static str] {
    match attribute {
        Attribute::Canonical(Canonical::EmployeeId) => &["persons", "auth", "employees"],
        Attribute::Canonical(
            Canonical::JobTitle | Canonical::Manager | Canonical::StartDate | Canonical::EmploymentType,
        ) => &["employments"],
        Attribute::Canonical(Canonical::Department | Canonical::Team) => &["employments", "org-units"],
        Attribute::Canonical(Canonical::Group) => &["employments", "legal-entities"],
        Attribute::Canonical(Canonical::PayRate | Canonical::PayCurrency) => &["compensations"],
        Attribute::Canonical(_) => &[],
        Attribute::Custom(_) => &["attributes"],
    }
}

mod by_client {
    use super::each_source_case;

    each_source_case!(tests(crate::suite::personio::BY_CLIENT));
}
