//! People of whom a report says more than others do.

use rollcall::{
    employee::Canonical,
    testing::contract::source::{read, truth::assert_is_the_truth},
};
use serde_json::Value;

use super::support::Bamboo;
use crate::suite::{Stand, bamboohr::BY_LOGIN};

#[tokio::test]
async fn a_company_whose_people_come_in_many_pages_is_the_truth_too() {
    let stand = Stand::of(&BY_LOGIN, 1_500).await;
    let read = read(&stand).await;
    read.assert_certified(None);
    assert_is_the_truth(&stand, &read).await;
}

#[tokio::test]
async fn people_who_begin_later_come_with_what_lies_ahead_of_them() {
    let bamboo = Bamboo::start(150).await;
    let read = bamboo.read_as(bamboo.login()).await;
    let people = read.roster.employees().unwrap();
    let upcoming: Vec<Value> = bamboo.0.truth().await;
    let upcoming: Vec<&Value> = upcoming
        .iter()
        .filter(|person| person["status"] == "upcoming")
        .collect();
    assert!(upcoming.len() > 1);
    for truth in upcoming {
        let person = people.iter().find(|person| truth["employee_id"] == person.id.as_str());
        let title = person.unwrap().value(Canonical::JobTitle);
        assert!(title.is_some() && title == truth["job_title"].as_str());
    }
}
