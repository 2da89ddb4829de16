//! Rollcall on one machine.

pub mod embedded;
