//! Lucca's older API: users by fields and offset, structure, contracts and pay.

use crate::any::text;
use crate::lucca_support::{Lucca, lucca};
use crate::support::{body_of, json_of};
use emulators::CANARY;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

async fn ids(stand: &Lucca, statuses: &[&str]) -> BTreeSet<u64> {
    let truth = stand.0.truth().await;
    let fits = |one: &&Value| statuses.contains(&one["status"].as_str().unwrap());
    truth
        .iter()
        .filter(fits)
        .map(|one| text(one, "employee_id").parse().unwrap())
        .collect()
}

fn row_ids(rows: &[Value]) -> BTreeSet<u64> {
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn present_and_future_people_come_unasked_and_former_ones_if_asked_for() {
    let stand = lucca(100).await;
    let unasked = row_ids(&stand.users("fields=id").await);
    assert_eq!(unasked, ids(&stand, &["active", "upcoming"]).await);
    let all = row_ids(&stand.users("fields=id&formerEmployees=true").await);
    assert_eq!(all, ids(&stand, &["active", "upcoming", "terminated"]).await);
    assert!(all.len() > unasked.len());
}

#[tokio::test]
async fn a_keys_role_narrows_what_comes_without_a_word() {
    let stand = lucca(100).await;
    let key = stand.0.running.api_key_as("Present people").unwrap();
    let request = stand.old_as(key, "/api/v3/users?fields=id&formerEmployees=true");
    let answer = json_of(request.send().await.unwrap()).await;
    assert_eq!(
        row_ids(answer["data"]["items"].as_array().unwrap()),
        ids(&stand, &["active"]).await
    );
}

#[tokio::test]
async fn fields_replace_the_default_ones_and_are_read_in_any_case() {
    let stand = lucca(5).await;
    let names = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&stand.users("").await[0]), ["id", "name", "url"]);
    let rows = stand
        .users("fields=ID,firstname,managerId,departmentId,legalEntityId")
        .await;
    assert_eq!(
        names(&rows[0]),
        ["departmentID", "firstName", "id", "legalEntityID", "managerID"]
    );
}

#[tokio::test]
async fn nested_fields_are_chosen_by_a_dot_or_in_brackets() {
    let stand = lucca(30).await;
    let rows = stand
        .users("fields=id,manager.id,legalEntity[id,name],department")
        .await;
    let managed = rows.iter().find(|row| !row["manager"].is_null()).unwrap();
    assert_eq!(
        managed["manager"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id"]
    );
    assert_eq!(
        managed["legalEntity"].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "name"]
    );
    assert!(
        managed["department"]["url"]
            .as_str()
            .unwrap()
            .starts_with(&stand.0.running.url())
    );
    assert_eq!(stand.old_status("/api/v3/users?fields=id,manager[id").await, 400);
}

#[tokio::test]
async fn pages_go_by_offset_and_the_total_comes_if_asked_for() {
    let stand = lucca(100).await;
    let answer = stand
        .old("/api/v3/users?fields=id,collection.count&paging=0,30&orderBy=id,asc")
        .await;
    assert_eq!(answer["data"]["items"].as_array().unwrap().len(), 30);
    let total = usize::try_from(answer["data"]["count"].as_u64().unwrap()).unwrap();
    assert_eq!(total, ids(&stand, &["active", "upcoming"]).await.len());
    assert!(
        stand.old("/api/v3/users?fields=id&paging=0,30").await["data"]
            .get("count")
            .is_none()
    );
    let mut found = BTreeSet::new();
    for offset in (0..).step_by(30) {
        let rows = stand.users(&format!("fields=id&paging={offset},30")).await;
        found.extend(row_ids(&rows));
        if rows.len() < 30 {
            break;
        }
    }
    assert_eq!(found.len(), total);
}

#[tokio::test]
async fn a_page_has_a_thousand_rows_at_the_most() {
    let stand = lucca(1_100).await;
    assert_eq!(stand.users("fields=id").await.len(), 1_000);
    assert_eq!(stand.users("fields=id&paging=0,5000").await.len(), 1_000);
    for bad in ["0", "0,many", "-1,5", "0,0"] {
        assert_eq!(
            stand.old_status(&format!("/api/v3/users?paging={bad}")).await,
            400,
            "{bad}"
        );
    }
}

