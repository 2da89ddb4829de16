//! What people paste into forms: blanks around a text are removed, and a wrong text is named by its own member, also in the
//! target.

use emulators::scim::{self, CLIENT, CLIENT_SECRET, NAME, Opener, Options, PASSWORD, TOKEN};
use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Served};

/// What copying leaves around a text: blanks of every kind, line breaks, and characters that show nothing.
const AROUND: [(&str, &str); 4] = [
    (" \t", "\r\n"),
    ("\u{a0}", "\u{2028}"),
    ("\u{feff}", "\u{200b}"),
    ("\u{202a}", "\u{2060}\u{2069}"),
];

/// Puts these texts before and after every text of a value.
fn pasted(value: &mut Value, (before, after): (&str, &str)) {
    match value {
        Value::String(text) => *text = format!("{before}{text}{after}"),
        Value::Object(members) => {
            let members = members
                .iter_mut()
                .filter(|(name, _)| *name != "kind" && *name != "profile");
            members.for_each(|(_, member)| pasted(member, (before, after)));
        }
        Value::Array(_) | Value::Bool(_) | Value::Null | Value::Number(_) => {}
    }
}

#[tokio::test]
async fn blanks_around_whatever_opens_either_side_are_left_out() {
    let service = scim::start(Options::default()).await.unwrap();
    let client = json!({ "token_url": service.token_url(), "client_id": CLIENT, "client_secret": CLIENT_SECRET });
    let credentials = [
        json!({ "bearer": TOKEN }),
        json!({ "basic": { "user": NAME, "password": PASSWORD } }),
        json!({ "client_credentials": client }),
    ];
    for (number, around) in AROUND.into_iter().enumerate() {
        let served = Served::start(10).await;
        let mut made = None;
        for credential in &credentials {
            let mut body = served.by_key("acme");
            body["target"] = json!({ "kind": "scim", "base_url": service.base(), "credential": credential });
            pasted(&mut body["target"], around);
            pasted(&mut body["credential"], around);
            pasted(&mut body["base_url"], around);
            let answer = served.post("/v1/connections", &body).await;
            assert_eq!(answer.status, 201, "{number}: {}", answer.text);
            let shown = served.get(&format!("/v1/connections/{}", answer.at("/id"))).await;
            assert_eq!(shown.at("/target/base_url"), service.base());
            served.ended(&answer.at("/run")).await;
            made = Some(answer.at("/id"));
        }
        let path = format!("/v1/connections/{}/reconnect", made.unwrap());
        for body in credentials
            .iter()
            .map(|credential| json!({ "target_credential": credential }))
            .chain([json!({
                "credential": { "kind": "api_key", "key": served.hr_key },
            })])
        {
            let mut body = body;
            pasted(&mut body, around);
            let answer = served.post(&path, &body).await;
            assert_eq!(answer.status, 200, "{number}: {}", answer.text);
        }
        let mut receiver = json!({ "url": "http://127.0.0.1:9/events" });
        pasted(&mut receiver, around);
        let set = served.send(Method::Put, "/v1/webhooks", Some(&receiver)).await;
        assert_eq!(
            (set.status, set.at("/url").as_str()),
            (200, "http://127.0.0.1:9/events"),
            "{}",
            set.text
        );
        served.stop().await;
    }
    service.stop().await;
}

/// Returns the member that an answer names, with its status and code.
fn named(answer: &Answer) -> (u16, String, String) {
    (answer.status, answer.code().to_owned(), answer.at("/errors/0/pointer"))
}

