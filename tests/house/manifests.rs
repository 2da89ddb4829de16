//! What every Cargo manifest must say.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde::Deserialize;

use crate::files;

/// Dependencies that keep their default features, each with its reason.
const KEEPS_DEFAULT_FEATURES: [(&str, &str); 4] = [
    ("async-trait", "has no default features"),
    ("thiserror", "its one default feature is `std`, which we need"),
    (
        "tempfile",
        "used by tests only; its default draws names from the system's randomness",
    ),
    ("walkdir", "has no default features"),
];

/// Crates whose name in code differs from their package name with underscores.
const OTHER_NAMES: [(&str, &str); 1] = [("dynoxide-rs", "dynoxide")];

/// Versions that are chosen before anything uses them, each with its reason.
const CHOSEN_AHEAD: [(&str, &str); 0] = [];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    path: Option<String>,
    uses_default_features: bool,
}

/// Returns the workspace's members, as cargo understands their manifests.
fn members() -> Vec<Package> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(files::root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice::<Metadata>(&output.stdout).unwrap().packages
}

/// Returns the crates that the member called `name` may use, as they are written in code.
pub(crate) fn dependencies_of(name: &str) -> BTreeSet<String> {
    let members = members();
    let member = members.iter().find(|member| member.name == name).unwrap();
    member
        .dependencies
        .iter()
        .map(|dependency| dependency.name.replace('-', "_"))
        .collect()
}

#[test]
fn every_member_takes_the_lints_of_the_workspace() {
    let silent = members()
        .iter()
        .filter(|member| {
            let manifest = std::fs::read_to_string(&member.manifest_path).unwrap();
            !manifest.contains("[lints]\nworkspace = true") && !manifest.contains("lints.workspace = true")
        })
        .map(|member| member.name.clone())
        .collect::<Vec<_>>();
    files::assert_none(&silent, "Add `[lints]` `workspace = true` to these packages:");
}

#[test]
fn every_dependency_chooses_its_features() {
    let mut careless = BTreeSet::new();
    for member in members() {
        for dependency in member.dependencies {
            let excepted = KEEPS_DEFAULT_FEATURES.iter().any(|(name, _)| *name == dependency.name);
            if dependency.uses_default_features && dependency.path.is_none() && !excepted {
                careless.insert(format!("{} (in {})", dependency.name, member.name));
            }
        }
    }
    let careless = careless.into_iter().collect::<Vec<_>>();
    files::assert_none(
        &careless,
        "Say `default-features = false` in [workspace.dependencies], or list a reason here:",
    );
}

#[test]
fn every_exception_from_chosen_features_is_still_needed() {
    let members = members();
    let unneeded = KEEPS_DEFAULT_FEATURES
        .iter()
        .filter(|(name, _)| {
            !members
                .iter()
                .flat_map(|member| &member.dependencies)
                .any(|found| found.name == *name && found.uses_default_features)
        })
        .map(|(name, _)| (*name).to_owned())
        .collect::<Vec<_>>();
    files::assert_none(
        &unneeded,
        "Nothing uses these with default features; take them off the list:",
    );
}

#[test]
fn every_version_is_chosen_once_in_the_workspace() {
    let mut own = Vec::new();
    for member in members() {
        let manifest = std::fs::read_to_string(&member.manifest_path).unwrap();
        let (_, dependencies) = manifest.split_once("dependencies]").unwrap_or_default();
        let versions = dependencies.lines().filter(|line| {
            line.contains(" = \"")
                && !line.contains("{ path = ")
                && !["name", "path", "test"]
                    .iter()
                    .any(|key| line.starts_with(&format!("{key} = ")))
        });
        own.extend(versions.map(|line| format!("{}: {line}", member.name)));
    }
    files::assert_none(
        &own,
        "Give these a version in [workspace.dependencies] and write `.workspace = true`:",
    );
}

/// Returns the name of a crate in code.
fn name_in_code(crate_name: &str) -> String {
    let other = OTHER_NAMES.iter().find(|(name, _)| *name == crate_name);
    other.map_or_else(|| crate_name.replace('-', "_"), |(_, name)| (*name).to_owned())
}

/// Returns whether a file of the package in `folder` uses the crate.
fn is_used(texts: &BTreeMap<String, String>, folder: &str, crate_name: &str) -> bool {
    let path = format!("{}::", name_in_code(crate_name));
    let of_package = texts
        .iter()
        .filter(|(file, _)| file.starts_with(folder) && !file.contains("/bad_fixture/"));
    of_package.into_iter().any(|(_, text)| {
        text.match_indices(&path).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            before.is_none_or(|before| !before.is_alphanumeric() && before != '_')
        })
    })
}

#[test]
fn every_dependency_is_used() {
    let texts = files::texts_with("rs");
    let mut idle = Vec::new();
    for member in members() {
        let folder = Path::new(&member.manifest_path).parent().unwrap();
        let folder = folder.strip_prefix(files::root()).unwrap().to_str().unwrap();
        let unused = member
            .dependencies
            .iter()
            .filter(|dependency| !is_used(&texts, &format!("{folder}/"), &dependency.name));
        idle.extend(unused.map(|dependency| format!("{} (in {})", dependency.name, member.name)));
    }
    files::assert_none(&idle, "Take these out; they cost everybody who builds:");
}

#[test]
fn every_chosen_version_is_wanted_or_announced() {
    let manifest = std::fs::read_to_string(files::root().join("Cargo.toml")).unwrap();
    let (_, chosen) = manifest.split_once("[workspace.dependencies]").unwrap();
    let (chosen, _) = chosen.split_once("\n[").unwrap();
    let chosen: BTreeSet<_> = chosen
        .lines()
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .collect();
    let members = members();
    let wanted: BTreeSet<_> = members
        .iter()
        .flat_map(|member| &member.dependencies)
        .map(|dependency| dependency.name.as_str())
        .collect();
    let unwanted: BTreeSet<_> = chosen.difference(&wanted).copied().collect();
    let announced: BTreeSet<_> = CHOSEN_AHEAD.iter().map(|(name, _)| *name).collect();
    assert!(chosen.len() > 40);
    assert_eq!(
        unwanted, announced,
        "nothing uses these versions of [workspace.dependencies]"
    );
}

/// Returns the external crates that a choice of packages is built from, each with its version and features.
fn built_from(choice: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--prefix", "none", "--format", "{p} [{f}]"])
        .args(choice)
        .current_dir(files::root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo tree: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .filter(|line| !line.is_empty())
        .collect()
}

#[test]
fn what_cargo_run_builds_is_not_built_again_for_the_tests_or_the_documentation() {
    let by_run = built_from(&["--edges", "no-dev"]);
    let by_documentation = built_from(&["--workspace", "--edges", "no-dev"]);
    let by_tests = built_from(&["--workspace", "--edges", "normal,build,dev"]);
    assert!(by_run.len() > 100);
    let again: Vec<_> = by_run
        .union(&by_documentation)
        .filter(|line| !by_tests.contains(*line))
        .cloned()
        .collect();
    files::assert_none(
        &again,
        "Ask for the features that tests add in tests/Cargo.toml as well; these crates are built twice:",
    );
}

#[test]
fn emulators_share_nothing_with_the_product() {
    let ours = ["rollcall", "local"];
    let shared = dependencies_of("emulators")
        .into_iter()
        .filter(|name| ours.contains(&name.as_str()))
        .collect::<Vec<_>>();
    files::assert_none(
        &shared,
        "An emulator written with our own types would share our mistakes:",
    );
}
