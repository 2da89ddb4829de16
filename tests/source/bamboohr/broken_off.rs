//! A report whose connection ends in its middle, or whose second question is refused, which no emulator shows: a server between the two
//! does it.

use std::{collections::BTreeSet, sync::Arc};

use rollcall::source::Class;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::support::{Bamboo, REPORT};
use crate::support::{Held, Read};

/// What the server between the two does to a report.
#[derive(Clone, Copy)]
enum Harm {
    /// Its first half is given.
    Halved,
    /// The one on what lies ahead is answered with this status.
    AheadRefused(u16),
}

/// Returns the address of a server that hands everything on, one request to a connection, and does harm to reports.
async fn harm_reports(to: String, harm: Harm) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(hand_on(stream, to.clone(), harm));
        }
    });
    url
}

async fn hand_on(mut from: TcpStream, to: String, harm: Harm) {
    let asked = read_request(&mut from).await;
    let head = String::from_utf8_lossy(&asked).into_owned();
    let line = head.lines().next().unwrap_or_default();
    if let Harm::AheadRefused(status) = harm
        && line.contains("onlyCurrent=false")
    {
        let refused = format!("HTTP/1.1 {status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = from.write_all(refused.as_bytes()).await;
        return;
    }
    let mut to = TcpStream::connect(to).await.unwrap();
    let single = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    to.write_all(single.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = to.read_to_end(&mut answer).await;
    let is_halved = matches!(harm, Harm::Halved) && line.contains(REPORT);
    let given = if is_halved { answer.len() / 2 } else { answer.len() };
    let _ = from.write_all(&answer[..given]).await;
}

/// Returns a request with its body.
async fn read_request(from: &mut TcpStream) -> Vec<u8> {
    let mut asked = Vec::new();
    let mut part = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&asked).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let mut lines = head.lines().filter_map(|line| line.strip_prefix("content-length: "));
            let length: usize = lines.next().map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return asked;
            }
        }
        match from.read(&mut part).await {
            Ok(0) | Err(_) => return asked,
            Ok(length) => asked.extend_from_slice(&part[..length]),
        }
    }
}

async fn read_harmed(bamboo: &Bamboo, harm: Harm) -> Read {
    let address = bamboo.0.running.url().trim_start_matches("http://").to_owned();
    let url = harm_reports(address, harm).await;
    let source = bamboo.open_at(&url, Arc::new(Held(bamboo.key())), &BTreeSet::new());
    Read::of(source.as_ref()).await
}

#[tokio::test]
async fn where_the_report_on_what_lies_ahead_is_refused_the_read_is_whole_without_it() {
    let bamboo = Bamboo::start(300).await;
    let before = bamboo.read().await;
    for status in [400, 403, 413] {
        let read = read_harmed(&bamboo, Harm::AheadRefused(status)).await;
        assert!(read.error.is_none(), "{:?}", read.error);
        assert!(read.roster.header.walk_ended);
        assert_eq!(read.roster.header.employees, before.roster.header.employees);
        assert_eq!(read.calls, before.calls, "the second report was asked for");
    }
    let read = read_harmed(&bamboo, Harm::AheadRefused(500)).await;
    assert_eq!(read.class(), Some(Class::Temporary), "it is asked again later");
}

#[tokio::test]
async fn r06_a_body_that_ends_early_is_a_broken_read_and_is_not_asked_for_again() {
    let bamboo = Bamboo::start(1_500).await;
    let before = bamboo.read().await;
    let broken = read_harmed(&bamboo, Harm::Halved).await;
    assert_eq!(broken.class(), Some(Class::Temporary), "{:?}", broken.error);
    let (some, all) = (broken.roster.header.employees, before.roster.header.employees);
    assert!((1..all).contains(&some), "{some} of {all}");
    assert!(!broken.roster.header.walk_ended && !broken.judge(Some(&before)).is_whole());
    assert_eq!(broken.calls, 3, "fields, number and one report");
}
