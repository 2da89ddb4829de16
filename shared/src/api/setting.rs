//! What a stack decides about its door.

use super::allowance::Allowance;
use crate::{http::BaseUrls, run::Schedule};

/// What a stack decides about its door.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which browsers reach this stack, without a slash at its end.
    pub public_url: String,
    /// Where callers may say that an HR system is reached; on a deployed stack its parameter decides.
    pub base_urls: BaseUrls,
    /// When mornings begin.
    pub schedule: Schedule,
    /// How many requests of each caller are answered.
    pub allowance: Allowance,
    /// Which build of the code this is, such as a commit; empty where the build did not say.
    pub build: String,
}
