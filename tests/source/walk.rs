//! Pages and their edges.

use rollcall::http::Method;
use serde_json::json;

use crate::{
    support::{Hr, Read},
    truth::assert_is_the_truth,
};

#[tokio::test]
async fn r05_page_edges_lose_and_repeat_nobody() {
    let hr = Hr::start(75).await;
    let mut people = hr.truth().await.len();
    assert!(people < 99);
    for edge in [99, 100, 101, 200, 201] {
        while people < edge {
            let name = format!("Edge {people}");
            hr.control(
                Method::Post,
                "/_emulator/people",
                &json!({"first_name": name, "last_name": "Case"}),
            )
            .await;
            people += 1;
        }
        let read = hr.read().await;
        assert_eq!(read.roster.header.employees as usize, edge);
        assert_eq!(read.roster.header.duplicates, 0);
        assert!(read.judge(None).certificate().is_some(), "{edge}");
        assert_is_the_truth(&hr, &read).await;
    }
}

#[tokio::test]
async fn ids_beyond_the_numbers_of_a_float_are_kept_digit_by_digit() {
    let hr = Hr::start(40).await;
    let ids: Vec<String> = hr
        .truth()
        .await
        .iter()
        .map(|person| person["employee_id"].as_str().unwrap().to_owned())
        .collect();
    assert!(
        ids.iter().any(|id| id.parse::<u64>().is_ok_and(|id| id > 1 << 53)),
        "{ids:?}"
    );
    let read = Read::of(hr.open(hr.key()).as_ref()).await;
    let read: Vec<String> = read
        .roster
        .employees()
        .unwrap()
        .iter()
        .map(|person| person.id.to_string())
        .collect();
    assert_eq!(read, ids);
}
