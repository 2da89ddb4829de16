//! Connecting by a login in the browser (R40, R01).

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::{Browser, Served, parse};

const BACK: &str = "http://127.0.0.1:9/settings?tab=hr";

fn by_login(served: &Served, tenant: &str) -> Value {
    json!({
        "tenant": tenant,
        "provider": "factorial",
        "base_url": served.hr,
        "return_url": BACK,
    })
}

/// Returns what a query says about a member.
fn member(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?').map(|(_, query)| query).unwrap_or_default();
    parse(query)
        .into_iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value)
}

#[tokio::test]
async fn r40_a_login_goes_through_the_browser_and_the_application_learns_which_connection_it_made() {
    let served = Served::start(10).await;
    let made = served.post("/v1/connections", &by_login(&served, "acme")).await;
    assert_eq!(
        (made.status, made.at("/status").as_str()),
        (201, "awaiting_authorization")
    );
    let start = made.at("/authorize_url");
    assert!(
        start.starts_with(&format!("{}/oauth/start/", served.url)),
        "the start page is ours: {start}"
    );
    let mut browser = Browser::new();
    let (status, page) = browser.open(&start).await;
    assert_eq!(status, 303);
    assert!(page.starts_with(&served.hr));
    assert!(member(&page, "state").unwrap().len() >= 43);
    let back = browser.decide(&page, "allow", "0").await;
    let (status, home) = browser.open(&back).await;
    assert_eq!(status, 303);
    assert!(home.starts_with(BACK), "{home}");
    let activation = json!({ "activation": member(&home, "activation").unwrap() });
    let foreign = served.key_of("other").await;
    let path = "/v1/connect-sessions/activate";
    let stolen = served
        .send_as(Some(&foreign), Method::Post, path, Some(&activation), &[])
        .await;
    assert_eq!(
        (stolen.status, stolen.code()),
        (410, "gone"),
        "nobody attaches somebody else's"
    );
    let told = served.post(path, &activation).await;
    assert_eq!((told.status, told.at("/id")), (200, made.at("/id")));
    assert_eq!(told.at("/status"), "connected");
    assert_eq!(served.post(path, &activation).await.code(), "gone", "once");
    let runs = served.get(&format!("/v1/connections/{}/runs", made.at("/id"))).await;
    let first = served.ended(&runs.at("/data/0/id")).await;
    assert_eq!(first.at("/status"), "succeeded", "the first sync was asked for");
    assert_eq!(first.body["counts"]["joiners"], 10);
    served.stop().await;
}

#[tokio::test]
async fn r40_start_and_state_belong_to_the_first_browser_and_are_used_once() {
    let served = Served::start(10).await;
    let made = served.post("/v1/connections", &by_login(&served, "acme")).await;
    let start = made.at("/authorize_url");
    let (mut browser, mut thief) = (Browser::new(), Browser::new());
    let (_, page) = browser.open(&start).await;
    assert_eq!(thief.open(&start).await.0, 403, "the start page is bound");
    let (_, again) = browser.open(&start).await;
    assert_ne!(
        member(&page, "state"),
        member(&again, "state"),
        "each start has a state of its own"
    );
    let back = browser.decide(&page, "allow", "0").await;
    assert_eq!(thief.open(&back).await.0, 403, "the callback is bound");
    thief.cookie = Some("rollcall_login_0=AAAA".to_owned());
    assert_eq!(thief.open(&back).await.0, 403);
    assert_eq!(browser.open(&back).await.0, 303, "a thief has not used it up");
    assert_eq!(browser.open(&back).await.0, 410, "a state comes back once");
    assert_eq!(browser.open(&start).await.0, 410, "the start has done its work");
    for bad in [
        "/oauth/callback",
        "/oauth/callback?state=x&code=y",
        "/oauth/start/nothing",
    ] {
        let (status, to) = browser.open(&format!("{}{bad}", served.url)).await;
        assert_eq!((status, to.as_str()), (410, ""), "{bad}");
    }
    served.stop().await;
}

#[tokio::test]
async fn a_person_who_says_no_is_sent_back_and_may_try_again() {
    let served = Served::start(10).await;
    let made = served.post("/v1/connections", &by_login(&served, "acme")).await;
    let mut browser = Browser::new();
    let (_, page) = browser.open(&made.at("/authorize_url")).await;
    let back = browser.decide(&page, "deny", "0").await;
    let (status, home) = browser.open(&back).await;
    assert_eq!(
        (status, member(&home, "error").as_deref()),
        (303, Some("access_denied"))
    );
    assert!(home.starts_with(BACK));
    let shown = served.get(&format!("/v1/connections/{}", made.at("/id"))).await;
    assert_eq!(shown.at("/status"), "awaiting_authorization");
    let (_, page) = browser.open(&made.at("/authorize_url")).await;
    let back = browser.decide(&page, "allow", "0").await;
    let (_, home) = browser.open(&back).await;
    assert!(member(&home, "activation").is_some(), "{home}");
    served.stop().await;
}

