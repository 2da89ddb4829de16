//! What the table accepts of the largest companies, and what the version before has left in it (R47, R49).

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{ToSpan as _, civil::Date};
use local::embedded::{Embedded, TABLE};
use rollcall::{
    account::{Learned, WriteForm},
    employee::{Attribute, Canonical, CustomName, EmployeeBuilder, Field, MOST_CUSTOM},
    roster::{Baseline, Builder, Header, Proof},
    store::{
        CurrentRoster, LearnedSince, RosterId, RosterStore as _, RunError, RunRecord, RunStatus, RunStore as _,
        SyncState, dynamodb::DynamoStore, memory::MemoryStore,
    },
    testing::builder::{at, company, connection_id, employee_id, run},
};

/// Numbers that seem to follow no rule.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 16
    }

    /// Returns the longest name of a field, which does not compress well.
    fn name(&mut self) -> CustomName {
        let letters = b"abcdefghijklmnopqrstuvwxyz0123456789_-";
        let letter = |number: u64| char::from(letters[usize::try_from(number % 38).unwrap()]);
        let name: String = (0..CustomName::MAX_BYTES).map(|_| letter(self.next())).collect();
        CustomName::parse(&name).unwrap()
    }
}

/// Returns the header of a company that has as many fields as are carried, under the longest names.
fn header(names: &[CustomName], chance: &mut Chance) -> Header {
    let mut builder = Builder::new(company("7"));
    let mut record = EmployeeBuilder::new();
    for canonical in Canonical::ALL {
        record.set(*canonical, Field::Empty);
    }
    for name in names {
        record.set_custom(name, Field::Value("x"));
    }
    builder.push(&record.build(employee_id("1"))).unwrap();
    for _ in 0..700 {
        builder.hide(Attribute::Custom(chance.name()), "no_permission");
    }
    builder.end_walk(Proof::LastPage);
    let mut header = builder.finish(None).unwrap().header;
    header.employees = u32::MAX;
    for count in header.coverage.values_mut() {
        *count = u32::try_from(chance.next() % u64::from(u32::MAX)).unwrap();
    }
    header
}

/// Returns what was learnt of a target, as full as it gets.
fn largest_learned() -> Learned {
    let mut learned = Learned::default();
    for number in 0..200 {
        let path = format!("{number:0>190}");
        learned.note_refused(&path);
        learned.note_unkept(&path);
        learned.note_kept(&format!("kept {path}"));
        learned.note_needed(&path);
        learned.note_form(&path, WriteForm::WithoutPath);
    }
    learned
}

/// Returns the state after a month of the largest company.
pub(crate) fn largest_state() -> SyncState {
    let mut chance = Chance(7);
    let names: Vec<CustomName> = (0..MOST_CUSTOM).map(|_| chance.name()).collect();
    let mut baseline = Baseline::default();
    let mut on: Date = "2026-03-01".parse().unwrap();
    let mut last = header(&names, &mut chance);
    for _ in 0..40 {
        last = header(&names, &mut chance);
        baseline = baseline.moved(&last, on);
        on = on.checked_add(1.day()).unwrap();
    }
    assert!(baseline.observations.len() >= 30);
    SyncState {
        baseline,
        roster: Some(CurrentRoster {
            id: RosterId::parse("run-1-1").unwrap(),
            header: last,
            withheld: "0".repeat(64),
            expires_at: at("2026-05-01T00:00:00Z"),
        }),
        learned: Some(LearnedSince {
            renewals: u64::MAX,
            learned: largest_learned(),
        }),
        ..SyncState::default()
    }
}

#[tokio::test]
async fn r47_a_month_of_as_many_fields_as_are_carried_fits_its_item_and_comes_back() {
    let (connection, state) = (connection_id("c-1"), largest_state());
    let embedded = Embedded::start(None).await.unwrap();
    let table = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    assert!(table.put_state(&connection, &state, 1).await.unwrap());
    assert_eq!(table.load_state(&connection).await.unwrap(), state);
    assert!(MemoryStore::new().put_state(&connection, &state, 1).await.unwrap());
}

