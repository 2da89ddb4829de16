//! A person or a tenant is erased: nothing is left of them, nothing is made anew, and everything else goes on (R37).

mod handed;
mod kept;
mod meanwhile;

use std::sync::Arc;

use acceptance::journey::{Ground, Nobody, Office, Stage, Verdict, Watch};
use rollcall::{
    connection::{Decision, DecisionRecord, Preset},
    employee::{Canonical, EmployeeId},
    plan::{Code, State},
    queue::QueueName,
    run::{
        Actor, ConnectError, ErasureRefused, Held, Named, Receipt, approve, erase_person, erase_tenant, load_person,
        readmit_tenant, request_diff, secret_name,
    },
    store::{Erased, RunStatus, Write},
};

use crate::support::{Nth, last_run, next_letter};

/// A name that stands in the values of the person who is erased, and nowhere else.
const CANARY: &str = "Canarybird";

fn office() -> Office {
    let office = Office::new("7");
    office.hire_many(1..=9);
    office.hire(10, CANARY, "Last").set(9, Canonical::Manager, "10");
    office
}

async fn settled(office: &Office, watch: Arc<dyn Watch>) -> Stage {
    let ground = Ground {
        watch,
        ..Ground::memory()
    };
    let mut stage = Stage::new(ground, office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    stage
}

fn person() -> EmployeeId {
    EmployeeId::parse("10").unwrap()
}

async fn erase(stage: &Stage) -> Result<Receipt, ErasureRefused> {
    erase_person(
        &stage.ports,
        stage.directory.as_ref(),
        &Actor::named("admin-3"),
        &stage.tenant,
        &Named::Bare,
        &person(),
    )
    .await
}

/// Returns everything that is held on the person.
async fn shown(stage: &Stage) -> Held {
    let (directory, tenant) = (stage.directory.as_ref(), &stage.tenant);
    let shown = load_person(&stage.ports, directory, tenant, &Named::Bare, &person()).await;
    shown.unwrap()
}

/// Returns what the connections hold on the person, in one text.
async fn held(stage: &Stage) -> String {
    format!("{:?}", shown(stage).await.connections)
}

/// Returns whether a value of the person is in any roster, plan or account that is kept.
async fn is_anywhere(stage: &Stage) -> bool {
    let mut found = false;
    for id in stage.store.list_rosters(&stage.connection).await.unwrap() {
        let roster = stage
            .store
            .find_roster(&stage.connection, &id, stage.now())
            .await
            .unwrap();
        for employee in roster.unwrap().employees().unwrap() {
            found |= employee.attributes.as_packed().contains(CANARY);
        }
    }
    for account in stage.accounts().await.unwrap() {
        found |= account.attributes.as_packed().contains(CANARY);
    }
    for id in stage.store.list_plans(&stage.connection).await.unwrap() {
        let Some(plan) = stage.store.find_plan(&id, stage.now()).await.unwrap() else {
            continue;
        };
        for chunk in 0..plan.chunks {
            let lines = stage.store.find_lines(&plan, chunk).await.unwrap().unwrap();
            let lines = zstd::bulk::decompress(&lines, 1 << 20).unwrap();
            found |= String::from_utf8(lines).unwrap().contains(CANARY);
        }
    }
    found
}

async fn decide(stage: &Stage) {
    let decision = DecisionRecord {
        employee_id: person(),
        decision: Decision::Keep,
        reason: "asked for".to_owned(),
        by: "admin-3".to_owned(),
        at: stage.now(),
    };
    let write = Write::Decision {
        connection: &stage.connection,
        decision: &decision,
    };
    stage.store.act(&[write]).await.unwrap();
}

/// Returns how much of the person is erased, wherever the erasure breaks off.
fn whole() -> Erased {
    Erased {
        rosters: 1,
        plans: 1,
        links: 1,
        decisions: 1,
        accounts: 1,
        history: 1,
        ..Erased::default()
    }
}

#[tokio::test]
async fn r37_everything_held_on_a_person_is_shown_and_then_gone() {
    let office = office();
    let stage = settled(&office, Arc::new(Nobody)).await;
    decide(&stage).await;
    assert!(is_anywhere(&stage).await);
    let shown = shown(&stage).await;
    let [held_by] = &shown.connections[..] else {
        panic!("one connection holds something");
    };
    assert_eq!(
        (held_by.rosters.len(), held_by.plans.len(), held_by.history.len()),
        (1, 1, 1)
    );
    assert!(held_by.rosters[0].1.attributes.as_packed().contains(CANARY));
    assert!(held_by.link.is_some() && held_by.decision.is_some() && held_by.account.is_some());

    let receipt = erase(&stage).await.unwrap();
    assert_eq!(receipt.erased, whole());
    assert_eq!((receipt.by.as_str(), receipt.done_at), ("admin-3", stage.now()));
    assert_eq!(
        receipt.recoverable_until.duration_since(receipt.done_at).as_hours(),
        35 * 24
    );
    assert!(receipt.remains[0].contains("point-in-time"));
    assert!(!is_anywhere(&stage).await);
    assert_eq!(held(&stage).await, "[]");
    assert_eq!(stage.accounts().await.unwrap().len(), 9);
}

#[tokio::test]
async fn r37_whoever_was_erased_is_not_made_again_however_long_hr_shows_them() {
    let office = office();
    let stage = settled(&office, Arc::new(Nobody)).await;
    erase(&stage).await.unwrap();
    for _ in 0..3 {
        office.set(10, Canonical::JobTitle, "Cook");
        let night = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(
            (night.status, night.counts.skipped, night.counts.unchanged),
            (RunStatus::Succeeded, 1, 9)
        );
        assert!(!is_anywhere(&stage).await);
        let plan = stage
            .store
            .find_plan(night.plan.as_ref().unwrap(), stage.now())
            .await
            .unwrap();
        let findings = stage.store.list_findings(&plan.unwrap()).await.unwrap();
        let about: Vec<_> = findings
            .iter()
            .filter(|finding| finding.employee_id == Some(person()))
            .collect();
        assert_eq!(
            (about.len(), about[0].state, about[0].code),
            (1, State::Skipped, Code::Erased)
        );
    }
    assert_eq!(stage.accounts().await.unwrap().len(), 9);
    // The other people are carried over as ever.
    office.set(1, Canonical::JobTitle, "Cook");
    assert_eq!(stage.pass_hours(24).night().await.unwrap().counts.movers, 1);
}

#[tokio::test]
async fn r37_the_name_of_a_person_goes_from_the_errors_of_runs() {
    let office = office();
    let stage = settled(&office, Arc::new(Nobody)).await;
    let mut run = last_run(&stage).await;
    for id in ["10", "9"] {
        run.errors.push(rollcall::store::RunError {
            code: "refused".to_owned(),
            employee_id: Some(EmployeeId::parse(id).unwrap()),
            detail: "refused".to_owned(),
        });
    }
    assert!(stage.store.put_run(&run, 9).await.is_ok());
    assert!(held(&stage).await.contains("refused"));
    let lease_moves_on = async || {
        // The writes of an erasure carry a fencing token, like the writes of any holder of the lease.
        for _ in 0..10 {
            request_diff(&stage.ports, &stage.connection).await.unwrap();
            stage.deliver().await.unwrap();
        }
    };
    lease_moves_on().await;
    assert_eq!(erase(&stage).await.unwrap().erased.runs, 1);
    let clean = stage.run(&run.id).await.unwrap();
    let left: Vec<_> = clean
        .errors
        .iter()
        .filter_map(|error| error.employee_id.as_ref())
        .collect();
    assert_eq!(left, [&EmployeeId::parse("9").unwrap()]);
}

#[tokio::test]
async fn r37_an_erasure_waits_for_a_run_at_work_and_takes_its_open_plan_along() {
    let office = office();
    let mut stage = Stage::new(Ground::memory(), &office).unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.ports.settings.slice_steps = 4;
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Diff)).await.unwrap();
    stage.handle(&next_letter(&stage, QueueName::Apply)).await.unwrap();
    assert!(matches!(erase(&stage).await, Err(ErasureRefused::Busy)));
    stage.deliver().await.unwrap();

    for id in 1..=8 {
        office.end(id, "2026-03-01");
    }
    stage.pass_hours(24).night().await.unwrap();
    let held_plan = stage.open_plan().await.unwrap().unwrap().plan;
    assert_eq!(erase(&stage).await.unwrap().erased.accounts, 1);
    assert_eq!(stage.open_plan().await.unwrap(), None);
    assert!(
        approve(
            &stage.ports,
            &Actor::named("somebody"),
            &held_plan.id,
            &held_plan.hash,
            &[]
        )
        .await
        .is_err()
    );
    let night = stage.pass_hours(24).night().await.unwrap();
    assert_eq!((night.counts.leavers, night.counts.skipped), (8, 1));
}

