//! `PyBambooHR` of `PyPI` lists everybody from the emulator. It always asks the vendor's own host, over HTTPS, and has no option
//! for another one; its one member that holds the address, `base_url`, is set to the emulator's. All else is its own.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{bamboohr, bare_client, run};

/// A person, as the script prints one: the names and the e-mail.
type Person = BTreeMap<String, Value>;

/// Returns all people as they really are, by id.
async fn truth(url: &str) -> BTreeMap<String, Value> {
    let answer = bare_client().get(format!("{url}/_emulator/people")).send().await;
    let text = answer.unwrap().text().await.unwrap();
    let people: Value = serde_json::from_str(&text).unwrap();
    let people = people["data"].as_array().unwrap().clone();
    let by_id = people
        .into_iter()
        .map(|person| (text_of(&person["employee_id"]), person));
    by_id.collect()
}

/// Returns a value as the client has it: nothing is an empty text.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(_) | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

#[tokio::test]
async fn a_client_of_others_lists_everybody_with_their_names_and_addresses() {
    let running = bamboohr(120).await;
    let site = running.site_of(0).unwrap();
    let company = site.split('.').next().unwrap();
    let said = run("list_everybody.py", &[&running.url(), company, running.api_key()]).await;
    let lists: BTreeMap<String, BTreeMap<String, Person>> = serde_json::from_str(&said).unwrap();
    let truth = truth(&running.url()).await;
    // A report has everybody, also those who left and those who have not begun.
    let report = &lists["report"];
    assert_eq!(report.keys().collect::<Vec<_>>(), truth.keys().collect::<Vec<_>>());
    for (id, person) in &truth {
        for (own, theirs) in [
            ("firstName", "first_name"),
            ("lastName", "last_name"),
            ("workEmail", "work_email"),
            ("hireDate", "start_date"),
        ] {
            assert_eq!(text_of(&report[id][own]), text_of(&person[theirs]), "{own} of {id}");
        }
    }
    // The directory has those who are active, each with the same name.
    let directory = &lists["directory"];
    assert!(
        directory.len() >= 120 && directory.len() < truth.len(),
        "{}",
        directory.len()
    );
    for (id, person) in directory {
        assert_eq!(text_of(&person["lastName"]), text_of(&truth[id]["last_name"]), "{id}");
    }
    running.stop().await;
}
