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

/// What a read costs.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Returns how many requests a read of so many people takes, with the look at whose company it is: every canonical attribute
    /// is wanted and no custom field, each person has one row in each list of what belongs to people, and what people share is on
    /// one page. Of several ways to connect the one with the most requests counts.
    pub requests: fn(people: u32) -> u32,
    /// How many requests a minute the vendor allows; `None` where it tells no number.
    pub per_minute: Option<u32>,
}

impl Cost {
    /// Returns a cost of so many requests for so many people, where the vendor allows so many a minute.
    pub const fn new(requests: fn(people: u32) -> u32, per_minute: Option<u32>) -> Self {
        Self { requests, per_minute }
    }

    /// Returns how many requests a list of so many rows takes: one for each page that is begun, at least one.
    pub const fn pages(rows: u32, on_a_page: u32) -> u32 {
        if rows == 0 { 1 } else { rows.div_ceil(on_a_page) }
    }

    /// Returns how many people a second the vendor's allowance lets through in a read of so many people, rounded down; `None` where the
    /// vendor tells no number.
    pub fn people_a_second(&self, people: u32) -> Option<u32> {
        let in_a_minute = u64::from(self.per_minute?).saturating_mul(people.into());
        let of_one_minute = in_a_minute.checked_div((self.requests)(people).into())?;
        u32::try_from(of_one_minute / 60).ok()
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
    /// What a read costs.
    pub cost: Cost,
}

impl Description {
    /// Returns whether the provider is connected in this way.
    pub fn offers(&self, method: Method) -> bool {
        self.ways.iter().any(|way| way.method == method)
    }
}
