//! BambooHR: tables, changes, and what the account consists of.

use crate::any::text;
use crate::bamboohr_support::bamboo;
use crate::support::json_of;
use emulators::CANARY;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;

#[tokio::test]
async fn tables_have_everybodys_history_with_ids_as_texts() {
    let stand = bamboo(60).await;
    let rows = stand.json("v1/employees/all/tables/jobInfo").await;
    let owners: BTreeSet<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| text(row, "employeeId"))
        .collect();
    assert_eq!(owners.len(), stand.0.truth().await.len());
    assert!(rows.as_array().unwrap().len() > owners.len());
    for row in rows.as_array().unwrap() {
        assert!(row["id"].is_string() && row["reportsTo"].is_string());
        let teams = &row["teams"];
        assert!(teams.is_null() || serde_json::from_str::<Vec<String>>(teams.as_str().unwrap()).is_ok());
    }
    let one = owners.iter().next().unwrap();
    let own = stand.json(&format!("v1/employees/{one}/tables/jobInfo")).await;
    assert!(own.as_array().unwrap().iter().all(|row| row["employeeId"] == *one));
}

#[tokio::test]
async fn the_newest_row_of_a_table_is_what_the_report_says() {
    let stand = bamboo(60).await;
    let rows = stand.json("v1/employees/all/tables/compensation").await;
    for person in stand.0.truth().await.iter().filter(|one| one["status"] == "active") {
        let own = rows
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["employeeId"] == person["employee_id"]);
        let current = own
            .filter(|row| text(row, "startDate").as_str() <= "2026-11-20")
            .max_by_key(|row| text(row, "startDate"));
        let rate = &current.unwrap()["rate"];
        assert_eq!(
            (&rate["value"], &rate["currency"]),
            (&person["pay_rate"], &person["pay_currency"])
        );
    }
}

#[tokio::test]
async fn employment_statuses_tell_of_leaving_and_coming_back() {
    let stand = bamboo(200).await;
    let records = stand.0.listed("records").await;
    let back = records
        .iter()
        .find(|one| one["employments"].as_array().unwrap().len() == 2)
        .unwrap();
    let id = text(back, "employee_id");
    let mut rows = stand
        .json(&format!("v1/employees/{id}/tables/employmentStatus"))
        .await
        .as_array()
        .unwrap()
        .clone();
    rows.sort_by_key(|row| text(row, "date"));
    let words: Vec<bool> = rows.iter().map(|row| row["employmentStatus"] == "Terminated").collect();
    assert_eq!(words[..3], [false, true, false]);
}

#[tokio::test]
async fn tables_that_nobody_may_keep_are_marked_for_the_canary_search() {
    let stand = bamboo(10).await;
    for (table, member) in [("customBankAccounts", "customIBAN"), ("emergencyContacts", "name")] {
        let rows = stand.json(&format!("v1/employees/all/tables/{table}")).await;
        assert!(
            rows.as_array()
                .unwrap()
                .iter()
                .all(|row| text(row, member).contains(CANARY)),
            "{table}"
        );
    }
}

#[tokio::test]
async fn what_may_not_be_seen_of_a_table_is_left_out_and_an_unknown_one_is_a_404() {
    let stand = bamboo(20).await;
    let key = stand.0.running.api_key_as("Colleague").unwrap();
    let rows = json_of(
        stand
            .get_as(key, "v1/employees/all/tables/compensation")
            .send()
            .await
            .unwrap(),
    )
    .await;
    assert!(rows[0].get("rate").is_none() && rows[0]["startDate"].is_string());
    assert_eq!(stand.status("v1/employees/all/tables/unicorns").await, 404);
    assert_eq!(stand.status("v1/employees/1/tables/jobInfo").await, 404);
}

