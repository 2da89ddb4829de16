//! What every Cargo manifest must say.

use std::{collections::BTreeSet, process::Command};

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

/// The workspace's members, as cargo understands their manifests.
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

/// The crates that the member called `name` may use, as they are written in code.
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
