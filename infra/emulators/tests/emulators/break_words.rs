//! How break modes are written, in requests and on the command line, and what is refused.

use crate::support::{EMPLOYEES, body_of, options, stand, stand_with};
use emulators::factorial::{self, Options};
use emulators::{Break, MODES};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn an_unknown_mode_or_bad_member_is_a_422_that_names_it() {
    let stand = stand(5).await;
    for (body, member) in [
        (json!({"mode": "explode"}), "mode"),
        (json!({}), "mode"),
        (json!({"mode": "html", "page": 2}), "page"),
        (json!({"mode": "status"}), "status"),
        (json!({"mode": "status", "status": 99}), "status"),
        (json!({"mode": "status", "status": 503, "page": 0}), "page"),
        (
            json!({"mode": "status", "status": 503, "retry_after": "soon"}),
            "retry_after",
        ),
        (json!({"mode": "vanish"}), "share"),
        (json!({"mode": "short_list", "share": 1.5}), "share"),
        (json!({"mode": "token_dies", "after": -1}), "after"),
        (json!({"mode": "narrow", "fields": []}), "fields"),
        (json!({"mode": "narrow", "fields": ["shoe_size"]}), "fields"),
        (
            json!({"mode": "status", "status": 429, "retry_after": -0.5}),
            "retry_after",
        ),
        (json!({"mode": "drop_field", "field": "shoe_size"}), "field"),
        (json!({"mode": "odd_value", "shape": "unknown"}), "field"),
        (json!({"mode": "odd_value", "field": "last_name"}), "shape"),
        (
            json!({"mode": "odd_value", "field": "last_name", "shape": "round"}),
            "shape",
        ),
        (
            json!({"mode": "odd_value", "field": "shoe_size", "shape": "absent"}),
            "field",
        ),
        (
            json!({"mode": "odd_value", "field": "last_name", "shape": "absent", "rows": 0}),
            "rows",
        ),
        (json!({"mode": "slow"}), "ms"),
        (json!({"mode": "empty", "times": 0}), "times"),
    ] {
        let answer = stand.control(Method::POST, "break", body.clone()).await;
        assert_eq!(answer.status(), 422, "{body}");
        let problem = body_of(answer).await;
        assert_eq!(problem["errors"][0]["pointer"], format!("/{member}"), "{problem}");
    }
    assert_eq!(stand.status(EMPLOYEES).await, 200);
}

#[test]
fn the_command_line_reads_every_mode() {
    for (text, mode) in [
        ("status:status=503,page=2,times=3,retry_after=date", "status"),
        ("empty", "empty"),
        ("truncate:page=2", "truncate"),
        ("html", "html"),
        ("xml", "xml"),
        ("no_body", "no_body"),
        ("error_inside", "error_inside"),
        ("empty_page:path=employees", "empty_page"),
        ("odd_value:field=last_name,shape=broken,rows=1", "odd_value"),
        ("repeat_cursor", "repeat_cursor"),
        ("duplicate_row", "duplicate_row"),
        ("short_list:share=0.2", "short_list"),
        ("vanish:share=1", "vanish"),
        ("wrong_total", "wrong_total"),
        ("token_dies:after=5", "token_dies"),
        ("narrow:fields=work_email+birth_date", "narrow"),
        ("drop_field:field=email", "drop_field"),
        ("other_company", "other_company"),
        ("id_reused", "id_reused"),
        ("lost_reply:path=/oauth/token", "lost_reply"),
        ("slow:ms=50", "slow"),
    ] {
        assert_eq!(Break::parse(text).unwrap().mode.name(), mode);
    }
    assert_eq!(MODES.len(), 21);
}

#[test]
fn the_command_line_says_what_was_expected() {
    let error = |text: &str| Break::parse(text).unwrap_err().to_string();
    assert!(error("explode").starts_with("unknown break mode `explode`: expected one of status, empty, "));
    assert_eq!(
        error("status:page=2"),
        "break mode `status`, member `status`: expected a whole number from 300, and it must be given"
    );
    assert_eq!(
        error("slow:ms=fast"),
        "break mode `slow`, member `ms`: expected a whole number from 0 to 600000"
    );
    assert_eq!(
        error("html:page=2"),
        "break mode `html` has no member `page`: expected path, times"
    );
}

#[tokio::test]
async fn modes_can_be_armed_from_the_start_and_unknown_fields_stop_the_start() {
    let stand = stand_with(Options {
        breaks: vec![Break::parse("status:status=418").unwrap()],
        ..options(5)
    })
    .await;
    assert_eq!(stand.status(EMPLOYEES).await, 418);
    let breaks = vec![Break::parse("narrow:fields=shoe_size").unwrap()];
    let refused = factorial::start(Options { breaks, ..options(5) }).await.err().unwrap();
    assert!(
        refused
            .to_string()
            .starts_with("break mode `narrow`, member `fields`: expected canonical attributes")
    );
}
