//! What is special about a SCIM server: how it is named, and that its habits make no difference. tests/scim holds its rules,
//! tried with whole connections to an emulated server and to a real one.

use std::{collections::BTreeMap, sync::Arc};

use acceptance::journey::{Nobody, Office, Plot, Stage, play};
use emulators::scim::{Changed, Changes, Totals};
use serde_json::{Value, json};

use crate::support::{automatic, prepared};

/// The connection's record names the claim on a target, where no credential is left to ask the target with.
#[tokio::test]
async fn r04_a_connection_names_its_target_as_the_target_names_itself() {
    let stage = automatic(&Office::new("7")).await;
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    assert_eq!(connection.record.target_identity(), stage.target().unwrap().identity());
}

/// Everything of a rich night happens at once on a server that is as bad as servers get: the night ends as on a good server.
#[tokio::test]
async fn r29_a_rich_night_on_a_server_of_bad_habits_ends_as_on_a_good_one() {
    let good = prepared(Plot::Rich, Arc::new(Nobody), None).await;
    play(&good).await.unwrap();
    let bad = prepared(Plot::Rich, Arc::new(Nobody), None).await;
    bad.server().unwrap().change_habits(|habits| {
        habits.lost_creates = 2;
        habits.lost_changes = 2;
        habits.page_cap = Some(3);
        habits.html_errors = true;
        habits.active_as_text = true;
        habits.changed = Changed::Stale;
        habits.changes = Changes::PutNotImplemented;
        habits.totals = Totals::OfPage;
    });
    play(&bad).await.unwrap();
    let (bad, good) = (shown(&bad), shown(&good));
    let only = |these: &[String], those: &[String]| these.iter().find(|user| !those.contains(user)).cloned();
    assert_eq!((only(&bad, &good), only(&good, &bad)), (None, None));
    assert_eq!(bad, good);
}

/// Returns the users that a server keeps, without their ids, which follow the order of requests, and without how often each
/// user was written.
fn shown(stage: &Stage) -> Vec<String> {
    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let text = |user: &Value, name: &str| user[name].as_str().unwrap_or_default().to_owned();
    let mut users = stage.server().unwrap().users();
    let names: BTreeMap<String, String> = users
        .iter()
        .map(|user| (text(user, "id"), text(user, "userName")))
        .collect();
    for user in &mut users {
        let manager = user[ENTERPRISE]["manager"]["value"].as_str();
        let manager = manager.map(|id| names[id].clone());
        user[ENTERPRISE] = json!({ "manager": manager });
        // A request that replaces a user says which schemas it has; a request that patches a user need not.
        for own in ["id", "meta", "schemas"] {
            user[own] = Value::Null;
        }
    }
    let mut users: Vec<String> = users.iter().map(Value::to_string).collect();
    users.sort();
    users
}
