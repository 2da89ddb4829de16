//! PayFit through the door, over HTTP, where nobody's contracts are shown.

use rollcall::{http::Method, source::Kind};
use serde_json::json;

use crate::support::Served;

#[tokio::test]
async fn r17_where_payfit_shows_nobodys_contracts_nobody_is_made_and_the_fields_say_so() {
    let served = Served::start_of(Kind::PayFit, 30).await;
    let fault = json!({ "mode": "narrow", "fields": ["contracts", "termination_date"] });
    served.control(Method::Post, "/_emulator/break", &fault).await;
    let credential = &served.emulated["credential"];
    let body = served.connecting("acme", &json!({ "credential": credential }));
    let made = served.post("/v1/connections", &body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let connection = made.at("/id");
    let runs = served.get(&format!("/v1/connections/{connection}/runs")).await;
    let run = served.ended(&runs.at("/data/0/id")).await;
    assert_eq!(run.at("/status"), "succeeded", "{}", run.text);
    let counts = &run.body["counts"];
    assert_eq!(counts["joiners"].as_u64().unwrap_or_default(), 0, "{}", run.text);
    assert!(counts["skipped"].as_u64().unwrap() >= 30, "{}", run.text);
    let fields = served.get(&format!("/v1/connections/{connection}/fields")).await;
    let fields = fields.body["data"].as_array().unwrap().clone();
    for name in ["start_date", "termination_date", "employment_status"] {
        let field = fields.iter().find(|field| field["name"] == name).unwrap();
        assert!(field["hidden"].is_string(), "{field}");
    }
    served.stop().await;
}
