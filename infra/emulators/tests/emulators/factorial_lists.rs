//! Factorial: what each resource holds.

use crate::support::{EMPLOYEES, ids, stand, texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn a_reference_contract_is_the_one_of_today_else_the_next_else_the_last() {
    let stand = stand(150).await;
    let versions = stand.all("contracts/contract_versions").await;
    let references = stand.all("contracts/reference_contracts").await;
    assert_eq!(references.len(), stand.truth().await.len());
    for reference in &references {
        let mut own: Vec<&Value> = versions
            .iter()
            .filter(|version| version["employee_id"] == reference["employee_id"])
            .collect();
        own.sort_by_key(|version| version["effective_on"].as_str().unwrap());
        let today = own
            .iter()
            .rfind(|version| version["effective_on"].as_str().unwrap() <= "2026-11-20");
        assert_eq!(reference, *today.unwrap_or(own.first().unwrap()));
    }
    assert!(versions.len() > references.len());
    assert!(
        versions
            .iter()
            .any(|version| version["effective_on"].as_str().unwrap() > "2026-11-21"),
        "a planned raise"
    );
}

#[tokio::test]
async fn salaries_are_whole_cents_and_the_truth_is_in_major_units() {
    let stand = stand(60).await;
    let references = stand.all("contracts/reference_contracts").await;
    for person in stand.truth().await {
        let contract = references
            .iter()
            .find(|row| row["employee_id"] == person["employee_id"])
            .unwrap();
        let cents = contract["salary_amount"].as_i64().unwrap();
        assert_eq!(person["pay_rate"], format!("{}.{:02}", cents / 100, cents % 100));
        assert_eq!(person["pay_period"], contract["salary_frequency"]);
        assert_eq!(person["pay_currency"], contract["salary_currency"]);
        assert_eq!(
            (&person["start_date"], &person["job_title"]),
            (&contract["starts_on"], &contract["job_title"])
        );
    }
}

#[tokio::test]
async fn teams_nest_and_list_their_members() {
    let stand = stand(300).await;
    let teams = stand.all("teams/teams").await;
    let memberships = stand.all("teams/memberships").await;
    assert_eq!(
        teams
            .iter()
            .map(|team| team["depth"].as_u64().unwrap())
            .collect::<BTreeSet<_>>(),
        BTreeSet::from([0, 1, 2])
    );
    for team in &teams {
        let parent = teams.iter().find(|other| other["id"] == team["parent_team_id"]);
        assert_eq!(
            parent.map_or(0, |parent| parent["depth"].as_u64().unwrap() + 1),
            team["depth"].as_u64().unwrap()
        );
        let members: BTreeSet<_> = memberships
            .iter()
            .filter(|row| row["team_id"] == team["id"])
            .map(|row| row["employee_id"].as_str().unwrap())
            .collect();
        let listed: BTreeSet<_> = team["employee_ids"]
            .as_array()
            .unwrap()
            .iter()
            .map(|id| id.as_str().unwrap())
            .collect();
        assert_eq!(members, listed);
        let leads: BTreeSet<_> = memberships
            .iter()
            .filter(|row| row["team_id"] == team["id"] && row["lead"] == true)
            .map(|row| &row["employee_id"])
            .collect::<Vec<_>>()
            .into_iter()
            .map(|id| id.as_str().unwrap())
            .collect();
        assert_eq!(
            leads,
            team["lead_ids"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap())
                .collect()
        );
    }
}

#[tokio::test]
async fn a_person_can_be_in_two_teams_and_the_lowest_membership_is_the_one_that_counts() {
    let stand = stand(300).await;
    let teams = stand.all("teams/teams").await;
    let memberships = stand.all("teams/memberships").await;
    let name = |id: &Value| teams.iter().find(|team| team["id"] == *id).unwrap()["name"].clone();
    let mut twice = 0;
    for person in stand.truth().await {
        let own: Vec<_> = memberships
            .iter()
            .filter(|row| row["employee_id"] == person["employee_id"])
            .collect();
        twice += usize::from(own.len() == 2);
        if let (Some(first), Some(team)) = (own.first(), person["team"].as_str()) {
            assert_eq!(name(&first["team_id"]), team);
        }
    }
    assert!(twice > 5);
}

#[tokio::test]
async fn memberships_name_the_teams_above() {
    let stand = stand(300).await;
    let teams = stand.all("teams/teams").await;
    let deep = teams
        .iter()
        .find(|team| team["depth"] == 2 && team["employee_ids"].as_array().is_some_and(|ids| !ids.is_empty()))
        .unwrap();
    let rows = stand
        .all(&format!(
            "teams/memberships?team_ids[]={}",
            deep["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(rows[0]["parent_team_ids"].as_array().unwrap().len(), 2);
    assert_eq!(rows[0]["parent_team_ids"][0], deep["parent_team_id"]);
    assert_eq!(
        (&rows[0]["direct"], &rows[0]["source_team_ids"][0]),
        (&json!(true), &deep["id"])
    );
}

#[tokio::test]
async fn workplaces_and_legal_entities_complete_a_person() {
    let stand = stand(80).await;
    let locations = stand.all("locations/locations").await;
    let entities = stand.all("companies/legal_entities").await;
    let employees = stand.all(EMPLOYEES).await;
    for person in stand.truth().await {
        let row = employees.iter().find(|row| row["id"] == person["employee_id"]).unwrap();
        let place = locations.iter().find(|place| place["id"] == row["location_id"]);
        for (member, truth) in [
            ("name", "work_location"),
            ("city", "work_city"),
            ("timezone", "time_zone"),
        ] {
            assert_eq!(place.map_or(&Value::Null, |place| &place[member]), &person[truth]);
        }
        let entity = entities
            .iter()
            .find(|entity| entity["id"] == row["legal_entity_id"])
            .unwrap();
        assert_eq!(entity["currency"], person["pay_currency"]);
    }
    assert!(
        entities
            .iter()
            .all(|entity| entity["country"].as_str().unwrap().chars().all(char::is_lowercase))
    );
}

#[tokio::test]
async fn custom_fields_are_of_every_type() {
    let stand = stand(10).await;
    let fields = stand.all("custom_fields/fields").await;
    let kinds: BTreeSet<_> = texts(&fields, "field_type").into_iter().collect();
    let all = [
        "text",
        "long_text",
        "date",
        "rating",
        "checkbox",
        "single_choice",
        "multiple_choice",
        "money",
        "cents",
    ];
    assert_eq!(kinds, BTreeSet::from(all));
    for label in ["T-shirt size", "Religion", "Blood type", "Sindicato"] {
        assert!(texts(&fields, "label_text").contains(&label), "{label}");
    }
}

#[tokio::test]
async fn custom_values_stand_in_the_column_of_their_type() {
    let stand = stand(120).await;
    let fields = stand.all("custom_fields/fields").await;
    let columns = [
        "value",
        "long_text_value",
        "date_value",
        "single_choice_value",
        "cents_value",
    ];
    for row in stand.all("custom_fields/values").await {
        let field = fields.iter().find(|field| field["id"] == row["field_id"]).unwrap();
        let column = match field["field_type"].as_str().unwrap() {
            "long_text" => "long_text_value",
            "date" => "date_value",
            "single_choice" => "single_choice_value",
            "cents" => "cents_value",
            _ => "value",
        };
        for other in columns {
            assert_eq!(row[other].is_null(), other != column, "{row}");
        }
        assert_eq!(row["cents_value"].is_i64(), column == "cents_value");
    }
}

#[tokio::test]
async fn custom_values_hang_on_employees_and_equal_the_truth() {
    let stand = stand(40).await;
    let values = stand.all("custom_fields/values").await;
    let truth = stand.truth().await;
    let sizes: Vec<_> = values
        .iter()
        .filter(|row| row["custom_field_identifier"] == "t_shirt_size")
        .collect();
    assert!(!sizes.is_empty());
    for row in sizes {
        let person = truth
            .iter()
            .find(|person| person["employee_id"] == row["valuable_id"])
            .unwrap();
        assert_eq!(person["custom.t_shirt_size"], row["single_choice_value"]);
    }
}

#[tokio::test]
async fn options_belong_to_choice_fields() {
    let stand = stand(5).await;
    let fields = stand.all("custom_fields/fields").await;
    for option in stand.all("custom_fields/options").await {
        let field = fields.iter().find(|field| field["id"] == option["field_id"]).unwrap();
        assert!(field["field_type"].as_str().unwrap().ends_with("_choice"));
        assert_eq!(option["is_active"], true);
    }
    assert_eq!(
        ids(&stand.all("custom_fields/resource_fields").await).len(),
        fields.len()
    );
}

#[tokio::test]
async fn terminations_list_who_left_and_who_is_to_leave() {
    let stand = stand(100).await;
    let terminations = stand.all("employee_updates/terminations").await;
    let leavers: BTreeSet<_> = stand
        .truth()
        .await
        .into_iter()
        .filter(|person| !person["termination_date"].is_null())
        .map(|person| person["employee_id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        texts(&terminations, "employee_id")
            .into_iter()
            .map(str::to_owned)
            .collect::<BTreeSet<_>>(),
        leavers
    );
    assert!(
        terminations
            .iter()
            .all(|row| row["terminated_on"].is_string() && row["contract_end_date"].is_string())
    );
}

#[tokio::test]
async fn contract_types_have_names_in_four_countries() {
    let stand = stand(100).await;
    let contracts = stand.all("contracts/reference_contracts").await;
    for (country, list, member) in [
        ("es", "spanish", "es_contract_type_id"),
        ("fr", "french", "fr_contract_type_id"),
        ("de", "german", "de_contract_type_id"),
        ("pt", "portuguese", "pt_contract_type_id"),
    ] {
        let known = ids(&stand.all(&format!("contracts/{list}_contract_types")).await);
        let used: Vec<_> = contracts
            .iter()
            .filter(|row| row["country"] == country)
            .map(|row| row[member].as_str().unwrap())
            .collect();
        assert!(
            !used.is_empty() && used.iter().all(|id| known.contains(*id)),
            "{country}"
        );
    }
}

#[tokio::test]
async fn the_job_catalogue_explains_a_contract() {
    let stand = stand(20).await;
    let contract = stand.all("contracts/reference_contracts").await.swap_remove(0);
    let level = stand
        .json(&format!(
            "job_catalog/levels?ids[]={}",
            contract["job_catalog_level_id"].as_str().unwrap()
        ))
        .await["data"][0]
        .clone();
    let role = stand
        .json(&format!(
            "job_catalog/roles?ids[]={}",
            level["role_id"].as_str().unwrap()
        ))
        .await["data"][0]
        .clone();
    assert_eq!(level["role_name"], role["name"]);
    let node = stand
        .json(&format!(
            "job_catalog/tree_nodes?uuids[]={}",
            contract["job_catalog_tree_node_uuid"].as_str().unwrap()
        ))
        .await["data"][0]
        .clone();
    assert_eq!(node["job_catalog_title"], contract["job_title"]);
}

#[tokio::test]
async fn extra_pay_belongs_to_contract_versions_and_has_a_name() {
    let stand = stand(60).await;
    let versions = ids(&stand.all("contracts/contract_versions").await);
    let names = ids(&stand.all("contracts/taxonomies").await);
    let extras = stand.all("contracts/compensations").await;
    assert!(!extras.is_empty());
    for extra in extras {
        assert!(versions.contains(extra["contract_version_id"].as_str().unwrap()));
        assert!(names.contains(extra["contracts_taxonomy_id"].as_str().unwrap()));
    }
}
