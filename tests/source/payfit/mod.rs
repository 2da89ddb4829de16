//! PayFit's connector against the emulated PayFit.

mod contract;
mod login;
mod permission;
pub(crate) mod support;
