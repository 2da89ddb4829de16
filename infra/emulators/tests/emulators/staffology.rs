//! Staffology HR: tokens by headers, pages whose number stands in the path, one person, the company, and custom fields.

use crate::any::{Any, any, any_with, text, wanted};
use crate::support::{body_of, json_of};
use emulators::{CANARY, Kind, Options, service_user};
use reqwest::{Method, Response};
use serde_json::{Value, json};

async fn staffology(employees: u32) -> Any {
    any(Kind::Staffology, employees).await
}

/// Asks for tokens with a name and a password.
async fn tokens_of(stand: &Any, password: &str) -> Value {
    let request = stand.bare(Method::GET, "/api/token/");
    let request = request.basic_auth(service_user(password), Some(password));
    json_of(request.header("grant_type", "password").send().await.unwrap()).await
}

async fn answer_as(stand: &Any, token: &str, path: &str) -> Response {
    stand.bare(Method::GET, path).bearer_auth(token).send().await.unwrap()
}

/// What the first user of the API gets at a path.
async fn get(stand: &Any, path: &str) -> Value {
    let tokens = tokens_of(stand, stand.running.api_key()).await;
    json_of(answer_as(stand, &text(&tokens, "access_token"), path).await).await
}

#[tokio::test]
async fn tokens_come_by_headers_alone_and_a_refresh_token_stays_the_same() {
    let stand = staffology(5).await;
    let password = stand.running.api_key();
    let first = tokens_of(&stand, password).await;
    let mut members: Vec<&String> = first.as_object().unwrap().keys().collect();
    members.sort();
    assert_eq!(members, ["access_token", "refresh_token"]);
    let refresh = text(&first, "refresh_token");
    let request = stand.bare(Method::GET, "/api/token/").bearer_auth(&refresh);
    let second = json_of(request.header("grant_type", "refresh_token").send().await.unwrap()).await;
    assert_eq!(text(&second, "refresh_token"), refresh);
    assert_ne!(second["access_token"], first["access_token"]);
    for token in [text(&first, "access_token"), text(&second, "access_token")] {
        assert_eq!(answer_as(&stand, &token, "/api/Company").await.status(), 200);
    }
    let user = service_user(password);
    let basic = || stand.bare(Method::GET, "/api/token/").basic_auth(&user, Some(password));
    let bearer = || stand.bare(Method::GET, "/api/token/").bearer_auth("x");
    for request in [
        basic(),
        basic().header("grant_type", "refresh_token"),
        bearer().header("grant_type", "refresh_token"),
        bearer().header("grant_type", "password"),
        stand.bare(Method::GET, "/api/token/").header("grant_type", "password"),
        stand
            .bare(Method::GET, "/api/token/")
            .basic_auth(format!("{user} "), Some(format!(" {password}")))
            .header("grant_type", "password"),
    ] {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    let post = stand
        .bare(Method::POST, "/api/token/")
        .basic_auth(&user, Some(password));
    let post = post.header("grant_type", "password").send().await.unwrap();
    assert_eq!(post.status(), 405);
    let data = stand
        .bare(Method::GET, "/api/Company")
        .basic_auth(&user, Some(password));
    assert_eq!(data.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn an_access_token_ends_and_the_refresh_token_goes_on() {
    let options = Options {
        access_token_seconds: Some(0),
        ..wanted(5)
    };
    let stand = any_with(Kind::Staffology, options).await;
    let tokens = tokens_of(&stand, stand.running.api_key()).await;
    let token = text(&tokens, "access_token");
    let answer = answer_as(&stand, &token, "/api/Employees/").await;
    assert_eq!(answer.status(), 401);
    assert!(body_of(answer).await["Message"].is_string());
    let request = stand
        .bare(Method::GET, "/api/token/")
        .bearer_auth(text(&tokens, "refresh_token"));
    let answer = request.header("grant_type", "refresh_token").send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn people_come_in_pages_of_two_hundred_by_one_slash_or_two_and_an_empty_one_ends_them() {
    let stand = staffology(300).await;
    let truth = stand.truth().await;
    let mut all = Vec::new();
    for path in ["/api/Employees/", "/api/Employees//2", "/api/Employees/3"] {
        let page = get(&stand, path).await;
        all.push(page.as_array().unwrap().clone());
    }
    let sizes: Vec<usize> = all.iter().map(Vec::len).collect();
    assert_eq!(sizes, [200, truth.len() - 200, 0]);
    for first in ["/api/Employees", "/api/Employees/0", "/api/Employees/1"] {
        assert_eq!(get(&stand, first).await, json!(all[0]), "{first}");
    }
    let ids: Vec<String> = all.concat().iter().map(|person| person["ID"].to_string()).collect();
    let expected: Vec<String> = truth.iter().map(|person| text(person, "employee_id")).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn a_person_has_sections_and_leavers_have_a_last_day() {
    let stand = staffology(120).await;
    let (truth, people) = (stand.truth().await, get(&stand, "/api/Employees/").await);
    let (mut leavers, mut managers) = (0, 0);
    for (truth, person) in truth.iter().zip(people.as_array().unwrap()) {
        let (personal, contract) = (&person["Personal"], &person["Contract"]);
        assert_eq!(personal["Surname"], truth["last_name"]);
        assert_eq!(contract["Job"]["Value"], truth["job_title"]);
        assert_eq!(contract["Department"]["Value"], truth["department"]);
        assert!(text(&personal["EthnicOrigin"], "Value").contains(CANARY));
        let last = person["Termination"]["TerminationDate"].as_str().map(|day| &day[..10]);
        assert_eq!(last, truth["termination_date"].as_str());
        leavers += usize::from(last.is_some());
        if let Some(manager) = truth["manager"].as_str() {
            assert_eq!(contract["LineManager"]["ID"].to_string(), manager);
            managers += 1;
        }
    }
    assert!(leavers > 10 && managers > 50);
    let id = text(&truth[7], "employee_id");
    assert_eq!(get(&stand, &format!("/api/Employee/{id}")).await, people[7]);
}

#[tokio::test]
async fn custom_fields_are_called_by_their_place() {
    let stand = staffology(40).await;
    let (truth, rows) = (stand.truth().await, get(&stand, "/").await);
    assert_eq!(rows.as_array().unwrap().len(), truth.len());
    for (truth, row) in truth.iter().zip(rows.as_array().unwrap()) {
        assert_eq!(row["EmployeeID"].to_string(), text(truth, "employee_id"));
        assert_eq!(row["CustomField1"], truth["custom.t_shirt_size"]);
        assert_eq!(row.as_object().unwrap().len(), 13);
    }
    let id = text(&truth[3], "employee_id");
    assert_eq!(get(&stand, &format!("/{id}")).await, rows[3]);
}

#[tokio::test]
async fn a_user_sees_what_its_rights_let_it_see_and_sections_are_left_out() {
    let stand = staffology(120).await;
    let truth = stand.truth().await;
    let listed = async |group: &str| {
        let tokens = tokens_of(&stand, stand.running.api_key_as(group).unwrap()).await;
        let answer = answer_as(&stand, &text(&tokens, "access_token"), "/api/Employees/").await;
        json_of(answer).await.as_array().unwrap().clone()
    };
    let without = listed("Without Starters & Leavers").await;
    assert_eq!(without.len(), truth.len());
    assert!(without.iter().all(|person| person.get("Termination").is_none()));
    let present = listed("Present people").await;
    let at_work = truth.iter().filter(|person| person["status"] == "active").count();
    assert_eq!(present.len(), at_work);
}

#[tokio::test]
async fn what_is_not_there_or_not_known_is_refused() {
    let stand = staffology(5).await;
    let tokens = tokens_of(&stand, stand.running.api_key()).await;
    let token = text(&tokens, "access_token");
    for (path, status) in [
        ("/api/Employee/1", 404),
        ("/api/Employees/two", 404),
        ("/api/Employees/?page=2", 400),
        ("/api/Event-Calendar/1/2026", 404),
        ("/customfields", 404),
        ("/1", 404),
    ] {
        let answer = answer_as(&stand, &token, path).await;
        assert_eq!(answer.status(), status, "{path}");
        assert!(body_of(answer).await["Message"].is_string(), "{path}");
    }
    let company = get(&stand, "/api/Company").await;
    assert_eq!(company["CompanyID"], json!(stand.running.company_id_of(0).unwrap()));
}
