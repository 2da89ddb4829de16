//! What was learnt of a target by working with it. It is kept with the connection, so that no run has to learn it again.
//!
//! It holds paths of members and words of our own, and no person's value. Everything in it is a hint: it decides what is tried
//! first. It is forgotten where the target is connected anew.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How many paths are remembered of each kind (R47).
const MOST_PATHS: usize = 100;
/// The longest path that is remembered, in bytes.
const MOST_PATH_BYTES: usize = 200;
/// How many people's values have to be refused, or not be kept, before the path counts as one that the target does not have.
const ENOUGH: u8 = 3;

/// How a member is written where the usual form does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteForm {
    /// `PATCH` with the member's path.
    Path,
    /// `PATCH` without a path.
    WithoutPath,
    /// `PATCH` with the path of the member's `value`.
    Value,
    /// `PATCH` with the member's path, and its value as a plain text.
    Text,
    /// `PUT` of everything.
    Put,
}

/// How a client shows its id and secret where it gets its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientForm {
    /// In the header, form-encoded (RFC 6749, section 2.3.1).
    Encoded,
    /// In the header, as they are.
    Raw,
    /// In the body.
    Body,
}

/// What was learnt of a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Learned {
    version: u32,
    /// Paths that were refused, with how many people's values; none that was ever taken.
    refused: BTreeMap<Box<str>, u8>,
    /// Paths that were answered with a success and not kept, as [`Self::refused`].
    unkept: BTreeMap<Box<str>, u8>,
    /// Paths that were taken and shown again.
    kept: BTreeSet<Box<str>>,
    /// Paths that a user has to have.
    needed: BTreeSet<Box<str>>,
    /// The form that works for a path, where it is not the usual one.
    forms: BTreeMap<Box<str>, WriteForm>,
    /// Whether conditions on versions do not work: a version that was just read is refused.
    pub versions_fail: bool,
    /// Whether a condition on a version was seen to work: one that had passed was refused.
    pub versions_work: bool,
    /// How a client shows itself; `None` where the usual form works.
    pub client: Option<ClientForm>,
    /// Whether a list is not answered where a number of entries is asked for.
    pub count_fails: bool,
    /// The path that the target says users are at, where they are not there.
    pub is_not_at: Option<Box<str>>,
}

impl Default for Learned {
    fn default() -> Self {
        Self {
            version: Self::VERSION,
            refused: BTreeMap::new(),
            unkept: BTreeMap::new(),
            kept: BTreeSet::new(),
            needed: BTreeSet::new(),
            forms: BTreeMap::new(),
            versions_fail: false,
            versions_work: false,
            client: None,
            count_fails: false,
            is_not_at: None,
        }
    }
}

impl Learned {
    /// The version of its form.
    const VERSION: u32 = 1;

    /// Reads what was kept. What cannot be read, or has another form, is nothing learnt.
    pub fn read(kept: Value) -> Self {
        let read: Option<Self> = serde_json::from_value(kept).ok();
        read.filter(|read| read.version == Self::VERSION).unwrap_or_default()
    }

    /// Returns whether the target does not have this path: it said so, or refused several people's values and took none.
    pub fn is_refused(&self, path: &str) -> bool {
        self.refused.get(path).is_some_and(|times| *times >= ENOUGH)
    }

    /// Returns whether the target answers with a success for this path, and keeps nothing of it.
    pub fn is_unkept(&self, path: &str) -> bool {
        self.unkept.get(path).is_some_and(|times| *times >= ENOUGH)
    }

    /// Returns whether the target was seen to take this path.
    pub fn is_kept(&self, path: &str) -> bool {
        self.kept.contains(path)
    }