#[tokio::test]
async fn r01_one_company_under_two_tenants_is_refused_until_the_first_disconnects() {
    let served = Served::start(10).await;
    let (first, _) = served.connected("acme").await;
    let again = served.post("/v1/connections", &served.by_key("other")).await;
    assert_eq!((again.status, again.code()), (409, "different-company"));
    let made = served.post("/v1/connections", &by_login(&served, "other")).await;
    let mut browser = Browser::new();
    let (_, page) = browser.open(&made.at("/authorize_url")).await;
    let back = browser.decide(&page, "allow", "0").await;
    let (_, home) = browser.open(&back).await;
    assert_eq!(member(&home, "error").as_deref(), Some("different_company"));
    let listed = served.get("/v1/connections?tenant=other").await;
    assert_eq!(
        listed.at("/data/0/status"),
        "awaiting_authorization",
        "nothing was kept"
    );
    let ended = served
        .send(Method::Delete, &format!("/v1/connections/{first}"), None)
        .await;
    assert_eq!(ended.at("/status"), "disconnected");
    let free = served.post("/v1/connections", &served.by_key("other")).await;
    assert_eq!(free.status, 201, "{}", free.text);
    served.stop().await;
}

#[tokio::test]
async fn r40_nothing_that_a_browser_brings_is_shown_again() {
    let served = Served::start(10).await;
    let path = "/oauth/callback?state=canary-state&code=canary-code&error=canary-error";
    let answer = served.send_as(None, Method::Get, path, None, &[]).await;
    assert_eq!(answer.status, 410);
    assert!(!answer.text.contains("canary"), "{}", answer.text);
    served.stop().await;
}

#[tokio::test]
async fn a_browser_may_be_in_the_middle_of_two_logins() {
    let served = Served::start(10).await;
    let first = served.post("/v1/connections", &by_login(&served, "acme")).await;
    let second = served.post("/v1/connections", &by_login(&served, "acme")).await;
    let mut browser = Browser::new();
    let (_, one) = browser.open(&first.at("/authorize_url")).await;
    let (_, other) = browser.open(&second.at("/authorize_url")).await;
    for page in [one, other] {
        let back = browser.decide(&page, "allow", "0").await;
        let (status, home) = browser.open(&back).await;
        assert_eq!(status, 303);
        assert!(member(&home, "activation").is_some(), "{home}");
    }
    served.stop().await;
}

/// Returns a browser that has said yes at the HR system, with the address that it is sent back to.
async fn allowed(served: &Served) -> (Browser, String) {
    let made = served.post("/v1/connections", &by_login(served, "acme")).await;
    let mut browser = Browser::new();
    let (_, page) = browser.open(&made.at("/authorize_url")).await;
    let back = browser.decide(&page, "allow", "0").await;
    (browser, back)
}

/// Asserts that nothing is left of the tenant, that callers are told so, and that the company is free for another tenant.
async fn assert_gone(served: &Served) {
    let listed = served.get("/v1/connections?tenant=acme").await;
    assert_eq!(listed.body["data"], json!([]), "{}", listed.text);
    let again = served.post("/v1/connections", &by_login(served, "acme")).await;
    assert_eq!((again.status, again.code()), (409, "conflict"), "{}", again.text);
    let receipt = served.send(Method::Delete, "/v1/tenants/acme", None).await;
    assert_eq!(
        (receipt.status, &receipt.body["erased"]["connections"]),
        (200, &json!(1))
    );
    served.connected("other").await;
}

#[tokio::test]
async fn r37_a_login_that_comes_back_to_an_erased_tenant_is_told_that_it_has_ended() {
    let served = Served::start(10).await;
    let (mut browser, back) = allowed(&served).await;
    let receipt = served.send(Method::Delete, "/v1/tenants/acme", None).await;
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    for _ in 0..2 {
        let (status, _, told) = browser.read(&back).await;
        assert_eq!(status, 410, "{told}");
        assert!(told.contains("begin again"), "it says what to do: {told}");
    }
    assert_gone(&served).await;
    served.stop().await;
}

#[tokio::test]
async fn r37_a_tenant_that_is_erased_while_its_login_is_exchanged_keeps_nothing_of_it() {
    let served = Served::start(10).await;
    let (mut browser, back) = allowed(&served).await;
    let slow = json!({ "mode": "slow", "ms": 1500 });
    served.control(Method::Post, "/_emulator/break", &slow).await;
    let erasing = served.send(Method::Delete, "/v1/tenants/acme", None);
    let ((status, home), receipt) = tokio::join!(browser.open(&back), erasing);
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    served.control(Method::Delete, "/_emulator/break", &json!({})).await;
    // Either the ticket went with the tenant before it was used, or the tenant was erased while the login was exchanged.
    assert!(
        status == 410 || member(&home, "error").as_deref() == Some("login_ended"),
        "{status} {home}"
    );
    assert_gone(&served).await;
    served.stop().await;
}
