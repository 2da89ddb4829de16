//! A person who came back under a new number is one person: the number they had before never gets an account of its own (R16).

use acceptance::journey::{Ground, Office, Stage, play};
use rollcall::{
    connection::{ApplyMode, Decision, LeaverPolicy, Preset},
    employee::{Canonical, EmployeeId},
    run::{Actor, decide},
};

/// Lets a night pass, and approves what it holds back.
async fn night(stage: &Stage) {
    stage.night().await.unwrap();
    play(stage).await.unwrap();
}

#[tokio::test]
async fn r16_a_person_who_gets_a_new_account_keeps_their_former_numbers() {
    let office = Office::new("7");
    office.hire(1, "Ana", "Sol").hire(2, "Bo", "Luz");
    let mut stage = Stage::new(Ground::memory(), &office).unwrap();
    let mut configuration = Preset::Standard.configuration();
    configuration.apply = ApplyMode::Automatic;
    configuration.create_former = true;
    configuration.leavers.terminated = LeaverPolicy::Ignore;
    stage.connect(configuration).await.unwrap();
    night(&stage).await;
    // Ana comes back under another number, with another address.
    office
        .end(1, "2026-03-02")
        .hire(40, "Ana", "Sol")
        .set(40, Canonical::WorkEmail, "p1@example.com");
    stage.pass_hours(24);
    night(&stage).await;
    let account = stage.account_of(40).await.unwrap();
    office.set(40, Canonical::WorkEmail, "ana@example.com");
    stage.pass_hours(24);
    night(&stage).await;
    // An admin deletes her account, and decides that she gets a new one.
    let erased = stage.store.erase_account(&stage.tenant, &account.id).await.unwrap();
    assert!(erased.is_some());
    let connection = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    let (admin, ana) = (Actor::named("an admin"), EmployeeId::parse("40").unwrap());
    let decided = decide(
        &stage.ports,
        &admin,
        &connection.record,
        ana,
        Decision::NewAccount,
        "it was deleted".to_owned(),
    );
    decided.await.unwrap();
    for _ in 0..3 {
        stage.pass_hours(24);
        night(&stage).await;
        let mut mine: Vec<_> = stage.accounts().await.unwrap();
        mine.retain(|account| account.value(Canonical::LastName) == Some("Sol"));
        assert_eq!(mine.len(), 1, "one person has one account");
    }
    assert_ne!(stage.account_of(40).await.unwrap().id, account.id);
    assert!(stage.account_of(1).await.is_err());
}
