//! The places that an HR system touches beside those that the compiler names: ARCHITECTURE.md lists them all.

use std::path::Path;

use crate::files::{assert_none, root};

/// Where the kinds are told.
const KINDS: &str = "shared/src/source/kind.rs";

/// An HR system as [`KINDS`] tells it: its name in code and its word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kind {
    name: String,
    word: String,
}

/// Returns the kinds that a text tells, from the arms of `as_str`.
fn kinds(text: &str) -> Vec<Kind> {
    let arms = text.lines().filter_map(|line| line.trim().strip_prefix("Self::"));
    let arms = arms.filter_map(|arm| arm.trim_end_matches(',').split_once(" => "));
    arms.map(|(name, word)| Kind {
        name: name.to_owned(),
        word: word.trim_matches('"').to_owned(),
    })
    .collect()
}

/// Returns the places that an HR system has to be found in: the file, and what has to stand there.
fn places(kind: &Kind) -> Vec<(String, String)> {
    let Kind { name, word } = kind;
    [
        ("shared/src/source/mod.rs", format!("pub mod {word};")),
        (&*format!("shared/src/source/{word}/config.rs"), format!("Kind::{name}")),
        ("shared/src/runtime/provider.rs", format!("Kind::{name} =>")),
        (
            "infra/local/src/emulator.rs",
            format!("Kind::{name} => emulators::Kind::{name}"),
        ),
        ("infra/emulators/src/kit/kind.rs", format!("=> \"{word}\"")),
        ("README.md", format!("| `{word}` |")),
        ("tests/source/suite/mod.rs", format!("Kind::{name} => vec![")),
    ]
    .map(|(file, text)| (file.to_owned(), text))
    .to_vec()
}

/// Returns the places where an HR system is forgotten; `read` returns the text of a file, or nothing.
fn forgotten(kind: &Kind, read: &dyn Fn(&str) -> String) -> Vec<String> {
    let missing = places(kind)
        .into_iter()
        .filter(|(file, text)| !read(file).contains(text));
    missing.map(|(file, text)| format!("{file}: `{text}`")).collect()
}

/// Returns the text of a file of the project, or nothing.
fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(Path::new(file))).unwrap_or_default()
}

#[test]
fn every_hr_system_is_found_in_all_its_places() {
    let kinds = kinds(&read(KINDS));
    assert!(kinds.contains(&Kind {
        name: "Factorial".to_owned(),
        word: "factorial".to_owned()
    }));
    let forgotten: Vec<String> = kinds.iter().flat_map(|kind| forgotten(kind, &read)).collect();
    assert_none(
        &forgotten,
        "An HR system is forgotten here (ARCHITECTURE.md, \"A new HR system\"):",
    );
}

#[test]
fn every_folder_of_an_hr_system_has_a_kind() {
    let kinds = kinds(&read(KINDS));
    let folders = std::fs::read_dir(root().join("shared/src/source")).unwrap();
    let folders = folders
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir());
    let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let without: Vec<String> = names
        .filter(|name| kinds.iter().all(|kind| kind.word != *name))
        .collect();
    assert_none(&without, "These folders have no `Kind`:");
}

#[test]
fn a_pretend_hr_system_is_missed_in_each_place_where_it_is_forgotten() {
    let told = format!(
        "{}            Self::Pretend => \"pretend\",\n",
        "            Self::Factorial => \"factorial\",\n"
    );
    let pretend = kinds(&told).pop().unwrap();
    let all = places(&pretend);
    assert_eq!(
        forgotten(&pretend, &read).len(),
        all.len(),
        "nothing of it is there yet"
    );
    let complete = |file: &str| {
        let own = all.iter().filter(|(place, _)| place == file);
        let added: Vec<&str> = own.map(|(_, text)| text.as_str()).collect();
        read(file) + &added.join("\n")
    };
    assert_eq!(forgotten(&pretend, &complete), Vec::<String>::new());
    for (left_out, text) in &all {
        let but_one = |file: &str| if file == left_out { read(file) } else { complete(file) };
        assert_eq!(forgotten(&pretend, &but_one), [format!("{left_out}: `{text}`")]);
    }
}

#[test]
fn architecture_names_every_place_of_an_hr_system() {
    let architecture = read("ARCHITECTURE.md");
    let (_, list) = architecture.split_once("## A new HR system").unwrap();
    let (list, _) = list.split_once("\n## ").unwrap();
    let kind = Kind {
        name: "Name".to_owned(),
        word: "name".to_owned(),
    };
    let files = places(&kind)
        .into_iter()
        .map(|(file, _)| file.replace("/config.rs", ""));
    let unnamed: Vec<String> = files
        .chain([KINDS.to_owned()])
        .filter(|file| !list.contains(file.as_str()))
        .collect();
    assert_none(
        &unnamed,
        "ARCHITECTURE.md, \"A new HR system\", does not name these places:",
    );
}
