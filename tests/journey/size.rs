//! Companies whose people are more than Rollcall carries: the runs succeed, all other people are in step, and whatever exceeds
//! the bounds is a finding on a person (R47).

use std::{collections::BTreeSet, sync::Arc};

use acceptance::journey::{Ground, Nobody, Office, Place, Stage, Verdict, Watch};
use async_trait::async_trait;
use jiff::SignedDuration;
use proptest::prelude::*;
use rollcall::{
    connection::{Configuration, CustomAttribute, Preset},
    employee::{Canonical, CustomName, EmployeeId, MOST_PERSON_BYTES},
    plan::{Code, Finding, State},
    run::{Actor, Named, erase_person, load_person, request_diff},
    store::{RunRecord, RunStatus},
    testing::builder::run as made,
};

fn field(number: usize) -> CustomName {
    CustomName::parse(&format!("field-{number:04}")).unwrap()
}

/// Returns the preset `users`, with so many custom fields carried over.
fn carrying(fields: usize) -> Configuration {
    let mut configuration = Preset::Users.configuration();
    configuration.custom_attributes = (0..fields)
        .map(|number| CustomAttribute {
            from: field(number),
            to: field(number),
        })
        .collect();
    configuration
}

async fn connected(office: &Office, configuration: Configuration, watch: Arc<dyn Watch>) -> Stage {
    let ground = Ground {
        watch,
        ..crate::ground().await
    };
    let mut stage = Stage::new(ground, office).unwrap();
    stage.connect(configuration).await.unwrap();
    stage
}

/// Returns the findings on what the plan of a run leaves out.
async fn findings(stage: &Stage, run: &RunRecord) -> Vec<Finding> {
    let plan = run.plan.as_ref().unwrap();
    let record = stage.store.find_plan(plan, stage.now()).await.unwrap().unwrap();
    stage.store.list_findings(&record).await.unwrap()
}

/// Returns the run that applied what another run planned.
async fn applied(stage: &Stage, diff: &RunRecord) -> RunRecord {
    stage.run(diff.next_run.as_ref().unwrap()).await.unwrap()
}

fn id(number: u64) -> EmployeeId {
    EmployeeId::parse(&number.to_string()).unwrap()
}

#[tokio::test]
async fn r47_one_person_with_a_hundred_long_fields_stops_nobody() {
    let office = Office::new("7");
    office.hire_many(1..=5);
    for number in 0..100 {
        office.set_custom(3, &field(number), &"x".repeat(4_000));
    }
    let stage = connected(&office, carrying(100), Arc::new(Nobody)).await;
    let diff = stage.night().await.unwrap();
    assert_eq!((diff.status, diff.counts.joiners), (RunStatus::Succeeded, 5));
    assert_eq!(applied(&stage, &diff).await.status, RunStatus::Succeeded);
    let findings = findings(&stage, &diff).await;
    let [finding] = findings.as_slice() else {
        panic!("one person has more than is carried: {findings:?}")
    };
    assert_eq!(
        (finding.code, finding.employee_id.clone()),
        (Code::Invalid, Some(id(3)))
    );
    let account = stage.account_of(3).await.unwrap();
    assert!(account.attributes.as_packed().len() <= MOST_PERSON_BYTES);
    assert_eq!(account.value(Canonical::FirstName), Some("First3"));
}

#[tokio::test]
async fn r47_eighty_five_long_fields_that_change_end_well() {
    let office = Office::new("7");
    office.hire_many(1..=3);
    let fill = |letter: &str| {
        for number in 0..85 {
            office.set_custom(2, &field(number), &letter.repeat(4_000));
        }
    };
    fill("a");
    let stage = connected(&office, carrying(85), Arc::new(Nobody)).await;
    stage.night().await.unwrap();
    for letter in ["b", "\"", "\u{1}", "c"] {
        fill(letter);
        office.set(1, Canonical::JobTitle, letter);
        let diff = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(diff.status, RunStatus::Succeeded, "{letter:?}");
        if let Some(next) = &diff.next_run {
            assert_eq!(
                stage.run(next).await.unwrap().status,
                RunStatus::Succeeded,
                "{letter:?}"
            );
        }
    }
    let account = stage.account_of(2).await.unwrap();
    let value = account
        .attributes
        .field(rollcall::employee::Attribute::Custom(field(0)));
    assert_eq!(
        value.value().map(|value| value.starts_with('c')),
        Some(true),
        "the last night came through"
    );
}

