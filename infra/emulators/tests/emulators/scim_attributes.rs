//! Habits of the SCIM service about attributes: what is forgotten, refused, needed, put elsewhere, or cannot be changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    scim_support::service,
    support::{body_of, json_of},
};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Returns a user with something of everything.
fn ana() -> Value {
    json!({
        "userName": "ana@a.example", "externalId": "x:1", "title": "Cook",
        "name": { "givenName": "Ana", "familyName": "Ruiz" },
        "emails": [{ "value": "ana@a.example", "type": "work", "primary": true }],
        ENTERPRISE: { "division": "Kitchen", "costCenter": "7" },
    })
}

#[tokio::test]
async fn what_is_dropped_is_taken_and_forgotten_wherever_it_stands() {
    let service = service(json!({ "drops": ["title", "division", "emails.type", "name.familyName"] })).await;
    let path = service.make(&ana()).await;
    let kept = json_of(service.get(&path).await).await;
    assert_eq!(
        (&kept["title"], &kept["name"]),
        (&Value::Null, &json!({ "givenName": "Ana" }))
    );
    assert_eq!(kept["emails"], json!([{ "value": "ana@a.example", "primary": true }]));
    assert_eq!(kept[ENTERPRISE], json!({ "costCenter": "7" }));
    let change = json!({ "op": "replace", "path": format!("{ENTERPRISE}:division"), "value": "Bar" });
    assert_eq!(service.patch(&path, change).await, 200);
    assert_eq!(
        service.shows(&path, &format!("/{ENTERPRISE}/division")).await,
        Value::Null
    );

    service
        .becomes(json!({ "keeps": ["userName", "name", "active"] }))
        .await;
    let path = service
        .make(&json!({ "userName": "bo@a.example", "title": "Cook", ENTERPRISE: { "division": "Bar" } }))
        .await;
    let kept = json_of(service.get(&path).await).await;
    let names: Vec<&String> = kept.as_object().unwrap().keys().collect();
    assert_eq!(names, ["active", "id", "meta", "schemas", "userName"]);
    service.running.stop().await;
}

#[tokio::test]
async fn what_is_refused_is_a_400_in_each_form_and_with_or_without_a_kind() {
    let service = service(json!({ "refuses_attributes": ["emails.type", "externalId", "division"] })).await;
    let mut user = ana();
    for name in ["emails", "externalId", ENTERPRISE] {
        let refused = service.send(Method::POST, "/Users", &user).await;
        assert_eq!(refused.status(), 400, "{name}");
        assert_eq!(body_of(refused).await["scimType"], "invalidValue");
        user[name] = Value::Null;
    }
    user["emails"] = json!([{ "value": "ana@a.example", "primary": true }]);
    let path = service.make(&user).await;
    let division = format!("{ENTERPRISE}:division");
    for operation in [
        json!({ "op": "replace", "path": division, "value": "Bar" }),
        json!({ "op": "add", "value": { division: "Bar" } }),
        json!({ "op": "add", "value": { ENTERPRISE: { "division": "Bar" } } }),
        json!({ "op": "replace", "path": "externalId", "value": "x:1" }),
        json!({ "op": "replace", "path": "emails", "value": [{ "value": "a@a.example", "type": "work" }] }),
    ] {
        assert_eq!(service.patch(&path, operation.clone()).await, 400, "{operation}");
    }
    assert_eq!(service.send(Method::PUT, &path, &ana()).await.status(), 400);
    service
        .becomes(json!({ "refuses_attributes": ["title"], "refuses_without_kind": true }))
        .await;
    let refused = service.send(Method::PUT, &path, &ana()).await;
    assert_eq!(refused.status(), 400);
    assert_eq!(body_of(refused).await["scimType"], Value::Null);
    service.running.stop().await;
}

#[tokio::test]
async fn a_user_without_what_is_needed_is_a_400_whether_new_or_changed() {
    let service = service(json!({ "needs": ["name.familyName", "name.formatted"] })).await;
    let mut user = ana();
    assert_eq!(service.send(Method::POST, "/Users", &user).await.status(), 400);
    user["name"]["formatted"] = json!("Ana Ruiz");
    let path = service.make(&user).await;
    let last = json!({ "op": "remove", "path": "name.familyName" });
    assert_eq!(service.patch(&path, last).await, 400);
    assert_eq!(service.shows(&path, "/name/familyName").await, "Ruiz");
    service.running.stop().await;
}

#[tokio::test]
async fn a_patch_of_some_attribute_is_always_a_500_and_a_put_of_it_is_not() {
    let service = service(json!({ "fails_patches": ["manager"] })).await;
    let path = service.make(&ana()).await;
    let manager = format!("{ENTERPRISE}:manager");
    for operation in [
        json!({ "op": "replace", "path": manager, "value": { "value": "u-9" } }),
        json!({ "op": "replace", "path": format!("{manager}.value"), "value": "u-9" }),
        json!({ "op": "add", "value": { ENTERPRISE: { "manager": { "value": "u-9" } } } }),
        json!({ "op": "remove", "path": manager }),
    ] {
        assert_eq!(service.patch(&path, operation.clone()).await, 500, "{operation}");
    }
    let title = json!({ "op": "replace", "path": "title", "value": "Chef" });
    assert_eq!(service.patch(&path, title).await, 200);
    let mut user = ana();
    user[ENTERPRISE]["manager"] = json!({ "value": "u-9" });
    assert_eq!(service.send(Method::PUT, &path, &user).await.status(), 200);
    assert_eq!(
        service.shows(&path, &format!("/{ENTERPRISE}/manager/value")).await,
        "u-9"
    );
    service.running.stop().await;
}

