//! The project's files as the tests see them: everything that a clone would hold, nothing that is built or downloaded.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Folders that are never part of the project, at any depth.
const SKIPPED: [&str; 7] = [
    ".aws-sam",
    ".git",
    ".results",
    ".tools",
    "__pycache__",
    "descriptions",
    "node_modules",
];

/// Returns the top folder of the project.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Returns every text file: path from the top folder, with `/`, → content. Files that are not UTF-8 are left out.
pub(crate) fn texts() -> BTreeMap<String, String> {
    let root = root();
    // Cargo's folder `target` is at the top; a folder `target` further down is a room.
    let is_skipped = |entry: &walkdir::DirEntry| {
        SKIPPED.iter().any(|skipped| entry.file_name() == *skipped)
            || (entry.depth() == 1 && entry.file_name() == "target")
    };
    let kept = |entry: &walkdir::DirEntry| !is_skipped(entry);
    walkdir::WalkDir::new(&root)
        .into_iter()
        .filter_entry(kept)
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let file = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            Some((file, fs::read_to_string(entry.path()).ok()?))
        })
        .collect()
}

/// Returns the files whose name ends in `.extension`.
pub(crate) fn texts_with(extension: &str) -> BTreeMap<String, String> {
    texts()
        .into_iter()
        .filter(|(file, _)| Path::new(file).extension().is_some_and(|found| found == extension))
        .collect()
}

/// Fails with one line per breach, under a sentence that says what the rule is.
pub(crate) fn assert_none(breaches: &[String], rule: &str) {
    assert!(breaches.is_empty(), "{rule}\n  {}\n", breaches.join("\n  "));
}
