//! A read in slices comes to what one read comes to, in either API, and a place in the one is none in the other.

use rollcall::{
    roster::{Position, Read, merge},
    source::Class,
};
use serde_json::json;

use super::support::{EMPLOYEES, Lucca, USERS};
use crate::slices::{read_in_slices, slice};

#[tokio::test]
async fn r29_everybody_is_read_in_slices_as_in_one_read() {
    let hr = Lucca::start(640).await;
    for way in hr.ways().await {
        let once = hr.read(&way.credential).await;
        let rows = if way.people == USERS { 200 } else { 100 };
        let all = once.roster.header.employees.div_ceil(rows);
        for pages in [1, 2, 100] {
            let (roster, slices) = read_in_slices(|| hr.open(way.credential.clone()), pages).await;
            assert_eq!(u32::try_from(slices).unwrap(), all.div_ceil(pages), "{}", way.people);
            assert_eq!(roster, once.roster, "{}: {pages} pages in a slice", way.people);
        }
    }
}

#[tokio::test]
async fn r07_what_one_slice_was_not_shown_is_hidden_for_everybody() {
    let hr = Lucca::start(250).await;
    let open = || hr.open(hr.key());
    let Read::Paused { part, position } = slice(open().as_ref(), None, 1).await.unwrap() else {
        panic!("there are two pages");
    };
    hr.arm(json!({"mode": "status", "status": 403, "path": "fixed-items"}))
        .await;
    let Read::Over(last) = slice(open().as_ref(), Some(position), 9).await.unwrap() else {
        panic!("the rest is read");
    };
    let roster = merge(vec![*part], *last, None).unwrap();
    assert!(roster.header.walk_ended);
    let pay = rollcall::employee::Canonical::PayRate.into();
    assert_eq!(roster.header.hidden[&pay], "no_permission");
    assert!(!roster.header.visible.contains(&pay));
}

#[tokio::test]
async fn a_place_that_lucca_does_not_know_any_more_is_named_as_such() {
    for status in [400, 404, 410, 422] {
        let hr = Lucca::start(250).await;
        for way in hr.ways().await {
            let open = || hr.open(way.credential.clone());
            let Read::Paused { position, .. } = slice(open().as_ref(), None, 1).await.unwrap() else {
                panic!("there are several pages");
            };
            let source = open();
            crate::support::named(source.as_ref()).await.unwrap();
            let fault = json!({"mode": "status", "status": status, "page": 2, "path": way.people});
            hr.arm(fault).await;
            let error = slice(source.as_ref(), Some(position), 1).await.unwrap_err();
            assert_eq!(error.class, Class::Expired, "{}: {status}", way.people);
            hr.mend().await;
        }
    }
}

#[tokio::test]
async fn r44_a_place_in_the_list_of_one_api_is_none_in_the_other_nor_is_one_of_another_version() {
    let hr = Lucca::start(250).await;
    let [key, client] = hr.ways().await;
    assert_eq!((key.people, client.people), (USERS, EMPLOYEES));
    for (one, other) in [(&key, &client), (&client, &key)] {
        let source = hr.open(one.credential.clone());
        let Read::Paused { position, .. } = slice(source.as_ref(), None, 1).await.unwrap() else {
            panic!("there are several pages");
        };
        let source = hr.open(other.credential.clone());
        for strange in [Some(position), Position::new(99, &"somewhere")] {
            let error = slice(source.as_ref(), strange, 1).await.unwrap_err();
            assert_eq!(error.class, Class::Expired, "{}", other.people);
        }
    }
}
