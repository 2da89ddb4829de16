//! What can be wrong with the values of this room.

/// Why a value of this room was refused. Never repeats the text it was made from (R38).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not a tenant id.
    #[error("a tenant id has 1 to 64 of the characters A-Z a-z 0-9 . _ -")]
    TenantId,
    /// The text is not a provider's slug.
    #[error("a provider is named by 1 to 64 of the characters a-z 0-9 -")]
    ProviderId,
    /// The text is longer than the id of a company may be.
    #[error("the id of a company has at most 128 bytes")]
    Company,
    /// The text is not a policy for leavers.
    #[error("expected `deactivate`, `ignore`, `wait` or `group:<name>`")]
    LeaverPolicy,
    /// The stored text of a secret is not in a form that this version reads.
    #[error("the stored secret is not in a form of version 1")]
    Secret,
}
