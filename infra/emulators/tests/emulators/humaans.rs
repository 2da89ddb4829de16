//! Humaans: tokens with scopes, lists with a total, and what stands in lists of its own.

use crate::any::{Any, any, any_with, text, wanted};
use crate::support::{body_of, json_of};
use emulators::{CANARY, Kind};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn humaans(employees: u32) -> Any {
    any(Kind::Humaans, employees).await
}

async fn ask_as(stand: &Any, token: &str, path: &str) -> Response {
    let request = stand.bare(Method::GET, &format!("/api/{path}"));
    request.bearer_auth(token).send().await.unwrap()
}

async fn ask(stand: &Any, path: &str) -> Value {
    json_of(ask_as(stand, stand.running.api_key(), path).await).await
}

/// Every row of a list, page by page.
async fn all(stand: &Any, list: &str) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let page = ask(stand, &format!("{list}?$limit=50&$skip={}", rows.len())).await;
        rows.extend(page["data"].as_array().unwrap().iter().cloned());
        if rows.len() as u64 >= page["total"].as_u64().unwrap() {
            return rows;
        }
    }
}

#[tokio::test]
async fn a_token_is_a_bearers_and_anything_else_is_a_401() {
    let stand = humaans(5).await;
    let token = stand.running.api_key();
    assert_eq!(token.len(), 32);
    assert_eq!(ask_as(&stand, token, "people").await.status(), 200);
    for given in [format!("Basic {token}"), token.to_owned(), "Bearer wrong".to_owned()] {
        let request = stand.bare(Method::GET, "/api/people").header("authorization", &given);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401, "{given}");
        let body = body_of(answer).await;
        assert_eq!(
            (&body["code"], &body["name"]),
            (&json!(401), &json!("NotAuthenticated"))
        );
    }
}

#[tokio::test]
async fn a_list_comes_by_offset_with_a_total_of_at_most_250_rows_and_100_unasked() {
    let stand = humaans(300).await;
    let people = stand.truth().await.len() as u64;
    for (query, limit, skip, rows) in [
        ("", 100, 0, 100),
        ("?$limit=1000", 250, 0, 250),
        ("?%24limit=250&%24skip=250", 250, 250, people - 250),
        ("?$skip=9999", 100, 9999, 0),
        ("?$limit=0", 0, 0, 0),
    ] {
        let page = ask(&stand, &format!("people{query}")).await;
        let said = ["total", "limit", "skip"].map(|member| page[member].as_u64().unwrap());
        assert_eq!(said, [people, limit, skip], "{query}");
        assert_eq!(page["data"].as_array().unwrap().len() as u64, rows, "{query}");
    }
    let ids: BTreeSet<String> = all(&stand, "people").await.iter().map(|one| text(one, "id")).collect();
    assert_eq!(ids.len() as u64, people);
}

