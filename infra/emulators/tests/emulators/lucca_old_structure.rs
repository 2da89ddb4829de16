//! Lucca's older API: custom fields, cost centres, structure, contracts, pay, and how faults show.

use crate::any::text;
use crate::lucca_support::lucca;
use crate::support::json_of;
use emulators::CANARY;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[tokio::test]
async fn custom_fields_are_objects_with_a_value_and_lists_hold_option_ids() {
    let stand = lucca(60).await;
    let definition = stand.old("/api/v3/extensionuserdefinitions/e_t_shirt_size").await;
    let options: BTreeMap<u64, String> = definition["data"]["extensionUserPropertyListEntries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["id"].as_u64().unwrap(), text(entry, "name")))
        .collect();
    let truth = stand.0.truth().await;
    for row in stand.users("fields=id,extendedData&formerEmployees=true").await {
        let person = truth
            .iter()
            .find(|one| row["id"] == text(one, "employee_id").parse::<u64>().unwrap())
            .unwrap();
        let size = row["extendedData"]["e_t_shirt_size"]["value"].as_u64();
        assert_eq!(
            size.map(|id| options[&id].clone()).as_deref(),
            person["custom.t_shirt_size"].as_str()
        );
        let centre = row["extendedData"]["e_cost_centre"]["value"].as_str();
        assert_eq!(centre, person["custom.cost_centre"].as_str());
    }
    assert_eq!(
        stand.old("/api/v3/extensionuserdefinitions").await["data"]["items"]
            .as_array()
            .unwrap()
            .len(),
        12
    );
}

#[tokio::test]
async fn cost_centres_are_sections_of_an_axis() {
    let stand = lucca(40).await;
    let axis = stand.old("/api/v3/axes/4").await;
    let names: BTreeMap<u64, String> = axis["data"]["axisSections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|section| (section["id"].as_u64().unwrap(), text(section, "name")))
        .collect();
    let truth = stand.0.truth().await;
    for row in stand.users("fields=id,userAxisValues_4").await {
        let person = truth
            .iter()
            .find(|one| row["id"] == text(one, "employee_id").parse::<u64>().unwrap())
            .unwrap();
        let section = row["userAxisValues_4"]["id"].as_u64().map(|id| names[&id].clone());
        assert_eq!(section.as_deref(), person["custom.cost_centre"].as_str());
    }
    assert_eq!(stand.old("/api/v3/axes/7").await["data"]["axisSections"], json!([]));
}

#[tokio::test]
async fn departments_embed_everybody_unless_fields_are_named() {
    let stand = lucca(40).await;
    let bare = stand.old("/api/v3/departments").await;
    assert!(bare["data"]["items"][0]["users"].is_array() && bare["data"]["items"][0]["currentUsers"].is_array());
    let named = stand.old("/api/v3/departments?fields=id,name,collection.count").await;
    assert_eq!(named["data"]["items"][0].as_object().unwrap().len(), 2);
    assert_eq!(named["data"]["count"], 10);
}

#[tokio::test]
async fn the_structure_comes_in_pages_of_ten_by_number() {
    let stand = lucca(5).await;
    let path = "/organization/structure/api/establishments";
    let first = stand.old(&format!("{path}?fields.root=count,prev,next")).await;
    assert_eq!(
        (first["items"].as_array().unwrap().len(), &first["count"]),
        (10, &json!(20))
    );
    assert!(first["prev"].is_null() && first["next"]["href"].as_str().unwrap().contains("page=2"));
    let second = stand.old(&format!("{path}?page=2&fields.root=count,prev,next")).await;
    assert!(second["next"].is_null() && second["prev"].is_object());
    let whole = stand.old(&format!("{path}?limit=100&isArchived=true,false")).await;
    assert!(whole.get("data").is_none() && whole.get("count").is_none());
    assert_eq!(whole["items"][0]["timeZoneId"], "Europe/Madrid");
    assert!(whole["items"][0]["address"]["city"].is_string() && whole["items"][0]["legalUnit"]["name"].is_string());
    assert_eq!(stand.old(&format!("{path}?isArchived=true")).await["items"], json!([]));
    let units = stand.old("/organization/structure/api/legal-units?limit=100").await;
    assert_eq!(units["items"][0]["country"]["currencyCode"], "EUR");
    assert_eq!(
        stand.old("/organization/structure/api/departments").await["items"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
}

#[tokio::test]
async fn contracts_are_one_for_each_time_with_the_company_and_one_is_applicable() {
    let stand = lucca(200).await;
    let all = stand
        .old("/directory/api/4.0/work-contracts?limit=1000&fields.root=count")
        .await;
    let rows = all["items"].as_array().unwrap();
    assert_eq!(all["count"], rows.len());
    let records = stand.0.listed("records").await;
    let spells: usize = records
        .iter()
        .map(|one| one["employments"].as_array().unwrap().len())
        .sum();
    assert_eq!(rows.len(), spells);
    let applicable = rows.iter().filter(|row| row["isApplicable"] == true).count();
    assert_eq!(applicable, records.len());
    let back = records
        .iter()
        .find(|one| one["employments"].as_array().unwrap().len() == 2)
        .unwrap();
    let owner = text(back, "employee_id");
    let own = stand
        .old(&format!("/directory/api/4.0/work-contracts?ownerId={owner}"))
        .await;
    assert_eq!(own["items"].as_array().unwrap().len(), 2);
    assert_eq!(own["items"][0]["startsOn"], back["employments"][0]["start"]);
    for names in [
        "work-contract-types",
        "work-contract-hiring-types",
        "work-contract-termination-reasons",
    ] {
        assert!(stand.old(&format!("/directory/api/{names}")).await["items"][0]["name"].is_string());
    }
}

#[tokio::test]
async fn pay_is_a_number_of_basic_salary_with_the_currency_of_the_establishment() {
    let stand = lucca(80).await;
    for person in stand
        .0
        .truth()
        .await
        .iter()
        .filter(|one| one["status"] == "active")
        .take(10)
    {
        let owner = text(person, "employee_id");
        let items = stand
            .old(&format!("/remuneration/api/fixed-items?ownerIds={owner}&limit=100"))
            .await;
        let current = items["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|item| text(item, "startsOn").as_str() <= "2026-11-20");
        let current = current.max_by_key(|item| text(item, "startsOn")).unwrap();
        let rate: f64 = text(person, "pay_rate").parse().unwrap();
        assert!((current["amount"].as_f64().unwrap() - rate).abs() < 0.001);
        assert_eq!(current["nature"]["category"]["code"], "BASIC_SALARY");
        assert_eq!(
            current["nature"]["establishments"][0]["currencyCode"],
            person["pay_currency"]
        );
        assert_eq!(current["workContract"]["ownerId"].to_string(), owner);
    }
    assert_eq!(
        stand.old("/remuneration/api/fixed-items").await["items"]
            .as_array()
            .unwrap()
            .len(),
        10
    );
    assert_eq!(
        stand.old("/remuneration/api/fixed-items?natureIds=9").await["items"],
        json!([])
    );
}

#[tokio::test]
async fn what_nobody_may_keep_is_marked_and_what_may_not_be_seen_is_null() {
    let stand = lucca(20).await;
    let fields = "fields=iban,rib,bic,bankName,insuranceNumber";
    let members = ["iban", "rib", "bic", "bankName", "insuranceNumber"];
    for row in stand.users(fields).await {
        assert!(members.iter().all(|member| text(&row, member).contains(CANARY)));
    }
    let key = stand.0.running.api_key_as("Colleague").unwrap();
    let answer = json_of(
        stand
            .old_as(key, &format!("/api/v3/users?{fields},birthDate,firstName"))
            .send()
            .await
            .unwrap(),
    )
    .await;
    let row = &answer["data"]["items"][0];
    assert!(row["firstName"].is_string());
    assert!(
        members
            .iter()
            .chain(&["birthDate"])
            .all(|member| row.get(member) == Some(&Value::Null))
    );
}

#[tokio::test]
async fn faults_show_in_pages_by_offset() {
    let stand = lucca(100).await;
    let path = "/api/v3/users?fields=id,collection.count&paging=";
    let whole = stand.old(&format!("{path}0,30")).await;
    stand.0.break_with(json!({"mode": "repeat_cursor"})).await;
    assert_eq!(
        stand.old(&format!("{path}30,30")).await["data"]["items"],
        whole["data"]["items"]
    );
    stand.0.mend().await;
    stand.0.break_with(json!({"mode": "wrong_total"})).await;
    assert!(stand.old(&format!("{path}0,30")).await["data"]["count"].as_u64() > whole["data"]["count"].as_u64());
    stand.0.mend().await;
    stand
        .0
        .break_with(json!({"mode": "status", "status": 503, "page": 2, "retry_after": 7}))
        .await;
    assert_eq!(
        [
            stand.old_status(&format!("{path}0,30")).await,
            stand.old_status(&format!("{path}30,30")).await
        ],
        [200, 503]
    );
    stand.0.mend().await;
    stand
        .0
        .break_with(json!({"mode": "narrow", "fields": ["mail", "birth_date"]}))
        .await;
    for row in stand.users("fields=mail,birthDate,firstName").await {
        assert!(row["mail"].is_null() && row["birthDate"].is_null() && row["firstName"].is_string());
    }
}
