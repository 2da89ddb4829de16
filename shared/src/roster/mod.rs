//! The `roster` room (layer 0): everything read from a source at one time, and how complete that read was.
//!
//! An incomplete read can never become an absence: only a [`Certificate`] lets anyone be missing, and it has one
//! constructor. Rosters are immutable documents in compressed chunks. No I/O.

mod baseline;
mod builder;
mod certificate;
mod chunk;
mod header;
mod merge;
mod narrow;
mod press;
mod reading;
mod sieve;
mod survey;
mod tally;
mod whole;
mod withhold;

pub use baseline::{Agreed, Baseline, Observation};
pub use builder::{Before, Builder, Proof};
pub use certificate::{Certificate, Completeness, Doubt, judge};
pub use chunk::{Chunk, Error, MAX_CHUNK_BYTES, MOST_PEOPLE, MOST_ROWS_BYTES, Packer, Row};
pub(crate) use chunk::{push_text, take_text};
pub use header::{Company, Expected, Header, Roster};
pub use merge::{Merge, counting_chunks, merge};
pub use reading::{Position, Read, Reading};
pub use sieve::Sieve;
pub use survey::{Survey, Surveyed, Surveying, Uniqueness};
pub use whole::{Summed, Whole};
