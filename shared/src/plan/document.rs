//! The plan as a stored, immutable document: header, lines, hash, counts, holds.

use std::io;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    Change, Class, Purpose, State,
    line::{push_line, push_text, read_line},
};
use crate::{account::TargetIdentity, employee::CompanyId, text_id};

text_id! {
    /// The id of a plan, made by us.
    PlanId
}

/// The version of plans that this code writes. Plans of another version are stale (R44).
pub const VERSION: u32 = 1;

/// The most bytes of lines in a chunk before compression: even what does not compress fits an item of 400 KB.
pub const MAX_CHUNK_BYTES: usize = 360 * 1024;

/// Why a stored plan cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A chunk is not what was written.
    #[error("a plan's chunk cannot be decompressed")]
    Compression(#[source] io::Error),
    /// A line is larger than a chunk.
    #[error("a plan's line is larger than {MAX_CHUNK_BYTES} bytes")]
    LineTooLong,
    /// A line is not in the form of this version.
    #[error("a plan's line is not in the form of version 1")]
    Form,
    /// A line is not JSON of the expected members.
    #[error("a plan's line cannot be read")]
    Line(#[source] serde_json::Error),
}

/// How many people are counted under each heading. Each person counts once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// People who get an account.
    pub joiners: u32,
    /// People of whom something changes.
    pub movers: u32,
    /// People who leave.
    pub leavers: u32,
    /// People who come back.
    pub rehires: u32,
    /// People who are linked to an account that existed before.
    pub links: u32,
    /// People for whom nothing is to be done.
    pub unchanged: u32,
    /// Accounts that no employee is linked to.
    pub unmanaged: u32,
    /// People outside the scope.
    pub filtered: u32,
    /// People whom a policy parks.
    pub waiting: u32,
    /// People who lack something that is required.
    pub skipped: u32,
    /// People who are frozen.
    pub conflicts: u32,
}

impl Counts {
    /// Counts a change.
    pub const fn count(&mut self, class: Class) {
        match class {
            Class::Joiner => self.joiners += 1,
            Class::Leaver => self.leavers += 1,
            Class::Link => self.links += 1,
            Class::Mover => self.movers += 1,
            Class::Rehire => self.rehires += 1,
        }
    }

    /// Counts a finding; a to-do counts nowhere, because its person is counted already.
    pub const fn note(&mut self, state: State) {
        match state {
            State::Conflict => self.conflicts += 1,
            State::Filtered => self.filtered += 1,
            State::Skipped => self.skipped += 1,
            State::Todo => {}
            State::Unmanaged => self.unmanaged += 1,
            State::Waiting => self.waiting += 1,
        }
    }

    /// Returns how many changes there are.
    pub const fn changes(&self) -> u32 {
        self.joiners + self.movers + self.leavers + self.rehires + self.links
    }
}

/// Which guard holds a plan. The words are stable: approving names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldCode {
    /// Attributes that used to be shown are hidden.
    AttributesHidden,
    /// Values would be cleared.
    ClearedValues,
    /// The first run after a configuration change.
    ConfigurationChanged,
    /// Fewer people have a value than before.
    CoverageDrop,
    /// HR shows no people.
    EmptyRoster,
    /// Leavers who are linked by the same plan.
    FirstLinkLeavers,
    /// A first plan that holds more than creates.
    FirstSync,
    /// HR shows fewer people than before.
    HeadcountDrop,
    /// Identifiers or e-mails change.
    IdentifierChanges,
    /// People would be invited by a first sync.
    Invites,
    /// Too many joiners.
    TooManyJoiners,
    /// Too many leavers.
    TooManyLeavers,
    /// Links move to other employee ids, or references of another product are replaced.
    Relinks,
}

/// The finding of a guard, which a person may approve.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The guard that holds the plan.
    pub code: HoldCode,
    /// What the guard found, in a few words.
    pub title: String,
    /// What was found and what the limit is, in a sentence without values of people.
    pub detail: String,
}

/// The status of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All changes were carried out.
    Applied,
    /// Carried out; some changes failed or were skipped.
    AppliedWithErrors,
    /// Is being carried out.
    Applying,
    /// A person cancelled the plan.
    Cancelled,
    /// Nothing to do.
    Empty,
    /// Too old to be applied.
    Expired,
    /// The plan waits for a person, because a guard found something.
    Held,
    /// May be applied.
    Ready,
    /// The data that it was made from have changed.
    Stale,
    /// A newer plan took its place.
    Superseded,
}

impl Status {
    /// Returns whether it may still be approved.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Held | Self::Ready)
    }

    /// Returns the word in documents and in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::AppliedWithErrors => "applied_with_errors",
            Self::Applying => "applying",
            Self::Cancelled => "cancelled",
            Self::Empty => "empty",
            Self::Expired => "expired",
            Self::Held => "held",
            Self::Ready => "ready",
            Self::Stale => "stale",
            Self::Superseded => "superseded",
        }
    }
}

/// What a plan was made from: the first canonical line, and part of the hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the document's form.
    pub version: u32,
    /// Content hash of the roster (R23).
    pub base: String,
    /// The company it speaks of.
    pub company: CompanyId,
    /// Version of the configuration.
    pub configuration: u64,
    /// The target it was made for.
    pub target: TargetIdentity,
}

