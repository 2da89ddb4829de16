//! Whose data a credential opens, as far as the HR system says (R01).

use crate::roster::Company;

/// Whose data a credential opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity<C = Company> {
    /// The HR system names it.
    Known(C),
    /// The HR system names no company. The people who are linked then tell whether it is the one that was connected first:
    /// [`crate::plan::recognise`].
    Unknown,
}

impl<C> Identity<C> {
    /// Returns the identity with its company changed.
    pub fn map<T>(self, to: impl FnOnce(C) -> T) -> Identity<T> {
        match self {
            Self::Known(company) => Identity::Known(to(company)),
            Self::Unknown => Identity::Unknown,
        }
    }

    /// Returns what the HR system names, or what stands for it.
    pub fn unwrap_or_else(self, own: impl FnOnce() -> C) -> C {
        match self {
            Self::Known(company) => company,
            Self::Unknown => own(),
        }
    }
}
