//! What is particular to a SCIM server: what it does not have, what it may refuse, and what others do on it meanwhile.

use std::{collections::BTreeMap, sync::Arc};

use acceptance::journey::{Nobody, Office, Plot, Stage, play};
use rollcall::{
    connection::{Preset, RehirePolicy},
    employee::Canonical,
    plan::{Code, Finding},
    store::{RunRecord, RunStatus},
};
use serde_json::{Value, json};

use crate::support::{automatic, errors, prepared};

/// A stage on which so many people have an account.
async fn settled(people: u64) -> Stage {
    let office = Office::new("7");
    office.hire_many(1..=people);
    let stage = automatic(&office).await;
    let diff = stage.night().await.unwrap();
    assert_eq!(diff.counts.joiners, u32::try_from(people).unwrap());
    stage.pass_hours(24);
    stage
}

/// What the plan of a diff found.
async fn findings(stage: &Stage, diff: &RunRecord) -> Vec<Finding> {
    let plan = diff.plan.as_ref().unwrap();
    let plan = stage.store.find_plan(plan, stage.now()).await.unwrap().unwrap();
    stage.store.list_findings(&plan).await.unwrap()
}

/// Whom a code was found for.
fn found(findings: &[Finding], code: Code) -> Vec<&str> {
    let of_code = findings.iter().filter(|finding| finding.code == code);
    of_code
        .filter_map(|finding| Some(finding.employee_id.as_ref()?.as_str()))
        .collect()
}

async fn email(stage: &Stage, employee: u64) -> String {
    let account = stage.account_of(employee).await.unwrap();
    account.value(Canonical::Email).unwrap().to_owned()
}

async fn title(stage: &Stage, employee: u64) -> String {
    let account = stage.account_of(employee).await.unwrap();
    account.value(Canonical::JobTitle).unwrap_or_default().to_owned()
}

fn user(stage: &Stage, id: &str) -> Value {
    let users = stage.server().unwrap().users();
    users.into_iter().find(|user| user["id"] == id).unwrap()
}

/// How often a user was written to since `seen` requests ago.
fn writes_to(stage: &Stage, id: &str, seen: usize) -> usize {
    let asked = stage.server().unwrap().asked();
    let to_user = |target: &str| target.ends_with(&format!("/Users/{id}"));
    let since = asked.iter().skip(seen);
    since
        .filter(|asked| asked.method != "GET" && to_user(&asked.target))
        .count()
}

/// Claims are told by the connection's record, where no credential is left to ask the target with.
#[tokio::test]
async fn r04_a_connection_names_its_target_as_the_target_names_itself() {
    let stage = settled(1).await;
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    assert_eq!(connection.record.target_identity(), stage.target().unwrap().identity());
}

#[tokio::test]
async fn r20_a_swap_of_addresses_is_a_listed_conflict_and_an_address_that_is_freed_is_taken() {
    let stage = settled(7).await;
    let office = &stage.office;
    office.set(3, Canonical::WorkEmail, "p4@example.com");
    office.set(4, Canonical::WorkEmail, "p3@example.com");
    office.set(6, Canonical::WorkEmail, "p5@example.com");
    office.set(5, Canonical::WorkEmail, "five@example.com");
    office.set(2, Canonical::JobTitle, "Head");
    let diff = stage.night().await.unwrap();
    let mut swap = Vec::new();
    let listed = findings(&stage, &diff).await;
    swap.extend(found(&listed, Code::EmailCycle));
    swap.sort_unstable();
    assert_eq!(swap, ["3", "4"]);
    assert_eq!(diff.counts.movers, 3);
    let run = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
    assert_eq!((run.status, errors(&run)), (RunStatus::Succeeded, Vec::new()));
    let emails = [email(&stage, 3).await, email(&stage, 4).await];
    assert_eq!(
        emails,
        ["p3@example.com", "p4@example.com"],
        "nobody's address was taken"
    );
    let emails = [email(&stage, 5).await, email(&stage, 6).await];
    assert_eq!(emails, ["five@example.com", "p5@example.com"]);
    assert_eq!(title(&stage, 2).await, "Head");
}

