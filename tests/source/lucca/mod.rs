//! Lucca's connector against the emulated Lucca, in both of its APIs: the older one by a key, the newer one by a client.

mod list;
mod login;
mod permission;
mod slices;
pub(crate) mod support;
mod truth;
