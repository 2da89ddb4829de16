//! The library keeps to its rooms, and the checker that says so notices every kind of breach.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{
    checker::check,
    files::{assert_none, root},
    manifests::dependencies_of,
};

#[test]
fn the_library_keeps_to_its_rooms() {
    let findings = check(&root().join("shared/src"), &dependencies_of("rollcall"));
    let findings = findings.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_none(
        &findings,
        "These break a rule of the rooms (ARCHITECTURE.md; the table stands in tests/house/checker):",
    );
}

#[test]
fn the_bad_fixture_is_found_out_line_by_line() {
    let crates = [
        "aws_sdk_dynamodb",
        "axum",
        "getrandom",
        "http",
        "jiff",
        "reqwest",
        "serde",
        "tokio",
        "tracing",
    ];
    let crates = crates.map(str::to_owned).into_iter().collect::<BTreeSet<_>>();
    let findings = check(&root().join("tests/house/bad_fixture/src"), &crates);
    let found = findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let expected = include_str!("bad_fixture/expected.txt");
    assert_eq!(
        found,
        expected.trim_end(),
        "the checker notices something else than bad_fixture/expected.txt says:\n{found}\n"
    );
}

/// The files of every provider's folder. A reader who knows one folder finds the way in all of them. `error.rs` is added where
/// errors differ.
const CONNECTOR_FILES: [&str; 5] = ["mod.rs", "config.rs", "client.rs", "wire.rs", "convert.rs"];

/// Returns the files that connectors below `source` (the room's folder) lack; nothing when there is no connector.
fn missing_connector_files(source: &Path) -> Vec<String> {
    let mut missing = Vec::new();
    for entry in fs::read_dir(source).into_iter().flatten() {
        let folder = entry.unwrap().path();
        if folder.is_dir() {
            let lacking = CONNECTOR_FILES
                .iter()
                .map(|file| folder.join(file))
                .filter(|file| !file.exists());
            missing.extend(lacking.map(|file| file.strip_prefix(source).unwrap().to_string_lossy().into_owned()));
        }
    }
    missing.sort();
    missing
}

#[test]
fn every_connector_looks_like_its_neighbours() {
    assert_none(
        &missing_connector_files(&root().join("shared/src/source")),
        "Every connector has these files:",
    );
}

#[test]
fn a_connector_without_its_files_is_noticed() {
    let missing = missing_connector_files(&root().join("tests/house/bad_fixture/src/source"));
    let of_factorial = missing
        .iter()
        .filter(|file| file.starts_with("factorial/"))
        .collect::<Vec<_>>();
    assert_eq!(
        of_factorial,
        ["factorial/client.rs", "factorial/config.rs", "factorial/wire.rs"]
    );
}
