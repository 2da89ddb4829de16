//! BambooHR: single records, the directory, the list with cursors, tables, changes, and what the account consists of.

use crate::any::{header, text};
use crate::bamboohr_support::{Bamboo, bamboo};
use crate::support::{body_of, json_of};
use emulators::{CANARY, PermissionGroup};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn ids(stand: &Bamboo, fits: impl Fn(&Value) -> bool) -> Vec<String> {
    let truth = stand.0.truth().await;
    truth
        .iter()
        .filter(|one| fits(one))
        .map(|one| text(one, "employee_id"))
        .collect()
}

#[tokio::test]
async fn a_record_is_flat_with_its_id_and_the_fields_asked_for() {
    let stand = bamboo(10).await;
    let id = ids(&stand, |_| true).await[2].clone();
    let row = stand
        .json(&format!(
            "v1/employees/{id}?fields=firstName,workEmail,department,shoeSize"
        ))
        .await;
    let names: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert_eq!(names, ["department", "firstName", "id", "workEmail"]);
    assert_eq!(row["id"], id);
    let unasked = stand.json(&format!("v1/employees/{id}")).await;
    assert!(unasked.get("firstName").is_some() && unasked.get("lastName").is_some());
}

#[tokio::test]
async fn employee_zero_is_whoever_the_key_belongs_to() {
    let stand = bamboo(20).await;
    let own = stand.json("v1/employees/0?fields=status").await;
    assert_eq!(own["status"], "Active");
    assert_eq!(
        own,
        stand
            .json(&format!("v1/employees/{}?fields=status", text(&own, "id")))
            .await
    );
}

#[tokio::test]
async fn what_may_not_be_seen_of_a_record_is_left_out() {
    let stand = bamboo(20).await;
    let key = stand.0.running.api_key_as("Colleague").unwrap();
    let id = ids(&stand, |_| true).await[0].clone();
    let request = stand.get_as(key, &format!("v1/employees/{id}?fields=firstName,payRate,ssn"));
    let row = json_of(request.send().await.unwrap()).await;
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), ["firstName", "id"]);
}

#[tokio::test]
async fn a_record_that_may_not_be_seen_is_a_403_and_one_that_is_not_there_a_404() {
    let stand = bamboo(60).await;
    let lead = stand.0.running.api_key_as("Team lead").unwrap();
    let mut statuses = BTreeSet::new();
    for id in ids(&stand, |_| true).await {
        let answer = stand.get_as(lead, &format!("v1/employees/{id}")).send().await.unwrap();
        statuses.insert(answer.status().as_u16());
    }
    assert_eq!(statuses, BTreeSet::from([200, 403]));
    for id in ["1", "none"] {
        assert_eq!(stand.status(&format!("v1/employees/{id}")).await, 404);
    }
    let many = vec!["firstName"; 401].join(",");
    assert_eq!(stand.status(&format!("v1/employees/0?fields={many}")).await, 400);
}

#[tokio::test]
async fn without_asking_for_json_the_answer_is_xml() {
    let stand = bamboo(5).await;
    for path in [
        "v1/employees/0",
        "v1/meta/fields",
        "v1/employees/directory",
        "v1/employees/all/tables/jobInfo",
    ] {
        let request = stand
            .0
            .bare(Method::GET, &format!("/api/{path}"))
            .basic_auth(stand.key(), Some("x"));
        let answer = request.send().await.unwrap();
        assert!(header(&answer, "content-type").starts_with("application/xml"), "{path}");
        assert!(answer.text().await.unwrap().starts_with("<?xml"));
    }
}

#[tokio::test]
async fn the_directory_has_active_people_and_with_only_current_off_future_ones() {
    let stand = bamboo(100).await;
    let listed = async |query: &str| -> BTreeSet<String> {
        let rows = stand.json(&format!("v1/employees/directory{query}")).await["employees"].clone();
        rows.as_array().unwrap().iter().map(|row| text(row, "id")).collect()
    };
    let active: BTreeSet<String> = ids(&stand, |one| one["status"] == "active").await.into_iter().collect();
    assert_eq!(listed("").await, active);
    let more: BTreeSet<String> = ids(&stand, |one| one["status"] != "terminated")
        .await
        .into_iter()
        .collect();
    assert!(more.len() > active.len());
    assert_eq!(listed("?onlyCurrent=false").await, more);
}

