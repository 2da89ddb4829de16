//! Break modes that strike credentials and connections.

use crate::support::{EMPLOYEES, json_of, stand};
use emulators::factorial::PermissionGroup;
use serde_json::{Value, json};

#[tokio::test]
async fn token_dies_after_some_requests_and_a_refreshed_token_lives() {
    let stand = stand(10).await;
    let tokens = stand.emulator.user_tokens(PermissionGroup::administrator()).unwrap();
    stand.break_with(json!({"mode": "token_dies", "after": 2})).await;
    let open = async |token: &str| {
        stand
            .bare(EMPLOYEES)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    let old = &tokens.access_token;
    assert_eq!(
        [open(old).await, open(old).await, open(old).await, open(old).await],
        [200, 200, 401, 401]
    );
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", tokens.refresh_token.as_deref().unwrap()),
        ("client_id", stand.emulator.client_id()),
        ("client_secret", stand.emulator.client_secret()),
    ];
    let renewed = json_of(
        stand
            .client
            .post(format!("{}/oauth/token", stand.emulator.url()))
            .form(&form)
            .send()
            .await
            .unwrap(),
    )
    .await;
    let new = renewed["access_token"].as_str().unwrap();
    assert_eq!([open(new).await, open(new).await], [200, 200]);
}

#[tokio::test]
async fn token_dies_refuses_a_key_until_it_is_mended() {
    let stand = stand(10).await;
    stand.break_with(json!({"mode": "token_dies", "after": 1})).await;
    assert_eq!(
        [
            stand.status(EMPLOYEES).await,
            stand.status(EMPLOYEES).await,
            stand.status(EMPLOYEES).await
        ],
        [200, 401, 401]
    );
    stand.mend().await;
    assert_eq!(stand.status(EMPLOYEES).await, 200);
}

#[tokio::test]
async fn lost_reply_does_the_work_and_ends_the_connection_without_an_answer() {
    let stand = stand(10).await;
    let tokens = stand.emulator.user_tokens(PermissionGroup::administrator()).unwrap();
    stand
        .break_with(json!({"mode": "lost_reply", "path": "/oauth/token", "times": 1}))
        .await;
    let form = |token: &str| {
        [
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", stand.emulator.client_id()),
            ("client_secret", stand.emulator.client_secret()),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let url = format!("{}/oauth/token", stand.emulator.url());
    let send = |token: &str| stand.client.post(&url).form(&form(token)).send();
    let lost = send(tokens.refresh_token.as_deref().unwrap()).await;
    assert!(lost.is_err(), "{lost:?}");
    let log = stand.requests().await;
    assert_eq!(
        (&log[0]["fault"], &log[0]["status"]),
        (&json!("lost_reply"), &Value::Null)
    );
    assert_eq!(
        send(tokens.refresh_token.as_deref().unwrap()).await.unwrap().status(),
        200
    );
    stand.break_with(json!({"mode": "lost_reply"})).await;
    assert!(stand.get(EMPLOYEES).send().await.is_err());
}
