//! Claims, and whether they held.

/// A claim that was checked while the demo ran.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What is claimed.
    pub claim: String,
    /// What was found instead; `None` where the claim held.
    pub failure: Option<String>,
}

impl Proof {
    /// Returns a claim that holds or does not; `found` says what was found where it does not hold.
    pub fn new(claim: impl Into<String>, holds: bool, found: impl FnOnce() -> String) -> Self {
        Self {
            claim: claim.into(),
            failure: (!holds).then(found),
        }
    }
}
