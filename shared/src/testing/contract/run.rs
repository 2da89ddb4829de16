//! What every store does with runs.

use futures_util::future::join_all;

use crate::{
    store::{Progress, RunError, RunId, RunRecord, RunStatus, Store},
    testing::builder::{at, connection_id, employee_id, run, run_id},
};

/// Of several deliveries of one message, one creates the run.
pub async fn r30_a_run_is_created_once(store: &dyn Store) {
    let record = run("run-1", "c-1", at("2026-03-01T04:00:00Z"));
    let created = join_all((0..5).map(|_| store.create_run(&record))).await;
    let created: Vec<_> = created.into_iter().map(Result::unwrap).collect();
    assert_eq!(created.iter().filter(|created| **created).count(), 1);
    assert_eq!(store.find_run(&record.id).await.unwrap(), Some(record));
    assert_eq!(store.find_run(&run_id("run-2")).await.unwrap(), None);
}

/// Of several callers that change a run as they read it, one succeeds.
pub async fn r30_a_run_is_changed_only_as_it_was_read(store: &dyn Store) {
    let read = run("run-1", "c-1", at("2026-03-01T04:00:00Z"));
    let changes: Vec<_> = (1..=5).map(|calls| RunRecord { calls, ..read.clone() }).collect();
    let first = changes.first().unwrap();
    assert!(!store.change_run(&read, first).await.unwrap(), "there is none");
    assert!(store.create_run(&read).await.unwrap());
    let won = join_all(changes.iter().map(|change| store.change_run(&read, change))).await;
    let won: Vec<_> = won.into_iter().map(Result::unwrap).collect();
    assert_eq!(won.iter().filter(|won| **won).count(), 1);
    let position = won.iter().position(|won| *won).unwrap();
    assert_eq!(store.find_run(&read.id).await.unwrap().as_ref(), changes.get(position));
}

/// A run that has lost the lease does not write over the progress of the next holder, not even after others changed the
/// record.
pub async fn r30_an_earlier_fence_does_not_overwrite_a_later_ones_run(store: &dyn Store) {
    let asked = run("run-1", "c-1", at("2026-03-01T04:00:00Z"));
    let of = |calls| RunRecord { calls, ..asked.clone() };
    assert!(store.create_run(&asked).await.unwrap());
    assert!(store.put_run(&of(1), 4).await.unwrap());
    assert!(store.put_run(&of(2), 5).await.unwrap());
    assert!(!store.put_run(&of(3), 4).await.unwrap());
    assert!(store.change_run(&of(2), &of(4)).await.unwrap());
    assert!(!store.put_run(&of(5), 4).await.unwrap());
    assert_eq!(store.find_run(&asked.id).await.unwrap(), Some(of(4)));
    assert!(store.put_run(&of(6), 5).await.unwrap());
    assert_eq!(store.find_run(&asked.id).await.unwrap(), Some(of(6)));
}

/// A run that another process ended is not taken up again by the delivery that worked on it. The process that ends it
/// again says how it ended.
pub async fn r30_a_run_that_has_ended_is_not_written_as_if_it_had_not(store: &dyn Store) {
    let asked = run("run-1", "c-1", at("2026-03-01T04:00:00Z"));
    let with = |status| RunRecord {
        status,
        ..asked.clone()
    };
    let unended = async || {
        let runs = store.list_unended_runs(&asked.connection, None, at("2026-04-01T00:00:00Z"));
        runs.await.unwrap().len()
    };
    assert!(store.create_run(&asked).await.unwrap());
    assert!(store.put_run(&with(RunStatus::Running), 1).await.unwrap());
    assert_eq!(unended().await, 1);
    let (running, cancelled) = (with(RunStatus::Running), with(RunStatus::Cancelled));
    assert!(store.change_run(&running, &cancelled).await.unwrap());
    for fence in [1, 2] {
        assert!(!store.put_run(&running, fence).await.unwrap(), "{fence}");
    }
    assert_eq!(store.find_run(&asked.id).await.unwrap(), Some(cancelled));
    assert_eq!(unended().await, 0);
    assert!(store.put_run(&with(RunStatus::Failed), 1).await.unwrap());
    assert!(!store.put_run(&running, 1).await.unwrap());
    assert_eq!(store.find_run(&asked.id).await.unwrap(), Some(with(RunStatus::Failed)));
}

