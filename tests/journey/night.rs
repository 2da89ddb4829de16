//! What a night does, and that a second night does nothing more.

use acceptance::journey::Office;
use rollcall::{
    connection::Preset,
    employee::Canonical,
    run::{Actor, HASH_KEY_SECRET, disconnect},
    store::{RunKind, RunStatus},
};
use secrecy::{ExposeSecret as _, SecretString};

use crate::support::automatic;

/// Returns an office of so many people; each but the first has a manager.
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
    let stage = automatic(&office(12)).await;
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

#[tokio::test]
async fn r04_a_second_connection_to_a_company_asks_for_no_account_of_the_first() {
    let first = automatic(&office(3)).await;
    first.night().await.unwrap();
    let mut second = first.clone();
    second.connect(Preset::Users.configuration()).await.unwrap();
    for _ in 0..2 {
        let night = second.pass_hours(24).night().await.unwrap();
        assert_eq!((night.counts.conflicts, night.counts.changes()), (3, 0), "{night:?}");
        assert_eq!((night.status, night.next_run), (RunStatus::Succeeded, None));
    }
    let found = first.store.find_connection(&first.connection).await.unwrap().unwrap();
    disconnect(&first.ports, &Actor::named("somebody"), found.record)
        .await
        .unwrap();
    let night = second.pass_hours(24).night().await.unwrap();
    assert_eq!(
        (night.counts.unchanged, night.counts.conflicts),
        (3, 0),
        "its links are taken up (R02)"
    );
}

#[tokio::test]
async fn r37_a_hash_key_that_is_too_short_makes_no_plan_and_is_never_written_over() {
    let stage = automatic(&office(3)).await;
    let secrets = &stage.ports.secrets;
    secrets
        .put_secret(HASH_KEY_SECRET, &SecretString::from("short"))
        .await
        .unwrap();
    let night = stage.night().await;
    assert!(!night.is_ok_and(|run| run.status == RunStatus::Succeeded));
    assert!(stage.accounts().await.unwrap().is_empty());
    let kept = secrets.find_secret(HASH_KEY_SECRET).await.unwrap().unwrap();
    assert_eq!(kept.expose_secret(), "short");
}
