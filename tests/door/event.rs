//! Events reach the receiver that was set, and they are signed as Standard Webhooks.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    sync::mpsc,
    thread,
    time::Duration,
};

use rollcall::http::Method;
use serde_json::{Value, json};

use crate::support::Served;

/// Takes requests on a port of its own and passes each on as text. Returns the address, and the requests.
fn listen() -> (String, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            stream.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
            let (mut text, mut buffer) = (Vec::new(), [0; 4096]);
            while let Ok(count @ 1..) = stream.read(&mut buffer) {
                text.extend(&buffer[..count]);
            }
            let _: std::io::Result<()> = stream.write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            if sender.send(String::from_utf8(text).unwrap()).is_err() {
                return;
            }
        }
    });
    (url, received)
}

#[tokio::test]
async fn what_happens_is_told_to_the_receiver_that_was_set() {
    let served = Served::start(10).await;
    let (url, received) = listen();
    let set = served
        .send(Method::Put, "/v1/webhooks", Some(&json!({ "url": url })))
        .await;
    assert_eq!((set.status, set.at("/url")), (200, url.clone()), "{}", set.text);
    assert!(set.at("/secrets/0").starts_with("whsec_"));
    let rotated = served.send(Method::Post, "/v1/webhooks/rotate", None).await;
    assert_eq!(rotated.body["secrets"].as_array().unwrap().len(), 2);
    assert_eq!(rotated.at("/secrets/1"), set.at("/secrets/0"));
    served.in_step("acme").await;
    served.stop().await;
    let mut kinds = Vec::new();
    while let Ok(request) = received.recv_timeout(Duration::from_millis(500)) {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let head = head.to_lowercase();
        for header in ["webhook-id: ", "webhook-timestamp: ", "webhook-signature: v1,"] {
            assert!(head.contains(header), "{head}");
        }
        assert_eq!(
            head.matches("v1,").count(),
            2,
            "two secrets sign while they are changed over"
        );
        let event: Value = serde_json::from_str(body).unwrap();
        assert_eq!(event["data"]["tenant"], "acme");
        assert!(!body.contains('@'), "ids only: {body}");
        kinds.push(event["type"].as_str().unwrap().to_owned());
    }
    for kind in ["connection.connected", "plan.ready", "run.completed"] {
        assert!(kinds.iter().any(|told| told == kind), "{kind} is missing in {kinds:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused() {
    let served = Served::start(10).await;
    for url in ["", "nowhere", "ftp://127.0.0.1/", "http://u:p@127.0.0.1/"] {
        let answer = served
            .send(Method::Put, "/v1/webhooks", Some(&json!({ "url": url })))
            .await;
        assert_eq!(
            (answer.status, answer.at("/errors/0/pointer").as_str()),
            (422, "/url"),
            "{url}"
        );
    }
    assert_eq!(served.get("/v1/webhooks").await.body["url"], Value::Null);
    assert_eq!(
        served.send(Method::Post, "/v1/webhooks/rotate", None).await.code(),
        "not-found"
    );
    served.stop().await;
}
