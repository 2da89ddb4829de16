//! The preview of another configuration is told beside the one in force. It is made from what is kept: HR is not asked, and
//! nothing is stored.

use acceptance::journey::{Office, Stage};
use rollcall::{
    connection::{Configuration, LeaverPolicy, Preset, RehirePolicy},
    employee::Canonical,
    plan::{Counts, HoldCode},
    run::{Comparison, NoOutlook, compare_configuration},
    source::Class,
};

fn office() -> Office {
    let office = Office::new("7");
    office.hire_many(1..=10);
    office
}

async fn compare(stage: &Stage, proposed: &Configuration) -> Result<Comparison, NoOutlook> {
    let stored = stage.store.find_connection(&stage.connection).await.unwrap();
    compare_configuration(&stage.ports, &stored.unwrap().record, proposed).await
}

/// Returns the preset `users` as its second version, changed.
fn proposed(change: impl FnOnce(&mut Configuration)) -> Configuration {
    let mut configuration = Preset::Users.configuration();
    configuration.version = 2;
    change(&mut configuration);
    configuration
}

#[tokio::test]
async fn a_configuration_is_told_beside_the_one_in_force_and_nothing_is_written_or_read_in_hr() {
    let office = office();
    let stage = Stage::automatic(&office).await.unwrap();
    stage.night().await.unwrap();
    for id in 1..=2 {
        office.end(id, "2026-03-02");
    }
    stage.pass_hours(24).night().await.unwrap();
    stage.pass_hours(24);
    office.refuse(Some(Class::Unauthorized));
    let writes = stage.store.writes();

    let same = compare(&stage, &proposed(|_| {})).await.unwrap();
    assert_eq!(same.present.counts, same.proposed.counts);
    assert_eq!(same.present.counts.changes(), 0);
    assert_eq!(
        same.read_at.unwrap(),
        stage.now() - jiff::SignedDuration::from_hours(24)
    );

    // One person of ten has another title in the target: without the attribute no person changes.
    let fewer = proposed(|configuration| {
        configuration.attributes.remove(&Canonical::JobTitle);
        configuration.rehires = RehirePolicy::Ignore;
    });
    let edited = stage.account_of(5).await.unwrap().id;
    stage.edit_by_hand(&edited, Canonical::JobTitle, "Chef").await.unwrap();
    let writes_by_hand = stage.store.writes() - writes;
    let compared = compare(&stage, &fewer).await.unwrap();
    assert_eq!(
        (compared.present.counts.movers, compared.proposed.counts.movers),
        (1, 0)
    );
    assert!(compared.present.holds.is_empty());
    assert_eq!(stage.store.writes(), writes + writes_by_hand, "nothing was stored");
    assert_eq!(stage.open_plan().await.unwrap(), None);
}

#[tokio::test]
async fn what_a_change_would_do_to_people_is_counted_with_its_holds() {
    let office = office();
    let mut stage = Stage::new(acceptance::journey::Ground::memory(), &office).unwrap();
    let mut lets_be = Preset::Users.configuration();
    lets_be.leavers.terminated = LeaverPolicy::Ignore;
    lets_be.sync_if.clear();
    stage.connect(lets_be).await.unwrap();
    stage.night().await.unwrap();
    for id in 1..=6 {
        office.end(id, "2026-03-01");
    }
    stage.pass_hours(24).night().await.unwrap();
    let lets_go = proposed(|configuration| configuration.sync_if.clear());
    let compared = compare(&stage, &lets_go).await.unwrap();
    assert_eq!(compared.withheld, 0);
    assert_eq!(
        (compared.present.counts.leavers, compared.proposed.counts.leavers),
        (0, 6)
    );
    let codes: Vec<_> = compared.proposed.holds.iter().map(|hold| hold.code).collect();
    assert_eq!(codes, [HoldCode::ConfigurationChanged, HoldCode::TooManyLeavers]);
}

#[tokio::test]
async fn people_of_whom_no_values_are_kept_are_counted_apart_and_not_taken_for_joiners() {
    let office = office();
    for id in 8..=10 {
        office.end(id, "2020-06-30");
    }
    let stage = Stage::automatic(&office).await.unwrap();
    stage.night().await.unwrap();
    let wider = proposed(|configuration| {
        configuration.create_former = true;
        configuration.sync_if.clear();
        configuration.leavers.terminated = LeaverPolicy::Ignore;
    });
    let compared = compare(&stage, &wider).await.unwrap();
    assert_eq!(compared.withheld, 3);
    let expected = Counts {
        unchanged: 7,
        ..Counts::default()
    };
    assert_eq!(
        (compared.present.counts, compared.proposed.counts),
        (expected, expected)
    );
}

#[tokio::test]
async fn without_a_roster_there_is_nothing_to_compare_on() {
    let stage = Stage::automatic(&office()).await.unwrap();
    let compared = compare(&stage, &proposed(|_| {})).await;
    assert!(matches!(compared, Err(NoOutlook::NoRoster)));
    stage.night().await.unwrap();
    assert!(compare(&stage, &proposed(|_| {})).await.is_ok());
    stage.pass_hours(31 * 24);
    let compared = compare(&stage, &proposed(|_| {})).await;
    assert!(matches!(compared, Err(NoOutlook::NoRoster)));
}
