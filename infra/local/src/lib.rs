//! Rollcall on one machine: the deployed handlers on an embedded stack, emulated HR systems, and the demo that shows
//! all of it. `stage` is the stack, `demo` the show, `serve` keeps it up, `truth` compares, `command` is the command
//! line.

pub mod command;
pub mod demo;
pub mod embedded;
pub mod emulator;
mod error;
pub mod serve;
pub mod stage;
pub mod truth;

pub use error::Error;
