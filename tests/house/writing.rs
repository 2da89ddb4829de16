//! How source files are written: how they open, how long they are, what their tests are called, what they must not name.

use std::path::Path;

use crate::files::{assert_none, texts, texts_with};

/// How many lines a file may have; a longer file no longer reads as one thing.
const MOST_LINES: usize = 400;
/// How many lines a function's `main.rs` may have; it is a door and not a room.
const MOST_DOOR_LINES: usize = 60;
/// The last safety rule; the rules are numbered from 1.
const LAST_RULE: u32 = 49;

#[test]
fn every_file_opens_with_where_you_are() {
    let silent = texts_with("rs")
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(file, _)| file)
        .collect::<Vec<_>>();
    assert_none(
        &silent,
        "Open these files with `//!`: where the reader is and what belongs here.",
    );
}

/// Files that may be longer, each with its reason.
const LONG_TABLES: [(&str, &str); 1] = [("shared/src/employee/forbidden/word.rs", "a list of words, one per line")];

/// Returns how many lines a file has without the unit tests at its end.
fn lines_to_read(text: &str) -> usize {
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..tests].lines().count()
}

/// Words that hide who is meant.
const RIDDLES: [&str; 3] = ["whoever", "somebody", "someone"];

/// Returns whether a sentence for people uses a word that hides who is meant.
fn hides_who_is_meant(line: &str) -> bool {
    let words = line.split(|letter: char| !letter.is_alphabetic());
    words
        .map(str::to_lowercase)
        .any(|word| RIDDLES.contains(&word.as_str()))
}

#[test]
fn comments_and_documents_name_who_is_meant() {
    let comments = texts_with("rs").into_iter().flat_map(|(file, text)| {
        let lines = text.lines().map(str::trim_start).map(str::to_owned);
        let comments: Vec<String> = lines.filter(|line| line.starts_with("//")).collect();
        comments.into_iter().map(move |line| (file.clone(), line))
    });
    let documents = texts_with("md").into_iter().flat_map(|(file, text)| {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.into_iter().map(move |line| (file.clone(), line))
    });
    let found: Vec<String> = comments
        .chain(documents)
        .filter(|(_, line)| hides_who_is_meant(line))
        .map(|(file, line)| format!("{file}: {line}"))
        .collect();
    assert_none(
        &found,
        "Name the subject: the admin, the operator, a request, another run.",
    );
    assert!(hides_who_is_meant("/// Whoever asks."));
    assert!(!hides_who_is_meant("/// The admin who asks."));
}

#[test]
fn no_file_outgrows_its_reader() {
    let is_table = |file: &str| LONG_TABLES.iter().any(|(table, _)| *table == file);
    let long = texts_with("rs")
        .into_iter()
        .map(|(file, text)| (lines_to_read(&text), file))
        .filter(|(lines, file)| *lines > MOST_LINES && !is_table(file))
        .map(|(lines, file)| format!("{file}: {lines} lines"))
        .collect::<Vec<_>>();
    assert_none(
        &long,
        "Split these files by what they hold; under 150 lines reads well.",
    );
}

#[test]
fn unit_tests_at_the_end_do_not_count_as_lines_to_read() {
    assert_eq!(
        lines_to_read("//! A\nfn b() {}\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n"),
        2
    );
    assert_eq!(lines_to_read("//! A\nfn b() {}\n"), 2);
}

