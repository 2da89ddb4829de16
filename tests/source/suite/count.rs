//! The suite is complete: every case is in its list, every HR system runs it or says why not, and the counts are printed.

use std::{collections::BTreeSet, io::Write as _, path::Path, process::Command};

use rollcall::{source::Kind, testing::contract::source::CASES};

use super::{stand::Own, ways};

/// Returns the names of all tests of this program, as it lists them itself.
fn own_tests() -> BTreeSet<String> {
    let program = std::env::current_exe().unwrap();
    let listed = Command::new(program).arg("--list").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names = listed.lines().filter_map(|line| line.strip_suffix(": test"));
    names.map(str::to_owned).collect()
}

/// Checks what a way to be read says of every case. Returns the cases that it runs.
fn cases_run(tests: &BTreeSet<String>, way: &str, own: &Own) -> BTreeSet<&'static str> {
    for case in CASES {
        let test = format!("suite::{way}::{case}");
        assert!(tests.contains(&test), "{test} is neither run nor excused");
    }
    for (case, reason) in own.excuses {
        assert!(CASES.contains(case), "{way} excuses {case}, which is no case");
        let is_sentence = reason.split(' ').count() > 3 && !reason.contains('\n');
        assert!(is_sentence, "{way}, {case}: say why in a sentence");
    }
    let offered = CASES.iter().filter(|case| own.excuse(case).is_none());
    offered.copied().collect()
}

#[test]
fn every_case_is_run_or_excused_by_every_hr_system_and_the_counts_are_printed() {
    let tests = own_tests();
    let mut run_somewhere = BTreeSet::new();
    let mut report = vec![String::new()];
    for kind in Kind::ALL {
        let ways = ways(*kind);
        assert!(!ways.is_empty(), "{kind:?} is not in the suite");
        for (way, own) in ways {
            let run = cases_run(&tests, way, own);
            let excused = CASES.len() - run.len();
            report.push(format!(
                "suite of sources, {way}: {} cases run, {excused} not offered",
                run.len()
            ));
            report.extend(own.excuses.iter().map(|(case, reason)| format!("  {case}: {reason}")));
            run_somewhere.extend(run);
        }
    }
    let nowhere: Vec<&&str> = CASES.iter().filter(|case| !run_somewhere.contains(*case)).collect();
    assert!(nowhere.is_empty(), "no HR system runs {nowhere:?}");
    // Written past the test's own capture, so that every run shows it.
    let report = report.join("\n") + "\n";
    std::io::stderr().write_all(report.as_bytes()).unwrap();
}

#[test]
fn every_case_that_is_written_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/src/testing/contract/source");
    let mut written = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let functions = text.lines().filter_map(|line| line.strip_prefix("pub async fn "));
        let cases = functions.filter_map(|line| line.strip_suffix("(hr: &dyn Emulated) {"));
        written.extend(cases.map(str::to_owned));
    }
    let listed: BTreeSet<String> = CASES.iter().map(|case| (*case).to_owned()).collect();
    assert_eq!(written, listed);
}
