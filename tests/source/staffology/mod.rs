//! What is particular to Staffology HR.

mod custom;
mod last_day;
mod login;
pub(crate) mod support;
