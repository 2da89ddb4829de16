//! Rollcall on one machine.
fn main() {}
