//! Factorial: the parameters that narrow lists, written `name[]=a&name[]=b` where they are lists.

use crate::support::{EMPLOYEES, Stand, ids, stand, texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Sees that the rows of a filtered list are exactly those of the whole list that fit.
async fn filters(stand: &Stand, path: &str, parameter: &str, fits: impl Fn(&Value) -> bool) {
    let whole: Vec<Value> = stand.all(path).await.into_iter().filter(|row| fits(row)).collect();
    let filtered = stand.all(&format!("{path}?{parameter}")).await;
    assert!(!filtered.is_empty(), "{parameter} finds nothing");
    assert_eq!(filtered, whole, "{parameter}");
}

#[tokio::test]
async fn employees_can_be_asked_for_in_every_documented_way() {
    let stand = stand(120).await;
    let rows = stand.all(EMPLOYEES).await;
    let (one, two) = (&rows[5], &rows[50]);
    let text = |row: &Value, member: &str| row[member].as_str().unwrap().to_owned();
    let pair = |member: &str| [text(one, member), text(two, member)];
    let (ids, accesses) = (pair("id"), pair("access_id"));
    filters(
        &stand,
        EMPLOYEES,
        &format!("ids[]={}&ids[]={}", ids[0], ids[1]),
        |row| ids.contains(&text(row, "id")),
    )
    .await;
    filters(
        &stand,
        EMPLOYEES,
        &format!("access_ids[]={}&access_ids[]={}", accesses[0], accesses[1]),
        |row| accesses.contains(&text(row, "access_id")),
    )
    .await;
    let email = rows.iter().find_map(|row| row["email"].as_str()).unwrap();
    filters(&stand, EMPLOYEES, &format!("emails[]={email}"), |row| {
        row["email"] == email
    })
    .await;
    filters(&stand, EMPLOYEES, "full_text_name=hash", |row| {
        text(row, "full_name").to_lowercase().contains("hash")
    })
    .await;
    filters(&stand, EMPLOYEES, "name_starts_with=mar", |row| {
        text(row, "full_name").to_lowercase().starts_with("mar")
    })
    .await;
    filters(&stand, EMPLOYEES, "updated_at_gteq=2026-08-01", |row| {
        text(row, "updated_at").as_str() >= "2026-08-01"
    })
    .await;
    filters(&stand, EMPLOYEES, "updated_at_gteq=2026-08-01T22:00:00Z", |row| {
        text(row, "updated_at").as_str() >= "2026-08-01"
    })
    .await;
    let entity = text(one, "legal_entity_id");
    filters(&stand, EMPLOYEES, &format!("legal_entity_ids[]={entity}"), |row| {
        row["legal_entity_id"] == entity
    })
    .await;
    let number = text(one, "company_identifier");
    filters(&stand, EMPLOYEES, &format!("company_identifier={number}"), |row| {
        row["company_identifier"] == number
    })
    .await;
    let place = text(&rows[7], "location_id");
    filters(&stand, EMPLOYEES, &format!("location_ids[]={place}"), |row| {
        row["location_id"] == place
    })
    .await;
    let managers: BTreeSet<&str> = texts(&rows, "manager_id").into_iter().collect();
    filters(&stand, EMPLOYEES, "only_managers=true", |row| {
        managers.contains(row["id"].as_str().unwrap())
    })
    .await;
}

#[tokio::test]
async fn only_active_leaves_the_terminated_out_and_false_has_no_effect() {
    let stand = stand(60).await;
    filters(&stand, EMPLOYEES, "only_active=true", |row| row["active"] == true).await;
    filters(&stand, EMPLOYEES, "only_active=false", |_| true).await;
    assert!(
        stand.all(EMPLOYEES).await.iter().any(|row| row["active"] == false),
        "the terminated come unasked"
    );
}

#[tokio::test]
async fn employees_of_a_team_are_its_members() {
    let stand = stand(120).await;
    let team = stand
        .all("teams/teams")
        .await
        .into_iter()
        .find(|team| team["employee_ids"].as_array().unwrap().len() > 2)
        .unwrap();
    let members: BTreeSet<String> = team["employee_ids"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap().to_owned())
        .collect();
    let found = stand
        .all(&format!("{EMPLOYEES}?team_ids[]={}", team["id"].as_str().unwrap()))
        .await;
    assert_eq!(ids(&found), members);
}

#[tokio::test]
async fn everything_about_a_page_of_people_can_be_asked_for_by_their_ids() {
    let stand = stand(120).await;
    let rows = stand.all(EMPLOYEES).await;
    let chosen: BTreeSet<&str> = texts(&rows, "id").into_iter().skip(20).take(9).collect();
    let by = |name: &str| {
        chosen
            .iter()
            .map(|id| format!("{name}={id}"))
            .collect::<Vec<_>>()
            .join("&")
    };
    let paths = [
        "contracts/reference_contracts",
        "contracts/contract_versions",
        "contracts/contracts",
        "teams/memberships",
    ];
    for path in paths {
        filters(&stand, path, &by("employee_ids[]"), |row| {
            chosen.contains(row["employee_id"].as_str().unwrap())
        })
        .await;
    }
    filters(&stand, "custom_fields/values", &by("employee_ids[]"), |row| {
        chosen.contains(row["valuable_id"].as_str().unwrap())
    })
    .await;
    let own: Vec<&Value> = rows
        .iter()
        .filter(|row| chosen.contains(row["id"].as_str().unwrap()))
        .collect();
    let used = |member: &str| own.iter().map(|row| row[member].clone()).collect::<Vec<Value>>();
    let (places, entities) = (used("location_id"), used("legal_entity_id"));
    filters(&stand, "locations/locations", &by("employee_ids[]"), |row| {
        places.contains(&row["id"])
    })
    .await;
    filters(&stand, "companies/legal_entities", &by("employees_ids[]"), |row| {
        entities.contains(&row["id"])
    })
    .await;
}

#[tokio::test]
async fn an_id_that_nobody_has_finds_nothing_and_fails_nothing() {
    let stand = stand(20).await;
    for path in [
        "employees/employees?ids[]=1",
        "employees/employees?ids[]=word",
        "contracts/reference_contracts?employee_ids[]=1",
    ] {
        assert_eq!(stand.json(path).await["data"], json!([]), "{path}");
    }
}

#[tokio::test]
async fn contract_versions_can_be_asked_for_as_of_a_date() {
    let stand = stand(80).await;
    let path = "contracts/contract_versions";
    filters(&stand, path, "date=2024-06-30", |row| {
        row["effective_on"].as_str().unwrap() <= "2024-06-30"
    })
    .await;
    filters(
        &stand,
        path,
        "updated_at_gteq=2026-08-01T00:00:00Z&updated_at_lteq=2026-10-01T00:00:00Z",
        |row| ("2026-08-01".."2026-10-02").contains(&row["updated_at"].as_str().unwrap()),
    )
    .await;
    let node = stand.json(path).await["data"][0]["job_catalog_tree_node_uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    filters(&stand, path, &format!("job_catalog_tree_node_uuids[]={node}"), |row| {
        row["job_catalog_tree_node_uuid"] == node
    })
    .await;
}

