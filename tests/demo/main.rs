//! The demo as a stranger runs it, in this process: its report, its proofs, its log; and its first morning lived twice.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use emulators::factorial as emulated;
use local::{
    demo::{self, CARRIED, CONFIGURATION, Options, Provider, Report, Target},
    emulator::Controls,
    stage::Stage,
    truth::Truth,
};
use rollcall::{
    plan::Status,
    run::Clock as _,
    runtime::{outbound_client, telemetry},
};
use serde_json::Value;

/// The log of all tests of this process, at the level that says most.
fn log() -> PathBuf {
    static LOG: OnceLock<PathBuf> = OnceLock::new();
    let start = || {
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo.log");
        telemetry::start("trace".parse().unwrap(), telemetry::Output::File(&log)).unwrap();
        log
    };
    LOG.get_or_init(start).clone()
}

async fn show(employees: u32, json: bool) -> (Report, String) {
    let options = Options {
        provider: Provider::Factorial,
        target: Target::Directory,
        employees,
        seed: 1,
        json,
        terminal: false,
        log: Some(log()),
    };
    let mut out = Vec::new();
    let report = demo::run(&options, &mut out).await.unwrap();
    let failed: Vec<_> = report.proofs.iter().filter(|proof| proof.failure.is_some()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    (report, String::from_utf8(out).unwrap())
}

fn days(json: &str) -> Vec<Value> {
    let report: Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    assert_eq!(report.as_object().unwrap().keys().collect::<Vec<_>>(), ["days"]);
    report["days"].as_array().unwrap().clone()
}

#[tokio::test]
async fn the_report_is_the_last_line_and_says_what_each_day_brought() {
    let (_, out) = show(60, true).await;
    let days = days(&out);
    let names: Vec<_> = days.iter().map(|day| day["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["first", "changes", "quiet", "broken", "vanished"]);
    let mut members: Vec<_> = days[0].as_object().unwrap().keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(
        members,
        [
            "calls",
            "conflicts",
            "duration_ms",
            "held",
            "joiners",
            "leavers",
            "movers",
            "name",
            "rehires",
            "store_writes",
            "target_writes"
        ]
    );
    let number = |day: usize, member: &str| days[day][member].as_u64().unwrap();
    assert_eq!((number(0, "joiners"), number(0, "leavers")), (60, 0));
    assert!(number(0, "target_writes") >= 60);
    for class in ["joiners", "movers", "leavers"] {
        assert!(number(1, class) > 0, "{class}");
    }
    for still in 2..5 {
        assert_eq!(number(still, "target_writes"), 0, "{}", days[still]);
        assert_eq!(number(still, "leavers"), 0, "{}", days[still]);
    }
    for day in 0..4 {
        assert_eq!(days[day]["held"], serde_json::json!([]), "{}", days[day]);
    }
    let held = days[4]["held"].as_array().unwrap();
    assert!(held.contains(&Value::from("headcount_drop")), "{held:?}");
}

#[tokio::test]
async fn a_quiet_day_writes_the_same_to_the_table_whatever_the_number_of_people() {
    let mut written = Vec::new();
    for employees in [20, 101, 230] {
        let (report, _) = show(employees, true).await;
        written.push(report.days[2].store_writes);
    }
    assert_eq!(written[0], written[1]);
    assert_eq!(written[1], written[2]);
}

#[tokio::test]
async fn a_stranger_reads_plain_text_that_says_what_was_proven_and_what_to_try_next() {
    let (report, out) = show(40, false).await;
    assert!(!out.contains('\u{1b}'), "no colours where there is no terminal");
    let headings = [
        "Day 1",
        "Day 2",
        "Day 3",
        "Day 4",
        "Day 5",
        "What was proven",
        "What to try next",
    ];
    let found: Vec<_> = headings.iter().filter_map(|heading| out.find(heading)).collect();
    assert_eq!(found.len(), headings.len(), "{out}");
    assert!(found.is_sorted());
    for proof in &report.proofs {
        assert!(out.contains(&proof.claim), "{}", proof.claim);
    }
    let widest = out.lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 140, "{widest}");
}

/// The log of a whole show holds nobody of its company: looked for with the people of the same company, asked elsewhere.
#[tokio::test]
async fn r38_no_person_and_no_key_is_in_the_log() {
    let (employees, seed) = (60, 1);
    show(employees, true).await;
    let text = fs::read_to_string(log()).unwrap();
    assert!(text.lines().count() > 20, "{text}");
    assert!(text.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    let options = emulated::Options {
        employees,
        seed,
        ..emulated::Options::default()
    };
    let twin = emulated::start(options).await.unwrap();
    let controls = Controls::new(&outbound_client().unwrap(), &twin.url()).unwrap();
    let mut people = controls.list_people().await.unwrap();
    controls.pass_day(true).await.unwrap();
    people.extend(controls.list_people().await.unwrap());
    let mut searched = 0;
    for person in &people {
        let value = |member: &str| person[member].as_str().unwrap_or_default().to_owned();
        let full = format!("{} {}", value("first_name"), value("last_name"));
        let telling = [
            "work_email",
            "personal_email",
            "mobile_phone",
            "address_line_1",
            "display_name",
        ]
        .map(value);
        for text_of_person in telling.iter().chain([&full]).filter(|text| text.chars().count() > 4) {
            searched += 1;
            assert!(!text.contains(text_of_person), "somebody's value is in the log");
        }
    }
    assert!(searched > 300, "{searched}");
    assert!(!text.contains(twin.api_key()));
    assert!(!text.contains(twin.client_secret()));
    assert!(!text.contains(emulators::CANARY), "a forbidden value is in the log");
    twin.stop().await;
}

/// One company is read, planned, approved and applied; the same morning again writes nothing. The numbers lie around
/// the page size of the HR system.
#[tokio::test]
async fn the_same_morning_again_writes_nothing_around_the_edges_of_a_page() {
    log();
    let mut written = Vec::new();
    for employees in [99, 100, 101] {
        let stage = Stage::start(None).await.unwrap();
        let options = emulated::Options {
            employees,
            today: Some(stage.clock.today()),
            ..emulated::Options::default()
        };
        let emulator = emulated::start(options).await.unwrap();
        let controls = Controls::new(&outbound_client().unwrap(), &emulator.url()).unwrap();
        let connection = stage
            .connect("edge", &emulator.url(), emulator.api_key(), CONFIGURATION)
            .await
            .unwrap();
        let company = emulator.company_id_of(0).unwrap().to_string();
        let mut truth = Truth::new("factorial", &company, &CARRIED);
        let moves = truth.follow(&controls.list_people().await.unwrap());
        assert_eq!(moves.joined.len(), employees as usize);

        let run = stage.diff(&connection.id).await.unwrap();
        let store = &stage.ports.store;
        let plan = store
            .find_plan(&run.plan.unwrap(), stage.clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(plan.plan.counts.joiners, employees);
        assert_eq!(stage.writes().target, 0, "a plan writes nothing to the target");
        stage.apply(&plan, "a person").await.unwrap();
        let comparison = truth.compare(&stage.list_accounts(&connection.tenant).await.unwrap());
        assert_eq!(comparison.differences, []);

        let before = stage.writes();
        let again = stage.diff(&connection.id).await.unwrap();
        let plan = store
            .find_plan(&again.plan.unwrap(), stage.clock.now())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(plan.status, Status::Empty);
        let after = stage.writes();
        assert_eq!(after.target, before.target);
        written.push(after.store - before.store);
        assert_eq!((stage.dead_letters(), stage.repeats()), (0, 0));
        emulator.stop().await;
    }
    assert!(written.iter().all(|items| *items == written[0]), "{written:?}");
}
