//! The OpenAPI document: made from the code, kept beside this test, and compared. `UPDATE_CONTRACT=1` writes it anew;
//! the difference is then looked at in review, because `/v1` only grows.

use std::{env, fs, path::Path};

use rollcall::api::{Access, Function, make_document, make_requests, routes};
use serde_json::Value;

use crate::support::Served;

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/src/api/openapi.json");

/// The schemas of the bodies, against which functions check what they are sent.
const REQUESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/src/api/requests.json");

#[test]
fn the_contract_is_the_one_that_is_kept() {
    let routes = routes::all();
    for (path, made) in [(KEPT, make_document(&routes)), (REQUESTS, make_requests(&routes))] {
        if env::var_os("UPDATE_CONTRACT").is_some() {
            fs::write(path, &made).unwrap();
        }
        let kept = fs::read_to_string(Path::new(path)).unwrap();
        assert!(
            made == kept,
            "the contract has changed: run with UPDATE_CONTRACT=1, twice, and look at the difference"
        );
    }
}

#[tokio::test]
async fn the_contract_that_is_kept_is_served() {
    let served = Served::start(10).await;
    let answer = served.get("/openapi.json").await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert!(answer.text == fs::read_to_string(KEPT).unwrap());
    served.stop().await;
}

#[test]
fn every_route_says_who_may_call_it_and_what_it_answers() {
    let kept: Value = serde_json::from_str(&fs::read_to_string(KEPT).unwrap()).unwrap();
    assert_eq!(kept["openapi"], "3.1.0");
    let mut names = Vec::new();
    for route in routes::all() {
        let operation = &kept["paths"][route.path][route.method.as_str().to_ascii_lowercase()];
        assert_eq!(operation["operationId"], route.name, "{route:?}");
        let is_open = matches!(route.access, Access::Open | Access::Browser);
        assert_eq!(
            operation["security"].as_array().unwrap().is_empty(),
            is_open,
            "{route:?}"
        );
        let answers = operation["responses"].as_object().unwrap();
        assert!(
            answers.keys().any(|status| status.starts_with('2') || status == "303"),
            "{route:?}"
        );
        assert!(answers.contains_key("500"), "{route:?}");
        assert!(!operation["summary"].as_str().unwrap().is_empty(), "{route:?}");
        names.push(route.name);
    }
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "each operation has a name of its own");
}

#[test]
fn each_function_answers_its_own_routes_and_no_others() {
    let of = [
        (Function::Apply, routes::apply()),
        (Function::Connect, routes::connect()),
        (Function::Console, routes::console()),
        (Function::Diff, routes::diff()),
    ];
    for (function, routes) in of {
        assert!(!routes.is_empty(), "{function:?}");
        for route in routes {
            assert_eq!(route.function, function, "{route:?}");
        }
    }
}
