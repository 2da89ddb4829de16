//! Which data of a night is kept, and which is not (R35).

use acceptance::journey::{Ground, Office, Stage};
use rollcall::{
    connection::Preset,
    employee::{Canonical, Employee},
    plan::Code,
};

/// Returns every person in the roster that is kept as the current one.
async fn kept(stage: &Stage) -> Vec<Employee> {
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    let current = remembered.roster.unwrap().id;
    let roster = stage.store.find_roster(&stage.connection, &current, stage.now());
    roster.await.unwrap().unwrap().employees().unwrap()
}

/// Returns the ids of the people of whom values are kept.
async fn known(stage: &Stage) -> Vec<String> {
    let people = kept(stage).await.into_iter();
    let known = people.filter(|person| person.attributes.view().iter().next().is_some());
    known.map(|person| person.id.as_str().to_owned()).collect()
}

#[tokio::test]
async fn r35_of_people_outside_the_scope_the_kept_roster_holds_ids_and_the_plan_the_condition() {
    let office = Office::new("7");
    office.hire_many(1..=4);
    office.set(3, Canonical::JobTitle, "Contractor");
    office.end(4, "2025-12-31");
    let mut stage = Stage::new(Ground::memory(), &office).unwrap();
    let mut configuration = Preset::Users.configuration();
    let filter = r#"[{"field": "job_title", "none_of": ["contractor"]}]"#;
    configuration.sync_if = serde_json::from_str(filter).unwrap();
    stage.connect(configuration).await.unwrap();
    stage.night().await.unwrap();
    assert_eq!(kept(&stage).await.len(), 4);
    assert_eq!(known(&stage).await, ["1", "2"]);
    let plan = stage.pass_hours(24).night().await.unwrap().plan.unwrap();
    let plan = stage.store.find_plan(&plan, stage.now()).await.unwrap().unwrap();
    let findings = stage.store.list_findings(&plan).await.unwrap();
    let outside: Vec<_> = findings
        .iter()
        .filter(|finding| finding.code == Code::OutOfScope)
        .collect();
    assert_eq!(outside.len(), 1);
    assert_eq!(outside[0].attributes, [Canonical::JobTitle.into()]);
}

#[tokio::test]
async fn r35_a_roster_that_hr_did_not_change_is_kept_anew_where_the_scope_changed() {
    let office = Office::new("7");
    office.hire_many(1..=3);
    office.set(3, Canonical::JobTitle, "Contractor");
    let stage = Stage::automatic(&office).await.unwrap();
    stage.night().await.unwrap();
    assert_eq!(known(&stage).await, ["1", "2", "3"]);
    let first = stage.store.load_state(&stage.connection).await.unwrap().roster.unwrap();

    let mut configuration = Preset::Users.configuration();
    configuration.version = 2;
    let filter = r#"[{"field": "job_title", "none_of": ["contractor"]}]"#;
    configuration.sync_if = serde_json::from_str(filter).unwrap();
    stage
        .store
        .put_configuration(&stage.connection, &configuration)
        .await
        .unwrap();
    let stored = stage.store.find_connection(&stage.connection).await.unwrap().unwrap();
    let mut connection = stored.record;
    connection.configuration_version = 2;
    assert!(
        stage
            .store
            .put_connection(&connection, Some(stored.revision))
            .await
            .unwrap()
    );

    stage.pass_hours(24).night().await.unwrap();
    let second = stage.store.load_state(&stage.connection).await.unwrap().roster.unwrap();
    assert_eq!(first.header, second.header, "HR is as it was");
    assert_eq!(known(&stage).await, ["1", "2"]);
    stage.pass_hours(24).night().await.unwrap();
    let third = stage.store.load_state(&stage.connection).await.unwrap().roster.unwrap();
    assert_eq!(third.id, second.id, "a quiet night keeps no roster anew");
}