#[tokio::test]
async fn r37_an_erasure_of_a_person_that_dies_anywhere_is_finished_when_it_is_asked_for_again() {
    for verdict in [Verdict::Fail, Verdict::LoseReply] {
        let mut writes = 1;
        loop {
            let watch = Nth::new(writes, verdict);
            let office = office();
            let stage = settled(&office, Arc::clone(&watch) as _).await;
            decide(&stage).await;
            watch.arm();
            let first = erase(&stage).await;
            if watch.writes() < writes {
                assert!(first.is_ok() && writes > 8, "{writes}");
                break;
            }
            let context = format!("{verdict:?} of write {writes}");
            stage.clock.advance(stage.ports.settings.lease);
            assert_eq!(erase(&stage).await.unwrap().erased, whole(), "{context}");
            assert!(!is_anywhere(&stage).await, "{context}");
            assert_eq!(held(&stage).await, "[]", "{context}");
            let night = stage.pass_hours(24).night().await.unwrap();
            assert_eq!((night.counts.skipped, night.counts.joiners), (1, 0), "{context}");
            writes += 1;
        }
    }
}

async fn assert_tenant_gone(stage: &Stage, context: &str) {
    let (store, id) = (&stage.store, &stage.connection);
    assert!(store.find_connection(id).await.unwrap().is_none(), "{context}");
    assert!(
        store.list_connection_ids(None, 10).await.unwrap().is_empty(),
        "{context}"
    );
    assert!(store.list_links(id).await.unwrap().is_empty(), "{context}");
    assert!(store.list_rosters(id).await.unwrap().is_empty(), "{context}");
    assert!(store.list_plans(id).await.unwrap().is_empty(), "{context}");
    assert!(store.list_runs(id, None, 10).await.unwrap().is_empty(), "{context}");
    assert!(store.list_decisions(id).await.unwrap().is_empty(), "{context}");
    assert_eq!(store.find_configuration(id, 1).await.unwrap(), None, "{context}");
    assert!(stage.accounts().await.unwrap().is_empty(), "{context}");
    let secret = stage.ports.secrets.find_secret(&secret_name(id)).await.unwrap();
    assert!(secret.is_none(), "{context}");
}

