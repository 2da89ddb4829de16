//! BambooHR: custom reports, which bring everybody in one answer.

use crate::any::text;
use crate::bamboohr_support::{Bamboo, bamboo};
use crate::support::json_of;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

async fn truth(stand: &Bamboo) -> BTreeMap<String, Value> {
    let people = stand.0.truth().await.into_iter();
    people.map(|person| (text(&person, "employee_id"), person)).collect()
}

#[tokio::test]
async fn a_report_has_everybody_active_or_not_in_one_answer() {
    let stand = bamboo(300).await;
    let rows = stand.rows(&["status"]).await;
    assert_eq!(rows.len(), stand.0.truth().await.len());
    let statuses: BTreeSet<String> = rows.iter().map(|row| text(row, "status")).collect();
    assert_eq!(statuses, BTreeSet::from(["Active".to_owned(), "Inactive".to_owned()]));
}

#[tokio::test]
async fn a_report_says_title_and_columns_and_ids_are_texts() {
    let stand = bamboo(5).await;
    let body = json!({"title": "Staff", "fields": ["firstName", 4, "customTShirtSize"]});
    let answer = json_of(stand.report_as(stand.key(), "format=json", &body).await).await;
    assert_eq!(answer["title"], "Staff");
    let columns = answer["fields"].as_array().unwrap();
    assert_eq!(
        (&columns[0]["id"], &columns[0]["type"]),
        (&json!("firstName"), &json!("text"))
    );
    assert_eq!(
        (&columns[1]["id"], &columns[1]["name"]),
        (&json!(4), &json!("Department"))
    );
    let row = &answer["employees"][0];
    assert!(row["id"].is_string() && row["4"].is_string() && row.get("customTShirtSize").is_some());
}

#[tokio::test]
async fn what_a_report_says_of_somebody_is_the_truth() {
    let stand = bamboo(120).await;
    let fields = [
        "employeeNumber",
        "firstName",
        "lastName",
        "preferredName",
        "workEmail",
        "homeEmail",
        "mobilePhone",
        "address1",
        "address2",
        "city",
        "zipcode",
        "dateOfBirth",
        "department",
        "division",
        "location",
        "jobTitle",
        "supervisorEId",
        "hireDate",
        "terminationDate",
    ];
    let names = [
        "employee_number",
        "first_name",
        "last_name",
        "known_as",
        "work_email",
        "personal_email",
        "mobile_phone",
        "address_line_1",
        "address_line_2",
        "city",
        "zip_code",
        "birth_date",
        "department",
        "group",
        "work_location",
        "job_title",
        "manager",
        "start_date",
        "termination_date",
    ];
    let truth = truth(&stand).await;
    for row in stand.rows(&fields).await {
        let person = &truth[&text(&row, "id")];
        let is_future = person["status"] == "upcoming";
        for (field, name) in fields.iter().zip(names) {
            let history = ["department", "division", "location", "jobTitle", "supervisorEId"].contains(field);
            let wanted = person[name]
                .as_str()
                .filter(|_| !(is_future && history))
                .unwrap_or_default();
            assert_eq!(row[*field].as_str().unwrap_or_default(), wanted, "{field}");
        }
    }
}

#[tokio::test]
async fn pay_is_a_text_with_its_currency_and_blank_where_there_is_none() {
    let stand = bamboo(100).await;
    let truth = truth(&stand).await;
    let mut periods = BTreeSet::new();
    for row in stand.rows(&["payRate", "payPer", "paidPer"]).await {
        let person = &truth[&text(&row, "id")];
        let (amount, currency) = (text(person, "pay_rate"), text(person, "pay_currency"));
        if person["status"] == "upcoming" {
            assert_eq!(
                (row["payRate"].clone(), &row["payPer"]),
                (json!(format!(" {currency}")), &Value::Null)
            );
        } else {
            assert_eq!(row["payRate"], format!("{amount} {currency}"));
            periods.insert(text(&row, "payPer"));
        }
        assert_eq!(row["payPer"], row["paidPer"]);
    }
    assert_eq!(periods, BTreeSet::from(["Hour", "Month", "Year"].map(str::to_owned)));
}

#[tokio::test]
async fn countries_are_names_and_a_supervisor_is_last_name_first() {
    let stand = bamboo(100).await;
    let rows = stand
        .rows(&["country", "supervisor", "firstName", "lastName", "supervisorEId"])
        .await;
    assert!(rows.iter().any(|row| row["country"] == "Spain") && rows.iter().all(|row| row["country"] != "ES"));
    let by_id: BTreeMap<String, &Value> = rows.iter().map(|row| (text(row, "id"), row)).collect();
    let managed = rows.iter().find(|row| row["supervisorEId"].is_string()).unwrap();
    let boss = by_id[&text(managed, "supervisorEId")];
    let full = [boss["lastName"].as_str(), boss["firstName"].as_str()];
    assert_eq!(
        text(managed, "supervisor"),
        full.into_iter().flatten().collect::<Vec<_>>().join(", ")
    );
}

#[tokio::test]
async fn the_supervisor_id_is_the_managers_employee_number() {
    let stand = bamboo(60).await;
    let rows = stand.rows(&["supervisorId", "supervisorEId", "employeeNumber"]).await;
    let numbers: BTreeMap<String, &Value> = rows
        .iter()
        .map(|row| (text(row, "id"), &row["employeeNumber"]))
        .collect();
    let mut managed = rows.iter().filter(|row| row["supervisorEId"].is_string());
    assert!(managed.clone().count() > 20);
    assert!(managed.all(|row| &row["supervisorId"] == numbers[&text(row, "supervisorEId")]));
}

#[tokio::test]
async fn a_termination_date_stands_there_unasked_and_empty() {
    let stand = bamboo(40).await;
    assert!(
        stand
            .rows(&["firstName"])
            .await
            .iter()
            .all(|row| row["terminationDate"] == "")
    );
    let asked = stand.rows(&["terminationDate", "status"]).await;
    let gone: Vec<&Value> = asked.iter().filter(|row| row["status"] == "Inactive").collect();
    assert!(!gone.is_empty() && gone.iter().all(|row| text(row, "terminationDate").len() == 10));
}

#[tokio::test]
async fn unset_dates_are_empty_texts_and_other_missing_values_are_null() {
    let stand = bamboo(60).await;
    let rows = stand.rows(&["terminationDate", "preferredName"]).await;
    assert!(rows.iter().any(|row| row["terminationDate"] == ""));
    assert!(rows.iter().any(|row| row.get("preferredName") == Some(&Value::Null)));
}