/// A run is read as it was written, with its progress and its errors.
pub async fn a_run_comes_back_as_it_was_written_last(store: &dyn Store) {
    let mut record = run("run-1", "c-1", at("2026-03-01T04:00:00Z"));
    assert!(store.create_run(&record).await.unwrap());
    record.status = RunStatus::SucceededWithErrors;
    record.progress = Progress { done: 7, total: 9 };
    record.completeness = Some("complete".to_owned());
    record.next_run = Some(run_id("run-2"));
    record.calls = 41;
    record.ended_at = Some(at("2026-03-01T04:01:00Z"));
    record.errors = (0..RunRecord::MOST_ERRORS + 5)
        .map(|number| RunError {
            code: "changed_since_plan".to_owned(),
            employee_id: Some(employee_id(&number.to_string())),
            detail: "the account was changed since the plan was made".to_owned(),
        })
        .collect();
    assert!(store.put_run(&record, 1).await.unwrap());
    record.errors.truncate(RunRecord::MOST_ERRORS);
    assert_eq!(store.find_run(&record.id).await.unwrap(), Some(record));
}

/// The newest runs of a connection come first.
pub async fn runs_are_listed_newest_first(store: &dyn Store) {
    for (id, of, started_at) in [
        ("run-b", "c-1", "2026-03-02T04:00:00Z"),
        ("run-a", "c-1", "2026-03-03T04:00:00Z"),
        ("run-c", "c-1", "2026-03-01T04:00:00.5Z"),
        ("run-d", "c-1", "2026-03-01T04:00:00Z"),
        ("run-e", "c-2", "2026-03-04T04:00:00Z"),
    ] {
        assert!(store.create_run(&run(id, of, at(started_at))).await.unwrap());
    }
    let list = async |limit| {
        let found = store.list_runs(&connection_id("c-1"), None, limit).await.unwrap();
        found.iter().map(|run| run.id.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list(10).await, ["run-a", "run-b", "run-c", "run-d"]);
    assert_eq!(list(2).await, ["run-a", "run-b"]);
    assert!(list(0).await.is_empty());
    let none = store.list_runs(&connection_id("c-3"), None, 5).await.unwrap();
    assert!(none.is_empty());
    let (started_at, run) = (at("2026-03-02T04:00:00Z"), run_id("run-b"));
    let after = Some((started_at, &run));
    let older = store.list_runs(&connection_id("c-1"), after, 1).await.unwrap();
    assert_eq!(older.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["run-c"]);
    let older = store.list_runs(&connection_id("c-1"), after, 9).await.unwrap();
    assert_eq!(
        older.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(),
        ["run-c", "run-d"]
    );
}

/// All runs of a connection are erased, and another connection's stay.
pub async fn r37_runs_of_a_connection_are_erased_and_no_others(store: &dyn Store) {
    let started_at = at("2026-03-01T04:00:00Z");
    for (id, of) in [("run-1", "c-1"), ("run-2", "c-1"), ("run-3", "c-2")] {
        assert!(store.create_run(&run(id, of, started_at)).await.unwrap());
    }
    let connection = connection_id("c-1");
    assert_eq!(store.erase_runs(&connection).await.unwrap(), 2);
    assert_eq!(store.erase_runs(&connection).await.unwrap(), 0);
    assert_eq!(store.find_run(&run_id("run-1")).await.unwrap(), None);
    assert!(store.list_runs(&connection, None, 10).await.unwrap().is_empty());
    assert!(store.find_run(&run_id("run-3")).await.unwrap().is_some());
}

/// A run that was erased does not come back with what its last holder writes.
pub async fn r37_an_erased_run_is_not_written_again(store: &dyn Store) {
    let record = run("run-1", "c-1", at("2026-03-01T04:00:00Z"));
    assert!(store.create_run(&record).await.unwrap());
    assert_eq!(store.erase_runs(&record.connection).await.unwrap(), 1);
    assert!(!store.put_run(&record, 1).await.unwrap());
    let ended = RunRecord {
        status: RunStatus::Failed,
        ..record.clone()
    };
    assert!(!store.put_run(&ended, 1).await.unwrap());
    assert_eq!(store.find_run(&record.id).await.unwrap(), None);
    assert!(store.list_runs(&record.connection, None, 10).await.unwrap().is_empty());
}

/// Runs that have not ended are found among any number of newer ones, the oldest first. Ended runs are not found.
pub async fn runs_that_have_not_ended_are_found_among_any_number(store: &dyn Store) {
    let connection = connection_id("c-1");
    for day in 1..=28 {
        let mut one = run(
            &format!("run-{day:02}"),
            "c-1",
            at(&format!("2026-02-{day:02}T04:00:00Z")),
        );
        assert!(store.create_run(&one).await.unwrap());
        if ![3, 7].contains(&day) {
            one.status = RunStatus::Succeeded;
            assert!(store.put_run(&one, 1).await.unwrap());
        }
    }
    let unended = async |before: &str| {
        let runs = store.list_unended_runs(&connection, None, at(before)).await.unwrap();
        runs.into_iter()
            .map(|run| run.id.as_str().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(unended("2026-03-01T00:00:00Z").await, ["run-03", "run-07"]);
    assert_eq!(unended("2026-02-07T04:00:00Z").await, ["run-03"]);
    let third = store.find_run(&run_id("run-03")).await.unwrap().unwrap();
    let failed = RunRecord {
        status: RunStatus::Failed,
        ..third.clone()
    };
    assert!(store.change_run(&third, &failed).await.unwrap());
    assert_eq!(unended("2026-03-01T00:00:00Z").await, ["run-07"]);
}

/// Runs that have not ended are found page by page, each once and the oldest first, however many there are.
pub async fn r47_runs_that_have_not_ended_are_listed_page_by_page(store: &dyn Store) {
    let connection = connection_id("c-1");
    let begun_at = at("2026-02-01T04:00:00Z");
    for number in 0..230_i64 {
        // Three runs each time are of one instant.
        let started_at = begun_at + jiff::SignedDuration::from_hours(number / 3);
        let one = run(&format!("run-{number:03}"), "c-1", started_at);
        assert!(store.create_run(&one).await.unwrap());
    }
    let (mut found, mut last): (Vec<String>, Option<(jiff::Timestamp, RunId)>) = (Vec::new(), None);
    loop {
        let after = last.as_ref().map(|(at, run)| (*at, run));
        let page = store
            .list_unended_runs(&connection, after, at("2026-03-01T00:00:00Z"))
            .await
            .unwrap();
        let Some(end) = page.last() else { break };
        last = Some((end.started_at, end.id.clone()));
        found.extend(page.into_iter().map(|run| run.id.as_str().to_owned()));
    }
    let all: Vec<String> = (0..230).map(|number| format!("run-{number:03}")).collect();
    assert_eq!(found, all);
}

/// Runs whose errors name people are found once they have ended, page by page, until the people are erased.
pub async fn r37_runs_that_name_people_are_found_without_looking_at_the_others(store: &dyn Store) {
    let connection = connection_id("c-1");
    let naming = |day: u32| [2, 5, 9, 20].contains(&day);
    for day in 1..=25 {
        let mut one = run(
            &format!("run-{day:02}"),
            "c-1",
            at(&format!("2026-02-{day:02}T04:00:00Z")),
        );
        assert!(store.create_run(&one).await.unwrap());
        one.status = RunStatus::SucceededWithErrors;
        one.errors = vec![RunError {
            code: "refused".to_owned(),
            employee_id: naming(day).then(|| employee_id("7")),
            detail: "refused".to_owned(),
        }];
        assert!(store.put_run(&one, 1).await.unwrap());
    }
    let all = async || {
        let mut found: Vec<RunRecord> = Vec::new();
        loop {
            let after = found.last().map(|run| (run.started_at, &run.id));
            let mut page = store.list_runs_naming_people(&connection, after, 1).await.unwrap();
            if page.is_empty() {
                return found;
            }
            found.append(&mut page);
        }
    };
    let ids = |runs: &[RunRecord]| runs.iter().map(|run| run.id.as_str().to_owned()).collect::<Vec<_>>();
    let found = all().await;
    assert_eq!(ids(&found), ["run-20", "run-09", "run-05", "run-02"]);
    for run in found.iter().skip(1).take(2) {
        let clean = RunRecord {
            errors: Vec::new(),
            ..run.clone()
        };
        assert!(store.put_run(&clean, 1).await.unwrap());
    }
    assert_eq!(ids(&all().await), ["run-20", "run-02"]);
}