#[tokio::test]
async fn r37_of_an_erased_tenant_nothing_is_left_and_nothing_is_made_again() {
    let office = office();
    let mut stage = settled(&office, Arc::new(Nobody)).await;
    decide(&stage).await;
    erase(&stage).await.unwrap();
    stage.pass_hours(24).night().await.unwrap();
    request_diff(&stage.ports, &stage.connection).await.unwrap();
    let receipt = erase_tenant(&stage.ports, &Actor::named("admin-3"), &stage.tenant)
        .await
        .unwrap();
    assert_tenant_gone(&stage, "once").await;
    let erased = receipt.erased;
    assert_eq!((erased.connections, erased.accounts, erased.history), (1, 9, 10));
    assert_eq!(
        (erased.rosters, erased.plans, erased.links, erased.secrets),
        (1, 1, 9, 1)
    );
    assert_eq!(erased.runs, 4, "two diffs, an apply, and one that was only asked for");
    assert_eq!(receipt.person, None);

    // A message that is still under way finds nothing and makes nothing.
    stage.deliver().await.ok();
    assert_eq!(stage.morning().await.unwrap().connections, 0);
    assert_tenant_gone(&stage, "after a late message").await;
    let again = stage.connect(Preset::Users.configuration()).await.unwrap_err();
    assert!(matches!(again.downcast_ref(), Some(ConnectError::Erased)), "{again}");
    let repeated = erase_tenant(&stage.ports, &Actor::named("admin-3"), &stage.tenant)
        .await
        .unwrap();
    assert_eq!(repeated.erased, erased, "the receipt tells of all times");

    readmit_tenant(&stage.ports, &Actor::named("somebody"), &stage.tenant)
        .await
        .unwrap();
    stage.connect(Preset::Users.configuration()).await.unwrap();
    stage.night().await.unwrap();
    assert_eq!(stage.accounts().await.unwrap().len(), 10, "a new beginning");
}

#[tokio::test]
async fn r37_an_erasure_of_a_tenant_that_dies_anywhere_is_finished_when_it_is_asked_for_again() {
    let mut writes = 1;
    loop {
        let watch = Nth::new(writes, Verdict::LoseReply);
        let office = office();
        let stage = settled(&office, Arc::clone(&watch) as _).await;
        watch.arm();
        let first = erase_tenant(&stage.ports, &Actor::named("admin-3"), &stage.tenant).await;
        if watch.writes() < writes {
            assert!(first.is_ok() && writes > 10, "{writes}");
            return;
        }
        stage.clock.advance(stage.ports.settings.lease);
        erase_tenant(&stage.ports, &Actor::named("admin-3"), &stage.tenant)
            .await
            .unwrap();
        assert_tenant_gone(&stage, &format!("write {writes}")).await;
        writes += 1;
    }
}
