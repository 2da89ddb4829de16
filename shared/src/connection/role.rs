//! Roles: what a caller may do. Whose data a caller reaches is another question, which their key answers.

use serde::{Deserialize, Serialize};

/// What a caller may do (R39).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    #[default]
    Admin,
    /// Looks at everything, and decides: starts runs, approves plans, decides about people. Connects and configures nothing, and
    /// allows no forbidden data.
    Approver,
    /// Looks. Of sensitive values the viewer sees that they changed, and not the values.
    Viewer,
    /// Sends hired candidates into the HR system.
    HiringManager,
    /// Sends hired candidates into the HR system.
    Recruiter,
}

impl Role {
    /// All roles.
    pub const ALL: &[Self] = &[
        Self::Admin,
        Self::Approver,
        Self::Viewer,
        Self::HiringManager,
        Self::Recruiter,
    ];

    /// Returns the word in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Approver => "approver",
            Self::Viewer => "viewer",
            Self::HiringManager => "hiring_manager",
            Self::Recruiter => "recruiter",
        }
    }

    /// Returns whether the role sees the values of sensitive attributes: pay, birth date, address, personal e-mail, bank details and
    /// custom fields (R39).
    pub const fn sees_sensitive(self) -> bool {
        matches!(self, Self::Admin | Self::Approver)
    }
}