#[tokio::test]
async fn r15_who_was_switched_off_by_hand_stays_off_and_who_was_by_us_comes_back_in_one_request() {
    let mut configuration = Preset::Users.configuration();
    configuration.rehires = RehirePolicy::Reactivate;
    let office = Office::new("7");
    office.hire_many(1..=3);
    let mut stage = Stage::new(crate::ground().await, &office).unwrap();
    stage.connect(configuration).await.unwrap();
    stage.night().await.unwrap();
    stage.pass_hours(24);
    let by_hand = stage.account_of(2).await.unwrap().id;
    stage.switch_by_hand(&by_hand, false).await.unwrap();
    stage.office.end(3, "2026-03-02");
    let diff = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(diff.counts.leavers, 1);
    assert!(!stage.account_of(3).await.unwrap().active);

    let office = &stage.office;
    office
        .set(3, Canonical::TerminationDate, "")
        .set(3, Canonical::JobTitle, "Head");
    let ours = stage.account_of(3).await.unwrap().id;
    let seen = stage.server().unwrap().asked().len();
    let diff = stage.pass_hours(24).night().await.unwrap();
    let listed = findings(&stage, &diff).await;
    assert_eq!(found(&listed, Code::DeactivatedByHand), ["2"]);
    assert_eq!(diff.counts.rehires, 1);
    play(&stage).await.unwrap();
    let back = stage.account_of(3).await.unwrap();
    assert!(back.active);
    assert_eq!(title(&stage, 3).await, "Head");
    assert_eq!(writes_to(&stage, ours.as_str(), seen), 1);
    assert_eq!(writes_to(&stage, by_hand.as_str(), seen), 0);
    assert!(!stage.account_of(2).await.unwrap().active);
}

#[tokio::test]
async fn r27_accounts_that_nobody_linked_are_counted_listed_and_left_alone() {
    let stage = settled(3).await;
    let server = stage.server().unwrap();
    let stranger = server.add(&json!({ "userName": "stranger@elsewhere.example", "externalId": "another:system:2" }));
    let service = server.add(&json!({ "userName": "backup-robot", "title": "Robot" }));
    let before = [user(&stage, &stranger), user(&stage, &service)];
    stage.office.set(2, Canonical::JobTitle, "Head").end(3, "2026-03-02");
    let diff = stage.pass_hours(24).night().await.unwrap();
    let listed = findings(&stage, &diff).await;
    let unmanaged = listed.iter().filter(|finding| finding.code == Code::Unmanaged);
    assert_eq!(unmanaged.count(), 2);
    play(&stage).await.unwrap();
    assert_eq!([user(&stage, &stranger), user(&stage, &service)], before);
}

/// Between our look and our write somebody changes the user: the version that we saw no longer holds, and theirs stays.
#[tokio::test]
async fn r28_a_change_between_look_and_write_is_skipped_and_said() {
    let stage = settled(3).await;
    stage.office.set(2, Canonical::JobTitle, "Head");
    stage.server().unwrap().change_habits(|habits| habits.meddles = 1);
    let diff = stage.night().await.unwrap();
    let run = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
    assert_eq!(errors(&run), [("changed_since_plan", Some("2"))]);
    assert_eq!(title(&stage, 2).await, "By Hand");
    let next = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(next.counts.movers, 1, "the next plan sees it");
    assert_eq!(title(&stage, 2).await, "Head");
}

#[tokio::test]
async fn r31_a_user_whom_the_server_refuses_is_named_and_nobody_else_is_stopped() {
    for html in [false, true] {
        let stage = settled(5).await;
        for employee in 1..=5 {
            stage.office.set(employee, Canonical::JobTitle, "Head");
        }
        let refused = email(&stage, 3).await;
        stage.server().unwrap().change_habits(|habits| {
            habits.forbids = vec![refused];
            habits.html_errors = html;
        });
        let diff = stage.night().await.unwrap();
        let run = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
        assert_eq!(run.status, RunStatus::SucceededWithErrors);
        assert_eq!(errors(&run), [("refused", Some("3"))]);
        for employee in [1, 2, 4, 5] {
            assert_eq!(title(&stage, employee).await, "Head");
        }
    }
}

/// Everything of a rich night at once on a server that is as bad as servers get: it ends as on a good one.
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
        habits.changed = emulators::scim::Changed::Stale;
        habits.changes = emulators::scim::Changes::PutNotImplemented;
        habits.totals = emulators::scim::Totals::OfPage;
    });
    play(&bad).await.unwrap();
    let (bad, good) = (shown(&bad), shown(&good));
    let only = |these: &[String], those: &[String]| these.iter().find(|user| !those.contains(user)).cloned();
    assert_eq!((only(&bad, &good), only(&good, &bad)), (None, None));
    assert_eq!(bad, good);
}

/// Whom a server keeps, without its ids, which go by the order of requests, and without how often each was written.
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
        // Who replaces says which schemas there are; who patches need not.
        for own in ["id", "meta", "schemas"] {
            user[own] = Value::Null;
        }
    }
    let mut users: Vec<String> = users.iter().map(Value::to_string).collect();
    users.sort();
    users
}
