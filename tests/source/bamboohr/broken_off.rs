//! A report whose connection ends in its middle, which no emulator shows: a server between the two breaks the answer off.

use std::{collections::BTreeSet, sync::Arc};

use rollcall::source::Class;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::support::{Bamboo, REPORT};
use crate::support::{Held, Read};

/// Returns the address of a server that hands everything on, one request to a connection, and gives of a report the first half.
async fn halve_reports(to: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(hand_on(stream, to.clone()));
        }
    });
    url
}

async fn hand_on(mut from: TcpStream, to: String) {
    let asked = read_request(&mut from).await;
    let head = String::from_utf8_lossy(&asked).into_owned();
    let mut to = TcpStream::connect(to).await.unwrap();
    let single = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    to.write_all(single.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = to.read_to_end(&mut answer).await;
    let is_report = head.lines().next().unwrap_or_default().contains(REPORT);
    let given = if is_report { answer.len() / 2 } else { answer.len() };
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

#[tokio::test]
async fn r06_a_body_that_ends_early_is_a_broken_read_and_is_not_asked_for_again() {
    let bamboo = Bamboo::start(1_500).await;
    let before = bamboo.read().await;
    let address = bamboo.0.running.url().trim_start_matches("http://").to_owned();
    let url = halve_reports(address).await;
    let broken = Read::of(
        bamboo
            .open_at(&url, Arc::new(Held(bamboo.key())), &BTreeSet::new())
            .as_ref(),
    )
    .await;
    assert_eq!(broken.class(), Some(Class::Temporary), "{:?}", broken.error);
    let (some, all) = (broken.roster.header.employees, before.roster.header.employees);
    assert!((1..all).contains(&some), "{some} of {all}");
    assert!(!broken.roster.header.walk_ended && !broken.judge(Some(&before)).is_whole());
    assert_eq!(broken.calls, 3, "fields, number and one report");
}
