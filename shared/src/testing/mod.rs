//! For tests only (feature `testing`): builders, a clock that can be set, recorded exchanges, and the contract suites, which every adapter
//! of a port must pass.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "this room is made of test code: a failed expectation is a panic"
)]

pub mod builder;
mod clock;
pub mod contract;
pub mod recording;

pub use clock::FixedClock;