#[tokio::test]
async fn what_a_user_says_is_the_truth() {
    let stand = lucca(120).await;
    let fields = "id,firstName,lastName,mail,personalEmail,professionalMobile,birthDate,employeeNumber,jobTitle,manager.id,department.name,\
                  legalEntity.name,dtContractStart,dtContractEnd";
    let rows = stand
        .users(&format!("fields={}&formerEmployees=true", fields.replace(' ', "")))
        .await;
    let by_id: BTreeMap<String, &Value> = rows.iter().map(|row| (row["id"].to_string(), row)).collect();
    for person in stand.0.truth().await {
        let row = by_id[&text(&person, "employee_id")];
        let date = |name: &str| person[name].as_str().map(|date| format!("{date}T00:00:00"));
        for (member, name) in [
            ("firstName", "first_name"),
            ("lastName", "last_name"),
            ("mail", "work_email"),
            ("personalEmail", "personal_email"),
            ("professionalMobile", "mobile_phone"),
            ("employeeNumber", "employee_number"),
            ("jobTitle", "job_title"),
        ] {
            assert_eq!(row[member], person[name], "{member}");
        }
        assert_eq!(
            row["manager"]["id"].as_u64().map(|id| id.to_string()).as_deref(),
            person["manager"].as_str()
        );
        assert_eq!(row["department"]["name"], person["department"]);
        assert_eq!(row["legalEntity"]["name"], person["work_location"]);
        for (member, name) in [
            ("dtContractStart", "start_date"),
            ("dtContractEnd", "termination_date"),
            ("birthDate", "birth_date"),
        ] {
            assert_eq!(row[member].as_str().map(str::to_owned), date(name), "{member}");
        }
    }
}

#[tokio::test]
async fn names_are_shown_in_both_orders() {
    for row in lucca(10)
        .await
        .users("fields=firstName,lastName,name,displayName")
        .await
    {
        let (first, last) = (text(&row, "firstName"), text(&row, "lastName"));
        assert_eq!(row["name"], format!("{first} {last}"));
        assert_eq!(row["displayName"], format!("{last} {first}"));
    }
}

#[tokio::test]
async fn contract_dates_addresses_and_ids_can_be_filtered_by() {
    let stand = lucca(150).await;
    let all = stand
        .users("fields=id,dtContractStart,dtContractEnd,mail,modifiedAt&formerEmployees=true")
        .await;
    let count = async |query: &str| {
        let query = format!("fields=id&formerEmployees=true&{query}");
        stand.users(&query).await.len()
    };
    let fitting = |fits: &dyn Fn(&Value) -> bool| all.iter().filter(|row| fits(row)).count();
    let start = |row: &Value| text(row, "dtContractStart");
    for (query, wanted) in [
        (
            "dtContractStart=since,2024-01-01",
            fitting(&|row| start(row).as_str() >= "2024-01-01"),
        ),
        (
            "dtContractStart=until,2024-01-01",
            fitting(&|row| start(row).as_str() <= "2024-01-01T00:00:00"),
        ),
        (
            "dtContractStart=between,2020-01-01,2024-01-01",
            fitting(&|row| ("2020-01-01".."2024-01-01T00:00:01").contains(&start(row).as_str())),
        ),
        ("dtContractEnd=null", fitting(&|row| row["dtContractEnd"].is_null())),
        (
            "dtContractEnd=notequal,null",
            fitting(&|row| row["dtContractEnd"].is_string()),
        ),
        (
            "modifiedAt=since,2026-08-01T00:00:00",
            fitting(&|row| text(row, "modifiedAt").as_str() >= "2026-08-01"),
        ),
    ] {
        assert!(wanted > 0, "{query} finds nobody");
        assert_eq!(count(query).await, wanted, "{query}");
    }
    let mail = all.iter().find_map(|row| row["mail"].as_str()).unwrap();
    assert_eq!(count(&format!("mail={mail}")).await, 1);
    assert!(count(&format!("mail=like,{}", &mail[..4])).await >= 1);
    assert_eq!(count(&format!("id={},{}", all[2]["id"], all[7]["id"])).await, 2);
    assert_eq!(stand.old_status("/api/v3/users?dtContractStart=lately,1").await, 400);
}

#[tokio::test]
async fn one_user_is_in_data_and_an_unknown_one_is_a_500() {
    let stand = lucca(10).await;
    let former = ids(&stand, &["terminated"]).await.into_iter().next().unwrap();
    let answer = stand.old(&format!("/api/v3/users/{former}?fields=id,mail")).await;
    assert_eq!(answer["data"]["id"], former);
    let request = stand.old_as(stand.0.running.api_key(), "/api/v3/users/1");
    let unknown = request.send().await.unwrap();
    assert_eq!(unknown.status(), 500);
    assert_eq!(body_of(unknown).await["Status"], 500);
    assert_eq!(stand.old_status("/api/v3/unicorns").await, 404);
}

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
            .find(|one| text(one, "employee_id") == row["id"].to_string())
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
            .find(|one| text(one, "employee_id") == row["id"].to_string())
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
