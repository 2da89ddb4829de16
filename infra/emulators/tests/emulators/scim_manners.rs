//! Habits of the SCIM service about everything but attributes: versions, lists, what it says about itself, what opens it,
//! redirects.

use emulators::scim::{CLIENT, CLIENT_SECRET};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::{
    scim_support::{Service, service},
    support::{body_of, json_of, with_json},
};

#[tokio::test]
async fn versions_move_at_each_reading_and_the_one_read_last_holds() {
    let service = service(json!({ "moving_versions": true })).await;
    service.fill(&["ana@a.example"]).await;
    let path = format!("/Users/{}", service.running.users()[0]["id"].as_str().unwrap());
    let version = async || service.shows(&path, "/meta/version").await;
    let first = version().await;
    let listed = json_of(service.get("/Users").await).await;
    let second = listed["Resources"][0]["meta"]["version"].clone();
    assert_ne!(first, second);
    for (version, status) in [(first, 412), (second, 200)] {
        assert_eq!(
            replace(&service, &path, version.as_str().unwrap()).await,
            status,
            "{version}"
        );
    }
    service.running.stop().await;
}

#[tokio::test]
async fn the_right_version_is_refused() {
    let service = service(json!({ "refuses_versions": true })).await;
    service.fill(&["ana@a.example"]).await;
    let path = format!("/Users/{}", service.running.users()[0]["id"].as_str().unwrap());
    let version = service.shows(&path, "/meta/version").await;
    assert_eq!(replace(&service, &path, version.as_str().unwrap()).await, 412);
    let user = json!({ "userName": "ana@a.example" });
    assert_eq!(
        service.send(Method::PUT, &path, &user).await.status(),
        200,
        "without a version"
    );
    service.running.stop().await;
}