#[tokio::test]
async fn an_empty_directory_is_a_404() {
    let stand = bamboo(5).await;
    stand.0.break_with(json!({"mode": "empty"})).await;
    assert_eq!(stand.status("v1/employees/directory").await, 404);
}

#[tokio::test]
async fn the_list_leads_through_everybody_by_cursor_and_back() {
    let stand = bamboo(60).await;
    let token = stand.token();
    let get = async |query: &str| json_of(stand.with_token(&token, &format!("v1/employees?{query}")).await).await;
    let (mut found, mut query) = (Vec::new(), "page[limit]=20".to_owned());
    let mut second = Value::Null;
    loop {
        let page = get(&query).await;
        found.extend(
            page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| text(row, "employeeId")),
        );
        assert_eq!(page["meta"]["total"], stand.0.truth().await.len());
        if found.len() == 40 {
            second = page.clone();
        }
        let Some(next) = page["meta"]["page"]["nextCursor"].as_str() else {
            assert!(page["_links"].get("next").is_none());
            break;
        };
        assert!(
            page["_links"]["next"]["href"]
                .as_str()
                .unwrap()
                .contains("page%5Bafter%5D=")
        );
        query = format!("page[limit]=20&page[after]={next}");
    }
    assert_eq!(found, ids(&stand, |_| true).await);
    let back = second["meta"]["page"]["prevCursor"].as_str().unwrap();
    let first = get(&format!("page[limit]=20&page[before]={back}")).await;
    assert_eq!(text(&first["data"][0], "employeeId"), found[0]);
}

#[tokio::test]
async fn the_list_names_what_it_may_not_show() {
    let stand = bamboo(30).await;
    let tokens = stand.0.running.user_tokens(PermissionGroup::colleague()).unwrap();
    let answer = stand
        .with_token(&tokens.access_token, "v1/employees?fields=birthDate,workEmail,shoeSize")
        .await;
    let row = json_of(answer).await["data"][0].clone();
    assert_eq!(
        (&row["birthDate"], &row["_restrictedFields"]),
        (&Value::Null, &json!(["birthDate"]))
    );
    for always in [
        "employeeId",
        "firstName",
        "lastName",
        "preferredName",
        "photoUrl",
        "jobTitleName",
        "status",
    ] {
        assert!(row.get(always).is_some(), "{always}");
    }
    assert!(row.get("shoeSize").is_none());
}

#[tokio::test]
async fn the_list_is_filtered_and_sorted() {
    let stand = bamboo(60).await;
    let token = stand.token();
    let rows = async |query: &str| {
        let answer = stand
            .with_token(&token, &format!("v1/employees?page[limit]=2500&{query}"))
            .await;
        json_of(answer).await["data"].as_array().unwrap().clone()
    };
    let gone = rows("filter[status]=inactive").await;
    assert!(!gone.is_empty() && gone.iter().all(|row| row["status"] == "Inactive"));
    let all = ids(&stand, |_| true).await;
    assert_eq!(rows(&format!("filter[ids]={},{}", all[0], all[4])).await.len(), 2);
    assert_eq!(rows(&format!("filter[ids][]={}", all[1])).await.len(), 1);
    let found = rows("filter[firstName]=AR").await;
    assert!(
        found
            .iter()
            .all(|row| text(row, "firstName").to_lowercase().contains("ar"))
    );
    let names: Vec<Option<String>> = rows("sort=-firstName")
        .await
        .iter()
        .map(|row| row["firstName"].as_str().map(str::to_owned))
        .collect();
    assert!(names.is_sorted_by(|one, next| one >= next));
}

#[tokio::test]
async fn a_list_that_cannot_be_asked_for_so_is_a_400_with_a_code() {
    let stand = bamboo(10).await;
    let token = stand.token();
    for (query, code) in [
        ("filter[status]=perhaps", "BadRequest"),
        ("page[limit]=2501", "BadRequest"),
        ("sort=shoeSize", "BadRequest"),
        ("page[after]=nowhere", "BadPage"),
    ] {
        let answer = stand.with_token(&token, &format!("v1/employees?{query}")).await;
        assert_eq!(answer.status(), 400, "{query}");
        assert_eq!(body_of(answer).await["error"]["code"], code, "{query}");
    }
}

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
