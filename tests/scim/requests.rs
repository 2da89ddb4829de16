//! What a person costs a server: each request counts against the server's limit.

use emulators::scim::{self, Asked, Habits, Options, Running};
use serde_json::json;

use crate::support::Journey;

/// How many people are written at one time.
const TOGETHER: usize = 16;
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Returns the requests for users since the first `before`.
fn asked(service: &Running, before: usize) -> Vec<Asked> {
    let asked = service.asked().into_iter().skip(before);
    asked.filter(|asked| asked.target.contains("/Users")).collect()
}

#[tokio::test]
async fn a_joiner_costs_two_requests_and_the_manager_two_and_a_change_two() {
    for versionless in [false, true] {
        cost(versionless).await;
    }
}

async fn cost(versionless: bool) {
    let habits = Habits {
        versionless,
        ..Habits::default()
    };
    let service = scim::start(Options { port: 0, habits }).await.unwrap();
    let mut journey = Journey::start(&service.base(), scim::TOKEN, "generic").await;
    let (_, plan) = journey.night().await;
    let before = service.asked().len();
    journey.apply(&plan).await;
    let users = service.users();
    let led = users
        .iter()
        .filter(|user| !user[ENTERPRISE]["manager"].is_null())
        .count();
    assert!(led > 10, "{led} of {} have a manager", users.len());
    // The first people who are written at one time are read once more, until an answer is believed.
    let usual = 2 * users.len() + 2 * led;
    let asked_first = asked(&service, before).len();
    assert!(
        (usual..=usual + 3 * TOGETHER).contains(&asked_first),
        "{asked_first}, usually {usual}"
    );

    journey.pass_hours(24);
    let joiner = json!({ "first_name": "Nova", "last_name": "Noon", "work_email": "nova.noon@kettle.example" });
    journey.hire_at(0, &joiner).await;
    let people = journey.everybody().await;
    for employee in &people[..5] {
        journey.change(employee, &json!({ "job_title": "Astronomer" })).await;
    }
    journey.let_go(&people[7]).await;
    let (_, plan) = journey.night().await;
    let before = service.asked().len();
    let run = journey.apply(&plan).await;
    assert!(run.errors.is_empty(), "{run:?}");
    let counts = plan.plan.counts;
    let changes = usize::try_from(counts.changes() + plan.plan.references).unwrap();
    let asked = asked(&service, before);
    // The first leaver is read once more, too.
    assert_eq!(asked.len(), 2 * changes + 1, "{counts:?} {asked:?}");
    service.stop().await;
}
