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
