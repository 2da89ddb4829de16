//! One account as its target shows it.

use std::fmt;

use super::ExternalId;
use crate::{
    employee::{Attributes, Canonical, id::check},
    text_id,
};

text_id! {
    /// The target's own id of an account. Opaque.
    AccountId
}

impl AccountId {
    /// Returns the id of a text that was an id before.
    pub(crate) fn known(text: &str) -> Self {
        debug_assert!(check(text).is_ok(), "an id stays one");
        Self(text.into())
    }
}

/// The target's record of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The target's id.
    pub id: AccountId,
    /// The reference that was written on it, by Rollcall or by another system.
    pub external_id: Option<ExternalId>,
    /// Whether the person may use it.
    pub active: bool,
    /// The name by which the person logs in, as it is compared, where that is not the primary e-mail: another key of the account,
    /// which no other account may have (RFC 7643, section 4.1.1).
    pub login: Option<Box<str>>,
    /// Its e-mail addresses, as they are compared, that are neither the primary one nor the login.
    pub addresses: Box<[Box<str>]>,
    /// Its attributes in canonical text; what the target cannot show is unseen. `manager` is an account id.
    pub attributes: Attributes,
    /// The target's name for this version of it (an `ETag`), where the target has versions.
    pub version: Option<Box<str>>,
}

impl Account {
    /// The most bytes of attributes, packed, that the built-in directory keeps of an account: what HR carries over, and
    /// what people add by hand.
    pub const MOST_BYTES: usize = 256 * 1024;

    /// Returns the value of a canonical attribute, if it has one.
    pub fn value(&self, canonical: Canonical) -> Option<&str> {
        self.attributes.value(canonical)
    }
}

/// What a target can do. It is known before the target is asked for anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an independent ability")]
pub struct Abilities {
    /// The target lists all accounts; without this there is no first link, and no edit by hand is noticed.
    pub list: bool,
    /// The target finds accounts by reference or attribute.
    pub look_up: bool,
    /// The target can switch an account off and on.
    pub deactivate: bool,
    /// The target sends invitations.
    pub invite: bool,
    /// The target has groups.
    pub groups: bool,
    /// An account signs in by a login name, which goes with the e-mail address where the two are the same.
    pub logins: bool,
    /// The target changes several accounts in one transaction.
    pub together: bool,
}

/// Which target a plan was made for; a plan for another one is stale (R26).
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TargetIdentity(Box<str>);

impl TargetIdentity {
    /// Returns the identity of a target, from its kind and its address, such as `directory:acme`.
    pub fn new(kind: &str, address: &str) -> Self {
        Self(format!("{kind}:{address}").into())
    }

    /// Returns the identity as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TargetIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
