//! What the demo reports: one line of JSON for programs.

use rollcall::plan::HoldCode;
use serde::Serialize;

use super::Proof;

/// One day in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Day {
    /// `first`, `changes`, `quiet`, `broken` or `vanished`.
    pub name: &'static str,
    /// People who get an account.
    pub joiners: u32,
    /// People whose account changes.
    pub movers: u32,
    /// People who lose their account.
    pub leavers: u32,
    /// People who come back.
    pub rehires: u32,
    /// People who are frozen by ambiguity.
    pub conflicts: u32,
    /// The guards that held the plan.
    pub held: Vec<HoldCode>,
    /// Accounts written.
    pub target_writes: u64,
    /// Items read from the table by the night's work; a look that finds nothing is one.
    pub store_reads: u64,
    /// Calls in which they were read.
    pub store_read_calls: u64,
    /// Items written to the table, accounts of the built-in directory included.
    pub store_writes: u64,
    /// Calls in which they were written.
    pub store_write_calls: u64,
    /// Calls to the HR system.
    pub calls: u64,
    /// How long reading, planning and applying took.
    pub duration_ms: u64,
}

/// The whole show.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Day by day.
    pub days: Vec<Day>,
    /// What was claimed, and whether it held.
    #[serde(skip)]
    pub proofs: Vec<Proof>,
}

impl Report {
    /// Returns whether every claim held.
    pub fn is_proven(&self) -> bool {
        self.proofs.iter().all(|proof| proof.failure.is_none())
    }

    /// Returns the JSON object on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}
