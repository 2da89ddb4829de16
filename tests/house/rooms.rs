//! The library keeps to its rooms, and the checker that says so notices every kind of breach.

use std::collections::BTreeSet;

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
