//! People who leave, come back, or share what should be theirs alone.

use jiff::{Timestamp, tz::TimeZone};
use serde_json::{Value, json};

use super::{Change, Emulated, Outcome, TODAY, now, read, read_under, truth::assert_is_the_truth};
use crate::{
    employee::{Canonical, Employee, EmploymentStatus, LastDay},
    roster::Completeness,
};

/// Returns people who work there today and have an address and no last day.
async fn settled(hr: &dyn Emulated) -> Vec<Value> {
    let mut truth = hr.truth().await;
    let is_settled = |person: &Value| {
        person["status"] == "active" && person["termination_date"].is_null() && person["work_email"].is_string()
    };
    truth.retain(is_settled);
    truth
}

/// Returns people who left.
async fn gone(hr: &dyn Emulated) -> Vec<Value> {
    let mut truth = hr.truth().await;
    truth.retain(|person| person["status"] == "terminated");
    truth
}

fn id_of(person: &Value) -> String {
    person["employee_id"].as_str().unwrap().to_owned()
}

/// Returns the people of a read.
fn people(read: &Outcome) -> Vec<Employee> {
    read.roster.employees().unwrap()
}

/// Returns the person of this id.
fn found(read: &Outcome, id: &str) -> Employee {
    let mut people = people(read);
    let position = people.iter().position(|person| person.id.as_str() == id);
    people.swap_remove(position.unwrap())
}

fn status(person: &Employee, at: Timestamp) -> EmploymentStatus {
    person.status_at(at, LastDay::EndOfLastDay, &TimeZone::UTC)
}

/// Gives a person a last day. Returns how the person is read then.
async fn with_last_day(hr: &dyn Emulated, person: &Value, last_day: &str) -> Employee {
    let id = id_of(person);
    hr.change(Change::Edit(id.clone(), json!({"termination_date": last_day})))
        .await;
    let read = read(hr).await;
    read.assert_certified(None);
    let person = found(&read, &id);
    assert_eq!(person.value(Canonical::TerminationDate), Some(last_day));
    person
}

/// A last day that is over.
pub async fn r14_a_last_day_in_the_past_is_over(hr: &dyn Emulated) {
    let person = with_last_day(hr, &settled(hr).await[0], "2026-02-27").await;
    assert_eq!(status(&person, now()), EmploymentStatus::Terminated);
}

/// A last day that lies ahead.
pub async fn r14_a_last_day_in_the_future_is_not_over(hr: &dyn Emulated) {
    let person = with_last_day(hr, &settled(hr).await[0], "2026-04-30").await;
    assert_eq!(status(&person, now()), EmploymentStatus::Active);
}

/// The same last day is over where it is tomorrow already, and goes on elsewhere.
pub async fn r14_a_last_day_of_today_ends_by_the_persons_own_zone(hr: &dyn Emulated) {
    let evening: Timestamp = "2026-03-02T16:00:00Z".parse().unwrap();
    let is_over = |person: &&Value| {
        let zone = TimeZone::get(person["time_zone"].as_str()?).ok()?;
        Some(zone.to_datetime(evening).date().to_string() != TODAY)
    };
    let settled = settled(hr).await;
    for (wanted, expected) in [(true, EmploymentStatus::Terminated), (false, EmploymentStatus::Active)] {
        let person = settled.iter().find(|person| is_over(person) == Some(wanted));
        let person = with_last_day(hr, person.unwrap(), TODAY).await;
        assert_eq!(status(&person, now()), EmploymentStatus::Active);
        assert_eq!(status(&person, evening), expected);
    }
}

/// A person is back under a new id: the former id stays what it was.
pub async fn r16_a_person_who_came_back_under_a_new_id_is_shown_under_both(hr: &dyn Emulated) {
    let former = id_of(&gone(hr).await[0]);
    let back = hr.change(Change::Rehire(former.clone(), json!({"id": "new"}))).await;
    let read = read(hr).await;
    read.assert_certified(None);
    assert_is_the_truth(hr, &read).await;
    let (old, new) = (found(&read, &former), found(&read, &id_of(&back)));
    assert_eq!(status(&old, now()), EmploymentStatus::Terminated);
    assert_eq!(status(&new, now()), EmploymentStatus::Active);
    assert_eq!(old.value(Canonical::LastName), new.value(Canonical::LastName));
}

