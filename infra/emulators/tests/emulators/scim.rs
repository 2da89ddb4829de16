//! The SCIM service: what RFC 7643 and RFC 7644 say about users, each kind of habit as it shows, and its controls.

use emulators::scim::{Habits, NAME, PASSWORD, TOKEN};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    scim_support::service,
    support::{body_of, json_of, with_json},
};

#[tokio::test]
async fn a_user_is_made_found_changed_and_switched_off_as_the_rfcs_say() {
    let service = service(json!({})).await;
    let made = service.create("ana@a.example").await;
    assert_eq!(made.status(), 201);
    let place = made.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(made.headers()["content-type"], "application/scim+json");
    let user = body_of(made).await;
    let id = user["id"].as_str().unwrap();
    assert_eq!(place, format!("{}/Users/{id}", service.running.base()));
    assert_eq!(
        (&user["active"], &user["meta"]["version"]),
        (&json!(true), &json!("W/\"1\""))
    );

    service.fill(&["bo@a.example", "cy@a.example"]).await;
    let found = service.names("/Users?filter=userName%20eq%20%22ANA@a.example%22").await;
    assert_eq!(found, ["ana@a.example"]);
    let found = service
        .names("/Users?filter=externalId%20eq%20%22REF-ana@a.example%22")
        .await;
    assert!(found.is_empty(), "a reference is exact");
    assert_eq!(service.names("/Users?startIndex=2&count=1").await, ["bo@a.example"]);

    let one = format!("/Users/{id}");
    let patch = json!({ "Operations": [{ "op": "replace", "path": "title", "value": "Chief" }, { "op": "replace", "path": "active", "value": false }] });
    let changed = json_of(service.send(Method::PATCH, &one, &patch).await).await;
    assert_eq!(
        (&changed["title"], &changed["active"]),
        (&json!("Chief"), &json!(false))
    );
    let replaced = json_of(
        service
            .send(Method::PUT, &one, &json!({ "userName": "ana@b.example" }))
            .await,
    )
    .await;
    assert_eq!(
        (&replaced["title"], &replaced["meta"]["version"]),
        (&Value::Null, &json!("W/\"3\""))
    );
    let taken = service
        .send(Method::PUT, &one, &json!({ "userName": "BO@a.example" }))
        .await;
    assert_eq!(taken.status(), 409);
    assert_eq!(body_of(taken).await["scimType"], "uniqueness");
    assert_eq!(service.get("/Users/nobody").await.status(), 404);
    let statuses = [204, 404, 404];
    for (method, status) in [Method::DELETE, Method::DELETE, Method::GET].into_iter().zip(statuses) {
        assert_eq!(service.send(method, &one, &json!({})).await.status(), status);
    }
    service.running.stop().await;
}

#[tokio::test]
async fn whatever_opens_it_is_asked_for_and_a_stale_version_is_refused() {
    let service = service(json!({})).await;
    service.fill(&["ana@a.example"]).await;
    let url = format!("{}/Users", service.running.base());
    assert_eq!(service.client.get(&url).send().await.unwrap().status(), 401);
    let basic = service.client.get(&url).basic_auth(NAME, Some(PASSWORD));
    assert_eq!(basic.send().await.unwrap().status(), 200);
    let id = service.running.users()[0]["id"].as_str().unwrap().to_owned();
    let stale = service.client.patch(format!("{url}/{id}")).bearer_auth(TOKEN);
    let patch = json!({ "Operations": [{ "op": "remove", "path": "title" }] });
    let answer = with_json(stale.header("if-match", "W/\"9\""), &patch)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 412);
    assert_eq!(service.running.users()[0]["title"], "Clerk");
    service.running.stop().await;
}

