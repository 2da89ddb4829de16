//! The search for people and secrets in a log.

use std::{collections::BTreeSet, path::Path};

use aho_corasick::{AhoCorasick, BuildError};
use serde_json::Value;

use crate::{Error, emulator::Person};

/// Members of the truth whose texts point at a person.
const TELLING: [&str; 4] = ["work_email", "personal_email", "mobile_phone", "display_name"];

/// The fewest characters by which a name is told from an ordinary word.
const SHORTEST_NAME: usize = 5;

/// Texts that no log may hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Canaries(BTreeSet<String>);

impl Canaries {
    /// Adds a secret.
    pub(super) fn add(&mut self, secret: &str) {
        self.0.insert(secret.to_owned());
    }

    /// Adds everything that points at these people.
    pub(super) fn add_people(&mut self, people: &[Person]) {
        for person in people {
            let text = |member: &str| person.get(member).and_then(Value::as_str).unwrap_or_default();
            let names = [text("first_name"), text("last_name")];
            self.0.insert(names.join(" "));
            let telling = TELLING.map(text).into_iter().chain(names);
            self.0.extend(telling.map(str::to_owned));
        }
        self.0.retain(|text| text.chars().count() >= SHORTEST_NAME);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns how many lines a log has, and in how many of them one of the texts stands.
    ///
    /// # Errors
    /// [`Error::Io`] where the log cannot be read, [`Error::Scan`] where there is too much to look for.
    pub(super) fn search(&self, log: &Path) -> Result<(usize, usize), Error> {
        let text = std::fs::read_to_string(log).map_err(|source| Error::Io {
            what: "the log file",
            source,
        })?;
        let telling = self.count_in(&text).map_err(Error::Scan)?;
        Ok((text.lines().count(), telling))
    }

    fn count_in(&self, text: &str) -> Result<usize, BuildError> {
        let all = AhoCorasick::new(&self.0)?;
        Ok(text.lines().filter(|line| all.is_match(line)).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r38_a_planted_person_or_secret_is_found() {
        let mut canaries = Canaries::default();
        let person =
            r#"{"first_name": "Ana", "last_name": "Pujol", "work_email": "ana@a.example", "mobile_phone": null}"#;
        canaries.add_people(&[serde_json::from_str(person).unwrap()]);
        canaries.add("key-0123456789");
        assert_eq!(canaries.len(), 4);
        for line in ["to ana@a.example", "Ana Pujol", "x-api-key: key-0123456789"] {
            assert_eq!(canaries.count_in(&format!("fine\n{line}\nfine")).unwrap(), 1, "{line}");
        }
        assert_eq!(canaries.count_in("run ended\nBanana").unwrap(), 0);
    }
}