#[tokio::test]
async fn r47_hundreds_of_fields_over_a_month_are_applied_every_night() {
    let office = Office::new("7");
    office.hire_many(1..=2);
    for number in 0..600 {
        office.set_custom(1, &field(number), "x");
    }
    let stage = connected(&office, Preset::Users.configuration(), Arc::new(Nobody)).await;
    for night in 0..35 {
        office.set(2, Canonical::JobTitle, &format!("Clerk {night}"));
        let diff = stage.pass_hours(24).night().await.unwrap();
        assert_eq!(diff.status, RunStatus::Succeeded, "night {night}");
        assert_eq!(
            applied(&stage, &diff).await.status,
            RunStatus::Succeeded,
            "night {night}"
        );
    }
    let remembered = stage.store.load_state(&stage.connection).await.unwrap();
    assert_eq!(remembered.baseline.observations.len(), 30);
    assert_eq!(stage.open_plan().await.unwrap(), None, "nothing hangs");
}

/// A watch that notes which reads are made.
#[derive(Debug, Default)]
struct Reads(std::sync::Mutex<BTreeSet<Place>>);

#[async_trait]
impl Watch for Reads {
    async fn before(&self, _place: Place) -> Verdict {
        Verdict::Go
    }

    async fn look(&self, place: Place) -> Verdict {
        self.0.lock().unwrap().insert(place);
        Verdict::Go
    }
}

#[tokio::test]
async fn r47_three_thousand_people_with_one_address_are_told_of_in_little_and_can_be_erased() {
    let office = Office::new("7");
    office.hire_many(1..=3_010);
    for person in 11..=3_010 {
        office.set(person, Canonical::WorkEmail, "nobody@example.com");
    }
    let reads = Arc::new(Reads::default());
    let stage = connected(&office, Preset::Users.configuration(), Arc::clone(&reads) as _).await;
    let diff = stage.night().await.unwrap();
    assert_eq!(
        (diff.status, diff.counts.joiners, diff.counts.conflicts),
        (RunStatus::Succeeded, 10, 3_000)
    );
    let found = findings(&stage, &diff).await;
    let bytes: usize = found
        .iter()
        .map(|finding| serde_json::to_string(finding).unwrap().len())
        .sum();
    assert!(bytes < 3_000 * 250, "{bytes} bytes");
    let of = |number: u64| {
        found
            .iter()
            .find(|finding| finding.employee_id == Some(id(number)))
            .unwrap()
    };
    assert_eq!(
        (of(2_000).state, of(2_000).others.clone()),
        (State::Conflict, (11..=15).map(id).collect())
    );
    assert_eq!(of(2_000).more_others, 2_994);

    // A person who is named in other people's findings is found by that name, and the name is gone once the person is erased.
    let (ports, directory) = (&stage.ports, stage.directory.as_ref());
    let held = load_person(ports, directory, &stage.tenant, &Named::Bare, &id(11))
        .await
        .unwrap();
    assert_eq!(held.connections[0].plans[0].named_in, 2_999);
    reads.0.lock().unwrap().clear();
    let erased = erase_person(
        ports,
        directory,
        &Actor::named("ana"),
        &stage.tenant,
        &Named::Bare,
        &id(11),
    )
    .await;
    assert!(erased.unwrap().erased.plans > 0);
    assert!(
        !reads.0.lock().unwrap().contains(&Place::Store("list_runs")),
        "no run is looked at that names nobody"
    );
    let next = stage.pass_hours(24).night().await.unwrap();
    let after = findings(&stage, &next).await;
    assert!(after.iter().all(|finding| !finding.others.contains(&id(11))));
    assert_eq!(next.counts.conflicts, 2_999);
}

