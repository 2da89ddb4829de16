//! Seeded companies: how many people, which people, and that the same seed invents the same ones.

use crate::support::{EMPLOYEES, options, stand, stand_with, texts};
use emulators::CANARY;
use emulators::factorial::Options;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::Instant;

fn count(truth: &[Value], fits: impl Fn(&Value) -> bool) -> usize {
    truth.iter().filter(|person| fits(person)).count()
}

#[tokio::test]
async fn employees_counts_the_people_who_ought_to_join_and_the_others_come_on_top() {
    let truth = stand(400).await.truth().await;
    assert_eq!(
        count(&truth, |person| person["status"] == "active"
            && !person["work_email"].is_null()),
        400
    );
    assert_eq!(count(&truth, |person| person["status"] == "terminated"), 60);
    assert_eq!(count(&truth, |person| person["status"] == "upcoming"), 8);
    assert_eq!(
        count(&truth, |person| person["status"] == "active"
            && person["work_email"].is_null()),
        4
    );
}

#[tokio::test]
async fn even_a_company_of_one_has_a_leaver_a_future_joiner_and_an_incomplete_record() {
    let truth = stand(1).await.truth().await;
    assert_eq!(truth.len(), 4);
    assert_eq!(
        truth
            .iter()
            .map(|person| person["status"].as_str().unwrap())
            .collect::<BTreeSet<_>>()
            .len(),
        3
    );
}

#[tokio::test]
async fn the_same_seed_invents_the_same_people_and_another_seed_others() {
    let first = stand(60).await.truth().await;
    assert_eq!(first, stand(60).await.truth().await);
    assert_ne!(
        first,
        stand_with(Options { seed: 2, ..options(60) }).await.truth().await
    );
}

#[tokio::test]
async fn work_emails_are_unique_and_no_address_belongs_to_a_real_domain() {
    let truth = stand(500).await.truth().await;
    let work = texts(&truth, "work_email");
    assert_eq!(work.iter().collect::<BTreeSet<_>>().len(), work.len());
    assert!(
        work.iter()
            .chain(&texts(&truth, "personal_email"))
            .all(|email| email.ends_with(".example"))
    );
}

#[tokio::test]
async fn names_hold_every_trap() {
    let truth = stand(400).await.truth().await;
    let firsts = texts(&truth, "first_name").join("|");
    let lasts = texts(&truth, "last_name").join("|");
    for trap in ["Zoë", "明子", "نور", "\u{200b}", "MARTA", "Jean-Loup", "D’Arcy"] {
        assert!(firsts.contains(trap), "{trap}");
    }
    assert!(lasts.contains("O'Dálaigh") && lasts.contains("Delacroix-Fontanelle"));
    assert!(truth.iter().any(|person| person["last_name"].is_null()));
    assert!(
        texts(&truth, "first_name")
            .iter()
            .any(|name| name.chars().count() > 100)
    );
}

#[tokio::test]
async fn people_live_in_many_countries_time_zones_and_currencies() {
    let truth = stand(400).await.truth().await;
    for (member, least) in [
        ("country", 15),
        ("time_zone", 15),
        ("pay_currency", 10),
        ("work_location", 20),
    ] {
        let distinct: BTreeSet<_> = texts(&truth, member).into_iter().collect();
        assert!(distinct.len() >= least, "{member}: {distinct:?}");
    }
    assert!(truth.iter().any(|person| person["time_zone"].is_null()));
}

#[tokio::test]
async fn managers_make_one_tree_of_people_at_work() {
    let truth = stand(300).await.truth().await;
    let manager_of = |id: &str| {
        truth.iter().find(|person| person["employee_id"] == id).unwrap()["manager"]
            .as_str()
            .map(str::to_owned)
    };
    let mut without = 0;
    for person in truth
        .iter()
        .filter(|person| person["status"] == "active" && !person["work_email"].is_null())
    {
        let mut steps = 0;
        let mut next = person["manager"].as_str().map(str::to_owned);
        without += usize::from(next.is_none());
        while let Some(manager) = next {
            next = manager_of(&manager);
            steps += 1;
            assert!(steps < 20, "a circle of managers");
        }
    }
    assert_eq!(without, 1);
}

#[tokio::test]
async fn employee_ids_rise_and_some_lie_beyond_what_a_float_can_hold() {
    let stand = stand(200).await;
    let ids: Vec<u64> = stand
        .all(EMPLOYEES)
        .await
        .iter()
        .map(|row| row["id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert!(ids.is_sorted());
    assert!(ids.iter().any(|id| *id > 1 << 53));
    assert!(
        ids.iter().any(|id| *id < 1_000) && ids.iter().any(|id| (1_000..1_000_000).contains(id)),
        "numeric and lexical order differ"
    );
}

#[tokio::test]
async fn phone_numbers_are_mostly_whole_some_without_country_and_some_json_numbers() {
    let stand = stand(400).await;
    let phones: Vec<Value> = stand
        .all(EMPLOYEES)
        .await
        .iter()
        .map(|row| row["phone_number"].clone())
        .collect();
    let whole = count(&phones, |phone| {
        phone.as_str().is_some_and(|text| text.starts_with('+'))
    });
    let local = count(&phones, |phone| {
        phone.as_str().is_some_and(|text| !text.starts_with('+'))
    });
    assert!(whole > phones.len() / 2);
    assert!(local > 0 && phones.iter().any(Value::is_number) && phones.iter().any(Value::is_null));
}

#[tokio::test]
async fn planned_exits_are_flagged_and_still_at_work() {
    let stand = stand(200).await;
    let leaving: Vec<Value> = stand
        .all(EMPLOYEES)
        .await
        .into_iter()
        .filter(|row| row["is_terminating"] == json!(true))
        .collect();
    assert!(!leaving.is_empty());
    for row in leaving {
        assert_eq!(row["active"], true);
        assert!(row["terminated_on"].as_str().unwrap() > "2026-12-15");
    }
}

#[tokio::test]
async fn everything_that_nobody_may_keep_is_marked_for_the_canary_search() {
    let stand = stand(100).await;
    for row in stand.all(EMPLOYEES).await {
        for member in ["bank_number", "identifier", "social_security_number", "contact_name"] {
            assert!(row[member].as_str().unwrap().contains(CANARY), "{member}");
        }
    }
    let truth = stand.truth().await;
    for member in ["custom.religion", "custom.blood_type", "custom.sindicato"] {
        let values = texts(&truth, member);
        assert!(
            !values.is_empty() && values.iter().all(|value| value.contains(CANARY)),
            "{member}"
        );
    }
}

#[tokio::test]
async fn a_hundred_thousand_people_start_at_once() {
    let began = Instant::now();
    let stand = stand(100_000).await;
    // Generous, because tests run unoptimised beside others; a release build needs a fraction.
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(stand.json(EMPLOYEES).await["meta"]["total"], 118_000);
}

#[tokio::test]
async fn a_company_without_employees_is_refused_by_name() {
    let refused = emulators::factorial::start(options(0)).await.err().unwrap();
    assert_eq!(refused.to_string(), "employees: expected a number from 1 to 2000000");
}
