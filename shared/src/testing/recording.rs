//! Recorded exchanges with an HR system: a folder of files, so that a recording is added without code.
//!
//! `recording.json` says which HR system was read, with which credential, and when ([`About`]). Each exchange is two files with one
//! number: `001.request` is a line with method and path, and behind an empty line what was sent; `001.answer` is a line with the
//! status, lines with headers, and behind an empty line what came. `expected.json` is what a read of the folder comes to
//! ([`summary`]). No file holds a credential: it is no part of a request that is looked up.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{connection::ProviderId, employee::Field, roster::Roster};

/// The file that says what was recorded.
const ABOUT: &str = "recording.json";
/// The file that says what a read comes to.
const EXPECTED: &str = "expected.json";

/// What was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The HR system.
    pub provider: ProviderId,
    /// With which credential: `api_key`, `oauth`, `client_credentials` or `basic`, as the HTTP contract calls them.
    pub credential: String,
    /// When. The HR system is read as if it was this instant.
    pub recorded_at: Timestamp,
    /// Whose data it is, and how it came to hold no real person's.
    pub note: String,
}

/// A request, as far as it is looked up by: method, path, parameters in the order of their names, and what is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Asked(String);

impl Asked {
    /// A request with its path and parameters as they are sent.
    pub fn new(method: &str, path_and_query: &str, body: &[u8]) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let mut parameters: Vec<&str> = query.split('&').filter(|parameter| !parameter.is_empty()).collect();
        parameters.sort_unstable();
        let mark = if parameters.is_empty() { "" } else { "?" };
        let body = String::from_utf8_lossy(body);
        Self(format!("{method} {path}{mark}{}\n\n{body}", parameters.join("&")))
    }

    /// Reads a file `.request`, whose parameters may stand in any order.
    fn of_file(text: &str) -> Self {
        let (line, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let (method, path) = line.split_once(' ').unwrap();
        Self::new(method, path, body.as_bytes())
    }

    /// The line with method and path, for messages.
    pub fn line(&self) -> &str {
        self.0.lines().next().unwrap_or_default()
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values of headers.
    pub headers: Vec<(String, String)>,
    /// What came.
    pub body: Vec<u8>,
}

impl Answer {
    fn of_file(bytes: &[u8]) -> Self {
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = std::str::from_utf8(&bytes[..end]).unwrap();
        let (status, headers) = head.split_once('\n').unwrap_or((head, ""));
        let headers = headers.lines().map(|line| line.split_once(": ").unwrap());
        Self {
            status: status.trim().parse().unwrap(),
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            body: bytes[end + 2..].to_vec(),
        }
    }

    fn to_file(&self) -> Vec<u8> {
        let headers = self.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let head = format!("{}\n{}\n", self.status, headers.collect::<String>());
        [head.as_bytes(), &self.body].concat()
    }
}

/// A recorded folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// What was recorded.
    pub about: About,
    /// Every exchange. One request has one answer.
    pub exchanges: BTreeMap<Asked, Answer>,
}

impl Recording {
    /// Reads a folder.
    pub fn load(folder: &Path) -> Self {
        let about = serde_json::from_slice(&fs::read(folder.join(ABOUT)).unwrap()).unwrap();
        let mut exchanges = BTreeMap::new();
        for file in fs::read_dir(folder).unwrap() {
            let request = file.unwrap().path();
            if request.extension().is_some_and(|extension| extension == "request") {
                let asked = Asked::of_file(&fs::read_to_string(&request).unwrap());
                let answer = Answer::of_file(&fs::read(request.with_extension("answer")).unwrap());
                let twice = exchanges.insert(asked, answer);
                assert!(twice.is_none(), "{} is recorded twice", request.display());
            }
        }
        assert!(!exchanges.is_empty(), "{} holds no exchange", folder.display());
        Self { about, exchanges }
    }

    /// Writes a folder in place of what was there.
    pub fn save(&self, folder: &Path) {
        if folder.exists() {
            fs::remove_dir_all(folder).unwrap();
        }
        fs::create_dir_all(folder).unwrap();
        let about = serde_json::to_string_pretty(&self.about).unwrap() + "\n";
        fs::write(folder.join(ABOUT), about).unwrap();
        for (number, (asked, answer)) in (1..).zip(&self.exchanges) {
            let file = folder.join(format!("{number:03}.request"));
            fs::write(file.with_extension("answer"), answer.to_file()).unwrap();
            fs::write(file, &asked.0).unwrap();
        }
    }

    /// Returns the answer to a request, or nothing where it was not recorded.
    pub fn find_answer(&self, asked: &Asked) -> Option<&Answer> {
        self.exchanges.get(asked)
    }
}

/// Returns what a folder says that a read of it comes to; nothing where it does not say it yet.
pub fn find_expected(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join(EXPECTED)).ok()
}

/// Writes what a read of a folder comes to.
pub fn put_expected(folder: &Path, summary: &str) {
    fs::write(folder.join(EXPECTED), summary).unwrap();
}

/// Returns what a read came to, as a person compares it: what is known of all people, and every person's attributes.
pub fn summary(roster: &Roster) -> String {
    let header = &roster.header;
    let people = roster.employees().unwrap();
    let attributes: BTreeSet<_> = header.visible.iter().collect();
    let people: Vec<Value> = people
        .iter()
        .map(|person| {
            let seen = attributes.iter().filter_map(|attribute| {
                let value = match person.attributes.field((*attribute).clone()) {
                    Field::Value(text) => json!(text),
                    Field::Empty => Value::Null,
                    Field::Unseen => return None,
                };
                Some((attribute.to_string(), value))
            });
            let mut members: serde_json::Map<String, Value> = seen.collect();
            members.insert("employee_id".to_owned(), json!(person.id.as_str()));
            Value::Object(members)
        })
        .collect();
    let hidden: BTreeMap<String, &String> = header
        .hidden
        .iter()
        .map(|(attribute, reason)| (attribute.to_string(), reason))
        .collect();
    let summary = json!({
        "announced": header.announced,
        "walk_ended": header.walk_ended,
        "duplicates": header.duplicates,
        "hidden": hidden,
        "people": people,
    });
    serde_json::to_string_pretty(&summary).unwrap() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_the_same_in_whatever_order_its_parameters_stand() {
        let one = Asked::new("GET", "/people?page=1&limit=2", b"");
        assert_eq!(one, Asked::new("GET", "/people?limit=2&page=1", b""));
        assert_eq!(one, Asked::of_file("GET /people?page=1&limit=2\n"));
        for other in [
            Asked::new("POST", "/people?limit=2&page=1", b""),
            Asked::new("GET", "/people?limit=2", b""),
            Asked::new("GET", "/people?limit=2&page=1", b"{}"),
        ] {
            assert_ne!(one, other);
        }
        assert_eq!(one.line(), "GET /people?limit=2&page=1");
    }

    #[test]
    fn an_answer_is_kept_byte_by_byte() {
        let answer = Answer {
            status: 200,
            headers: vec![("content-type".to_owned(), "text/html; charset=latin1".to_owned())],
            body: b"first\n\nsecond \xff".to_vec(),
        };
        assert_eq!(Answer::of_file(&answer.to_file()), answer);
        let bare = Answer {
            headers: Vec::new(),
            body: Vec::new(),
            ..answer
        };
        assert_eq!(Answer::of_file(&bare.to_file()), bare);
    }
}