/// A person is back under their own id: the earlier last day is not today's.
pub async fn r10_a_person_who_came_back_under_the_same_id_is_one_person(hr: &dyn Emulated) {
    let id = id_of(&gone(hr).await[0]);
    hr.change(Change::Rehire(id.clone(), json!({}))).await;
    assert_one_employment_counts(hr, &id, TODAY, EmploymentStatus::Active).await;
}

/// Of an employment that is over and one that is to come, the latter counts.
pub async fn r10_two_employments_of_one_person_are_one_person(hr: &dyn Emulated) {
    let (id, first_day) = (id_of(&gone(hr).await[0]), "2026-05-04");
    hr.change(Change::Rehire(id.clone(), json!({"start_date": first_day})))
        .await;
    assert_one_employment_counts(hr, &id, first_day, EmploymentStatus::Upcoming).await;
}

async fn assert_one_employment_counts(hr: &dyn Emulated, id: &str, first_day: &str, expected: EmploymentStatus) {
    let read = read(hr).await;
    read.assert_certified(None);
    assert_eq!(read.roster.header.duplicates, 0);
    assert_is_the_truth(hr, &read).await;
    let person = found(&read, id);
    let days = (
        person.value(Canonical::StartDate),
        person.value(Canonical::TerminationDate),
    );
    assert_eq!(days, (Some(first_day), None));
    assert_eq!(status(&person, now()), expected);
}

/// Two people have one address: both are shown with it, and what that means is the plan's matter.
pub async fn r10_a_shared_address_is_shown_on_both(hr: &dyn Emulated) {
    let settled = settled(hr).await;
    let (one, other) = (id_of(&settled[0]), id_of(&settled[1]));
    let address = &settled[0]["work_email"];
    hr.change(Change::Edit(other.clone(), json!({ "work_email": address })))
        .await;
    let read = read(hr).await;
    read.assert_certified(None);
    for id in [one, other] {
        let person = found(&read, &id);
        let email = person.value(Canonical::WorkEmail).map(str::to_lowercase);
        assert_eq!(email, address.as_str().map(str::to_lowercase));
    }
}

/// Returns how many ids carry another name than before.
fn renamed(before: &Outcome, after: &Outcome) -> usize {
    let names = |person: &Employee| {
        let name = |attribute| person.value(attribute).map(str::to_owned);
        (name(Canonical::FirstName), name(Canonical::LastName))
    };
    let (old, new) = (people(before), people(after));
    assert_eq!(old.len(), new.len());
    let pairs = old.iter().zip(&new);
    let is_renamed = |(old, new): &(&Employee, &Employee)| old.id == new.id && names(old) != names(new);
    pairs.filter(is_renamed).count()
}

/// One id carries another person: what that means is the plan's matter.
pub async fn r09_an_id_that_carries_another_person_is_left_to_the_plan(hr: &dyn Emulated) {
    let (before, read) = read_under(hr, json!({"mode": "id_reused"})).await;
    read.assert_certified(Some(&before));
    assert_eq!(renamed(&before, &read), 1);
}

/// The credential belongs to another company: it names itself, or other people stand behind the ids.
pub async fn r01_another_companys_people_are_told_apart(hr: &dyn Emulated) {
    let before = read(hr).await;
    hr.arm(json!({"mode": "other_company"})).await;
    let after = read(hr).await;
    assert!(after.error.is_none(), "{:?}", after.error);
    let is_named = after.judge(Some(&before)) == Completeness::Foreign;
    assert!(is_named || renamed(&before, &after) * 10 > people(&after).len() * 9);
}