#[test]
fn every_function_is_a_door() {
    let rooms = texts_with("rs")
        .into_iter()
        .filter(|(file, _)| file.starts_with("functions/") && file.ends_with("src/main.rs"))
        .map(|(file, text)| (file, text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_DOOR_LINES)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect::<Vec<_>>();
    assert_none(
        &rooms,
        "A door decodes, calls one use case, encodes; the rest belongs into its lib.rs or a room.",
    );
}

/// Returns the digits of `fn r07_…`, for every such function in the text.
fn rule_numbers(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("fn r").filter_map(|(start, opening)| {
        let rest = &text[start + opening.len()..];
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        (digits > 0 && rest[digits..].starts_with('_')).then(|| &rest[..digits])
    })
}

fn is_rule(digits: &str) -> bool {
    digits.len() == 2
        && digits
            .parse::<u32>()
            .is_ok_and(|number| (1..=LAST_RULE).contains(&number))
}

#[test]
fn every_test_named_after_a_rule_names_one_that_exists() {
    let mut unknown = Vec::new();
    for (file, text) in texts_with("rs") {
        if !file.starts_with("tests/house/") {
            unknown.extend(
                rule_numbers(&text)
                    .filter(|digits| !is_rule(digits))
                    .map(|digits| format!("{file}: r{digits}_…")),
            );
        }
    }
    assert_none(&unknown, "Safety rules are r01 to r49, with two digits:");
}

#[test]
fn a_rule_number_is_read_out_of_a_test_name() {
    let text = "fn r07_a() {} fn row_b() {} async fn r50_c() {} fn r7_d() {} fn r() {} fn r12() {}";
    assert_eq!(rule_numbers(text).collect::<Vec<_>>(), ["07", "50", "7"]);
    assert_eq!(
        ["07", "49", "50", "00", "7"].map(is_rule),
        [true, true, false, false, false]
    );
}

/// Returns the attributes `#[expect(…)]` that give no reason, as written.
fn unreasoned(text: &str) -> Vec<String> {
    let openings = ["#[expect", "#![expect"].map(|opening| format!("{opening}("));
    let mut found = Vec::new();
    for opening in openings {
        for (start, _) in text.match_indices(&opening) {
            let attribute = text[start..].split_inclusive(")]").next().unwrap_or_default();
            if !attribute.contains("reason = \"") {
                found.push(attribute.replace('\n', " "));
            }
        }
    }
    found
}

#[test]
fn every_rule_that_bends_says_why() {
    let mut found = Vec::new();
    for (file, text) in texts_with("rs") {
        if !file.starts_with("tests/house/") {
            found.extend(
                unreasoned(&text)
                    .into_iter()
                    .map(|attribute| format!("{file}: {attribute}")),
            );
        }
    }
    assert_none(&found, "Give these a `reason = \"…\"`:");
}

#[test]
fn a_missing_reason_is_noticed() {
    let text = "#[expect(a, reason = \"b\")]\n#[expect(\n    c,\n)]\nfn d() {}\n#![expect(e)]\nx.expect(\"f\")";
    assert_eq!(unreasoned(text), ["#[expect(     c, )]", "#![expect(e)]"]);
}

#[test]
fn nothing_is_left_for_later() {
    let unfinished = [
        "to".to_owned() + "do!(",
        "unimplemen".to_owned() + "ted!(",
        "TO".to_owned() + "DO",
        "FIX".to_owned() + "ME",
        "#[igno".to_owned() + "re",
    ];
    let mut found = Vec::new();
    for (file, text) in texts_with("rs") {
        for (number, line) in text.lines().enumerate() {
            let words = unfinished.iter().filter(|word| line.contains(word.as_str()));
            found.extend(words.map(|word| format!("{file}:{}: {word}", number + 1)));
        }
    }
    assert_none(&found, "Finish these, or take them out:");
}

/// Returns the words that would tie the project to one machine or one registry. The words are put together here so that this
/// file does not hold them.
fn foreign_words() -> Vec<String> {
    let folders = ["root", "home", "work"].map(|folder| format!("/{folder}/"));
    let hosts = [
        "index.crates",
        "static.crates",
        "files.pythonhosted",
        "registry.npmjs",
        "proxy.golang",
    ];
    let settings = ["index-url", "extra-index", "replace-with", "find-links"];
    let hosts = hosts.iter().map(|host| format!("{host}."));
    let settings = settings
        .iter()
        .map(|setting| format!("{setting} "))
        .chain(settings.iter().map(|setting| format!("{setting}=")));
    folders.into_iter().chain(hosts).chain(settings).collect()
}

#[test]
fn no_file_needs_one_machine_or_one_registry() {
    let foreign = foreign_words();
    let mut found = Vec::new();
    for (file, text) in texts() {
        let is_lock = Path::new(&file).file_name().is_some_and(|name| {
            ["Cargo.lock", "package-lock.json", "uv.lock"]
                .iter()
                .any(|lock| name == *lock)
        });
        if is_lock {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let words = foreign.iter().filter(|word| line.contains(word.as_str()));
            found.extend(words.map(|word| format!("{file}:{}: {word}", number + 1)));
        }
    }
    assert_none(
        &found,
        "These paths and hosts exist on somebody's machine only; registries are that machine's own setting.",
    );
}
