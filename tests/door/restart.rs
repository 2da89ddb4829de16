//! A stage that starts again goes on where it was, and its schedule fires.

use std::time::Duration;

use rollcall::http::Method;
use serde_json::json;

use crate::support::Served;

#[tokio::test]
async fn state_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = Some(folder.path().to_owned());
    let served = Served::start_in(12, state.clone()).await;
    let (connection, plan) = served.in_step("acme").await;
    let (key, users) = (served.key.clone(), served.get("/v1/tenants/acme/users").await.body);
    served.stop().await;
    let served = Served::start_in(12, state).await;
    assert_eq!(served.key, key, "the key stays");
    assert_eq!(served.get("/v1/tenants/acme/users").await.body, users);
    assert_eq!(served.get(&format!("/v1/plans/{plan}")).await.at("/status"), "applied");
    assert_eq!(
        served.get(&format!("/v1/connections/{connection}")).await.at("/status"),
        "connected"
    );
    served.stop().await;
}

#[tokio::test]
async fn the_morning_comes_by_itself_when_a_day_passes_at_hr() {
    let served = Served::start(12).await;
    let (connection, _) = served.in_step("acme").await;
    served
        .control(Method::Post, "/_emulator/day", &json!({ "churn": true }))
        .await;
    let path = format!("/v1/connections/{connection}/runs?limit=1");
    for _ in 0..1200 {
        let newest = served.get(&path).await.at("/data/0/id");
        if newest.contains(&connection) {
            return served.stop().await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("no run of the morning");
}

/// The stage's clock has followed HR's before a request is answered, and not some milliseconds later: else the preview would
/// begin on the day before, and its time would be over when the clock follows.
#[tokio::test]
async fn a_preview_that_is_asked_for_right_after_a_day_passed_is_of_that_day() {
    let served = Served::start(12).await;
    let (connection, _) = served.in_step("acme").await;
    let path = format!("/v1/connections/{connection}/preview");
    for _ in 0..10 {
        let day = served
            .control(Method::Post, "/_emulator/day", &json!({ "churn": true }))
            .await;
        let asked = served.send(Method::Post, &path, None).await;
        let run = served.ended(&asked.at("/run")).await;
        let today = day["today"].as_str().unwrap();
        assert!(run.at("/started_at").starts_with(today), "{today}: {}", run.text);
        assert_eq!(run.at("/status"), "succeeded", "{}", run.text);
        served
            .control(Method::Post, "/_emulator/day", &json!({ "churn": true }))
            .await;
        // It waits for its plan, whatever the time was before.
        served.preview(&connection).await;
    }
    served.stop().await;
}
