//! A configuration can be put as it was read, and a missing body counts as an empty object.

use std::sync::Arc;

use acceptance::journey::{Nobody, Office};
use proptest::{prelude::*, test_runner::TestRunner};
use rollcall::{connection::Preset, run};
use serde_json::{Map, Value, json};

use crate::desk::{Desk, Reply};

/// The names of all presets.
const PRESETS: [&str; 5] = ["standard", "stakeholders", "users", "expense-users", "candidates"];

/// Returns a door with a connection of the tenant `acme`, and the address of that connection's configuration.
async fn connected() -> (Desk, String) {
    let office = Office::new("7");
    office.hire(1, "Ana", "Ruiz");
    let mut desk = Desk::open(&office, Arc::new(Nobody)).await;
    desk.stage.connect(Preset::default().configuration()).await.unwrap();
    let address = format!("/v1/connections/{}/config", desk.stage.connection);
    (desk, address)
}

/// Puts a body, with a version in `If-Match` or without.
async fn put(desk: &Desk, address: &str, version: Option<&str>, body: &Value) -> Reply {
    let mut request = desk.request("PUT", address, Some(body));
    if let Some(version) = version {
        request.headers.insert("if-match".to_owned(), version.to_owned());
    }
    desk.answer(&request).await
}

/// Returns good values for each member of a configuration.
fn choices() -> Vec<(&'static str, Vec<Value>)> {
    vec![
        (
            "identifier",
            vec![json!("personal_email"), json!("employee_number"), json!("employee_id")],
        ),
        ("email", vec![json!("personal_email")]),
        ("first_name", vec![json!("known_as")]),
        (
            "attributes",
            vec![
                json!([]),
                json!(["job_title", "manager"]),
                json!(["pay_rate", "country"]),
            ],
        ),
        (
            "custom_attributes",
            vec![json!([{ "from": "custom.t_shirt_size", "to": "t_shirt_size" }])],
        ),
        (
            "values",
            vec![json!([{ "attribute": "team", "map": { "R&D": "Engineering", "Ops": "Opérations" } }])],
        ),
        ("must_exist", vec![json!(["department"])]),
        (
            "sync_if",
            vec![
                json!([]),
                json!([{ "field": "employment_status", "any_of": ["active"] }]),
                json!([{ "field": "country", "none_of": ["ES"] }, { "field": "start_date", "after": "2020-01-31" }]),
                json!([{ "field": "custom.level", "is_set": true }]),
            ],
        ),
        ("require", vec![json!([]), json!(["work_email", "last_name"])]),
        (
            "first_link",
            vec![
                json!(["external_id"]),
                json!(["external_id", "identifier", "exact_name"]),
            ],
        ),
        ("create_unless_taken", vec![json!([]), json!(["employee_number"])]),
        ("create_former", vec![json!(true)]),
        ("groups", vec![json!(null), json!({ "from": "team" })]),
        (
            "leavers",
            vec![
                json!({ "missing": "ignore", "effective": "start_of_last_day" }),
                json!({ "terminated": "group:Former people" }),
            ],
        ),
        ("joiners", vec![json!({ "days_before_start": 7, "invite": true })]),
        ("rehires", vec![json!("wait")]),
        (
            "exceptions",
            vec![json!([{ "category": "health", "reason": "sick leave is what it is for" }])],
        ),
        ("protected", vec![json!(["u-1", "u-2"])]),
        ("apply", vec![json!("automatic"), json!("approve")]),
        (
            "limits",
            vec![json!({ "leavers": { "most": 7 }, "cleared_values": { "percent": 1 } })],
        ),
        ("daily", vec![json!(false)]),
        ("fallback_time_zone", vec![json!("Asia/Tokyo")]),
    ]
}

