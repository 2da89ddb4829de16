//! What a provider can do and how it is connected. It alone feeds `GET /v1/providers`, the check of what callers send to
//! connect, and README's table.

use crate::{
    connection::{Credential, Identifier},
    employee::Canonical,
};

/// A way to authenticate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A person signs in at the HR system, in the browser.
    OAuth,
    /// A person pastes a key.
    ApiKey,
    /// A person pastes a client's id and secret, with which tokens are asked for (RFC 6749, section 4.4).
    ClientCredentials,
    /// A person gives a name with a password.
    Basic,
}

impl Method {
    /// The word in the HTTP contract.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::ApiKey => "api_key",
            Self::ClientCredentials => "client_credentials",
            Self::Basic => "basic",
        }
    }

    /// Returns the `kind` of `credential` in the HTTP contract. A caller may send tokens of a login that it made itself.
    pub const fn credential_kind(self) -> &'static str {
        match self {
            Self::OAuth => "tokens",
            Self::ApiKey | Self::ClientCredentials | Self::Basic => self.as_str(),
        }
    }

    /// Returns the members of `credential` that a person fills in: the fields of the form, in order.
    pub const fn members(self) -> &'static [&'static str] {
        match self {
            Self::OAuth => &[],
            Self::ApiKey => &["key"],
            Self::ClientCredentials => &["client_id", "client_secret"],
            Self::Basic => &["user", "password"],
        }
    }

    /// Returns the way by which a credential came.
    pub fn of(credential: &Credential) -> Self {
        match credential {
            Credential::Granted { by, .. } => Self::of(by),
            Credential::ApiKey { .. } => Self::ApiKey,
            Credential::Basic { .. } => Self::Basic,
            Credential::Client { .. } => Self::ClientCredentials,
            Credential::Tokens(_) => Self::OAuth,
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

impl FormField {
    /// Returns the field of a key, which people find as `help` says.
    pub const fn key(help: &'static str) -> Self {
        Self {
            name: "key",
            label: "API key",
            help,
            secret: true,
        }
    }

    /// Returns the fields of a client, whose id people find as `help` says. The secret is shown where a client is made.
    pub const fn client(help: &'static str) -> [Self; 2] {
        [
            Self {
                name: "client_id",
                label: "Client ID",
                help,
                secret: false,
            },
            Self {
                name: "client_secret",
                label: "Client secret",
                help: "Shown when the application is made.",
                secret: true,
            },
        ]
    }
}

impl Way {
    /// A login in the browser.
    pub const LOGIN: Self = Self {
        method: Method::OAuth,
        fields: &[],
    };

    /// Returns the way of a client of the tenant's own.
    pub const fn client(fields: &'static [FormField]) -> Self {
        Self {
            method: Method::ClientCredentials,
            fields,
        }
    }

    /// Returns the way of a key that is pasted.
    pub const fn key(fields: &'static [FormField]) -> Self {
        Self {
            method: Method::ApiKey,
            fields,
        }
    }
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
    pub permissions: Vec<&'static str>,
}

impl Description {
    /// Returns whether the provider is connected in this way.
    pub fn offers(&self, method: Method) -> bool {
        self.ways.iter().any(|way| way.method == method)
    }
}