#[tokio::test]
async fn changes_name_who_changed_since_and_a_bad_time_is_a_400() {
    let stand = bamboo(100).await;
    let all = stand.json("v1/employees/changed?since=1970-01-01T00:00:00Z").await;
    assert_eq!(all["employees"].as_object().unwrap().len(), stand.0.truth().await.len());
    let latest = text(&all, "latest");
    let url = format!("v1/employees/changed?since={}", latest.replace('+', "%2B"));
    assert_eq!(
        stand.json(&url).await["employees"],
        json!({}),
        "what came last is fed back"
    );
    let day = json_of(stand.0.control(Method::POST, "day", json!({})).await).await;
    let moved = day["moved"][0].as_str().unwrap();
    let change = stand.json(&url).await["employees"][moved].clone();
    assert_eq!((&change["id"], &change["action"]), (&json!(moved), &json!("Updated")));
    for bad in ["", "?since=yesterday", "?since=2020-01-01T00:00:00Z&type=lost"] {
        assert_eq!(stand.status(&format!("v1/employees/changed{bad}")).await, 400, "{bad}");
    }
}

#[tokio::test]
async fn changed_rows_come_person_by_person_and_say_no_ids() {
    let stand = bamboo(40).await;
    let all = stand
        .json("v1/employees/changed/tables/jobInfo?since=1970-01-01T00:00:00Z")
        .await;
    assert_eq!(all["table"], "jobInfo");
    let people = all["employees"].as_object().unwrap();
    assert_eq!(people.len(), stand.0.truth().await.len());
    for person in people.values() {
        let row = &person["rows"][0];
        assert!(row["jobTitle"].is_string() && row.get("id").is_none() && row.get("employeeId").is_none());
    }
}

#[tokio::test]
async fn fields_have_numbers_dotted_texts_aliases_and_old_names() {
    let fields = bamboo(5).await.json("v1/meta/fields").await;
    let rows = fields.as_array().unwrap();
    let find = |alias: &str| rows.iter().filter(|row| row["alias"] == alias).collect::<Vec<_>>();
    assert_eq!(find("hireDate")[0]["id"], 3);
    assert_eq!(find("terminationDate")[0]["id"], -38);
    assert_eq!(find("payRate")[1]["id"], "19.1");
    assert_eq!(find("employmentStatus")[0]["deprecated"], true);
    assert_eq!(find("customTShirtSize")[0]["name"], "T-shirt size");
}

#[tokio::test]
async fn lists_tables_and_users_are_listed() {
    let stand = bamboo(30).await;
    let lists = stand.json("v1/meta/lists").await;
    let department = lists
        .as_array()
        .unwrap()
        .iter()
        .find(|list| list["alias"] == "department")
        .unwrap();
    assert!(
        department["options"]
            .as_array()
            .unwrap()
            .iter()
            .any(|option| option["name"] == "Sales")
    );
    let tables = stand.json("v1/meta/tables").await;
    assert!(
        tables
            .as_array()
            .unwrap()
            .iter()
            .any(|table| table["alias"] == "jobInfo")
    );
    let users = stand.json("v1/meta/users").await;
    let (id, user) = users.as_object().unwrap().iter().next().unwrap();
    assert_eq!(user["id"].to_string(), *id);
    assert!(user["employeeId"].is_u64());
    let disabled = stand.json("v1/meta/users?status=disabled").await;
    assert!(
        disabled
            .as_object()
            .unwrap()
            .values()
            .all(|user| user["status"] == "disabled")
    );
}

#[tokio::test]
async fn workplaces_have_an_address_with_a_time_zone_and_pages_from_zero() {
    let stand = bamboo(5).await;
    let token = stand.token();
    let get =
        async |query: &str| json_of(stand.with_token(&token, &format!("v1/hris/org/locations{query}")).await).await;
    let all = get("").await;
    assert_eq!(all["data"].as_array().unwrap().len(), 20);
    assert_eq!(all["data"][0]["address"]["timezone"], "Europe/Madrid");
    assert!(all["data"][0]["address"].get("country").is_none());
    assert_eq!(
        get("?expand=state,country").await["data"][0]["address"]["country"]["isoCode"],
        "ES"
    );
    let second = get("?page=1&pageSize=15").await;
    assert_eq!(
        (second["data"].as_array().unwrap().len(), &second["meta"]["page"]),
        (5, &json!(1))
    );
    assert!(second["_links"].get("next").is_none() && second["_links"]["prev"].is_object());
}
