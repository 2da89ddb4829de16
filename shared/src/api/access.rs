//! Who may call a route: whether a key is needed, and which roles its holder may have (R39).

use crate::connection::Role;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: it shows nothing of anybody.
    Open,
    /// A browser with a token of its own.
    Browser,
    /// A caller with a key that reaches the tenant.
    Key,
    /// A caller with a key that reaches every tenant.
    Operator,
}

/// The roles that may look.
pub(super) const LOOKING: &[Role] = &[Role::Admin, Role::Approver, Role::Viewer];

/// The roles that decide: about runs, plans and people.
pub(super) const DECIDING: &[Role] = &[Role::Admin, Role::Approver];

/// The role that connects, configures and erases.
pub(super) const ADMIN: &[Role] = &[Role::Admin];

/// All roles.
pub(super) const EVERYBODY: &[Role] = Role::ALL;
