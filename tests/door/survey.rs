//! A survey counts what HR shows, for the admin who configures, and what is not used is asked for by nothing else (R46).

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Served};

/// Returns what `/fields` says of an attribute.
fn field(answer: &Answer, name: &str) -> Value {
    let data = answer.body["data"].as_array().unwrap();
    let found = data.iter().find(|field| field["name"] == name);
    found
        .cloned()
        .unwrap_or_else(|| panic!("{name} is missing: {}", answer.text))
}

async fn requests(served: &Served) -> Vec<String> {
    let answer = served.control(Method::Get, "/_emulator/requests", &Value::Null).await;
    let seen = answer["data"].as_array().unwrap().iter();
    seen.map(|seen| seen["path"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_hr_shows_is_counted_after_connecting_and_again_when_it_is_asked_for() {
    let served = Served::start(40).await;
    let (connection, _) = served.connected("acme").await;
    let of = |rest: &str| format!("/v1/connections/{connection}{rest}");
    let first = served.get(&of("/fields")).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let people = first.body["people"].as_u64().unwrap();
    assert!(people >= 40);
    let size = field(&first, "custom.t_shirt_size");
    assert!(
        size["coverage"].as_u64().unwrap() > 0,
        "a field that nothing uses is counted: {size}"
    );
    assert!(size["label"].is_string() && size["values"].is_array(), "{size}");
    let name = field(&first, "last_name");
    assert_eq!(
        (&name["values"], &name["distinct"]),
        (&Value::Null, &Value::Null),
        "names are no words to choose from"
    );
    let identifiers = first.body["identifiers"].as_array().unwrap();
    for name in ["work_email", "employee_number"] {
        let seen = identifiers.iter().find(|seen| seen["name"] == name).unwrap();
        let lacking = seen["lacking"].as_array().unwrap().len();
        assert_eq!(seen["usable"], lacking == 0 && seen["shared"] == json!([]), "{seen}");
    }

    let before = requests(&served).await.len();
    served.preview(&connection).await;
    let night = requests(&served).await.split_off(before);
    assert!(!night.iter().any(|path| path.contains("custom_fields")), "{night:?}");
    let unchanged = served.get(&of("/fields")).await;
    assert_eq!(unchanged.text, first.text, "a night counts nothing anew");

    let asked = served.send(Method::Post, &of("/survey"), None).await;
    assert_eq!(asked.status, 202, "{}", asked.text);
    let run = served.ended(&asked.at("/run")).await;
    assert_eq!(
        (run.at("/status").as_str(), &run.body["plan"]),
        ("succeeded", &Value::Null),
        "{}",
        run.text
    );
    let again = served.get(&of("/fields")).await;
    assert!(
        again.at("/read_at") > first.at("/read_at"),
        "{} {}",
        again.text,
        first.text
    );
    assert_eq!(again.body["data"], first.body["data"]);
    served.stop().await;
}

#[tokio::test]
async fn a_configuration_that_uses_what_was_not_read_is_told_so_and_the_next_preview_reads_it() {
    let served = Served::start(20).await;
    let (connection, _) = served.connected("acme").await;
    let path = format!("/v1/connections/{connection}/config");
    let mut config = served.get(&path).await.body;
    config["config"]["custom_attributes"] = json!([{ "from": "custom.t_shirt_size", "to": "size" }]);
    let tried = served
        .send(Method::Put, &format!("{path}?dry_run=true"), Some(&config))
        .await;
    assert_eq!(tried.status, 200, "{}", tried.text);
    assert_eq!(tried.body["unread"], json!(["custom.t_shirt_size"]));
    assert_eq!(tried.body["comparison"], Value::Null);
    let put = served.send(Method::Put, &path, Some(&config)).await;
    assert_eq!(put.status, 200, "{}", put.text);
    served.preview(&connection).await;
    config["version"] = put.body["version"].clone();
    let tried = served
        .send(Method::Put, &format!("{path}?dry_run=true"), Some(&config))
        .await;
    assert_eq!(tried.body["unread"], json!([]), "{}", tried.text);
    assert!(tried.body["comparison"].is_object(), "{}", tried.text);
    served.stop().await;
}
