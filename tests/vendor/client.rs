//! Clients of others, from `PyPI`, list everybody from the emulators.
//!
//! `PyBambooHR` always asks the vendor's own host, over HTTPS, and has no option
//! for another one; its one member that holds the address, `base_url`, is set to the emulator's. All else is its own.
//! `factorial-api-client` is the vendor's own, for the version of the API that the connector reads. It takes any address.

use std::collections::{BTreeMap, BTreeSet};

use emulators::Kind;
use serde_json::Value;

use crate::support::{emulated, run, text_of, truth};

/// A person, as the script prints one: the names and the e-mail.
type Person = BTreeMap<String, Value>;

#[tokio::test]
async fn a_client_of_others_lists_everybody_with_their_names_and_addresses() {
    let running = emulated(Kind::BambooHr, 120).await;
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

#[tokio::test]
async fn the_vendors_own_client_lists_everybody_at_factorial_with_what_belongs_to_them() {
    let running = emulated(Kind::Factorial, 120).await;
    let said = run("list_factorial.py", &[&running.url(), running.api_key()]).await;
    let lists: BTreeMap<String, Vec<Value>> = serde_json::from_str(&said).unwrap();
    let truth = truth(&running.url()).await;
    let people = &lists["people"];
    let ids: BTreeSet<String> = people.iter().map(|person| text_of(&person["id"])).collect();
    assert_eq!(ids, truth.keys().cloned().collect());
    assert_eq!(people.len(), ids.len());
    for person in people {
        let true_person = &truth[&text_of(&person["id"])];
        for (own, theirs) in [
            ("first_name", "first_name"),
            ("last_name", "last_name"),
            ("email", "work_email"),
        ] {
            assert_eq!(text_of(&person[own]), text_of(&true_person[theirs]), "{own}");
        }
    }
    let jobs = lists["contracts"].iter();
    let jobs = jobs.map(|contract| (text_of(&contract["employee_id"]), text_of(&contract["job_title"])));
    let jobs: BTreeMap<String, String> = jobs.collect();
    for (id, person) in &truth {
        let title = jobs.get(id).map_or("", String::as_str);
        assert_eq!(title, text_of(&person["job_title"]), "the job of {id}");
    }
    for list in [
        "memberships",
        "teams",
        "locations",
        "legal_entities",
        "fields",
        "values",
    ] {
        assert!(!lists[list].is_empty(), "{list}");
    }
    running.stop().await;
}