#[tokio::test]
async fn a_manager_is_put_under_a_member_named_as_its_path_in_one_form_and_in_its_place_in_others() {
    let service = service(json!({ "misplaces": ["manager"] })).await;
    let path = service.make(&ana()).await;
    let manager = format!("{ENTERPRISE}:manager");
    let shown = format!("/{ENTERPRISE}/manager/value");
    let first = json!({ "op": "replace", "path": manager, "value": { "value": "u-1" } });
    assert_eq!(service.patch(&path, first).await, 200);
    assert_eq!(service.shows(&path, &shown).await, Value::Null);
    assert_eq!(service.shows(&path, &format!("/{manager}/value")).await, "u-1");
    for (operation, is) in [
        (
            json!({ "op": "replace", "path": format!("{manager}.value"), "value": "u-2" }),
            "u-2",
        ),
        (json!({ "op": "replace", "path": manager, "value": "u-3" }), "u-3"),
        (
            json!({ "op": "replace", "value": { ENTERPRISE: { "manager": { "value": "u-4" } } } }),
            "u-4",
        ),
    ] {
        assert_eq!(service.patch(&path, operation.clone()).await, 200, "{operation}");
        assert_eq!(service.shows(&path, &shown).await, is, "{operation}");
    }
    assert_eq!(
        service.shows(&path, &format!("/{ENTERPRISE}/division")).await,
        "Kitchen"
    );
    service.running.stop().await;
}

#[tokio::test]
async fn the_whole_name_is_kept_as_sent_or_always_made_or_left_behind() {
    let given = json!({ "op": "replace", "path": "name.givenName", "value": "Eva" });
    let whole = json!({ "op": "replace", "path": "name.formatted", "value": "Miss Ruiz" });
    for (formatted, new, renamed, sent) in [
        ("as_sent", Value::Null, Value::Null, "Miss Ruiz"),
        ("derived", json!("Ana Ruiz"), json!("Eva Ruiz"), "Eva Ruiz"),
        ("stale", json!("Ana Ruiz"), json!("Ana Ruiz"), "Miss Ruiz"),
    ] {
        let service = service(json!({ "formatted": formatted })).await;
        let path = service.make(&ana()).await;
        assert_eq!(service.shows(&path, "/name/formatted").await, new, "{formatted}");
        assert_eq!(service.patch(&path, given.clone()).await, 200);
        assert_eq!(service.shows(&path, "/name/formatted").await, renamed, "{formatted}");
        assert_eq!(service.patch(&path, whole.clone()).await, 200);
        assert_eq!(service.shows(&path, "/name/formatted").await, sent, "{formatted}");
        service.running.stop().await;
    }
}

#[tokio::test]
async fn a_user_name_that_cannot_change_is_refused_or_stays() {
    let name = json!({ "op": "replace", "value": { "userName": "eva@a.example", "title": "Chef" } });
    for (user_names, status, title) in [("change", 200, "Chef"), ("refused", 400, "Cook"), ("kept", 200, "Chef")] {
        let service = service(json!({ "user_names": user_names })).await;
        let path = service.make(&ana()).await;
        assert_eq!(service.patch(&path, name.clone()).await, status, "{user_names}");
        let is = if user_names == "change" {
            "eva@a.example"
        } else {
            "ana@a.example"
        };
        assert_eq!(service.shows(&path, "/userName").await, is, "{user_names}");
        assert_eq!(service.shows(&path, "/title").await, title, "{user_names}");
        service.running.stop().await;
    }
}

#[tokio::test]
async fn a_manager_that_was_sent_as_a_text_is_shown_with_id_and_name() {
    let service = service(json!({ "changes": "merge", "manager_as_object": true })).await;
    let boss = json!({ "userName": "bo@a.example", "externalId": "x:7", "displayName": "Bo" });
    let boss = service.make(&boss).await.replace("/Users/", "");
    let path = service.make(&ana()).await;
    for named in [boss.as_str(), "bo@a.example", "x:7"] {
        let change = json!({ ENTERPRISE: { "manager": named } });
        assert_eq!(service.send(Method::PATCH, &path, &change).await.status(), 200);
        let shown = service.shows(&path, &format!("/{ENTERPRISE}/manager")).await;
        assert_eq!(shown, json!({ "managerId": boss, "displayName": "Bo" }), "{named}");
    }
    service.running.stop().await;
}

#[tokio::test]
async fn an_operation_without_a_path_changes_what_its_value_names() {
    let service = service(json!({})).await;
    let path = service.make(&ana()).await;
    let values = json!({ "name.givenName": "Eva", "name": { "familyName": "Sol" }, "active": false, ENTERPRISE: { "division": null } });
    assert_eq!(
        service.patch(&path, json!({ "op": "replace", "value": values })).await,
        200
    );
    let user = json_of(service.get(&path).await).await;
    assert_eq!(user["name"], json!({ "givenName": "Eva", "familyName": "Sol" }));
    assert_eq!(
        (&user["active"], &user[ENTERPRISE]),
        (&json!(false), &json!({ "costCenter": "7" }))
    );
    for (operation, status) in [
        (json!({ "op": "replace", "value": "Chef" }), 400),
        (json!({ "op": "remove" }), 400),
        (json!({ "op": "replace", "value": { "active": "no" } }), 400),
        (
            json!({ "op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:title", "value": "Chef" }),
            200,
        ),
        (json!({ "op": "remove", "path": ENTERPRISE }), 200),
    ] {
        assert_eq!(service.patch(&path, operation.clone()).await, status, "{operation}");
    }
    assert_eq!(service.shows(&path, "/title").await, "Chef");
    assert_eq!(service.shows(&path, &format!("/{ENTERPRISE}")).await, Value::Null);
    service.running.stop().await;
}
