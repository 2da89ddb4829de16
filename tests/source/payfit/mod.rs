//! PayFit's connector against the emulated PayFit.

mod login;
mod permission;
pub(crate) mod support;
