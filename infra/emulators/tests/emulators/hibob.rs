//! HiBob: service users, tokens with scopes, and a search that finds everybody at once.

use crate::any::{Any, any, any_with, header, text, wanted};
use crate::support::{body_of, json_of, with_json};
use emulators::{Access, CANARY, Kind, PermissionGroup, service_user};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

async fn hibob(employees: u32) -> Any {
    any(Kind::HiBob, employees).await
}

fn as_user(request: RequestBuilder, token: &str) -> RequestBuilder {
    request.basic_auth(service_user(token), Some(token))
}

async fn search_as(stand: &Any, token: &str, body: &Value) -> Response {
    let request = with_json(stand.bare(Method::POST, "/v1/people/search"), body);
    as_user(request, token).send().await.unwrap()
}

/// Everybody with these fields.
async fn everybody(stand: &Any, fields: &[&str]) -> Vec<Value> {
    let body = json!({"fields": fields, "showInactive": true, "humanReadable": "APPEND"});
    let answer = json_of(search_as(stand, stand.running.api_key(), &body).await).await;
    answer["employees"].as_array().unwrap().clone()
}

#[tokio::test]
async fn a_service_user_shows_id_and_token_and_a_bad_one_is_a_401_without_a_body() {
    let stand = hibob(5).await;
    let token = stand.running.api_key();
    let path = "/v1/company/people/fields";
    let good = as_user(stand.bare(Method::GET, path), token).send().await.unwrap();
    assert_eq!(good.status(), 200);
    for (user, password) in [("SERVICE-0", token), (service_user(token).as_str(), "wrong")] {
        let request = stand.bare(Method::GET, path).basic_auth(user, Some(password));
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401, "{user}");
        assert_eq!(answer.text().await.unwrap(), "");
    }
    let listed = stand.running.accesses();
    assert!(matches!(&listed[0], Access::ServiceUser { user, .. } if *user == service_user(token)));
}

#[tokio::test]
async fn a_search_finds_everybody_at_once_and_former_people_where_they_are_asked_for() {
    let stand = hibob(120).await;
    let truth = stand.truth().await;
    let gone = truth.iter().filter(|person| person["status"] == "terminated").count();
    let body = json!({"fields": ["root.id"]});
    let unasked = json_of(search_as(&stand, stand.running.api_key(), &body).await).await;
    assert_eq!(unasked["employees"].as_array().unwrap().len(), truth.len() - gone);
    let all = everybody(&stand, &["internal.status", "internal.terminationDate"]).await;
    assert_eq!(all.len(), truth.len());
    for (truth, person) in truth.iter().zip(&all) {
        assert_eq!(truth["employee_id"], person["id"]);
        let is_gone = truth["status"] == "terminated";
        assert_eq!(
            person["internal"]["status"],
            if is_gone { "Inactive" } else { "Active" }
        );
        assert_eq!(person["internal"]["terminationDate"], truth["termination_date"]);
    }
}

#[tokio::test]
async fn a_field_stands_at_its_path_and_one_that_there_is_not_is_left_out() {
    let stand = hibob(40).await;
    let fields = [
        "root.email",
        "internal.terminationDate",
        "work.startDate",
        "work.unheardOf",
    ];
    for person in everybody(&stand, &fields).await {
        assert!(person["work"]["startDate"].is_string() && person["internal"].get("terminationDate").is_some());
        assert!(person["work"].get("unheardOf").is_none() && person.get("root").is_none());
    }
}

#[tokio::test]
async fn what_stands_in_lists_is_an_id_with_its_name_beside_it_or_in_its_place() {
    let stand = hibob(40).await;
    let truth = stand.truth().await;
    let all = everybody(&stand, &["work.department", "payroll.salary.payment"]).await;
    for (truth, person) in truth.iter().zip(&all) {
        let id = text(&person["work"], "department");
        assert!(id.parse::<u64>().is_ok(), "{id}");
        assert_eq!(person["humanReadable"]["work"]["department"], truth["department"]);
        let pay = &person["payroll"]["salary"]["payment"];
        assert!(pay["value"].is_number());
        assert_eq!(pay["currency"], truth["pay_currency"]);
    }
    for (form, is_name) in [("REPLACE", true), ("", false)] {
        let body = json!({"fields": ["work.department"], "humanReadable": form, "showInactive": true});
        let answer = json_of(search_as(&stand, stand.running.api_key(), &body).await).await;
        let person = &answer["employees"][0];
        assert_eq!(
            person["work"]["department"] == truth[0]["department"],
            is_name,
            "{form}"
        );
        assert!(person.get("humanReadable").is_none());
    }
}