#[tokio::test]
async fn a_person_has_a_status_and_a_last_working_day_that_says_nothing_of_it() {
    let stand = humaans(60).await;
    let (truth, people) = (stand.truth().await, all(&stand, "people").await);
    for (truth, person) in truth.iter().zip(&people) {
        assert_eq!(truth["employee_id"], person["id"]);
        let status = match truth["status"].as_str().unwrap() {
            "active" => "active",
            "upcoming" => "newHire",
            _ => "offboarded",
        };
        assert_eq!(person["status"], status);
        assert_eq!(person["employmentEndDate"], truth["termination_date"]);
        assert_eq!(person["lastWorkingDay"], person["firstWorkingDay"]);
        let team = person["teams"].as_array().unwrap().first();
        assert_eq!(team.map_or(&Value::Null, |team| &team["name"]), &truth["team"]);
        assert!(text(person, "taxId").contains(CANARY) && text(person, "calendarFeedToken").contains(CANARY));
    }
    let id = text(&people[3], "id");
    assert_eq!(ask(&stand, &format!("people/{id}")).await, people[3]);
    let gone = ask(&stand, "people?status=offboarded").await;
    assert!(
        gone["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["status"] == "offboarded")
    );
}

#[tokio::test]
async fn of_roles_and_salaries_the_one_of_today_is_the_truth_and_a_bonus_is_of_another_type() {
    let stand = humaans(60).await;
    let truth = stand.truth().await;
    let (roles, pay) = (all(&stand, "job-roles").await, all(&stand, "compensations").await);
    let today = "2026-11-20";
    let current = |rows: &[Value], id: &Value| -> Option<Value> {
        let holds = |row: &&Value| {
            row["personId"] == *id
                && row["effectiveDate"].as_str().unwrap() <= today
                && row["endDate"].as_str().is_none_or(|last_day| last_day >= today)
        };
        rows.iter().find(holds).cloned()
    };
    let types = all(&stand, "compensation-types").await;
    let salary = types.iter().find(|one| one["baseType"] == "salary").unwrap();
    let salaries: Vec<Value> = pay
        .iter()
        .filter(|row| row["compensationTypeId"] == salary["id"])
        .cloned()
        .collect();
    assert!(salaries.len() < pay.len() && roles.len() > truth.len());
    for person in truth.iter().filter(|person| person["status"] == "active") {
        let id = &person["employee_id"];
        let (role, pay) = (current(&roles, id).unwrap(), current(&salaries, id).unwrap());
        assert_eq!(
            (&role["jobTitle"], &role["department"], &role["reportingTo"]),
            (&person["job_title"], &person["department"], &person["manager"])
        );
        assert_eq!(
            (&pay["amount"], &pay["currency"]),
            (&person["pay_rate"], &person["pay_currency"])
        );
    }
    let id = text(&truth[0], "employee_id");
    let own = ask(&stand, &format!("job-roles?personId={id}")).await;
    let all_own = roles.iter().filter(|row| row["personId"] == id).count();
    assert_eq!(own["total"], all_own);
}

#[tokio::test]
async fn custom_values_refer_to_their_field_and_several_choices_are_a_list() {
    let stand = humaans(60).await;
    let fields = all(&stand, "custom-fields").await;
    let id_of = |name: &str| {
        let field = fields.iter().find(|field| field["name"] == name).unwrap();
        text(field, "id")
    };
    let (languages, size) = (id_of("Languages"), id_of("T shirt size"));
    let values = all(&stand, "custom-values").await;
    let of = |field: &str| values.iter().find(|value| value["customFieldId"] == field).unwrap();
    assert!(of(&languages)["value"].is_array() && of(&size)["value"].is_string());
    let only = ask(&stand, &format!("custom-values?customFieldId={size}")).await;
    assert!(
        only["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["customFieldId"] == size)
    );
}

#[tokio::test]
async fn scopes_open_lists_people_and_members() {
    let stand = humaans(60).await;
    let token = |name| stand.running.api_key_as(name).unwrap();
    let scopes = async |name| json_of(ask_as(&stand, token(name), "token-info").await).await["scopes"].clone();
    assert_eq!(scopes("Public").await, json!(["public:read"]));
    assert_eq!(scopes("Without pay").await, json!(["public:read", "private:read"]));
    for (name, list, status) in [
        ("Without pay", "compensations", 403),
        ("Without pay", "bank-accounts", 200),
        ("Public", "compensations", 403),
        ("Public", "bank-accounts", 403),
        ("Public", "companies", 200),
        ("Public", "job-roles", 200),
    ] {
        let answer = ask_as(&stand, token(name), list).await;
        assert_eq!(answer.status(), status, "{list} of {name}");
    }
    let public = json_of(ask_as(&stand, token("Public"), "people").await).await;
    for person in public["data"].as_array().unwrap() {
        assert_eq!(person["status"], "active");
        for member in ["birthday", "personalEmail", "address", "employmentEndDate", "taxId"] {
            assert!(person.get(member).is_none(), "{member}");
        }
    }
    let me = json_of(ask_as(&stand, token("Administrator"), "me").await).await;
    assert_eq!(me["status"], "active");
}

#[tokio::test]
async fn each_company_has_a_token_and_a_name_of_its_own() {
    let mut options = wanted(5);
    options.companies = 2;
    let stand = any_with(Kind::Humaans, options).await;
    let other = stand.running.api_key_of(1).unwrap();
    let name = async |token: &str| {
        let companies = json_of(ask_as(&stand, token, "companies").await).await;
        assert_eq!(companies["total"], 1);
        companies["data"][0].clone()
    };
    let (own, others) = (name(stand.running.api_key()).await, name(other).await);
    assert_ne!(own["id"], others["id"]);
    stand.break_with(json!({"mode": "other_company"})).await;
    assert_ne!(name(stand.running.api_key()).await["id"], own["id"]);
}

#[tokio::test]
async fn what_there_is_not_is_a_404_and_what_cannot_be_read_a_400_that_names_the_parameter() {
    let stand = humaans(5).await;
    let status = async |path| ask_as(&stand, stand.running.api_key(), path).await;
    for path in ["unicorns", "people/1", "people/none", "documents"] {
        let answer = status(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert_eq!(body_of(answer).await["name"], "NotFound");
    }
    for (path, name) in [("people?$limit=many", "$limit"), ("people?shoeSize=40", "query")] {
        let answer = status(path).await;
        assert_eq!(answer.status(), 400, "{path}");
        assert_eq!(body_of(answer).await["issues"][0]["name"], name);
    }
    let request = stand
        .bare(Method::POST, "/api/people")
        .bearer_auth(stand.running.api_key());
    assert_eq!(request.send().await.unwrap().status(), 404);
}
