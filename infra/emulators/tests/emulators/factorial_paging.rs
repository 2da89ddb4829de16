//! Factorial: cursor paging.

use crate::support::{EMPLOYEES, stand, texts};
use serde_json::{Value, json};

#[tokio::test]
async fn a_list_is_data_and_meta() {
    let answer = stand(10).await.json(EMPLOYEES).await;
    let members: Vec<&String> = answer["meta"].as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "end_cursor",
            "has_next_page",
            "has_previous_page",
            "limit",
            "start_cursor",
            "total"
        ]
    );
    assert_eq!(answer["meta"]["total"], answer["data"].as_array().unwrap().len());
    assert_eq!(answer["meta"]["limit"], 100);
}

#[tokio::test]
async fn a_page_has_a_hundred_rows_unasked_and_never_more() {
    let stand = stand(200).await;
    for query in ["", "?limit=100", "?limit=101", "?limit=5000"] {
        let answer = stand.json(&format!("{EMPLOYEES}{query}")).await;
        assert_eq!(answer["data"].as_array().unwrap().len(), 100, "{query}");
        assert_eq!(answer["meta"]["limit"], 100);
    }
    let answer = stand.json(&format!("{EMPLOYEES}?limit=7")).await;
    assert_eq!(
        (answer["data"].as_array().unwrap().len(), &answer["meta"]["limit"]),
        (7, &json!(7))
    );
}

#[tokio::test]
async fn the_end_cursor_leads_through_all_rows_once_in_ascending_order() {
    let stand = stand(230).await;
    let rows = stand.all(&format!("{EMPLOYEES}?limit=31")).await;
    let numbers: Vec<u64> = texts(&rows, "id").iter().map(|id| id.parse().unwrap()).collect();
    assert!(numbers.is_sorted_by(|one, next| one < next));
    assert_eq!(stand.json(EMPLOYEES).await["meta"]["total"], rows.len());
}

#[tokio::test]
async fn the_first_and_last_page_say_so() {
    let stand = stand(20).await;
    let first = stand.json(&format!("{EMPLOYEES}?limit=20")).await["meta"].clone();
    assert_eq!(
        (&first["has_previous_page"], &first["has_next_page"]),
        (&json!(false), &json!(true))
    );
    let cursor = first["end_cursor"].as_str().unwrap();
    let last = stand.json(&format!("{EMPLOYEES}?limit=20&after_id={cursor}")).await["meta"].clone();
    assert_eq!(
        (&last["has_previous_page"], &last["has_next_page"]),
        (&json!(true), &json!(false))
    );
}

#[tokio::test]
async fn before_id_leads_back() {
    let stand = stand(60).await;
    let first = stand.json(&format!("{EMPLOYEES}?limit=20")).await;
    let after = first["meta"]["end_cursor"].as_str().unwrap();
    let second = stand.json(&format!("{EMPLOYEES}?limit=20&after_id={after}")).await;
    let before = second["meta"]["start_cursor"].as_str().unwrap();
    let back = stand.json(&format!("{EMPLOYEES}?limit=20&before_id={before}")).await;
    assert_eq!(back["data"], first["data"]);
}

#[tokio::test]
async fn cursors_are_opaque_and_an_empty_list_has_none() {
    let stand = stand(20).await;
    let meta = stand.json(EMPLOYEES).await["meta"].clone();
    assert!(meta["end_cursor"].as_str().unwrap().parse::<u64>().is_err());
    let nobody = stand
        .json(&format!("{EMPLOYEES}?emails[]=nobody@nowhere.example"))
        .await;
    assert_eq!(nobody["data"], json!([]));
    assert_eq!(
        (&nobody["meta"]["total"], &nobody["meta"]["end_cursor"]),
        (&json!(0), &Value::Null)
    );
}

#[tokio::test]
async fn no_limit_is_stated_where_ids_are_named() {
    let stand = stand(20).await;
    let id = stand.json(EMPLOYEES).await["data"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        stand.json(&format!("{EMPLOYEES}?ids[]={id}")).await["meta"]["limit"],
        Value::Null
    );
}