#[tokio::test]
async fn fields_are_listed_with_their_types_and_custom_ones_by_number() {
    let stand = hibob(40).await;
    let request = as_user(
        stand.bare(Method::GET, "/v1/company/people/fields"),
        stand.running.api_key(),
    );
    let fields = json_of(request.send().await.unwrap()).await;
    let find = |name: &str| {
        let mut fields = fields.as_array().unwrap().iter();
        fields.find(|field| field["name"] == name).unwrap().clone()
    };
    let languages = find("Languages");
    assert_eq!(languages["type"], "multi-list");
    let id = text(&languages, "id");
    assert!(id.starts_with("work.custom.field_"), "{id}");
    let all = everybody(&stand, &[&id]).await;
    let last = id.rsplit('.').next().unwrap();
    let speaks = all
        .iter()
        .find(|person| person["work"]["custom"][last].is_array())
        .unwrap();
    assert!(speaks["humanReadable"]["work"]["custom"][last].is_array());
}

#[tokio::test]
async fn one_filter_by_id_or_address_is_taken_and_an_empty_list_of_them_is_not() {
    let stand = hibob(20).await;
    let one = &stand.truth().await[3];
    for (path, value) in [("root.id", &one["employee_id"]), ("root.email", &one["work_email"])] {
        if value.is_null() {
            continue;
        }
        let filter = json!({"fieldPath": path, "operator": "equals", "values": [value]});
        let body = json!({"fields": ["root.id"], "showInactive": true, "filters": [filter]});
        let found = json_of(search_as(&stand, stand.running.api_key(), &body).await).await;
        assert_eq!(found["employees"].as_array().unwrap().len(), 1, "{path}");
    }
    let many: Vec<String> = (0..401).map(|number| format!("work.f{number}")).collect();
    for body in [
        json!({"filters": []}),
        json!({"fields": many}),
        json!({"humanReadable": "BOTH"}),
        json!("everybody"),
    ] {
        assert_eq!(
            search_as(&stand, stand.running.api_key(), &body).await.status(),
            400,
            "{body}"
        );
    }
}

#[tokio::test]
async fn what_a_permission_group_may_not_see_is_left_out_without_a_word() {
    let stand = hibob(60).await;
    let body = json!({
        "fields": ["payroll.salary.payment", "financial.iban", "work.title"], "showInactive": true, "humanReadable": "APPEND",
    });
    let rows = async |group: &str| {
        let token = stand.running.api_key_as(group).unwrap();
        let answer = json_of(search_as(&stand, token, &body).await).await;
        answer["employees"].as_array().unwrap().clone()
    };
    let (all, without) = (rows("Administrator").await, rows("Without payroll").await);
    assert!(text(&all[0]["financial"], "iban").contains(CANARY));
    assert_eq!(all.len(), without.len());
    for person in &without {
        assert!(person.get("payroll").is_none() && person.get("financial").is_none());
        assert!(person["work"].get("title").is_some());
    }
    let truth = stand.truth().await;
    let at_work = truth.iter().filter(|person| person["status"] == "active").count();
    assert_eq!(rows("Present people").await.len(), at_work);
}

#[tokio::test]
async fn a_token_opens_what_its_scopes_say() {
    let stand = hibob(5).await;
    let tokens = stand.running.user_tokens(PermissionGroup::administrator()).unwrap();
    assert_eq!(tokens.expires_in, Some(3_600));
    let body = json!({"fields": ["payroll.salary.payment"]});
    let request = with_json(stand.bare(Method::POST, "/v1/people/search"), &body);
    let answer = json_of(request.bearer_auth(&tokens.access_token).send().await.unwrap()).await;
    assert!(answer["employees"][0].get("payroll").is_some());
    let refreshed = stand
        .bare(Method::POST, "/oauth2/v1/apps/token")
        .basic_auth(stand.running.client_id(), Some(stand.running.client_secret()))
        .form(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens.refresh_token.as_deref().unwrap()),
        ])
        .send()
        .await
        .unwrap();
    assert_ne!(json_of(refreshed).await["refresh_token"], json!(tokens.refresh_token));
}

#[tokio::test]
async fn fifty_requests_a_minute_are_taken_and_the_next_one_says_when_the_allowance_is_back() {
    let mut options = wanted(5);
    options.requests_per_minute = None;
    let stand = any_with(Kind::HiBob, options).await;
    let body = json!({"fields": ["root.id"]});
    for number in 0..50 {
        let answer = search_as(&stand, stand.running.api_key(), &body).await;
        assert_eq!(answer.status(), 200, "{number}");
    }
    let refused = search_as(&stand, stand.running.api_key(), &body).await;
    assert_eq!(refused.status(), 429);
    assert_eq!(header(&refused, "retry-after"), "");
    assert_eq!(header(&refused, "x-ratelimit-remaining"), "0");
    assert!(header(&refused, "x-ratelimit-reset").parse::<u64>().unwrap() > 1_700_000_000);
    assert_eq!(body_of(refused).await["statusCode"], 429);
}

#[tokio::test]
async fn a_path_that_there_is_not_is_a_web_page_with_200() {
    let stand = hibob(5).await;
    let request = as_user(stand.bare(Method::GET, "/v1/peple"), stand.running.api_key());
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(header(&answer, "content-type").starts_with("text/html"));
}
