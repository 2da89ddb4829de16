//! Every request that changes something may die at each of its writes, and is then sent again. What it does is done once and
//! wholly. Its entry in the audit is neither lost nor written without the act (R43, R49).

mod case;
mod world;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use acceptance::journey::{Halt, Nobody, Watch};
use jiff::{SignedDuration, Timestamp};
use rollcall::api::{make_document, routes};
use serde_json::Value;

use self::{
    case::{Asked, CASES, Case},
    world::{audit, traces, world},
};
use crate::desk::{Desk, Reply};

/// How long a process that carries a request out may be silent until it counts as dead, and one second more.
const DEAD_AFTER: SignedDuration = SignedDuration::from_secs(61);

/// Returns the operations that change something, with whether they heed `Idempotency-Key`, as the contract says.
fn operations() -> Vec<(String, bool)> {
    let document: Value = serde_json::from_str(&make_document(&routes::all())).unwrap();
    let paths = document["paths"].as_object().unwrap().values();
    let all = paths.flat_map(|path| path.as_object().unwrap());
    let changing = all.filter(|(method, _)| ["post", "put", "patch", "delete"].contains(&method.as_str()));
    changing
        .map(|(_, operation)| {
            let headers = operation["parameters"].as_array().cloned().unwrap_or_default();
            let is_keyed = headers.iter().any(|header| header["name"] == "Idempotency-Key");
            (operation["operationId"].as_str().unwrap().to_owned(), is_keyed)
        })
        .collect()
}

/// Returns the cases of operations that heed a key, or all cases.
fn cases(only_keyed: bool) -> Vec<Case> {
    let heeds = |case: &Case| {
        let mut operations = operations().into_iter();
        let found = operations.find(|(operation, _)| operation == case.operation());
        found.is_some_and(|(_, is_keyed)| is_keyed || !only_keyed)
    };
    CASES.into_iter().filter(heeds).collect()
}

#[test]
fn every_request_that_changes_something_has_a_case() {
    let known: BTreeSet<_> = CASES.iter().map(|case| case.operation().to_owned()).collect();
    let all: BTreeSet<_> = operations().into_iter().map(|(operation, _)| operation).collect();
    assert_eq!(known, all);
}

/// Sends the request, with a key or without. Returns the answer.
async fn send(desk: &Desk, asked: &Asked, is_keyed: bool) -> Reply {
    let mut request = desk.request(asked.method, &asked.address, asked.body.as_ref());
    if is_keyed {
        request.headers.insert("idempotency-key".to_owned(), "k-1".to_owned());
    }
    desk.answer(&request).await
}

/// Returns a body without its instants and without the ids that were made for it.
fn said(body: &Value) -> Value {
    let is_id = |part: &str| part.strip_prefix('k').unwrap_or(part).len() == 26;
    let is_made = |text: &str| text.split('_').any(is_id);
    match body {
        Value::String(text) if text.parse::<Timestamp>().is_ok() || is_made(text) => Value::Null,
        Value::Array(values) => values.iter().map(said).collect(),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), said(value)));
            Value::Object(members.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => body.clone(),
    }
}

/// Calls `then` for every write of a request, before and after it, with the door behind which a process died there.
async fn each_death(case: Case, is_keyed: bool, then: impl AsyncFn(Desk, Asked, String)) {
    for after in [false, true] {
        let mut number = 1;
        loop {
            let halt = Halt::at(number, after);
            let (desk, asked) = case.open(Arc::clone(&halt) as Arc<dyn Watch>).await;
            if halt.live(send(&desk, &asked, is_keyed)).await.is_some() {
                assert!(number > 1, "{} writes something", case.name);
                break;
            }
            desk.stage.clock.advance(DEAD_AFTER);
            let context = format!("{} at write {number}, after it: {after}", case.name);
            then(desk, asked, context).await;
            number += 1;
        }
    }
}

