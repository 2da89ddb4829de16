//! Links between the project's pages: each link leads to a file, and to a heading where it names one.

use std::{collections::BTreeMap, path::Path};

use crate::files::{assert_none, root, texts_with};

/// Returns the targets of `[text](target)` outside of code, in order.
fn links(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        // Odd parts of a line split at backticks are code.
        for prose in line.split('`').step_by(2) {
            let targets = prose.split("](").skip(1).filter_map(|rest| rest.split(')').next());
            found.extend(targets.map(|target| target.split(' ').next().unwrap_or(target).to_owned()));
        }
    }
    found
}

/// Returns the anchors of a page's headings, as code hosts derive them: lower case, words joined by hyphens.
fn anchors(page: &str) -> Vec<String> {
    let mut in_code = false;
    let mut found = Vec::new();
    for line in page.lines() {
        in_code ^= line.starts_with("```");
        if !in_code && line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_lowercase();
            let kept = heading
                .chars()
                .filter(|character| character.is_alphanumeric() || " -_".contains(*character));
            found.push(kept.collect::<String>().replace(' ', "-"));
        }
    }
    found
}

fn is_elsewhere(target: &str) -> bool {
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
}

/// Returns whether a link of the page at `page` leads somewhere; `pages` are all pages by path from the top folder.
fn leads_somewhere(pages: &BTreeMap<String, String>, page: &str, target: &str) -> bool {
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let folder = Path::new(page).parent().unwrap_or(Path::new(""));
    let path = if file.is_empty() {
        Path::new(page).to_owned()
    } else {
        folder.join(file)
    };
    let has_anchor = || {
        let text = std::fs::read_to_string(root().join(&path)).unwrap_or_default();
        let text = pages.get(&path.to_string_lossy().into_owned()).unwrap_or(&text);
        anchors(text).iter().any(|found| found == anchor)
    };
    (file.is_empty() || root().join(&path).exists()) && (anchor.is_empty() || has_anchor())
}

#[test]
fn every_relative_link_leads_somewhere() {
    let pages = texts_with("md");
    let mut broken = Vec::new();
    for (page, text) in &pages {
        let dead = links(text)
            .into_iter()
            .filter(|target| !is_elsewhere(target) && !leads_somewhere(&pages, page, target));
        broken.extend(dead.map(|target| format!("{page}: {target}")));
    }
    assert_none(&broken, "These links lead nowhere:");
}

#[test]
fn a_dead_link_is_noticed() {
    let page = "# A title, here\n[a](b.md#c) `[not](one)` [d](https://e.example \"f\")\n```\n[no](code)\n```\n[g](#a-title-here)";
    assert_eq!(links(page), ["b.md#c", "https://e.example", "#a-title-here"]);
    let pages = BTreeMap::from([("page.md".to_owned(), page.to_owned())]);
    let verdicts = ["#a-title-here", "#other", "b.md", "Cargo.toml", "tests/../Cargo.toml"];
    let verdicts = verdicts.map(|target| leads_somewhere(&pages, "page.md", target));
    assert_eq!(verdicts, [true, false, false, true, true]);
}
