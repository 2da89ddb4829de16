//! The contract suites: what every adapter of a port must do, as plain functions over trait objects. Each function needs
//! an empty store of its own; `tests/contract` runs them all against each adapter.

pub mod act;
pub mod allowance;
pub mod bucket;
pub mod connection;
pub mod directory;
pub mod door;
pub mod erasure;
pub mod holder;
pub mod lease;
pub mod link;
pub mod mailbox;
pub mod plan;
pub mod roster;
pub mod run;
pub mod secret;
pub mod slot;
pub mod source;
pub mod target;
pub mod ticket;
