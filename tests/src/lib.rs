//! Acceptance tests: what the journeys and their child processes share.

pub mod journey;
