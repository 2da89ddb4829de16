//! Lucca's older API: users by fields and offset, structure, contracts and pay.

use crate::any::text;
use crate::lucca_support::{Lucca, lucca};
use crate::support::{body_of, json_of};
use serde_json::Value;
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
