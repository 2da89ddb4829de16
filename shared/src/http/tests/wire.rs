//! The real wire, against small servers on this machine.

use std::{
    fmt::Write as _,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{FAST, settings};
use crate::http::{BaseUrl, Client, Error, Failure, HostRule, Method, Request, Settings};

/// Serves each connection in turn with a script, and returns the address.
pub(super) async fn serve<F, R>(handle: F) -> BaseUrl
where
    F: Fn(TcpStream, String) -> R + Send + Sync + 'static,
    R: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.windows(4).any(|window| window == b"\r\n\r\n") {
                let mut part = [0; 1_024];
                match stream.read(&mut part).await {
                    Ok(0) | Err(_) => break,
                    Ok(length) => head.extend_from_slice(&part[..length]),
                }
            }
            tokio::spawn(handle(stream, String::from_utf8_lossy(&head).into_owned()));
        }
    });
    BaseUrl::parse(&format!("http://{address}"), HostRule::Any).unwrap()
}

pub(super) async fn answer(mut stream: TcpStream, head: &str, body: &[u8]) {
    let head = format!(
        "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body).await;
}

pub(super) fn wire(change: impl FnOnce(&mut Settings)) -> Client {
    let mut settings = settings();
    settings.retry.base = Duration::from_millis(1);
    change(&mut settings);
    Client::new(settings).unwrap()
}

pub(super) fn get(base: &BaseUrl) -> Request {
    Request::new(Method::Get, base, "/people", "/people")
}

#[tokio::test]
async fn a_request_arrives_as_it_was_built() {
    let base =
        serve(|stream, head| async move { answer(stream, "200 OK\r\nx-seen: yes", head.as_bytes()).await }).await;
    let session = wire(|_| {}).open_session("a", FAST);
    let request = get(&base)
        .query([("ids[]", "1"), ("ids[]", "ñ &")])
        .header("x-api-key", "k3y".to_owned())
        .bearer(&"t0ken".to_owned().into());
    let response = session.send(&request).await.unwrap();
    let head = response.text().unwrap().to_lowercase();
    assert!(
        head.starts_with("get /people?ids%5b%5d=1&ids%5b%5d=%c3%b1+%26 http/1.1\r\n"),
        "{head}"
    );
    for line in [
        "x-api-key: k3y\r\n",
        "authorization: bearer t0ken\r\n",
        "user-agent: rollcall/",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }
    assert_eq!(response.header("X-Seen"), Some("yes"));
}

#[tokio::test]
async fn r41_an_answer_larger_than_the_cap_is_refused_announced_or_not() {
    let announced = serve(|stream, _| async move { answer(stream, "200 OK", &[b'x'; 2_000]).await }).await;
    let streamed = serve(|mut stream, _| async move {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await;
        let _ = stream.write_all(&[b'x'; 2_000]).await;
    })
    .await;
    for base in [announced, streamed] {
        let fits = wire(|settings| settings.max_answer_bytes = 2_000).open_session("a", FAST);
        assert_eq!(fits.send(&get(&base)).await.unwrap().body().len(), 2_000);
        let session = wire(|settings| settings.max_answer_bytes = 1_999).open_session("a", FAST);
        let error = session.send(&get(&base)).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { most: 1_999, .. }), "{error:?}");
        assert_eq!(session.calls(), 1);
    }
}

#[tokio::test]
async fn r41_a_redirect_to_another_host_is_not_followed() {
    let other = serve(|stream, _| async move { answer(stream, "200 OK", b"stolen").await }).await;
    let location = format!("302 Found\r\nlocation: {}/people", other.as_str());
    let base = serve(move |stream, _| {
        let location = location.clone();
        async move { answer(stream, &location, b"").await }
    })
    .await;
    let session = wire(|_| {}).open_session("a", FAST);
    let error = session.send(&get(&base)).await.unwrap_err();
    assert!(matches!(error, Error::Redirected { status: 302, .. }), "{error:?}");
    assert_eq!(session.calls(), 1);
}