    /// Returns the paths that the target was seen to take.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        self.kept.iter().map(|path| &**path)
    }

    /// Returns the paths that a user has to have.
    pub fn needed(&self) -> impl Iterator<Item = &str> {
        self.needed.iter().map(|path| &**path)
    }

    /// Returns the form that works for a path, where it is not the usual one.
    pub fn form(&self, path: &str) -> Option<WriteForm> {
        self.forms.get(path).copied()
    }

    /// Notes that one person's value was refused at a path. A path that took other values stays one that the target has.
    pub fn note_refused(&mut self, path: &str) {
        if !self.is_kept(path) {
            count(&mut self.refused, path, 1);
        }
    }

    /// Notes that the target does not have a path at all.
    pub fn note_absent(&mut self, path: &str) {
        if !self.is_kept(path) {
            count(&mut self.refused, path, ENOUGH);
        }
    }

    /// Notes that one person's value was answered with a success and not kept.
    pub fn note_unkept(&mut self, path: &str) {
        if !self.is_kept(path) {
            count(&mut self.unkept, path, 1);
        }
    }

    /// Notes that the target has taken a value at a path, and shows it.
    pub fn note_kept(&mut self, path: &str) {
        self.refused.remove(path);
        self.unkept.remove(path);
        add(&mut self.kept, path);
    }

    /// Notes that a user has to have this path.
    pub fn note_needed(&mut self, path: &str) {
        add(&mut self.needed, path);
    }

    /// Notes that a path is written in this form.
    pub fn note_form(&mut self, path: &str, form: WriteForm) {
        if self.forms.contains_key(path) || self.forms.len() < MOST_PATHS && path.len() <= MOST_PATH_BYTES {
            self.forms.insert(path.into(), form);
        }
    }
}

fn count(counts: &mut BTreeMap<Box<str>, u8>, path: &str, more: u8) {
    if let Some(times) = counts.get_mut(path) {
        *times = times.saturating_add(more).min(ENOUGH);
    } else if counts.len() < MOST_PATHS && path.len() <= MOST_PATH_BYTES {
        counts.insert(path.into(), more);
    }
}

fn add(paths: &mut BTreeSet<Box<str>>, path: &str) {
    if !paths.contains(path) && paths.len() < MOST_PATHS && path.len() <= MOST_PATH_BYTES {
        paths.insert(path.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_learnt_reads_back_and_what_cannot_be_read_is_nothing() {
        let mut learned = Learned::default();
        learned.note_form("manager", WriteForm::Put);
        learned.note_needed("name.formatted");
        learned.count_fails = true;
        let text = serde_json::to_value(&learned).unwrap();
        assert_eq!(Learned::read(text), learned);
        for bad in [
            json!(null),
            json!([]),
            json!({ "version": 9, "count_fails": true }),
            json!({ "version": 1, "forms": { "manager": "telegram" } }),
        ] {
            assert_eq!(Learned::read(bad.clone()), Learned::default(), "{bad}");
        }
    }

    #[test]
    fn a_path_is_refused_once_it_is_absent_or_several_people_were_refused_and_nobody_was_taken() {
        let mut learned = Learned::default();
        for times in 1..=3 {
            assert!(!learned.is_refused("title"), "{times}");
            learned.note_refused("title");
        }
        assert!(learned.is_refused("title"));
        learned.note_kept("title");
        for _ in 0..9 {
            learned.note_refused("title");
        }
        assert!(!learned.is_refused("title"));
        learned.note_absent("nickName");
        assert!(learned.is_refused("nickName"));
    }

    #[test]
    fn r47_what_was_learnt_has_a_most() {
        let mut learned = Learned::default();
        for number in 0..10_000 {
            let path = format!("{number:0>190}");
            learned.note_refused(&path);
            learned.note_unkept(&path);
            learned.note_kept(&format!("kept {path}"));
            learned.note_needed(&path);
            learned.note_form(&path, WriteForm::Put);
        }
        learned.note_absent(&"x".repeat(MOST_PATH_BYTES + 1));
        assert!(serde_json::to_string(&learned).unwrap().len() < 110_000);
        assert_eq!(learned.needed().count(), MOST_PATHS);
    }
}