#[tokio::test]
async fn blanks_inside_a_key_or_an_address_are_refused_by_its_member() {
    let served = Served::start(10).await;
    let target = |member: &str, value: Value| {
        let mut target =
            json!({ "kind": "scim", "base_url": "http://127.0.0.1:9/scim", "credential": { "bearer": "x" } });
        target[member] = value;
        json!({ "target": target })
    };
    let credential = |value: Value| target("credential", value);
    let client = |url: &str| json!({ "token_url": url, "client_id": "c", "client_secret": "s" });
    for (change, pointer) in [
        (
            json!({ "credential": { "kind": "api_key", "key": "ab cd" } }),
            "/credential",
        ),
        (
            json!({ "credential": { "kind": "api_key", "key": "\u{a0}\n" } }),
            "/credential",
        ),
        (
            json!({ "credential": { "kind": "tokens", "access_token": "a\u{200b}b" } }),
            "/credential",
        ),
        (json!({ "base_url": format!("{}/a b", served.hr) }), "/base_url"),
        (
            target("base_url", json!("http://127.0.0.1:9/sc\u{200b}im")),
            "/target/base_url",
        ),
        (target("base_url", json!("http://127.0.0.1:9/sc\nim")), "/target"),
        (credential(json!({ "bearer": "ab cd" })), "/target"),
        (credential(json!({ "bearer": "ab\u{a0}cd" })), "/target"),
        (
            credential(json!({ "basic": { "user": "a:b", "password": "x" } })),
            "/target/credential/basic/user",
        ),
        (
            credential(json!({ "client_credentials": client("http://127.0.0.1:9/to ken") })),
            "/target/credential/client_credentials/token_url",
        ),
    ] {
        let mut body = served.by_key("acme");
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let answer = served.post("/v1/connections", &body).await;
        let (status, code, found) = named(&answer);
        assert_eq!((status, code.as_str()), (422, "invalid"), "{change}: {}", answer.text);
        assert!(
            found.starts_with(pointer),
            "{found} instead of {pointer}: {}",
            answer.text
        );
    }
    assert_eq!(served.get("/v1/connections?tenant=acme").await.body["data"], json!([]));
    served.stop().await;
}

#[tokio::test]
async fn what_is_wrong_at_the_target_names_the_target_and_its_member() {
    let service = scim::start(Options::default()).await.unwrap();
    let served = Served::start(10).await;
    let client = |url: &str, secret: &str| json!({ "client_credentials": { "token_url": url, "client_id": CLIENT, "client_secret": secret } });
    let nowhere = "http://127.0.0.1:9/scim";
    let base = service.base();
    let tokens = service.token_url();
    for (base_url, credential, expected) in [
        (
            base.as_str(),
            json!({ "bearer": "n0t" }),
            (422, "credential-refused", "/target/credential/bearer"),
        ),
        (
            base.as_str(),
            json!({ "basic": { "user": NAME, "password": "n0t" } }),
            (422, "credential-refused", "/target/credential/basic"),
        ),
        (
            base.as_str(),
            client(&tokens, "n0t"),
            (422, "credential-refused", "/target/credential/client_credentials"),
        ),
        (
            nowhere,
            json!({ "bearer": TOKEN }),
            (503, "provider-unavailable", "/target/base_url"),
        ),
        (
            base.as_str(),
            client("http://127.0.0.1:9/token", CLIENT_SECRET),
            (
                503,
                "provider-unavailable",
                "/target/credential/client_credentials/token_url",
            ),
        ),
    ] {
        for by_login in [false, true] {
            let mut body = served.by_key("acme");
            body["target"] = json!({ "kind": "scim", "base_url": base_url, "credential": credential });
            if by_login {
                body.as_object_mut().unwrap().remove("credential");
            }
            let answer = served.post("/v1/connections", &body).await;
            let (status, code, pointer) = named(&answer);
            assert_eq!((status, code.as_str(), pointer.as_str()), expected, "{}", answer.text);
            assert!(answer.at("/detail").contains("the target"), "{}", answer.text);
            assert!(
                !answer.text.contains("HR system") && !answer.text.contains("n0t"),
                "{}",
                answer.text
            );
        }
    }
    let mut body = served.by_key("acme");
    body["credential"]["key"] = json!("n0t");
    let answer = served.post("/v1/connections", &body).await;
    let expected = (422, "credential-refused".to_owned(), "/credential".to_owned());
    assert_eq!(named(&answer), expected, "{}", answer.text);
    assert!(answer.at("/detail").contains("the HR system"), "{}", answer.text);

    let mut body = served.by_key("acme");
    body["target"] = json!({ "kind": "scim", "base_url": base, "credential": { "bearer": TOKEN } });
    let made = served.post("/v1/connections", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let path = format!("/v1/connections/{}/reconnect", made.at("/id"));
    service.change_habits(|habits| habits.refuses = vec![Opener::Bearer]);
    let answer = served
        .post(&path, &json!({ "target_credential": { "bearer": TOKEN } }))
        .await;
    let expected = (
        422,
        "credential-refused".to_owned(),
        "/target_credential/bearer".to_owned(),
    );
    assert_eq!(named(&answer), expected, "{}", answer.text);
    assert!(!answer.text.contains("HR system"), "{}", answer.text);
    served.stop().await;
    service.stop().await;
}
