//! Reads a library's source files and reports every place that breaks a rule about rooms.
//!
//! `plan` says which room, layer and adapter a file or path belongs to; `reading` finds the paths that a file uses; `law`
//! judges the paths. Nothing is compiled: aliases are followed, and macros are read token by token, as far as tokens tell.

mod law;
mod plan;
mod production;
mod reading;
mod resolve;
mod tokens;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use law::Law;
use plan::{House, Place};
use reading::Reading;

/// One broken rule: where it is broken, and by what.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    file: String,
    line: usize,
    law: Law,
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{} {} `{}`", self.file, self.line, self.law, self.what)
    }
}

/// Checks every `.rs` file below `source`, the `src` folder of a crate that may use the crates named in
/// `dependencies` (with underscores). The findings come in order of file and line.
pub(crate) fn check(source: &Path, dependencies: &BTreeSet<String>) -> Vec<Finding> {
    let texts = read_texts(source);
    let house = House::survey(texts.keys().map(String::as_str));
    let mut findings = BTreeSet::new();
    for (file, text) in &texts {
        match house.place(file) {
            Some(Place::Test) => {}
            Some(place) => findings.extend(check_file(&house, &place, file, text, dependencies)),
            None => {
                findings.insert(Finding {
                    file: file.clone(),
                    line: 1,
                    law: Law::Room,
                    what: file.clone(),
                });
            }
        }
    }
    findings.into_iter().collect()
}

fn read_texts(source: &Path) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for entry in walkdir::WalkDir::new(source).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let file = entry.path().strip_prefix(source).unwrap().to_str().unwrap().to_owned();
            texts.insert(file, fs::read_to_string(entry.path()).unwrap());
        }
    }
    texts
}

fn check_file(house: &House, place: &Place, file: &str, text: &str, dependencies: &BTreeSet<String>) -> Vec<Finding> {
    let reading = Reading::of(file, text, dependencies);
    let finding = |line, law, what: &str| Finding {
        file: file.to_owned(),
        line,
        law,
        what: what.to_owned(),
    };
    let mut findings = Vec::new();
    for used in &reading.paths {
        // A breach that an import already reports is not reported again at each use of the imported name.
        let reported = used
            .through
            .as_ref()
            .is_some_and(|import| law::judge(house, place, import).is_some());
        if !reported && let Some(law) = law::judge(house, place, &used.path) {
            findings.push(finding(used.line, law, &used.path.join("::")));
        }
    }
    for (line, what) in &reading.asyncs {
        findings.extend(law::judge_async(place, file).map(|law| finding(*line, law, what)));
    }
    for (line, name) in &reading.prints {
        findings.extend(law::judge_print(place).map(|law| finding(*line, law, name)));
    }
    for (line, word) in &reading.words {
        findings.extend(law::judge_word(house, place, word).map(|law| finding(*line, law, word)));
    }
    findings
}