#[tokio::test]
async fn r43_a_request_with_a_key_that_died_anywhere_is_done_once_and_answered_as_if_it_had_not() {
    let found = Found::default();
    for case in cases(true) {
        let (desk, asked) = case.open(Arc::new(Nobody)).await;
        let first = send(&desk, &asked, true).await;
        assert!((200..300).contains(&first.status), "{}: {}", case.name, first.body);
        let shows_secret = send(&desk, &asked, true).await.status == 410;
        let entries = audit(&desk).await;
        desk.stage.deliver().await.unwrap();
        let (expected, done) = (world(&desk).await, traces(&desk).await);
        let life = async |desk: Desk, asked: Asked, context: String| {
            let again = send(&desk, &asked, true).await;
            if !(shows_secret && again.status == 410) {
                let answers = [&again, &first].map(|reply| (reply.status, said(&reply.body)));
                found.compare(&context, "answer", &answers[0], &answers[1]);
            }
            found.compare(&context, "audit", &audit(&desk).await, &entries);
            desk.stage.deliver().await.unwrap();
            found.compare(&context, "world", &world(&desk).await, &expected);
            found.compare(&context, "traces", &traces(&desk).await, &done);
        };
        Box::pin(each_death(case, true, life)).await;
    }
    found.assert_none();
}

#[tokio::test]
async fn r43_a_request_that_died_anywhere_and_comes_again_without_a_key_is_done_wholly_and_stands_in_the_audit() {
    let found = Found::default();
    for case in cases(false) {
        let (desk, asked) = case.open(Arc::new(Nobody)).await;
        let first = send(&desk, &asked, false).await;
        assert!((200..300).contains(&first.status), "{}: {}", case.name, first.body);
        let entries = count(&desk, case).await;
        desk.stage.deliver().await.unwrap();
        let expected = world(&desk).await;
        let life = async |desk: Desk, asked: Asked, context: String| {
            let begun = count(&desk, case).await;
            let again = send(&desk, &asked, false).await;
            let (told, is_refused) = (count(&desk, case).await, again.status >= 400);
            let is_good = case.again.contains(&again.status)
                && (entries..=entries + 1).contains(&told)
                && (!is_refused || begun == entries);
            let seen = (is_good, again.status, told);
            found.compare(&context, "answer and entries", &seen, &(true, again.status, told));
            desk.stage.deliver().await.unwrap();
            // A caller that makes something new without a key, and asks twice, has asked for two of it.
            if first.status != 201 {
                found.compare(&context, "world", &world(&desk).await, &expected);
            }
        };
        Box::pin(each_death(case, false, life)).await;
    }
    found.assert_none();
}

/// The differences between two lives.
#[derive(Default)]
struct Found(Mutex<Vec<String>>);

impl Found {
    fn compare<T: PartialEq + std::fmt::Debug>(&self, context: &str, what: &str, is: &T, expected: &T) {
        if is != expected {
            let line = format!("{context}: {what}\n  is       {is:?}\n  expected {expected:?}");
            self.0.lock().unwrap().push(line);
        }
    }

    fn assert_none(self) {
        let found = self.0.into_inner().unwrap();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[tokio::test]
async fn r43_a_request_that_died_before_its_entry_was_written_has_done_nothing() {
    for case in cases(false) {
        let (desk, _) = case.open(Arc::new(Nobody)).await;
        let entries = count(&desk, case).await;
        let before = settled(&desk).await;
        let life = async |desk: Desk, _: Asked, context: String| {
            if count(&desk, case).await == entries {
                assert_eq!(settled(&desk).await, before, "{context}");
            }
        };
        Box::pin(each_death(case, false, life)).await;
    }
}

#[tokio::test]
async fn r49_a_configuration_that_was_put_by_halves_keeps_nobody_from_putting_another() {
    let case = CASES.into_iter().find(|case| case.name == "put_config").unwrap();
    Box::pin(each_death(
        case,
        false,
        async |desk: Desk, asked: Asked, context: String| {
            for _ in 0..2 {
                let read = desk.send("GET", &asked.address, None).await;
                let mut body = asked.body.clone().unwrap();
                body["version"] = read.body["version"].clone();
                let put = desk.send("PUT", &asked.address, Some(&body)).await;
                assert_eq!(put.status, 200, "{context}: {}", put.body);
            }
        },
    ))
    .await;
}

/// Returns how many entries about a case's action stand in the audit.
async fn count(desk: &Desk, case: Case) -> usize {
    let entries = audit(desk).await;
    let own = format!("{} by ", case.action);
    entries.iter().filter(|entry| entry.starts_with(&own)).count()
}

/// Returns everything that exists once the next morning has swept.
async fn settled(desk: &Desk) -> Vec<String> {
    desk.stage.pass_hours(2);
    desk.stage.morning().await.unwrap();
    world(desk).await
}
