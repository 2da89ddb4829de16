//! A module written inside another is read from where it stands, and so is a test-only import.

#[cfg(not(test))]
mod inner {
    use super::super::store::memory::MemoryPlanStore;
    use tokio::sync::*;
}

#[cfg(test)]
use crate::testing::employee;

#[tracing::instrument]
pub fn map(store: inner::Store) -> core::cell::Cell<std::process::ExitCode> {
    let load = async { store };
}

use std::io;

pub fn ask() -> io::Result<String> {
    io::read_to_string(io::stdin())
}
