//! What the demo says at its end, to programs and to people.

use serde_json::Value;

use local::demo::{Preset, Target};
use rollcall::source::Kind;

use crate::support::{show, show_as, show_with};

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
            "store_read_calls",
            "store_reads",
            "store_write_calls",
            "store_writes",
            "target_writes"
        ]
    );
    let number = |day: usize, member: &str| days[day][member].as_u64().unwrap();
    assert_eq!((number(0, "joiners"), number(0, "leavers")), (60, 0));
    assert!(number(0, "target_writes") >= 60);
    for (items, calls) in [
        ("store_reads", "store_read_calls"),
        ("store_writes", "store_write_calls"),
    ] {
        assert!((1..=number(0, items)).contains(&number(0, calls)), "{items}");
    }
    for class in ["joiners", "movers", "leavers"] {
        assert!(number(1, class) > 0, "{class}");
    }
    for still in &days[2..] {
        assert_eq!(
            (&still["target_writes"], &still["leavers"]),
            (&0.into(), &0.into()),
            "{still}"
        );
    }
    for day in &days[..4] {
        assert_eq!(day["held"], serde_json::json!([]), "{day}");
    }
    let held = days[4]["held"].as_array().unwrap();
    assert!(held.contains(&Value::from("headcount_drop")), "{held:?}");
}

#[tokio::test]
async fn r46_a_quiet_day_asks_hr_for_what_the_preset_uses_and_no_more() {
    let (_, out) = show_as(Kind::Factorial, Target::Directory, Preset::Users, 400, true).await;
    let days = days(&out);
    let calls: Vec<u64> = days.iter().map(|day| day["calls"].as_u64().unwrap()).collect();
    assert!(calls[0] > 3 * calls[2], "the first day counts everything: {calls:?}");
    assert!(calls[2] <= 3 * 5 + 2, "people, contracts and places of work: {calls:?}");
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

/// The five days are carried to a SCIM server. As many people come, change and go as with the directory, and the claims are
/// about that server.
#[tokio::test]
async fn a_scim_server_lives_the_same_five_days() {
    let (directory, _) = show(60, true).await;
    let (server, out) = show_with(Kind::Factorial, Target::Scim, 60, false).await;
    for (one, other) in directory.days.iter().zip(&server.days) {
        assert_eq!(
            (one.name, one.joiners, one.movers, one.leavers, &one.held),
            (other.name, other.joiners, other.movers, other.leavers, &other.held)
        );
    }
    assert_eq!(server.days[2].store_writes, directory.days[2].store_writes);
    let claim = |proof: &&local::demo::Proof| proof.claim.contains("the SCIM server equals HR, person by person");
    assert!(server.proofs.iter().any(|proof| claim(&proof)));
    assert!(out.contains("an emulated SCIM 2.0 server"), "{out}");
}

/// Every claim holds for every HR system, on both sides of the end of its first page of people.
#[tokio::test]
async fn every_hr_system_lives_the_same_five_days() {
    for kind in Kind::ALL {
        for employees in [40, 230] {
            let (report, out) = show_with(*kind, Target::Directory, employees, false).await;
            let joined: Vec<u32> = report.days.iter().map(|day| day.joiners).collect();
            assert_eq!((report.days.len(), joined[0]), (5, employees), "{kind}");
            assert!(report.days[1].movers > 0 && report.days[1].leavers > 0, "{kind}");
            assert!(out.contains("What was proven"), "{kind}: {out}");
        }
    }
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
