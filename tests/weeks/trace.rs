//! What happened, in few bytes: a hash over all events, and the last lines in words.

use std::collections::VecDeque;

use acceptance::journey::Place;
use jiff::Timestamp;

/// How many of the last lines are kept, where the caller does not want all lines.
const KEPT: usize = 60;

/// The record of a life.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    hash: Hash,
    lines: VecDeque<Line>,
    /// Whether all lines are kept.
    pub(crate) is_whole: bool,
}

#[derive(Debug)]
struct Line {
    at: Timestamp,
    process: u64,
    what: What,
}

#[derive(Debug)]
enum What {
    Call(Place, &'static str),
    Words(String),
}

impl Trace {
    /// Notes that a process made a call, and what became of it.
    pub(crate) fn call(&mut self, at: Timestamp, process: u64, place: Place, outcome: &'static str) {
        self.hash.number(process);
        self.hash.text(name(place));
        self.hash.text(outcome);
        self.keep(at, process, What::Call(place, outcome));
    }

    /// Notes that something else happened.
    pub(crate) fn say(&mut self, at: Timestamp, process: u64, words: String) {
        self.hash.number(process);
        self.hash.text(&words);
        self.keep(at, process, What::Words(words));
    }

    fn keep(&mut self, at: Timestamp, process: u64, what: What) {
        self.hash.number(u64::try_from(at.as_millisecond()).unwrap_or_default());
        if self.lines.len() >= KEPT && !self.is_whole {
            self.lines.pop_front();
        }
        self.lines.push_back(Line { at, process, what });
    }

    /// Returns the hash that tells this life from another.
    pub(crate) const fn hash(&self) -> u64 {
        self.hash.0
    }

    /// Returns the lines that are kept.
    pub(crate) fn lines(&self) -> Vec<String> {
        let lines = self.lines.iter().map(|line| {
            let at = line.at.strftime("%d %H:%M:%S%.3f");
            match &line.what {
                What::Call(place, outcome) => format!("{at} #{} {} {outcome}", line.process, shown(*place)),
                What::Words(words) => format!("{at} #{} {words}", line.process),
            }
        });
        lines.collect()
    }
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo).
#[derive(Debug)]
struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    const fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3);
    }

    fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            self.byte(byte);
        }
        self.byte(0);
    }

    fn number(&mut self, number: u64) {
        for byte in number.to_le_bytes() {
            self.byte(byte);
        }
    }
}

const fn name(place: Place) -> &'static str {
    match place {
        Place::Store(name)
        | Place::Batch(name)
        | Place::Door(name)
        | Place::Directory(name)
        | Place::Secret(name)
        | Place::Provider(name)
        | Place::Target(name) => name,
        Place::Queue => "send",
    }
}

fn shown(place: Place) -> String {
    let room = match place {
        Place::Store(_) | Place::Batch(_) => "store",
        Place::Door(_) => "door",
        Place::Directory(_) => "directory",
        Place::Secret(_) => "secret",
        Place::Provider(_) => "provider",
        Place::Target(_) => "target",
        Place::Queue => "queue",
    };
    format!("{room}.{}", name(place))
}
