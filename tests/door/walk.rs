//! README's walk with curl: its own commands, run as they stand in it, with the output that stands below each.

use std::{fs, path::Path, process::Command};

use crate::support::Served;

/// A block of commands, and what README says that they print, where it says so.
struct Block {
    commands: String,
    prints: Option<String>,
}

/// Returns the blocks of the walk, in order.
fn blocks() -> Vec<Block> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = fs::read_to_string(path).unwrap();
    let start = readme.find("## Walk through it with curl").unwrap();
    let walk = &readme[start..];
    let walk = &walk[..walk[3..].find("\n## ").unwrap()];
    let mut blocks: Vec<Block> = Vec::new();
    for (place, fenced) in walk.split("```").enumerate().filter(|(place, _)| place % 2 == 1) {
        match fenced.split_once('\n').unwrap() {
            ("sh", commands) => blocks.push(Block {
                commands: commands.to_owned(),
                prints: None,
            }),
            ("text", prints) => blocks.last_mut().unwrap().prints = Some(prints.to_owned()),
            ("", command) => assert!(
                command.starts_with("cargo run -- serve --ready-file ready.json"),
                "{place}"
            ),
            (other, _) => panic!("a block of {other}"),
        }
    }
    blocks
}

#[tokio::test]
async fn readmes_walk_works_by_copy_and_paste() {
    let blocks = blocks();
    assert!(blocks.len() >= 7, "{}", blocks.len());
    let folder = tempfile::tempdir().unwrap();
    let served = Served::start_with(250, None, Some(folder.path().join("ready.json"))).await;
    let mut script = "set -euo pipefail\n".to_owned();
    for block in &blocks {
        script += &block.commands;
        script += "echo ---end of block\n";
    }
    let folder_path = folder.path().to_owned();
    let run = move || {
        let output = Command::new("bash")
            .arg("-c")
            .arg(script)
            .current_dir(folder_path)
            .output();
        output.expect("the walk needs bash, curl and python3")
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{printed}\n{errors}");
    let parts: Vec<&str> = printed.split("---end of block\n").collect();
    assert_eq!(parts.len(), blocks.len() + 1, "{printed}");
    let mut compared = 0;
    for (block, part) in blocks.iter().zip(parts) {
        if let Some(prints) = &block.prints {
            assert_eq!(part, prints, "after\n{}", block.commands);
            compared += 1;
        }
    }
    assert!(compared >= 6, "{compared}");
    served.stop().await;
    assert!(
        !folder.path().join("ready.json").exists(),
        "the file of a stage that is gone"
    );
}