/// Replaces a user if the version holds. Returns the status.
async fn replace(service: &Service, path: &str, version: &str) -> u16 {
    let url = format!("{}{path}", service.running.base());
    let request = service.client.put(url).bearer_auth(emulators::scim::TOKEN);
    let user = json!({ "userName": "ana@a.example" });
    let answer = with_json(request.header("if-match", version), &user).send().await;
    answer.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_count_is_a_500_with_a_page_and_the_same_first_users_come_whatever_is_asked() {
    let service = service(json!({ "fails_counted": true })).await;
    service.fill(&["a", "b", "c"]).await;
    assert_eq!(service.names("/Users?startIndex=2").await, ["b", "c"]);
    let answer = service.get("/Users?count=2").await;
    assert_eq!(answer.status(), 500);
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    service.becomes(json!({ "pages": "first_only", "page_cap": 2 })).await;
    for query in ["", "?startIndex=3", "?startIndex=2&count=50"] {
        let list = json_of(service.get(&format!("/Users{query}")).await).await;
        let names: Vec<&Value> = list["Resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|user| &user["userName"])
            .collect();
        assert_eq!(
            (names, &list["totalResults"]),
            (vec![&json!("a"), &json!("b")], &json!(3)),
            "{query}"
        );
    }
    assert_eq!(service.names("/Users?filter=userName%20eq%20%22c%22").await, ["c"]);
    service.running.stop().await;
}

#[tokio::test]
async fn it_says_too_much_of_its_endpoint_nothing_of_its_schemas_and_that_it_cannot_patch() {
    let service = service(json!({ "endpoint": "/scim/v2/Users" })).await;
    let types = json_of(service.get("/ResourceTypes").await).await;
    assert_eq!(types["Resources"][0]["endpoint"], "/scim/v2/Users");
    service
        .becomes(json!({ "discovery": "no_schemas", "changes": "put_only" }))
        .await;
    let schemas = json_of(service.get("/Schemas").await).await;
    assert_eq!(schemas["Resources"], json!([]));
    let provider = json_of(service.get("/ServiceProviderConfig").await).await;
    assert_eq!(provider["patch"]["supported"], false);
    let types = json_of(service.get("/ResourceTypes").await).await;
    assert_eq!(types["Resources"][0]["endpoint"], "/Users");
    service.fill(&["a"]).await;
    let path = format!("/Users/{}", service.running.users()[0]["id"].as_str().unwrap());
    assert_eq!(
        service.patch(&path, json!({ "op": "remove", "path": "title" })).await,
        501
    );
    let answer = service.send(Method::PUT, &path, &json!({ "userName": "b" })).await;
    assert_eq!(answer.status(), 200);
    service.running.stop().await;
}

#[tokio::test]
async fn writes_are_redirected_to_another_host_and_reads_are_not() {
    let service = service(json!({ "redirects_writes": "https://other.example/scim/v2" })).await;
    let user = json!({ "userName": "a" });
    for (method, path) in [
        (Method::POST, "/Users"),
        (Method::PATCH, "/Users/u-1"),
        (Method::PUT, "/Users/u-1"),
    ] {
        let answer = service.send(method, path, &user).await;
        assert_eq!(answer.status(), 308);
        assert_eq!(answer.headers()["location"], "https://other.example/scim/v2");
    }
    assert_eq!(service.get("/Users").await.status(), 200);
    service.running.stop().await;
}

#[tokio::test]
async fn a_user_is_listed_and_not_found_by_id() {
    let service = service(json!({ "unreadable": true })).await;
    service.fill(&["a"]).await;
    let id = service.running.users()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(service.get(&format!("/Users/{id}")).await.status(), 404);
    assert_eq!(service.names("/Users").await, ["a"]);
    service.running.stop().await;
}

#[tokio::test]
async fn a_good_credential_is_refused_so_many_times() {
    let service = service(json!({ "stray_refusals": 2 })).await;
    for status in [401, 401, 200] {
        assert_eq!(service.get("/Users").await.status(), status);
    }
    service.running.stop().await;
}

/// The ways for a client to say who it is.
type Way = fn(RequestBuilder, &str, &str) -> RequestBuilder;

fn encoded(request: RequestBuilder, id: &str, secret: &str) -> RequestBuilder {
    raw(request, &form_text(id), &form_text(secret))
}

/// Returns a text as it stands in a form.
fn form_text(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn raw(request: RequestBuilder, id: &str, secret: &str) -> RequestBuilder {
    form(request.basic_auth(id, Some(secret)), &[])
}

fn body(request: RequestBuilder, id: &str, secret: &str) -> RequestBuilder {
    form(request, &[("client_id", id), ("client_secret", secret)])
}

fn form(request: RequestBuilder, pairs: &[(&str, &str)]) -> RequestBuilder {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let form = form
        .append_pair("grant_type", "client_credentials")
        .extend_pairs(pairs)
        .finish();
    request
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
}

#[tokio::test]
async fn a_client_says_who_it_is_in_the_one_way_that_the_token_endpoint_takes() {
    let service = service(json!({})).await;
    let ways: [(&str, Way); 3] = [("encoded", encoded), ("raw", raw), ("body", body)];
    for (login, _) in ways {
        service.becomes(json!({ "client_shown": login })).await;
        for (way, write) in ways {
            let request = service.client.post(service.running.token_url());
            let answer = write(request, CLIENT, CLIENT_SECRET).send().await.unwrap();
            // A secret that stands in a form as it is looks the same both ways.
            let is_plain = way != "body" && login != "body" && form_text(CLIENT_SECRET) == CLIENT_SECRET;
            let status = if way == login || is_plain { 200 } else { 401 };
            assert_eq!(answer.status(), status, "{way} where {login} is taken");
        }
    }
    service.running.stop().await;
}

#[tokio::test]
async fn a_token_lives_as_long_as_is_said() {
    let service = service(json!({ "token_life": 60 })).await;
    let ask = async || {
        let request = service.client.post(service.running.token_url());
        body_of(encoded(request, CLIENT, CLIENT_SECRET).send().await.unwrap()).await
    };
    let opened = async |token: &Value| {
        let request = service.client.get(format!("{}/Users", service.running.base()));
        request
            .bearer_auth(token.as_str().unwrap())
            .send()
            .await
            .unwrap()
            .status()
    };
    let given = ask().await;
    assert_eq!(given["expires_in"], 60);
    assert_eq!(opened(&given["access_token"]).await, 200);
    service.becomes(json!({ "token_life": 0 })).await;
    let given = ask().await;
    assert_eq!(opened(&given["access_token"]).await, 401, "it has ended");
    service.running.stop().await;
}

/// Makes Ana, lets the service take these habits, and returns it with her path.
async fn ana(habits: Value) -> (Service, String) {
    let service = service(json!({})).await;
    service.fill(&["ana@a.example"]).await;
    let path = format!("/Users/{}", service.running.users()[0]["id"].as_str().unwrap());
    service.becomes(habits).await;
    (service, path)
}

fn patch_of(path: &str, value: &str) -> Value {
    json!({ "Operations": [{ "op": "replace", "path": path, "value": value }] })
}

#[tokio::test]
async fn one_text_breaks_the_request_that_writes_it_and_no_other_one() {
    let (service, path) =
        ana(json!({ "fails_values": ["Duke"], "fails_creates": ["nickName"], "fails_with": 503 })).await;
    for (title, status) in [("Duke", 503), ("Cook", 200)] {
        let answer = service.send(Method::PATCH, &path, &patch_of("title", title)).await;
        assert_eq!(answer.status(), status, "{title}");
    }
    for (name, value, status) in [("title", "Duke", 503), ("nickName", "Ben", 503), ("title", "Cook", 201)] {
        let user = json!({ "userName": "ben@a.example", name: value });
        assert_eq!(
            service.send(Method::POST, "/Users", &user).await.status(),
            status,
            "{name}"
        );
    }
    service.running.stop().await;
}

#[tokio::test]
async fn a_credential_that_may_only_read_is_refused_every_write() {
    let (service, path) = ana(json!({ "refuses_writes": 403 })).await;
    let user = json!({ "userName": "ben@a.example" });
    assert_eq!(service.send(Method::POST, "/Users", &user).await.status(), 403);
    assert_eq!(
        service
            .send(Method::PATCH, &path, &patch_of("title", "Cook"))
            .await
            .status(),
        403
    );
    assert_eq!(service.get(&path).await.status(), 200);
    service.running.stop().await;
}

#[tokio::test]
async fn an_edit_by_hand_comes_between_two_changes_and_gives_what_it_is_told_to() {
    let with = json!({ "meddles": 1, "meddles_after": 1, "meddles_with": { "locale": "de-AT" } });
    let (service, path) = ana(with).await;
    for expected in [Value::Null, json!("de-AT"), json!("de-AT")] {
        service.send(Method::PATCH, &path, &patch_of("title", "Cook")).await;
        assert_eq!(service.running.users()[0]["locale"], expected);
    }
    service.running.stop().await;
}

#[tokio::test]
async fn a_client_that_shows_itself_in_another_way_is_refused_as_the_habit_says() {
    let (service, _) = ana(json!({ "client_shown": "body", "client_refused_with": 403 })).await;
    let request = service.client.post(service.running.token_url());
    let answer = request.basic_auth(CLIENT, Some(CLIENT_SECRET)).send().await.unwrap();
    assert_eq!(answer.status(), 403);
    service.running.stop().await;
}
