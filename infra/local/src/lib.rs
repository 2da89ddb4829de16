//! Rollcall on one machine.
