//! The sets of habits of servers that were seen: asked for by name, on a command line and in a request.

use emulators::scim::{Changes, Filters, Formatted, Habits, Pages};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    scim_support::service,
    support::{body_of, json_of},
};

#[test]
fn each_server_that_was_seen_is_a_set_of_switches() {
    let expected = [
        "better-auth",
        "canaille",
        "django-scim",
        "leapsome",
        "scim-gateway",
        "scimmy",
        "scimmy-express-5",
        "small",
    ];
    assert_eq!(Habits::sets().collect::<Vec<_>>(), expected);
    let set = |name: &str| Habits::set(name).unwrap();
    assert_eq!(set("better-auth").formatted, Formatted::Stale);
    assert_eq!(set("canaille").needs, ["name.formatted", "name.familyName"]);
    assert!(set("canaille").fails_counted && set("django-scim").endpoint.is_some());
    assert_eq!(set("django-scim").fails_patches, ["manager"]);
    assert_eq!(
        (set("leapsome").changes, set("leapsome").filters),
        (Changes::Merge, Filters::UserNameOnly)
    );
    assert_eq!(set("scim-gateway").misplaces, ["manager"]);
    assert_eq!(
        (set("scimmy").page_cap, set("scimmy").changes),
        (Some(7), Changes::PutOnly)
    );
    assert_eq!(
        (set("scimmy-express-5").pages, set("scimmy-express-5").page_cap),
        (Pages::FirstOnly, Some(20))
    );
    assert_eq!(set("small").keeps, ["userName", "name", "emails", "active"]);
    let unknown = Habits::set("okta").unwrap_err().to_string();
    assert!(unknown.contains("django-scim, leapsome"), "{unknown}");
}

#[tokio::test]
async fn a_set_is_asked_for_by_name_and_single_switches_add_to_it() {
    assert_eq!(
        Habits::parse("set=canaille").unwrap(),
        ("set".to_owned(), json!("canaille"))
    );
    assert!(Habits::parse("set=okta").unwrap_err().to_string().contains("canaille"));
    let service = service(json!({ "set": "canaille", "page_cap": 3 })).await;
    let habits = json_of(service.control(Method::GET, "habits", &Value::Null).await).await;
    assert_eq!(
        (&habits["fails_counted"], &habits["page_cap"]),
        (&json!(true), &json!(3))
    );
    service.becomes(json!({ "set": "scimmy", "page_cap": 3 })).await;
    let habits = json_of(service.control(Method::GET, "habits", &Value::Null).await).await;
    assert_eq!(
        (&habits["filters"], &habits["page_cap"]),
        (&json!("refused"), &json!(3))
    );
    let answer = service.control(Method::PUT, "habits", &json!({ "set": "okta" })).await;
    assert_eq!(answer.status(), 422);
    assert_eq!(body_of(answer).await["errors"][0]["pointer"], "/set");
    service.running.stop().await;
}