#[tokio::test]
async fn a_run_whose_message_was_lost_is_ended_however_many_came_after_it() {
    let office = Office::new("7");
    office.hire_many(1..=2);
    let stage = connected(&office, Preset::Users.configuration(), Arc::new(Nobody)).await;
    let lost = request_diff(&stage.ports, &stage.connection).await.unwrap();
    while let Some(letter) = stage.letters.receive() {
        stage.letters.delete(&letter);
    }
    for number in 0..40 {
        let at = stage.now() + SignedDuration::from_mins(number + 1);
        let mut record = made(&format!("later-{number}"), stage.connection.as_str(), at);
        record.status = RunStatus::Succeeded;
        assert!(stage.store.create_run(&record).await.unwrap());
    }
    stage.pass_hours(20).night().await.unwrap();
    assert_eq!(
        stage.run(&lost).await.unwrap().status,
        RunStatus::Queued,
        "it may still come"
    );
    stage.pass_hours(5).night().await.unwrap();
    let ended = stage.run(&lost).await.unwrap();
    assert_eq!(
        (ended.status, ended.errors[0].code.as_str()),
        (RunStatus::Failed, "abandoned")
    );
}

/// A company that no tester would think of: any number of fields of any length, of any letters, and shared addresses.
#[derive(Clone, Debug)]
struct Odd {
    people: Vec<Vec<(usize, usize, char)>>,
    shared: bool,
    carried: usize,
    many_to_one: bool,
}

fn odd() -> impl Strategy<Value = Odd> {
    let letter = prop_oneof![
        Just('x'),
        Just('"'),
        Just('ñ'),
        Just('\u{1}'),
        Just('字'),
        Just('\\'),
        Just('🪲')
    ];
    let value = (0_usize..700, 0_usize..5_000, letter);
    let person = proptest::collection::vec(value, 0..120);
    let people = proptest::collection::vec(person, 1..6);
    (people, any::<bool>(), 0_usize..=500, any::<bool>()).prop_map(|(people, shared, carried, many_to_one)| Odd {
        people,
        shared,
        carried,
        many_to_one,
    })
}

fn fill(office: &Office, odd: &Odd, night: usize) {
    for (number, values) in odd.people.iter().enumerate() {
        let person = u64::try_from(number).unwrap() + 1;
        for (name, length, letter) in values {
            let text: String = std::iter::repeat_n(*letter, length + night).collect();
            office.set_custom(person, &field(*name), &text);
        }
        if odd.shared {
            office.set(person, Canonical::WorkEmail, "nobody@example.com");
        }
        office.set(person, Canonical::JobTitle, &"t".repeat(night * 4_100));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn r47_whatever_a_company_shows_its_runs_come_to_their_end_and_everything_fits(odd in odd()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let office = Office::new("7");
            office.hire_many(1..=6);
            fill(&office, &odd, 0);
            let mut configuration = carrying(odd.carried);
            if odd.many_to_one {
                for attribute in &mut configuration.custom_attributes {
                    attribute.from = field(0);
                }
            }
            let stage = connected(&office, configuration, Arc::new(Nobody)).await;
            for night in 1..4 {
                let diff = stage.pass_hours(24).night().await.unwrap();
                let codes: Vec<_> = diff.errors.iter().map(|error| error.code.clone()).collect();
                assert_eq!((diff.status, codes), (RunStatus::Succeeded, Vec::<String>::new()));
                if let Some(open) = stage.open_plan().await.unwrap() {
                    assert!(!open.plan.holds.is_empty());
                    stage.approve().await.unwrap();
                    stage.deliver().await.unwrap();
                }
                assert_eq!(stage.open_plan().await.unwrap(), None, "nothing hangs");
                fill(&office, &odd, night);
            }
            // A person with plain values is carried over, whatever the values of the others are.
            let plain = stage.account_of(6).await.unwrap();
            assert_eq!(plain.value(Canonical::FirstName), Some("First6"));
        });
    }
}

#[tokio::test]
async fn r47_accounts_that_outgrow_the_memory_for_them_fail_the_run_by_the_targets_name_and_nobody_is_touched() {
    let office = Office::new("7");
    office.hire_many(1..=40);
    let mut stage = connected(&office, Preset::Users.configuration(), Arc::new(Nobody)).await;
    stage.night().await.unwrap();
    stage.ports.settings.accounts_room = 1_000;
    let run = stage.pass_hours(24).night().await.unwrap();
    let failure = &run.errors[0];
    assert_eq!(
        (run.status, failure.code.as_str()),
        (RunStatus::Failed, "target-failed")
    );
    assert!(failure.detail.contains("directory"), "{}", failure.detail);
    stage.ports.settings.accounts_room = 1_000_000;
    let run = stage.pass_hours(24).night().await.unwrap();
    assert_eq!(run.status, RunStatus::Succeeded);
}
