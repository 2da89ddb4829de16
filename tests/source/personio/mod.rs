//! Personio's connector against the emulated Personio.

mod login;
mod older;
mod permission;
pub(crate) mod support;
