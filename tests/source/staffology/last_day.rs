//! The last day: in the list of people, in each person's own row, or nowhere.

use jiff::tz::TimeZone;
use rollcall::{
    employee::{AttributeRef, Canonical, EmploymentStatus, LastDay, Wanted},
    source::Class,
};
use serde_json::json;

use super::support::Staffology;
use crate::support::now;

const EVERYTHING: &str = "Administrator";
const WITHOUT: &str = "Without Starters & Leavers";

#[tokio::test]
async fn where_the_list_lacks_the_last_day_each_person_is_asked_for_and_the_read_is_the_same() {
    let hr = Staffology::start(60).await;
    let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
    before.assert_certified(None);
    assert_eq!(hr.looks_at_people().await, 0);
    hr.leave_out_of_the_list().await;
    let read = hr.read_as(EVERYTHING, Wanted::everything()).await;
    read.assert_same(&before);
    read.assert_certified(Some(&before));
    let people = hr.0.truth().await.len();
    assert_eq!(hr.looks_at_people().await, people);
    assert_eq!(usize::try_from(read.calls - before.calls).unwrap(), people);
}

#[tokio::test]
async fn r46_where_the_last_day_is_not_wanted_nobody_is_asked_for() {
    let hr = Staffology::start(20).await;
    hr.leave_out_of_the_list().await;
    let wanted = Wanted::only([Canonical::WorkEmail.into()]);
    hr.read_as(EVERYTHING, wanted.clone()).await.assert_certified(None);
    let judging = wanted.wants(AttributeRef::Canonical(Canonical::TerminationDate));
    let people = hr.0.truth().await.len();
    assert_eq!(hr.looks_at_people().await, if judging { people } else { 0 });
}

#[tokio::test]
async fn r11_where_no_last_day_is_shown_it_is_reported_and_nobody_has_left_by_it() {
    let hr = Staffology::start(60).await;
    let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
    let read = hr.read_as(WITHOUT, Wanted::everything()).await;
    assert_eq!(read.roster.header.employees, before.roster.header.employees);
    assert_eq!(
        read.roster.header.hidden[&Canonical::TerminationDate.into()],
        "not_shown"
    );
    read.assert_narrowed(&before, Canonical::TerminationDate);
    for person in read.roster.employees().unwrap() {
        let status = person.status_at(now(), LastDay::EndOfLastDay, &TimeZone::UTC);
        assert_ne!(status, EmploymentStatus::Terminated, "{}", person.id);
    }
}

#[tokio::test]
async fn r06_a_persons_own_row_that_may_not_be_read_hides_the_last_day_and_one_that_cannot_be_read_breaks_the_walk() {
    let hr = Staffology::start(20).await;
    let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
    hr.leave_out_of_the_list().await;
    hr.0.arm(json!({"mode": "status", "status": 403, "path": "api/Employee/"}))
        .await;
    let read = hr.read_as(EVERYTHING, Wanted::everything()).await;
    read.assert_narrowed(&before, Canonical::TerminationDate);
    for mode in ["html", "no_body", "error_inside"] {
        let hr = Staffology::start(20).await;
        let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
        hr.leave_out_of_the_list().await;
        hr.0.arm(json!({"mode": mode, "path": "api/Employee/"})).await;
        let read = hr.read_as(EVERYTHING, Wanted::everything()).await;
        read.assert_broken(&before, &[Class::Malformed, Class::Temporary]);
    }
}

#[tokio::test]
async fn r07_one_persons_own_row_that_may_not_be_read_leaves_open_whether_they_are_there_and_no_others() {
    for status in [403, 404, 410] {
        let hr = Staffology::start(20).await;
        let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
        let truth = hr.0.truth().await;
        let gone = truth.iter().find(|person| person["status"] == "terminated").unwrap();
        let id = gone["employee_id"].as_str().unwrap();
        hr.leave_out_of_the_list().await;
        let path = format!("api/Employee/{id}$");
        hr.0.arm(json!({"mode": "status", "status": status, "path": path}))
            .await;
        let read = hr.read_as(EVERYTHING, Wanted::everything()).await;
        read.assert_certified(Some(&before));
        let changed: Vec<_> = read.differences(&before);
        assert_eq!(changed.len(), 1, "{status}");
        let people = read.roster.employees().unwrap();
        let person = people.iter().find(|person| person.id.as_str() == id).unwrap();
        let mut invalid = person.attributes.view().invalid();
        assert_eq!(
            invalid.next(),
            Some(AttributeRef::Canonical(Canonical::TerminationDate)),
            "{status}"
        );
    }
}

#[tokio::test]
async fn r06_where_nobodys_own_row_may_be_read_the_last_day_is_hidden_as_without_a_permission() {
    for status in [403, 404] {
        let hr = Staffology::start(20).await;
        let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
        hr.leave_out_of_the_list().await;
        hr.0.arm(json!({"mode": "status", "status": status, "path": "api/Employee/"}))
            .await;
        let read = hr.read_as(EVERYTHING, Wanted::everything()).await;
        read.assert_narrowed(&before, Canonical::TerminationDate);
        assert_eq!(
            read.roster.header.hidden[&Canonical::TerminationDate.into()],
            "no_permission"
        );
    }
}

#[tokio::test]
async fn people_who_left_or_have_not_begun_are_missing_where_the_user_may_not_see_them() {
    let hr = Staffology::start(120).await;
    let before = hr.read_as(EVERYTHING, Wanted::everything()).await;
    let read = hr.read_as("Present people", Wanted::everything()).await;
    assert!(read.roster.header.employees < before.roster.header.employees);
}