#[tokio::test]
async fn contracts_can_be_asked_for_by_their_exact_start() {
    let stand = stand(80).await;
    let start = stand.json("contracts/contracts").await["data"][3]["starts_on"]
        .as_str()
        .unwrap()
        .to_owned();
    filters(&stand, "contracts/contracts", &format!("starts_on={start}"), |row| {
        row["starts_on"] == start
    })
    .await;
}

#[tokio::test]
async fn extra_pay_can_be_asked_for_by_contract_version() {
    let stand = stand(80).await;
    let version = stand.json("contracts/compensations").await["data"][1]["contract_version_id"]
        .as_str()
        .unwrap()
        .to_owned();
    filters(
        &stand,
        "contracts/compensations",
        &format!("contract_version_ids[]={version}"),
        |row| row["contract_version_id"] == version,
    )
    .await;
}

#[tokio::test]
async fn memberships_can_be_asked_for_by_lead() {
    let stand = stand(80).await;
    filters(&stand, "teams/memberships", "lead=true", |row| row["lead"] == true).await;
    filters(&stand, "teams/memberships", "lead=false", |row| row["lead"] == false).await;
}

#[tokio::test]
async fn workplaces_can_be_asked_for_by_main() {
    let stand = stand(5).await;
    filters(&stand, "locations/locations", "main=true", |row| row["main"] == true).await;
}

#[tokio::test]
async fn custom_fields_and_values_can_be_asked_for_in_every_documented_way() {
    let stand = stand(40).await;
    let fields = "custom_fields/fields";
    filters(&stand, fields, "field_type=text", |row| row["field_type"] == "text").await;
    filters(&stand, fields, "label=Religion", |row| row["label_text"] == "Religion").await;
    filters(&stand, fields, "slug=t_shirt_size", |row| row["slug"] == "t_shirt_size").await;
    let values = "custom_fields/values";
    let field = stand.json(values).await["data"][0]["field_id"]
        .as_str()
        .unwrap()
        .to_owned();
    filters(&stand, values, &format!("field_id={field}"), |row| {
        row["field_id"] == field
    })
    .await;
    filters(&stand, values, "slug=cost_centre", |row| {
        row["custom_field_identifier"] == "cost_centre"
    })
    .await;
    filters(
        &stand,
        values,
        "identifiers[]=cost_centre&identifiers[]=languages",
        |row| ["cost_centre", "languages"].contains(&row["custom_field_identifier"].as_str().unwrap()),
    )
    .await;
    filters(&stand, values, "slug=t_shirt_size&value=M", |row| {
        row["single_choice_value"] == "M"
    })
    .await;
    filters(&stand, values, "updated_at_gteq=2026-08-01", |row| {
        row["updated_at"].as_str().unwrap() >= "2026-08-01"
    })
    .await;
}
