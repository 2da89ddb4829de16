//! Humaans' connector against the emulated Humaans.

mod login;
mod permission;
pub(crate) mod support;