#[tokio::test]
async fn habits_show_where_the_documents_say() {
    let service = service(json!({ "pages": "by_cursor", "page_cap": 3, "totals": "absent" })).await;
    service.fill(&["a", "b", "c", "d"]).await;
    let first = json_of(service.get("/Users?startIndex=3").await).await;
    assert_eq!(first["Resources"][0]["userName"], "a", "an index is not looked at");
    assert_eq!(first["totalResults"], Value::Null);
    let next = first["nextCursor"].as_str().unwrap();
    assert_eq!(service.names(&format!("/Users?cursor={next}")).await, ["c", "d"]);

    service.becomes(json!({ "filters": "wrong" })).await;
    assert_eq!(service.names("/Users?filter=userName%20eq%20%22d%22").await, ["a"]);
    service
        .becomes(json!({ "conflicts": "server_error", "html_errors": true }))
        .await;
    let answer = service.create("a").await;
    assert_eq!(answer.status(), 500);
    assert_eq!(answer.headers()["content-type"], "application/scim+json");
    assert!(answer.text().await.unwrap().starts_with("<!doctype html>"));
    service
        .becomes(json!({ "limit_every": 1, "limit_wait": "unsaid" }))
        .await;
    let answer = service.get("/Users").await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers().get("retry-after")),
        (429, None)
    );
    service.becomes(json!({ "drops": ["title"], "created": "empty" })).await;
    assert_eq!(body_of(service.create("e").await).await, json!({}));
    assert_eq!(service.running.users()[4]["title"], Value::Null);
    service.becomes(json!({ "drops": ["nickName"], "echoes": true })).await;
    let echoed = service
        .client
        .put(format!("{}/Users/u-0005", service.running.base()))
        .bearer_auth(TOKEN);
    let answer = with_json(echoed, &json!({ "userName": "e", "nickName": "Eve" }))
        .send()
        .await
        .unwrap();
    assert_eq!(body_of(answer).await["nickName"], "Eve");
    assert_eq!(service.running.users()[4]["nickName"], Value::Null);
    for (with, status) in [(Value::Null, 403), (json!(500), 500)] {
        service
            .becomes(json!({ "forbids": ["e", "z"], "forbids_with": with }))
            .await;
        assert_eq!(service.create("z").await.status(), status);
    }
    service.becomes(json!({ "meddles": 1 })).await;
    let one = format!("/Users/{}", service.running.users()[0]["id"].as_str().unwrap());
    let user = json!({ "userName": "a" });
    let url = format!("{}{one}", service.running.base());
    let change = service.client.put(url).bearer_auth(TOKEN).header("if-match", "W/\"1\"");
    let answer = with_json(change, &user).send().await.unwrap();
    assert_eq!(answer.status(), 412, "an edit by hand was faster");
    assert_eq!(service.running.users()[0]["title"], "By Hand");
    service.becomes(json!({ "versionless": true })).await;
    let shown = service.get(&one).await;
    assert_eq!(shown.headers().get("etag"), None);
    assert_eq!(json_of(shown).await["meta"]["version"], Value::Null);
    service.becomes(json!({ "lost_creates": 1 })).await;
    let user = json!({ "userName": "f" });
    let url = format!("{}/Users", service.running.base());
    let lost = with_json(service.client.post(url).bearer_auth(TOKEN), &user)
        .send()
        .await;
    assert!(lost.is_err(), "no answer came");
    assert_eq!(service.running.users().len(), 6, "the work was done");
    service.running.stop().await;
}

#[tokio::test]
async fn its_controls_show_whom_it_keeps_what_it_was_asked_and_its_habits() {
    let service = service(json!({ "strict": true })).await;
    service.fill(&["a"]).await;
    let users = json_of(service.control(Method::GET, "users", &Value::Null).await).await;
    assert_eq!(users["data"][0]["userName"], "a");
    let asked = json_of(service.control(Method::GET, "requests", &Value::Null).await).await;
    let expected = json!([{ "method": "POST", "target": "/scim/v2/Users", "status": 201 }]);
    assert_eq!(asked["data"], expected);
    service.control(Method::DELETE, "requests", &Value::Null).await;
    assert!(service.running.asked().is_empty());
    let habits = json_of(service.control(Method::GET, "habits", &Value::Null).await).await;
    assert_eq!(
        (&habits["strict"], &habits["pages"]),
        (&json!(true), &json!("by_index"))
    );
    for (switches, pointer, expected) in [
        (json!({ "pages": "sideways" }), "/pages", "by_cursor"),
        (json!({ "page_size": 7 }), "/page_size", "page_cap"),
        (json!({ "strict": "yes" }), "/strict", "boolean"),
    ] {
        let answer = service.control(Method::PUT, "habits", &switches).await;
        assert_eq!(answer.status(), 422, "{switches}");
        let problem = body_of(answer).await;
        let detail = problem["errors"][0]["detail"].as_str().unwrap();
        assert_eq!(problem["errors"][0]["pointer"], pointer);
        assert!(detail.contains(expected), "{detail}");
    }
    let kept = json_of(service.control(Method::GET, "habits", &Value::Null).await).await;
    assert_eq!(kept["strict"], true, "what is refused changes nothing");
    service.running.stop().await;
}

#[test]
fn a_habit_is_written_as_a_word_on_a_command_line() {
    let parsed = |text| Habits::parse(text).map_err(|error| error.to_string());
    assert_eq!(parsed("page_cap=7"), Ok(("page_cap".to_owned(), json!(7))));
    assert_eq!(parsed("html_errors"), Ok(("html_errors".to_owned(), json!(true))));
    assert_eq!(
        parsed("drops=title+nickName"),
        Ok(("drops".to_owned(), json!(["title", "nickName"])))
    );
    assert_eq!(parsed("changes=merge"), Ok(("changes".to_owned(), json!("merge"))));
    assert!(parsed("changes=none").unwrap_err().contains("put_not_implemented"));
    assert!(parsed("page_cap=many").unwrap_err().contains("page_cap"));
}
