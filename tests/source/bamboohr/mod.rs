//! BambooHR's connector against the emulated BambooHR: everybody in one answer, which is read as it arrives.

mod breaks;
mod broken_off;
mod calls;
mod login;
mod permission;
pub(crate) mod support;
mod truth;
