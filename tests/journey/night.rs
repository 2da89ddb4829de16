//! What a night does, and that the next one does nothing.

use acceptance::journey::{Office, Stage};
use rollcall::{
    employee::Canonical,
    store::{RunKind, RunStatus},
};

/// An office of some people, each with a manager but the first.
fn office(people: u64) -> Office {
    let office = Office::new("7");
    office.hire_many(1..=people);
    for id in 2..=people {
        office.set(id, Canonical::Manager, "1");
    }
    office
}

#[tokio::test]
async fn a_first_night_makes_everybody_and_the_second_writes_nothing() {
    let stage = Stage::automatic(&office(12)).await.unwrap();
    let diff = stage.night().await.unwrap();
    assert_eq!((diff.kind, diff.status), (RunKind::Diff, RunStatus::Succeeded));
    assert_eq!(diff.counts.joiners, 12);
    let apply = stage.run(diff.next_run.as_ref().unwrap()).await.unwrap();
    assert_eq!((apply.kind, apply.status), (RunKind::Apply, RunStatus::Succeeded));
    assert_eq!((apply.progress.done, apply.progress.total), (23, 23));
    let accounts = stage.accounts().await.unwrap();
    assert_eq!(accounts.len(), 12);
    let boss = accounts
        .iter()
        .find(|account| account.value(Canonical::Email) == Some("p1@example.com"));
    let boss = boss.unwrap().id.as_str();
    let managed = accounts
        .iter()
        .filter(|account| account.value(Canonical::Manager) == Some(boss));
    assert_eq!(managed.count(), 11);

    let quiet = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(quiet.status, RunStatus::Succeeded);
    assert_eq!((quiet.counts.unchanged, quiet.counts.changes()), (12, 0));
    assert_eq!(quiet.next_run, None);
    assert_eq!(stage.accounts().await.unwrap(), accounts);
}
