//! A read in slices: each goes on where the one before paused, and all together come to what one read comes to.

use std::sync::atomic::{AtomicU32, Ordering};

use emulators::factorial::PermissionGroup;
use rollcall::{
    roster::{Position, Read, Reading, Roster, merge},
    source::{Class, Error, Source},
};
use serde_json::json;

use crate::support::{Hr, named, tokens};

const EMPLOYEES: &str = "employees/employees";

/// Returns what one slice of so many pages comes to.
pub(crate) async fn slice(source: &dyn Source, from: Option<Position>, pages: u32) -> Result<Read, Error> {
    let left = AtomicU32::new(pages);
    let is_time_over = || left.fetch_sub(1, Ordering::Relaxed) <= 1;
    let mut reading = Reading::new(named(source).await.unwrap(), from, &is_time_over);
    source.read(&mut reading).await?;
    Ok(reading.finish(false).unwrap())
}

/// Reads everybody in slices of so many pages, each by a source that knows nothing of the one before.
pub(crate) async fn read_in_slices(open: impl Fn() -> Box<dyn Source>, pages: u32) -> (Roster, usize) {
    let (mut parts, mut from) = (Vec::new(), None);
    loop {
        match slice(open().as_ref(), from.clone(), pages).await.unwrap() {
            Read::Paused { part, position } => {
                parts.push(*part);
                from = Some(position);
            }
            Read::Over(last) => {
                let slices = parts.len() + 1;
                return (merge(parts, *last, None).unwrap(), slices);
            }
            Read::Nothing => panic!("a slice has time for a page"),
        }
    }
}

#[tokio::test]
async fn r29_everybody_is_read_in_slices_as_in_one_read() {
    let hr = Hr::start(640).await;
    let once = hr.read().await;
    for (pages, expected) in [(1, 8), (2, 4), (3, 3), (100, 1)] {
        let (roster, slices) = read_in_slices(|| hr.open(hr.key()), pages).await;
        assert_eq!(slices, expected);
        assert_eq!(roster, once.roster, "{pages} pages in a slice");
    }
}

#[tokio::test]
async fn r07_what_one_slice_was_not_shown_is_hidden_for_everybody() {
    let hr = Hr::start(250).await;
    let open = || {
        hr.open(tokens(
            &hr.running.user_tokens(PermissionGroup::administrator()).unwrap(),
        ))
    };
    let Read::Paused { part, position } = slice(open().as_ref(), None, 1).await.unwrap() else {
        panic!("there are three pages");
    };
    hr.arm(json!({"mode": "status", "status": 403, "path": "teams/memberships"}))
        .await;
    let Read::Over(last) = slice(open().as_ref(), Some(position), 9).await.unwrap() else {
        panic!("the rest is read");
    };
    let roster = merge(vec![*part], *last, None).unwrap();
    assert!(roster.header.walk_ended);
    let team = rollcall::employee::Canonical::Team.into();
    assert_eq!(roster.header.hidden[&team], "no_permission");
    assert!(!roster.header.visible.contains(&team));
}

#[tokio::test]
async fn a_place_that_the_hr_system_does_not_know_any_more_is_named_as_such() {
    for status in [400, 404, 410, 422] {
        let hr = Hr::start(250).await;
        let open = || hr.open(hr.key());
        let Read::Paused { position, .. } = slice(open().as_ref(), None, 1).await.unwrap() else {
            panic!("there are three pages");
        };
        hr.arm(json!({"mode": "status", "status": status, "path": EMPLOYEES}))
            .await;
        let error = slice(open().as_ref(), Some(position), 1).await.unwrap_err();
        assert_eq!(error.class, Class::Expired, "{status}");
        let error = slice(open().as_ref(), None, 1).await.unwrap_err();
        assert_ne!(
            error.class,
            Class::Expired,
            "at the beginning there is no place: {status}"
        );
    }
}

#[tokio::test]
async fn r44_a_place_that_another_version_noted_is_not_guessed_at() {
    let hr = Hr::start(20).await;
    let strange = Position::new(99, &"somewhere");
    let error = slice(hr.open(hr.key()).as_ref(), strange, 1).await.unwrap_err();
    assert_eq!(error.class, Class::Expired);
}
