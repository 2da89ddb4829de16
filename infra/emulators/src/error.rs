//! What can go wrong before an emulator answers its first request.

/// Why an emulator could not be started, or why a break mode was not understood.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The port cannot be bound.
    #[error("port {port} of 127.0.0.1 cannot be bound")]
    Bind {
        /// The wanted port, 0 for any free one.
        port: u16,
        /// The system's error.
        source: std::io::Error,
    },
    /// A break mode that does not exist.
    #[error("unknown break mode `{mode}`: expected one of {expected}")]
    UnknownMode {
        /// What was written.
        mode: String,
        /// The modes that exist.
        expected: String,
    },
    /// A member that this break mode does not have.
    #[error("break mode `{mode}` has no member `{member}`: expected {expected}")]
    UnknownMember {
        /// The break mode.
        mode: String,
        /// What was written.
        member: String,
        /// The members that exist.
        expected: String,
    },
    /// A member without a usable value.
    #[error("break mode `{mode}`, member `{member}`: expected {expected}")]
    BadMember {
        /// The break mode.
        mode: String,
        /// The member.
        member: String,
        /// What would do.
        expected: String,
    },
    /// A switch of a SCIM service that does not exist, or that has no such position.
    #[error("habit `{member}`: {expected}")]
    BadHabit {
        /// The switch.
        member: String,
        /// What would do.
        expected: String,
    },
    /// A company that cannot be seeded.
    #[error("{member}: expected {expected}")]
    BadOption {
        /// The option.
        member: &'static str,
        /// What would do.
        expected: &'static str,
    },
}

impl Error {
    /// Returns the request member at fault, for a 422 that names it.
    pub(crate) fn member(&self) -> &str {
        match self {
            Self::Bind { .. } => "port",
            Self::UnknownMode { .. } => "mode",
            Self::UnknownMember { member, .. } | Self::BadMember { member, .. } | Self::BadHabit { member, .. } => {
                member
            }
            Self::BadOption { member, .. } => member,
        }
    }
}
