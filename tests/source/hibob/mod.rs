//! HiBob's connector against the emulated HiBob, by a service user and by a login.

mod login;
mod permission;
pub(crate) mod support;