/// Returns a configuration of some of these values; the numbers choose them.
fn composed(numbers: &[usize]) -> Value {
    let chosen = choices()
        .into_iter()
        .zip(numbers)
        .filter_map(|((name, values), number)| {
            let value = values.get(*number)?;
            Some((name.to_owned(), value.clone()))
        });
    chosen.collect::<Map<_, _>>().into()
}

#[test]
fn what_is_read_of_any_configuration_can_be_put_as_it_is() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (desk, address) = runtime.block_on(connected());
    let numbers = proptest::collection::vec(0..6_usize, choices().len());
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    });
    let taken = std::cell::Cell::new(0);
    runner
        .run(
            &(proptest::sample::select(&PRESETS[..]), numbers),
            |(preset, numbers)| {
                runtime.block_on(async {
                    let before = desk.send("GET", &address, None).await;
                    let body =
                        json!({ "version": before.body["version"], "preset": preset, "config": composed(&numbers) });
                    let made = put(&desk, &address, None, &body).await;
                    if made.status == 422 {
                        // Members that do not go together.
                        return Ok(());
                    }
                    prop_assert_eq!(made.status, 200, "{}", made.body);
                    taken.set(taken.get() + 1);
                    let read = desk.send("GET", &address, None).await;
                    prop_assert_eq!(&read.body["preset"], &json!(preset));
                    prop_assert_eq!(&read.body, &made.body);
                    // The body is put as it was read, with its version inside or outside; then the configuration alone is put.
                    for (version, body) in [
                        (None, read.body.clone()),
                        (Some(1), read.body.clone()),
                        (Some(2), read.body["config"].clone()),
                    ] {
                        let now = desk.send("GET", &address, None).await;
                        let mut body = body;
                        if let Some(member) = body.get_mut("version") {
                            *member = now.body["version"].clone();
                        }
                        let etag = version.map(|_| now.etag.as_str());
                        let again = put(&desk, &address, etag, &body).await;
                        prop_assert_eq!(again.status, 200, "{}", again.body);
                        prop_assert_eq!(&again.body["config"], &read.body["config"]);
                        prop_assert_eq!(&again.body["preset"], &read.body["preset"]);
                    }
                    Ok(())
                })
            },
        )
        .unwrap();
    assert!(taken.get() > 60, "{}", taken.get());
}

#[tokio::test]
async fn a_version_that_is_not_the_one_in_force_is_refused_wherever_it_stands() {
    let (desk, address) = connected().await;
    let read = desk.send("GET", &address, None).await;
    let mut old = read.body.clone();
    old["version"] = json!(7);
    let mut unnamed = read.body.clone();
    unnamed.as_object_mut().unwrap().remove("version");
    for (version, body, status, code) in [
        (None, &old, 412, "version-mismatch"),
        (Some("\"1\""), &old, 412, "version-mismatch"),
        (Some("\"7\""), &read.body, 412, "version-mismatch"),
        (Some("\"7\""), &unnamed, 412, "version-mismatch"),
        (None, &unnamed, 428, "version-needed"),
        (None, &read.body["config"], 428, "version-needed"),
    ] {
        let refused = put(&desk, &address, version, body).await;
        assert_eq!((refused.status, refused.code()), (status, code), "{}", refused.body);
    }
    assert_eq!(
        desk.send("GET", &address, None).await.body,
        read.body,
        "nothing was changed"
    );
    let mut wrong = read.body.clone();
    wrong["config"]["identifier"] = json!("shoe");
    wrong["config"]["colour"] = json!("red");
    let refused = put(&desk, &address, None, &wrong).await;
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    assert_eq!(places, ["/config/colour", "/config/identifier"], "{}", refused.body);
    wrong["colour"] = json!("red");
    let refused = put(&desk, &address, None, &wrong).await;
    assert_eq!(refused.faults()[0].0, "/colour", "{}", refused.body);
}

