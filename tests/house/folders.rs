//! The folders of HR systems hold what is particular to each.

use acceptance::folder::{PASSAGE, folders, shared};

use crate::files::{assert_none, root};

#[test]
fn no_two_folders_of_hr_systems_share_a_passage() {
    let folders = folders(&root()).unwrap();
    assert!(folders.len() > 2 && folders.values().all(|folder| folder.lines() > 100));
    let shared = shared(&folders);
    let told: Vec<String> = shared
        .iter()
        .map(|shared| {
            format!(
                "{}:\n      {}",
                shared.files.join(" and "),
                shared.lines.join("\n      ")
            )
        })
        .collect();
    let rule = format!("These folders share {PASSAGE} lines or more; what two of them need stands in `connector`:");
    assert_none(&told, &rule);
}

/// How many lines the folder of an HR system may have, without tests. The first one is older than what they share.
fn most_lines(name: &str) -> usize {
    if name == "factorial" { 1_200 } else { 600 }
}

#[test]
fn no_folder_of_an_hr_system_is_longer_than_what_is_particular_to_one() {
    let folders = folders(&root()).unwrap();
    let too_long = folders
        .iter()
        .filter(|(name, folder)| folder.lines() > most_lines(name));
    let told: Vec<String> = too_long
        .map(|(name, folder)| format!("{name}: {} lines, {} at most", folder.lines(), most_lines(name)))
        .collect();
    assert_none(&told, "These folders hold what ought to stand in `connector`:");
}
