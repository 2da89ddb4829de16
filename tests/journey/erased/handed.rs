//! An account that passes from one person to another keeps nothing of the first person, and no decision names an erased person.

use std::sync::Arc;

use acceptance::journey::{Nobody, Stage, Watch};
use rollcall::{
    connection::{Connection, Decision},
    employee::{Canonical, EmployeeId},
    run::{Actor, DecideRefused, decide},
};

use super::{CANARY, erase, office, person, settled};
use crate::behind::Behind;

async fn connection(stage: &Stage) -> Connection {
    let found = stage.store.find_connection(&stage.connection).await.unwrap();
    found.unwrap().record
}

async fn decide_about(stage: &Stage, id: EmployeeId, decision: Decision) -> Result<(), DecideRefused> {
    let (actor, connection) = (Actor::named("admin-3"), connection(stage).await);
    let decided = decide(&stage.ports, &actor, &connection, id, decision, "asked for".to_owned());
    decided.await.map(drop)
}

#[tokio::test]
async fn r37_an_account_that_is_given_to_another_person_keeps_no_history_of_the_first() {
    let office = office();
    let stage = settled(&office, Arc::new(Nobody)).await;
    let account = stage.account_of(10).await.unwrap().id;
    let history = async || {
        let (directory, now) = (&stage.directory, stage.now());
        let listed = directory.list_history(&stage.tenant, &account, now, None, 100).await;
        let entries: Vec<_> = listed.unwrap().into_iter().map(|entry| entry.record).collect();
        serde_json::to_string(&entries).unwrap()
    };
    office.set(10, Canonical::FirstName, "Other");
    stage.pass_hours(24).night().await.unwrap();
    office.end(10, "2026-03-01");
    stage.pass_hours(24).night().await.unwrap();
    assert!(
        history().await.contains(CANARY),
        "the name of before is kept for a while"
    );

    office.hire(11, "New", "Comer");
    let theirs = EmployeeId::parse("11").unwrap();
    let link = Decision::Link {
        account_id: account.clone(),
    };
    decide_about(&stage, theirs, link).await.unwrap();
    stage.pass_hours(24).night().await.unwrap();
    if stage.open_plan().await.unwrap().is_some() {
        stage.approve().await.unwrap();
        stage.deliver().await.unwrap();
    }
    assert_eq!(stage.account_of(11).await.unwrap().id, account);

    let kept = history().await;
    assert!(kept.contains("Comer"), "the new name is there: {kept}");
    for value in [CANARY, "Other", "p10@"] {
        assert!(!kept.contains(value), "{value}: {kept}");
    }
    erase(&stage).await.unwrap();
    assert_eq!(
        stage.account_of(11).await.unwrap().id,
        account,
        "it is another person's"
    );
}

#[tokio::test]
async fn r37_nothing_is_decided_about_a_person_who_was_erased() {
    let stage = settled(&office(), Arc::new(Nobody)).await;
    decide_about(&stage, person(), Decision::Keep).await.unwrap();
    let receipt = erase(&stage).await.unwrap();
    assert_eq!(receipt.erased.decisions, 1);
    let refused = decide_about(&stage, person(), Decision::Keep).await;
    assert!(matches!(refused, Err(DecideRefused::Erased)), "{refused:?}");
    let decisions = stage.store.list_decisions(&stage.connection).await.unwrap();
    assert_eq!(decisions, []);
    let neighbour = EmployeeId::parse("9").unwrap();
    decide_about(&stage, neighbour, Decision::Keep).await.unwrap();
}

#[tokio::test]
async fn r37_a_person_who_is_erased_at_any_call_of_a_decision_has_none_afterwards() {
    let mut number = 1;
    loop {
        let behind = Arc::new(Behind::default());
        let stage = settled(&office(), Arc::clone(&behind) as Arc<dyn Watch>).await;
        let erasing = stage.clone();
        behind.plan(
            number,
            Box::new(move || {
                Box::pin(async move {
                    erase(&erasing).await.unwrap();
                })
            }),
        );
        let decided = decide_about(&stage, person(), Decision::Keep).await;
        if behind.left() > 0 {
            assert!(number > 2, "{number}");
            return;
        }
        assert!(
            matches!(decided, Ok(()) | Err(DecideRefused::Erased)),
            "call {number}: {decided:?}"
        );
        let decisions = stage.store.list_decisions(&stage.connection).await.unwrap();
        assert_eq!(decisions, [], "call {number}");
        number += 1;
    }
}
