//! What a provider can do, for an application that builds a page to connect it.

use crate::{connection::Identifier, employee::Canonical};

/// A way to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A person signs in at the HR system, in the browser.
    OAuth,
    /// A person pastes a key.
    ApiKey,
}

impl Method {
    /// The word in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::ApiKey => "api_key",
        }
    }
}

/// A field of the form of a way to authenticate.
#[derive(Clone, Copy, Debug)]
pub struct FormField {
    /// The member of `credential`.
    pub name: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// Where people find it.
    pub help: &'static str,
    /// Whether it must not be shown.
    pub secret: bool,
}

/// A way to authenticate with its form.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    /// The method.
    pub method: Method,
    /// The fields of the form; none where the browser is sent to the provider.
    pub fields: &'static [FormField],
}

/// Whether an attribute can be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// Always.
    Yes,
    /// Never.
    No,
    /// Where the credential may see it.
    NeedsPermission,
    /// As a custom field only.
    Custom,
}

impl Availability {
    /// The word in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::NeedsPermission => "needs_permission",
            Self::Custom => "custom",
        }
    }
}

/// What a provider can do.
#[derive(Clone, Debug)]
pub struct Description {
    /// Its name for people.
    pub name: &'static str,
    /// How it can be connected.
    pub ways: Vec<Way>,
    /// What can be had of each canonical attribute; those that are missing cannot.
    pub attributes: Vec<(Canonical, Availability)>,
    /// What tells people apart best, best first.
    pub identifiers: &'static [Identifier],
    /// Permissions that the connecting person has to have or to give, in the HR system's words.
    pub permissions: &'static [&'static str],
}