#[tokio::test]
async fn r49_a_state_as_the_version_before_wrote_it_is_read_and_most_are_written_so() {
    let connection = connection_id("c-1");
    let embedded = Embedded::start(None).await.unwrap();
    let table = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let document = r#"{"baseline":{"observations":[{"on":"2026-03-01","headcount":3,"coverage":{"city":2}}],"visible":["city"]},"applied_once":true,"leavers":[["2026-03-01",1],["2026-03-01",2]]}"#;
    let item = [
        ("pk", AttributeValue::S("C#c-1".to_owned())),
        ("sk", AttributeValue::S("STATE".to_owned())),
        ("v", AttributeValue::N("1".to_owned())),
        ("fence", AttributeValue::N("1".to_owned())),
        ("document", AttributeValue::S(document.to_owned())),
    ];
    let item = item.map(|(name, value)| (name.to_owned(), value));
    let put = embedded.dynamodb.put_item().table_name(TABLE);
    put.set_item(Some(item.into_iter().collect())).send().await.unwrap();
    let state = table.load_state(&connection).await.unwrap();
    assert_eq!(
        (state.baseline.headcount(), state.applied_once, state.leavers.len()),
        (3, true, 2)
    );
    assert!(table.put_state(&connection, &state, 1).await.unwrap());
    let stored = item_of(&embedded, "STATE").await;
    assert!(stored.contains_key("document") && !stored.contains_key("packed"));
}

/// What was learnt of a target is a hint: what cannot be read of it stops nothing.
#[tokio::test]
async fn what_was_learnt_of_a_target_and_cannot_be_read_is_nothing() {
    let connection = connection_id("c-1");
    let embedded = Embedded::start(None).await.unwrap();
    let table = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    let mut learned = Learned::default();
    learned.note_absent("title");
    let since = LearnedSince { renewals: 2, learned };
    let state = SyncState {
        learned: Some(since),
        ..SyncState::default()
    };
    assert!(table.put_state(&connection, &state, 1).await.unwrap());
    assert_eq!(table.load_state(&connection).await.unwrap(), state);
    let mut item = item_of(&embedded, "STATE").await;
    let document = item["document"].as_s().unwrap().replace(r#"{"title":3}"#, "7");
    item.insert("document".to_owned(), AttributeValue::S(document));
    let put = embedded.dynamodb.put_item().table_name(TABLE);
    put.set_item(Some(item.into_iter().collect())).send().await.unwrap();
    let learned = table.load_state(&connection).await.unwrap().learned.unwrap();
    assert_eq!((learned.renewals, learned.learned), (2, Learned::default()));
}

/// Returns one item of the connection.
async fn item_of(embedded: &Embedded, sort: &str) -> BTreeMap<String, AttributeValue> {
    let get = embedded.dynamodb.get_item().table_name(TABLE);
    let get = get.key("pk", AttributeValue::S("C#c-1".to_owned()));
    let answer = get.key("sk", AttributeValue::S(sort.to_owned())).send().await.unwrap();
    answer.item.unwrap_or_default().into_iter().collect()
}

/// Deletes the items that the version before did not write: the lists of runs, and the note that the lists are whole.
async fn as_before(embedded: &Embedded) {
    let scan = embedded.dynamodb.scan().table_name(TABLE).send().await.unwrap();
    for item in scan.items() {
        let sort = item["sk"].as_s().unwrap();
        if ["UNENDED#", "NAMING#", "LISTED"]
            .iter()
            .any(|prefix| sort.starts_with(prefix))
        {
            let delete = embedded.dynamodb.delete_item().table_name(TABLE);
            delete
                .key("pk", item["pk"].clone())
                .key("sk", item["sk"].clone())
                .send()
                .await
                .unwrap();
        }
    }
}

#[tokio::test]
async fn r49_runs_that_the_version_before_kept_are_found_by_what_they_are() {
    let connection = connection_id("c-1");
    let embedded = Embedded::start(None).await.unwrap();
    let table = DynamoStore::new(embedded.dynamodb.clone(), TABLE);
    for number in 0..130 {
        let at = at("2026-02-01T04:00:00Z").checked_add(number.hours()).unwrap();
        let mut one = run(&format!("run-{number:03}"), "c-1", at);
        assert!(table.create_run(&one).await.unwrap());
        if number == 3 {
            continue;
        }
        one.status = RunStatus::SucceededWithErrors;
        one.errors = vec![RunError {
            code: "refused".to_owned(),
            employee_id: (number == 5).then(|| employee_id("7")),
            detail: "refused".to_owned(),
        }];
        assert!(table.put_run(&one, 1).await.unwrap());
    }
    as_before(&embedded).await;
    let ids = |runs: Vec<RunRecord>| runs.iter().map(|run| run.id.as_str().to_owned()).collect::<Vec<_>>();
    let unended = table
        .list_unended_runs(&connection, None, at("2026-03-01T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!(ids(unended), ["run-003"]);
    let naming = table.list_runs_naming_people(&connection, None, 20).await.unwrap();
    assert_eq!(ids(naming), ["run-005"]);
    let all = rollcall::store::Meter::reads(&table);
    table.list_runs_naming_people(&connection, None, 20).await.unwrap();
    assert!(
        rollcall::store::Meter::reads(&table) - all < 5,
        "they are looked through once"
    );
}
