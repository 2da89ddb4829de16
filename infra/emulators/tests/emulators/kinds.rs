//! What is the same for every HR system: starting by kind, the truth, returns, notice, and faults that need no dialect.

use crate::any::{Any, any, any_with, text, wanted};
use crate::support::{body_of, json_of};
use emulators::{Access, CANARY, Cast, Kind, Options};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn with(status: &str, stand: &Any) -> Value {
    let truth = stand.truth().await;
    let fits = |person: &&Value| person["status"] == status && person["work_email"].is_string();
    truth.iter().filter(fits).nth(2).unwrap().clone()
}

#[test]
fn a_kind_is_found_by_its_name_and_by_no_other() {
    for kind in Kind::ALL {
        assert_eq!(Kind::from_name(kind.name()), Some(kind));
    }
    assert_eq!(Kind::from_name("Factorial"), None);
}

#[tokio::test]
async fn every_kind_starts_and_says_how_to_log_in() {
    for kind in Kind::ALL {
        let stand = any(kind, 20).await;
        assert_eq!(stand.running.kind(), kind);
        let text = stand.running.introduction();
        for part in [stand.running.url().as_str(), stand.running.api_key(), kind.label()] {
            assert!(text.contains(part), "{part}");
        }
        for access in stand.running.accesses() {
            match access {
                Access::ApiKey { key } => assert_eq!(key, stand.running.api_key()),
                Access::Basic { user, .. } => assert_eq!(user, stand.running.api_key()),
                Access::ServiceUser { token, token_url, .. } => {
                    assert_eq!(token, stand.running.api_key());
                    assert!(token_url.is_none_or(|url| url.starts_with(&stand.running.url())));
                }
                Access::ClientCredentials {
                    client_id, token_url, ..
                } => {
                    assert_eq!(client_id, stand.running.client_id());
                    assert!(token_url.starts_with(&stand.running.url()));
                }
                Access::Application {
                    authorize_url,
                    token_url,
                    ..
                } => {
                    assert!(authorize_url.starts_with(&stand.running.url()));
                    assert!(token_url.starts_with(&stand.running.url()));
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(!stand.running.accesses().is_empty());
    }
}

#[tokio::test]
async fn every_kind_counts_people_alike() {
    for kind in Kind::ALL {
        let truth = any(kind, 200).await.truth().await;
        let count = |fits: &dyn Fn(&Value) -> bool| truth.iter().filter(|person| fits(person)).count();
        assert_eq!(
            count(&|one| one["status"] == "active" && one["work_email"].is_string()),
            200,
            "{kind:?}"
        );
        assert_eq!(count(&|one| one["status"] == "terminated"), 30);
        assert_eq!(count(&|one| one["status"] == "upcoming"), 4);
        assert_eq!(
            count(&|one| one["status"] == "active" && one["work_email"].is_null()),
            2
        );
    }
}

#[tokio::test]
async fn a_day_moves_only_what_the_hr_system_has_room_for() {
    for kind in Kind::ALL {
        let stand = any(kind, 600).await;
        for _ in 0..3 {
            let before = stand.truth().await;
            let day = json_of(stand.control(Method::POST, "day", json!({})).await).await;
            let after = stand.truth().await;
            for id in day["moved"].as_array().unwrap() {
                let person = |truth: &[Value]| truth.iter().find(|one| one["employee_id"] == *id).cloned();
                assert_ne!(person(&before), person(&after), "{kind:?} {id}");
            }
        }
    }
}

#[tokio::test]
async fn every_kind_has_ids_beyond_what_a_float_can_hold() {
    for kind in Kind::ALL {
        let truth = any(kind, 100).await.truth().await;
        let is_large = |person: &Value| text(person, "employee_id").parse::<u64>().unwrap() > 1 << 53;
        assert!(truth.iter().any(is_large), "{kind:?}");
    }
}

#[tokio::test]
async fn a_full_cast_has_returns_under_the_same_and_under_a_new_id() {
    let stand = any(Kind::Lucca, 300).await;
    let (truth, records) = (stand.truth().await, stand.listed("records").await);
    assert_eq!(truth.len(), records.len());
    let several = records
        .iter()
        .filter(|one| one["employments"].as_array().unwrap().len() > 1);
    assert!(several.count() > 3);
    let returned: Vec<&Value> = records.iter().filter(|one| one["rehire_of"].is_string()).collect();
    assert!(!returned.is_empty());
    for record in returned {
        let find = |id: &Value| truth.iter().find(|one| one["employee_id"] == *id).unwrap();
        let (now, former) = (find(&record["employee_id"]), find(&record["rehire_of"]));
        assert_eq!(
            (&now["status"], &former["status"]),
            (&json!("active"), &json!("terminated"))
        );
        assert_eq!(now["first_name"], former["first_name"]);
        assert_eq!(now["birth_date"], former["birth_date"]);
        assert_ne!(now["employee_number"], former["employee_number"]);
        assert!(text(now, "start_date") > text(former, "termination_date"));
    }
}

#[tokio::test]
async fn a_plain_cast_has_one_employment_each() {
    let options = Options {
        cast: Cast::Plain,
        ..wanted(200)
    };
    let stand = any_with(Kind::BambooHr, options).await;
    for record in stand.listed("records").await {
        assert_eq!(record["employments"].as_array().unwrap().len(), 1);
        assert_eq!(record["rehire_of"], Value::Null);
    }
}

#[tokio::test]
async fn records_hold_what_no_reader_may_keep_marked_for_the_canary_search() {
    for record in any(Kind::BambooHr, 30).await.listed("records").await {
        for member in ["bank_account", "national_id", "social_security_number"] {
            assert!(text(&record, member).contains(CANARY), "{member}");
        }
        assert!(record["department"].is_string() && record["group"].is_string());
    }
}

#[tokio::test]
async fn names_of_a_full_cast_hold_joiners_combining_marks_and_letters_of_other_planes() {
    let truth = any(Kind::BambooHr, 400).await.truth().await;
    let names: String = truth.iter().filter_map(|one| one["first_name"].as_str()).collect();
    for trap in ["\u{200c}", "\u{200d}", "\u{301}", "𝒥"] {
        assert!(names.contains(trap), "{trap:?}");
    }
}

#[tokio::test]
async fn somebody_who_left_can_come_back_under_the_same_id() {
    let stand = any(Kind::BambooHr, 60).await;
    let id = text(&with("terminated", &stand).await, "employee_id");
    let answer = stand
        .control(Method::POST, &format!("people/{id}/rehire"), json!({}))
        .await;
    assert_eq!(answer.status(), 200);
    let back = json_of(answer).await;
    assert_eq!((&back["employee_id"], &back["status"]), (&json!(id), &json!("active")));
    assert_eq!(
        (&back["start_date"], &back["termination_date"]),
        (&json!("2026-11-20"), &Value::Null)
    );
    let records = stand.listed("records").await;
    let own = records.iter().find(|one| one["employee_id"] == id).unwrap();
    let spells = own["employments"].as_array().unwrap();
    assert!(spells.len() > 1 && spells.last().unwrap()["end"].is_null());
    assert!(spells[spells.len() - 2]["end"].is_string());
}

#[tokio::test]
async fn somebody_who_left_can_come_back_under_a_new_id() {
    let stand = any(Kind::Lucca, 60).await;
    let former = with("terminated", &stand).await;
    let id = text(&former, "employee_id");
    let body = json!({"id": "new", "start_date": "2026-12-01"});
    let answer = stand.control(Method::POST, &format!("people/{id}/rehire"), body).await;
    assert_eq!(answer.status(), 201);
    let back = json_of(answer).await;
    assert_ne!(back["employee_id"], id);
    assert_eq!(
        (&back["status"], &back["first_name"]),
        (&json!("upcoming"), &former["first_name"])
    );
    let records = stand.listed("records").await;
    let own = records
        .iter()
        .find(|one| one["employee_id"] == back["employee_id"])
        .unwrap();
    assert_eq!(own["rehire_of"], id);
}

#[tokio::test]
async fn a_return_that_cannot_be_is_a_422_that_names_the_member() {
    let stand = any(Kind::BambooHr, 60).await;
    let (gone, here) = (with("terminated", &stand).await, with("active", &stand).await);
    let before = stand.truth().await;
    for (person, body, member) in [
        (&here, json!({}), "employee_id"),
        (&gone, json!({"id": "other"}), "id"),
        (&gone, json!({"start_date": "soon"}), "start_date"),
        (&gone, json!({"start_date": gone["termination_date"]}), "start_date"),
        (&gone, json!({"salary": "1"}), "salary"),
    ] {
        let path = format!("people/{}/rehire", text(person, "employee_id"));
        let answer = stand.control(Method::POST, &path, body).await;
        assert_eq!(answer.status(), 422);
        assert_eq!(body_of(answer).await["errors"][0]["pointer"], format!("/{member}"));
    }
    assert_eq!(stand.truth().await, before);
    assert_eq!(
        stand.control(Method::POST, "people/1/rehire", json!({})).await.status(),
        404
    );
}

#[tokio::test]
async fn with_half_a_days_notice_a_leaver_moves_today_and_leaves_tomorrow() {
    let stand = any(Kind::BambooHr, 100).await;
    let day = json_of(stand.control(Method::POST, "day", json!({"notice": true})).await).await;
    assert_eq!(day["left"], json!([]));
    let truth = stand.truth().await;
    let last_day = |person: &&Value| person["termination_date"] == "2026-11-21";
    let leaver = truth.iter().find(last_day).unwrap();
    assert_eq!(leaver["status"], "active");
    assert!(day["moved"].as_array().unwrap().contains(&leaver["employee_id"]));
    let next = json_of(stand.control(Method::POST, "day", json!({"churn": false})).await).await;
    assert!(next["left"].as_array().unwrap().contains(&leaver["employee_id"]));
}

#[tokio::test]
async fn department_and_group_can_be_changed_and_a_new_department_is_founded() {
    let stand = any(Kind::Lucca, 40).await;
    let person = with("active", &stand).await;
    let other = stand
        .truth()
        .await
        .into_iter()
        .find(|one| one["group"] != person["group"])
        .unwrap();
    let path = format!("people/{}", text(&person, "employee_id"));
    let body = json!({"department": "Bees", "group": other["group"]});
    let changed = json_of(stand.control(Method::PUT, &path, body).await).await;
    assert_eq!(
        (&changed["department"], &changed["group"]),
        (&json!("Bees"), &other["group"])
    );
    let refused = stand
        .control(Method::PUT, &path, json!({"department": "Wasps", "group": "Moon"}))
        .await;
    assert_eq!(refused.status(), 422);
}

#[tokio::test]
async fn nobody_is_without_what_the_hr_system_requires() {
    let stand = any(Kind::Lucca, 400).await;
    let truth = stand.truth().await;
    let required = ["first_name", "last_name", "work_location"];
    assert!(
        truth
            .iter()
            .all(|one| required.iter().all(|name| one[*name].is_string()))
    );
    let path = format!("people/{}", text(&truth[0], "employee_id"));
    for (method, path, body, member) in [
        (Method::PUT, path.as_str(), json!({"last_name": null}), "last_name"),
        (Method::POST, "people", json!({"first_name": "Only"}), "last_name"),
    ] {
        let answer = stand.control(method, path, body).await;
        assert_eq!(answer.status(), 422);
        assert_eq!(body_of(answer).await["errors"][0]["pointer"], format!("/{member}"));
    }
    assert_eq!(stand.truth().await, truth);
}

#[tokio::test]
async fn an_allowance_is_used_up_and_comes_back_with_time() {
    let options = Options {
        requests_per_minute: Some(3),
        ..wanted(5)
    };
    let stand = any_with(Kind::Factorial, options).await;
    let path = "/api/2026-10-01/resources/employees/employees";
    let ask = async || {
        let request = stand
            .bare(Method::GET, path)
            .header("x-api-key", stand.running.api_key());
        request.send().await.unwrap()
    };
    for _ in 0..3 {
        assert_eq!(ask().await.status(), 200);
    }
    let refused = ask().await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = crate::any::header(&refused, "retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait));
    stand.control(Method::POST, "day", json!({"churn": false})).await;
    assert_eq!(ask().await.status(), 200);
}

#[tokio::test]
async fn members_of_a_day_are_true_or_false() {
    let stand = any(Kind::Lucca, 5).await;
    let answer = stand
        .control(Method::POST, "day", json!({"notice": "half a day"}))
        .await;
    assert_eq!(answer.status(), 422);
    assert_eq!(body_of(answer).await["errors"][0]["pointer"], "/notice");
}

#[tokio::test]
async fn a_reused_id_and_another_company_show_other_people_and_the_truth_stays() {
    let stand = any(Kind::Lucca, 40).await;
    let before = stand.truth().await;
    let names = async || -> BTreeSet<String> {
        let path = "/api/v3/users?fields=id,name";
        let key = format!("lucca application={}", stand.running.api_key());
        let answer = stand
            .bare(Method::GET, path)
            .header("authorization", key)
            .send()
            .await
            .unwrap();
        let rows = json_of(answer).await["data"]["items"].clone();
        rows.as_array().unwrap().iter().map(Value::to_string).collect()
    };
    let own = names().await;
    stand.break_with(json!({"mode": "id_reused"})).await;
    assert_eq!(own.difference(&names().await).count(), 1);
    stand.mend().await;
    stand.break_with(json!({"mode": "other_company"})).await;
    assert!(own.difference(&names().await).count() > own.len() * 9 / 10);
    assert_eq!(stand.truth().await, before);
}

#[tokio::test]
async fn factorial_has_a_contract_for_each_time_with_the_company_and_refers_to_the_one_of_today() {
    let stand = any(Kind::Factorial, 200).await;
    let records = stand.listed("records").await;
    let several = |one: &&Value| one["employments"].as_array().unwrap().len() == 2;
    let back = records.iter().find(several).unwrap();
    let id = text(back, "employee_id");
    let rows = async |list: &str| {
        let path = format!("/api/2026-10-01/resources/contracts/{list}?employee_ids[]={id}");
        let request = stand
            .bare(Method::GET, &path)
            .header("x-api-key", stand.running.api_key());
        json_of(request.send().await.unwrap()).await["data"]
            .as_array()
            .unwrap()
            .clone()
    };
    let starts: BTreeSet<String> = rows("contracts")
        .await
        .iter()
        .map(|row| text(row, "starts_on"))
        .collect();
    let spells = back["employments"].as_array().unwrap();
    assert_eq!(starts, spells.iter().map(|spell| text(spell, "start")).collect());
    assert!(rows("contract_versions").await.len() > 1);
    let reference = rows("reference_contracts").await;
    assert_eq!(reference[0]["starts_on"], spells[1]["start"]);
}
