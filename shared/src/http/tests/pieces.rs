//! Answers that are read piece by piece, from small servers on this machine.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{io::AsyncWriteExt as _, sync::Notify, time::timeout};

use super::{
    FAST,
    wire::{answer, get, serve, wire},
};
use crate::http::{Error, Failure, Incoming, Pace};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";

/// Reads all pieces. Returns the body.
async fn read(mut response: Incoming) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(piece) = response.next().await? {
        body.extend_from_slice(&piece);
    }
    assert!(response.next().await.unwrap().is_none(), "each piece comes once");
    Ok(body)
}

#[tokio::test]
async fn a_piece_is_there_before_the_next_one_is_sent() {
    let goes_on = Arc::new(Notify::new());
    let waits = Arc::clone(&goes_on);
    let base = serve(move |mut stream, _| {
        let waits = Arc::clone(&waits);
        async move {
            let _ = stream.write_all(&[HEAD, b"first"].concat()).await;
            waits.notified().await;
            let _ = stream.write_all(b"second").await;
        }
    })
    .await;
    let session = wire(|_| {}).open_session("a", FAST);
    let mut response = session.open(&get(&base).in_pieces()).await.unwrap();
    assert_eq!(response.next().await.unwrap().unwrap(), "first");
    goes_on.notify_one();
    assert_eq!(response.next().await.unwrap().unwrap(), "second");
    assert!(response.next().await.unwrap().is_none());
}

#[tokio::test]
async fn r06_a_body_that_ends_early_or_does_not_go_on_is_an_error_and_is_not_asked_for_again() {
    let short = serve(|mut stream, _| async move {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf";
        let _ = stream.write_all(head).await;
    })
    .await;
    let chunked = serve(|mut stream, _| async move {
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n";
        let _ = stream.write_all(head).await;
    })
    .await;
    let silent = serve(|mut stream, _| async move {
        let _ = stream.write_all(&[HEAD, b"half"].concat()).await;
        std::future::pending::<()>().await;
    })
    .await;
    for (base, expected) in [
        (short, Failure::Broken),
        (chunked, Failure::Broken),
        (silent, Failure::TimedOut),
    ] {
        let client = wire(|settings| settings.try_timeout = Duration::from_millis(150));
        let session = client.open_session("a", FAST);
        let error = read(session.open(&get(&base).in_pieces()).await.unwrap()).await;
        assert!(
            matches!(error, Err(Error::Failed { failure, .. }) if failure == expected),
            "{error:?} instead of {expected:?}"
        );
        assert_eq!(session.calls(), 1);
    }
}

#[tokio::test]
async fn r41_pieces_have_a_cap_of_their_own() {
    let base = serve(|stream, _| async move { answer(stream, "200 OK", &[b'x'; 2_000]).await }).await;
    let open = async |most| {
        let client = wire(|settings| {
            settings.max_answer_bytes = 10;
            settings.max_arriving_bytes = most;
        });
        read(
            client
                .open_session("a", FAST)
                .open(&get(&base).in_pieces())
                .await
                .unwrap(),
        )
        .await
    };
    assert_eq!(open(2_000).await.unwrap().len(), 2_000);
    let error = open(1_999).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { most: 1_999, .. }), "{error:?}");
}

#[tokio::test]
async fn a_server_may_gather_for_longer_than_a_try_takes_but_not_for_ever() {
    let base = serve(|stream, _| async move {
        tokio::time::sleep(Duration::from_millis(400)).await;
        answer(stream, "200 OK", b"gathered").await;
    })
    .await;
    let open = async |slow| {
        let client = wire(|settings| {
            settings.try_timeout = Duration::from_millis(100);
            settings.slow_timeout = Duration::from_millis(slow);
            settings.retry.tries = 2;
        });
        client.open_session("a", FAST).open(&get(&base).in_pieces()).await
    };
    assert_eq!(read(open(20_000).await.unwrap()).await.unwrap(), b"gathered");
    let error = open(100).await.unwrap_err();
    let is_timed_out = matches!(
        error,
        Error::Exhausted {
            failure: Failure::TimedOut,
            tries: 2,
            ..
        }
    );
    assert!(is_timed_out, "{error:?}");
}

#[tokio::test]
async fn a_refusal_comes_whole_and_one_that_passes_is_asked_again() {
    let statuses = Arc::new(Mutex::new(vec!["404 Not Found", "200 OK", "503 Busy"]));
    let base = serve(move |stream, _| {
        let status = statuses.lock().unwrap().pop().unwrap();
        async move { answer(stream, status, b"said").await }
    })
    .await;
    let session = wire(|_| {}).open_session("a", FAST);
    let good = session.open(&get(&base).in_pieces()).await.unwrap();
    assert_eq!((good.status(), session.calls()), (200, 2));
    assert_eq!(read(good).await.unwrap(), b"said");
    let refused = session.open(&get(&base).in_pieces()).await.unwrap();
    assert!(!refused.is_success());
    assert_eq!(refused.into_response().body(), "said");
}

#[tokio::test]
async fn an_answer_that_is_still_read_counts_among_the_requests_under_way() {
    let base = serve(|stream, _| async move { answer(stream, "200 OK", b"said").await }).await;
    let one_by_one = Pace { in_flight: 1, ..FAST };
    let session = wire(|_| {}).open_session("a", one_by_one);
    let response = session.open(&get(&base).in_pieces()).await.unwrap();
    let request = get(&base);
    let waiting = timeout(Duration::from_millis(200), session.send(&request)).await;
    assert!(waiting.is_err(), "there is one place");
    read(response).await.unwrap();
    assert_eq!(session.send(&request).await.unwrap().status(), 200);
}