#[tokio::test]
async fn without_preset_and_configuration_nothing_is_applied_without_a_person() {
    let desk = Desk::open(&Office::new("7"), Arc::new(Nobody)).await;
    for (tenant, config) in [("acme", None), ("other", Some(json!({}))), ("third", Some(json!(null)))] {
        let mut body = json!({
            "tenant": tenant,
            "provider": desk.stage.ports.providers[0].kind().as_str(),
            "credential": { "kind": "api_key", "key": format!("key-of-{tenant}") },
        });
        if let Some(config) = config {
            body["config"] = config;
        }
        desk.stage.office.change_company(tenant);
        let made = desk.send("POST", "/v1/connections", Some(&body)).await;
        assert_eq!(made.status, 201, "{}", made.body);
        let read = desk
            .send("GET", &format!("/v1/connections/{}/config", made.at("/id")), None)
            .await;
        assert_eq!(read.at("/preset"), "standard");
        assert_eq!(read.at("/config/apply"), "approve");
        assert_eq!(
            read.body["config"]["attributes"],
            json!(["manager", "mobile_phone", "pay_rate"])
        );
        assert_eq!(read.body["config"]["leavers"]["missing"], "wait");
    }
}

#[tokio::test]
async fn an_empty_object_is_as_good_as_no_body_wherever_none_is_needed() {
    let (desk, _) = connected().await;
    let connection = desk.stage.connection.clone();
    run::request_diff(&desk.stage.ports, &connection).await.unwrap();
    desk.stage.deliver().await.unwrap();
    let plan = desk.stage.open_plan().await.unwrap().unwrap().plan.id;
    for (method, address) in [
        ("GET", "/v1/providers".to_owned()),
        ("GET", format!("/v1/connections/{connection}")),
        ("POST", format!("/v1/connections/{connection}/pause")),
        ("POST", format!("/v1/connections/{connection}/resume")),
        ("POST", format!("/v1/connections/{connection}/sync")),
        ("POST", format!("/v1/connections/{connection}/preview")),
        ("PUT", "/v1/stop".to_owned()),
        ("DELETE", "/v1/stop".to_owned()),
        ("POST", format!("/v1/plans/{plan}/undo")),
        ("POST", "/v1/webhooks/rotate".to_owned()),
        ("POST", "/v1/tenants/acme/readmit".to_owned()),
        ("POST", format!("/v1/connections/{connection}/reconnect")),
        ("DELETE", "/v1/webhooks".to_owned()),
    ] {
        let without = desk.send(method, &address, None).await;
        for (body, media) in [
            ("{}", Some("application/json")),
            (" {\n} ", None),
            ("{}", Some("application/x-www-form-urlencoded")),
            ("", Some("application/json")),
            ("\n", None),
        ] {
            let mut request = desk.request(method, &address, None);
            request.body = body.as_bytes().to_vec();
            if let Some(media) = media {
                request.headers.insert("content-type".to_owned(), media.to_owned());
            }
            let with = desk.answer(&request).await;
            assert_eq!(
                (with.status, with.code()),
                (without.status, without.code()),
                "{address} {body:?}"
            );
        }
        for (body, media) in [(r#"{"colour": 1}"#, "application/json"), ("[]", "application/json")] {
            let mut request = desk.request(method, &address, None);
            request.body = body.as_bytes().to_vec();
            request.headers.insert("content-type".to_owned(), media.to_owned());
            let refused = desk.answer(&request).await;
            assert_eq!((refused.status, refused.code()), (422, "invalid"), "{address} {body:?}");
        }
    }
    // With a key, the second request counts as the first one.
    let mut request = desk.request("POST", &format!("/v1/connections/{connection}/sync"), None);
    request.headers.insert("idempotency-key".to_owned(), "k-1".to_owned());
    let first = desk.answer(&request).await;
    request.body = b"{}".to_vec();
    let again = desk.answer(&request).await;
    assert_eq!((first.status, again.replayed), (202, true), "{}", again.body);
    assert_eq!(first.body, again.body);
}
