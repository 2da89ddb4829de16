//! Acceptance tests: what the journeys and their child processes share, and what house rules and figures share.

pub mod folder;
pub mod journey;