#[tokio::test]
async fn r41_a_read_follows_a_redirect_on_its_own_host_but_not_for_ever() {
    let base = serve(|stream, head| async move {
        match head.split(' ').nth(1) {
            Some("/people") => answer(stream, "301 Moved\r\nlocation: /v2/people", b"").await,
            Some("/loop") => answer(stream, "301 Moved\r\nlocation: /loop", b"").await,
            _ => answer(stream, "200 OK", b"here").await,
        }
    })
    .await;
    let session = wire(|_| {}).open_session("a", FAST);
    assert_eq!(session.send(&get(&base)).await.unwrap().text(), Ok("here"));
    assert_eq!(session.calls(), 2);
    let looping = Request::new(Method::Get, &base, "/loop", "/loop");
    assert!(matches!(session.send(&looping).await, Err(Error::Redirected { .. })));
    let post = Request::new(Method::Post, &base, "/people", "/people");
    assert!(matches!(session.send(&post).await, Err(Error::Redirected { .. })));
}

#[tokio::test]
async fn a_broken_answer_and_a_silent_server_are_told_apart_and_tried_again() {
    let broken = serve(|mut stream, _| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf")
            .await;
    })
    .await;
    let silent = serve(|stream, _| async move {
        std::future::pending::<()>().await;
        drop(stream);
    })
    .await;
    let closed = serve(|stream, _| async move { drop(stream) }).await;
    for (base, expected) in [
        (broken, Failure::Broken),
        (silent, Failure::TimedOut),
        (closed, Failure::Broken),
    ] {
        let client = wire(|settings| {
            settings.try_timeout = Duration::from_millis(150);
            settings.retry.tries = 2;
        });
        let error = client.open_session("a", FAST).send(&get(&base)).await.unwrap_err();
        assert!(
            matches!(error, Error::Exhausted { failure, tries: 2, .. } if failure == expected),
            "{error:?} instead of {expected:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_has_seen_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let base = BaseUrl::parse(&base, HostRule::Any).unwrap();
    let post = Request::new(Method::Post, &base, "/people", "/people")
        .json(&["x"])
        .unwrap();
    let error = wire(|_| {}).open_session("a", FAST).send(&post).await.unwrap_err();
    assert!(
        matches!(
            error,
            Error::Failed {
                failure: Failure::Connect,
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_header_that_would_break_the_request_is_refused_before_anything_is_sent() {
    let base = serve(|stream, _| async move { answer(stream, "200 OK", b"").await }).await;
    let request = get(&base).header("x-api-key", "a\r\nx-admin: yes".to_owned());
    let error = wire(|_| {}).open_session("a", FAST).send(&request).await.unwrap_err();
    assert!(matches!(error, Error::Request { .. }));
}

/// Collects what a subscriber writes.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn r38_logs_and_errors_name_method_host_path_status_and_tries_but_no_query_header_or_body() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let good = serve(|stream, _| async move { answer(stream, "200 OK", b"b0dy-in").await }).await;
    let bad = serve(|mut stream, _| async move {
        let _ = stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nb0dy-in")
            .await;
    })
    .await;
    let session = wire(|settings| settings.retry.tries = 2).open_session("a", FAST);
    let build = |base: &BaseUrl, method| {
        Request::new(method, base, "/people/p4th-id", "/people/{id}")
            .query([("email", "qu3ry@example.test")])
            .header("x-api-key", "h34der".to_owned())
            .form([("client_secret", "f0rm")])
    };
    let request = build(&good, Method::Get);
    let mut seen = format!("{request:?} {:?}", session.send(&request).await.unwrap());
    for method in [Method::Get, Method::Post] {
        let error = session.send(&build(&bad, method)).await.unwrap_err();
        let _ = write!(seen, " {error} {error:?}");
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            let _ = write!(seen, " {cause}");
            source = cause.source();
        }
    }
    drop(guard);
    let lines = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for secret in ["qu3ry", "h34der", "f0rm", "b0dy-in", "p4th-id"] {
        assert!(!seen.contains(secret), "{secret} in {seen}");
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
    let called: Vec<&str> = lines.lines().filter(|line| line.contains("called")).collect();
    assert_eq!(called.len(), 3, "{lines}");
    for part in [
        "method=\"GET\"",
        "host=\"127.0.0.1\"",
        "path=\"/people/{id}\"",
        "status=200",
        "duration_ms=",
        "tries=1",
    ] {
        assert!(called[0].contains(part), "{part} in {}", called[0]);
    }
    assert!(
        called[1].contains("tries=2") && called[1].contains("gave up after 2 tries"),
        "{}",
        called[1]
    );
}
