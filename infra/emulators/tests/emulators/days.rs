//! Days: what they bring, and what they leave alone.

use crate::support::{EMPLOYEES, json_of, person, stand};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn a_day_moves_one_in_a_hundred_brings_three_and_takes_two_in_a_thousand() {
    let stand = stand(2_000).await;
    let day = json_of(stand.control(Method::POST, "day", json!({})).await).await;
    let count = |member: &str| day[member].as_array().unwrap().len();
    assert_eq!((count("moved"), count("joined"), count("left")), (20, 6, 4));
    assert_eq!(day["today"], "2026-11-21");
}

#[tokio::test]
async fn a_day_in_a_small_company_brings_at_least_one_of_each() {
    let stand = stand(12).await;
    let day = json_of(stand.control(Method::POST, "day", json!({"churn": true})).await).await;
    for member in ["moved", "joined", "left"] {
        assert!(!day[member].as_array().unwrap().is_empty(), "{member}");
    }
}

#[tokio::test]
async fn the_answer_of_a_day_names_exactly_those_whose_truth_changed() {
    let stand = stand(700).await;
    for _ in 0..4 {
        let by_id = |truth: Vec<Value>| -> BTreeMap<String, Value> {
            truth
                .into_iter()
                .map(|person| (person["employee_id"].as_str().unwrap().to_owned(), person))
                .collect()
        };
        let before = by_id(stand.truth().await);
        let day = json_of(stand.control(Method::POST, "day", json!({})).await).await;
        let named = |member: &str| -> BTreeSet<String> {
            day[member]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect()
        };
        let (mut moved, mut joined, mut left) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for (id, person) in by_id(stand.truth().await) {
            match before.get(&id) {
                Some(old) if old == &person => {}
                Some(old) if old["status"] == person["status"] => {
                    let shows = [
                        "team",
                        "address_line_1",
                        "pay_rate",
                        "last_name",
                        "personal_email",
                        "work_location",
                    ];
                    assert!(
                        shows.iter().any(|name| old[*name] != person[*name]),
                        "{id} moved in nothing that everybody synchronises"
                    );
                    assert_eq!(
                        (&old["work_email"], &old["employee_number"]),
                        (&person["work_email"], &person["employee_number"])
                    );
                    moved.insert(id);
                }
                Some(old) if old["status"] == "active" => {
                    left.insert(id);
                }
                Some(_) | None => {
                    joined.insert(id);
                }
            }
        }
        assert_eq!((moved, joined, left), (named("moved"), named("joined"), named("left")));
    }
}

#[tokio::test]
async fn joiners_of_a_day_are_complete_and_leavers_are_terminated() {
    let stand = stand(400).await;
    let day = json_of(stand.control(Method::POST, "day", json!({})).await).await;
    let joiner = person(&stand, day["joined"][0].as_str().unwrap()).await;
    assert_eq!(
        (&joiner["status"], &joiner["start_date"]),
        (&json!("active"), &json!("2026-11-21"))
    );
    assert!(joiner["work_email"].is_string() && joiner["manager"].is_string());
    let leaver = person(&stand, day["left"][0].as_str().unwrap()).await;
    assert_eq!(
        (&leaver["status"], &leaver["termination_date"]),
        (&json!("terminated"), &json!("2026-11-20"))
    );
}

#[tokio::test]
async fn five_quiet_days_change_nobody() {
    let stand = stand(300).await;
    let before = stand.truth().await;
    for _ in 0..5 {
        let day = json_of(stand.control(Method::POST, "day", json!({"churn": false})).await).await;
        assert_eq!(
            (&day["moved"], &day["joined"], &day["left"]),
            (&json!([]), &json!([]), &json!([]))
        );
    }
    assert_eq!(stand.truth().await, before);
}

#[tokio::test]
async fn plans_come_true_in_their_time() {
    let stand = stand(60).await;
    let upcoming = stand
        .truth()
        .await
        .into_iter()
        .find(|person| person["status"] == "upcoming")
        .unwrap();
    let leaving = stand
        .all(EMPLOYEES)
        .await
        .into_iter()
        .find(|row| row["is_terminating"] == true)
        .unwrap();
    let (mut joined, mut left) = (Vec::new(), Vec::new());
    for _ in 0..125 {
        let day = json_of(stand.control(Method::POST, "day", json!({"churn": false})).await).await;
        joined.extend(day["joined"].as_array().unwrap().clone());
        left.extend(day["left"].as_array().unwrap().clone());
    }
    assert!(joined.contains(&upcoming["employee_id"]) && left.contains(&leaving["id"]));
}

#[tokio::test]
async fn the_same_seed_lives_the_same_days() {
    let (one, other) = (stand(200).await, stand(200).await);
    for _ in 0..3 {
        let day = json_of(one.control(Method::POST, "day", json!({})).await).await;
        assert_eq!(day, json_of(other.control(Method::POST, "day", json!({})).await).await);
    }
    assert_eq!(one.truth().await, other.truth().await);
}
