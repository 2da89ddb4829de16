//! Merge's connector against the emulated Merge.

mod link;
mod permission;
mod state;
pub(crate) mod support;