impl Header {
    fn push_line(&self, line: &mut String) {
        line.push_str("{\"base\":");
        push_text(line, &self.base);
        line.push_str(",\"company\":");
        push_text(line, self.company.as_str());
        line.push_str(",\"configuration\":");
        push_text(line, &self.configuration.to_string());
        line.push_str(",\"target\":");
        push_text(line, self.target.as_str());
        line.push_str(",\"version\":");
        push_text(line, &self.version.to_string());
        line.push('}');
    }
}

/// A plan: everything but the lines, which are stored beside it in chunks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: PlanId,
    /// SHA-256 over the canonical lines, in hex. Id and times are outside.
    pub hash: String,
    /// What the plan was made from.
    pub header: Header,
    /// What the plan is for.
    #[serde(default)]
    pub purpose: Purpose,
    /// How many people are counted under each heading.
    pub counts: Counts,
    /// What the guards found.
    pub holds: Vec<Hold>,
    /// How many changes pass references on.
    pub references: u32,
    /// Whether the target's list was read to its end: then no account had a joiner's reference or address.
    #[serde(default)]
    pub is_listed: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the plan gets too old to be applied (R26).
    pub expires_at: Timestamp,
}

impl Plan {
    /// Returns the status of a new plan.
    pub const fn status(&self) -> Status {
        if !self.holds.is_empty() {
            Status::Held
        } else if self.counts.changes() == 0 {
            Status::Empty
        } else {
            Status::Ready
        }
    }

    /// Returns the codes of the holds that `approved` does not name.
    pub fn unapproved(&self, approved: &[HoldCode]) -> Vec<HoldCode> {
        self.holds
            .iter()
            .map(|hold| hold.code)
            .filter(|code| !approved.contains(code))
            .collect()
    }
}

/// Writes lines into chunks and the hash, in order, once.
#[derive(Debug)]
pub struct Writer {
    hash: Sha256,
    rows: String,
    chunks: Vec<Vec<u8>>,
}

impl Writer {
    /// Returns a writer that has written the header's line.
    pub fn new(header: &Header) -> Self {
        let mut line = String::new();
        header.push_line(&mut line);
        line.push('\n');
        let mut hash = Sha256::new();
        hash.update(line.as_bytes());
        Self {
            hash,
            rows: String::new(),
            chunks: Vec::new(),
        }
    }

    /// Adds a change.
    ///
    /// # Errors
    /// [`Error::LineTooLong`], or [`Error::Compression`] where memory runs out.
    pub fn push(&mut self, change: &Change) -> Result<(), Error> {
        let start = self.rows.len();
        push_line(&mut self.rows, change);
        self.rows.push('\n');
        if self.rows.len() - start > MAX_CHUNK_BYTES {
            return Err(Error::LineTooLong);
        }
        self.hash.update(self.rows.get(start..).unwrap_or_default().as_bytes());
        if start > 0 && self.rows.len() > MAX_CHUNK_BYTES {
            let last = self.rows.split_off(start);
            self.flush()?;
            self.rows = last;
        }
        Ok(())
    }

    /// Ends the document and returns its lines.
    ///
    /// # Errors
    /// [`Error::Compression`] where memory runs out.
    pub fn finish(mut self) -> Result<Lines, Error> {
        self.flush()?;
        Ok(Lines {
            hash: hex::encode(self.hash.finalize()),
            chunks: self.chunks,
        })
    }

    fn flush(&mut self) -> Result<(), Error> {
        if !self.rows.is_empty() {
            let mut chunk = zstd::bulk::compress(self.rows.as_bytes(), 3).map_err(Error::Compression)?;
            // Room was made for lines that do not compress.
            chunk.shrink_to_fit();
            self.chunks.push(chunk);
            self.rows.clear();
        }
        Ok(())
    }
}

/// The lines of a plan, compressed, with their hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// SHA-256 over header and lines, in hex.
    pub hash: String,
    /// The lines without the header, zstd level 3.
    pub chunks: Vec<Vec<u8>>,
}

impl Lines {
    /// Returns the changes of one stored chunk.
    ///
    /// # Errors
    /// [`Error`] where the chunk is damaged or of another version.
    pub fn read_chunk(chunk: &[u8]) -> Result<Vec<Change>, Error> {
        let rows = zstd::bulk::decompress(chunk, 2 * MAX_CHUNK_BYTES).map_err(Error::Compression)?;
        let rows = String::from_utf8(rows).map_err(|_| Error::Form)?;
        rows.lines().map(read_line).collect()
    }

    /// Returns all changes.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged or of another version.
    pub fn read(&self) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        for chunk in &self.chunks {
            changes.append(&mut Self::read_chunk(chunk)?);
        }
        Ok(changes)
    }

    /// Returns the hash of stored chunks, computed anew. So a document that was changed is found out.
    ///
    /// # Errors
    /// [`Error`] where a chunk is damaged.
    pub fn rehash(header: &Header, chunks: &[Vec<u8>]) -> Result<String, Error> {
        let mut writer = Writer::new(header);
        for chunk in chunks {
            writer
                .hash
                .update(zstd::bulk::decompress(chunk, 2 * MAX_CHUNK_BYTES).map_err(Error::Compression)?);
        }
        Ok(hex::encode(writer.hash.finalize()))
    }
}
