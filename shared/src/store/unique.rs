//! Values that only one account of a tenant may hold, and how they change hands within one write.

use std::{borrow::Cow, collections::BTreeMap};

use super::AccountWrite;
use crate::{
    account::{Account, AccountId},
    employee::{Canonical, Email, canonical_text},
};

/// The most items of one transaction.
pub(super) const MOST_ITEMS: usize = 100;

/// What kind of value is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unique {
    /// The primary e-mail.
    Email,
    /// The reference.
    Reference,
}

/// A unique value that passes from one account to another, or to or from nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Handover<'a> {
    /// What kind of value.
    pub(super) unique: Unique,
    /// The value as it is compared.
    pub(super) value: Cow<'a, str>,
    /// The written account that held the value.
    pub(super) from: Option<&'a AccountId>,
    /// The written account that is to hold the value.
    pub(super) to: Option<&'a AccountId>,
}

/// Why a write cannot be done, whatever is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Two accounts of the write would hold one value.
    Taken,
    /// One account of the write is larger than an account may be.
    TooLarge,
    /// The write has more items than one transaction takes.
    TooMany,
}

/// How a value is compared: of addresses, all spellings of one mailbox are one.
pub(super) fn compared(unique: Unique, value: &str) -> Cow<'_, str> {
    let address = match unique {
        Unique::Email => canonical_text(Canonical::Email, value),
        Unique::Reference => Ok(None),
    };
    match address {
        Ok(Some(address)) => address,
        // What is no address is only itself.
        Err(_) => Cow::Owned(value.to_lowercase()),
        Ok(None) => Cow::Borrowed(value),
    }
}

/// How a value was compared once, where that was otherwise: its holder may still stand under that.
pub(super) fn once_compared(unique: Unique, value: &str) -> Option<String> {
    match unique {
        Unique::Email => Email::parse(value)?.readable(),
        Unique::Reference => None,
    }
}

/// The accounts that hold a value before and after a write.
#[derive(Default)]
struct Hands<'a> {
    from: Option<&'a AccountId>,
    to: Option<&'a AccountId>,
}

/// Returns all values that change hands in a write.
pub(super) fn handovers(writes: &[AccountWrite]) -> Result<Vec<Handover<'_>>, Refusal> {
    // An account that was larger before may shrink, and be let go.
    let is_too_large = |write: &AccountWrite| {
        let bytes = |account: &Account| account.attributes.as_packed().len();
        let before = write.before.as_ref().map_or(0, bytes);
        bytes(&write.account) > before.max(Account::MOST_BYTES)
    };
    if writes.iter().any(is_too_large) {
        return Err(Refusal::TooLarge);
    }
    let mut hands: BTreeMap<(Unique, Cow<'_, str>), Hands<'_>> = BTreeMap::new();
    for write in writes {
        for (unique, value) in write.before.iter().flat_map(held) {
            hands.entry((unique, value)).or_default().from = Some(&write.account.id);
        }
        for (unique, value) in held(&write.account) {
            if hands
                .entry((unique, value))
                .or_default()
                .to
                .replace(&write.account.id)
                .is_some()
            {
                return Err(Refusal::Taken);
            }
        }
    }
    let handovers: Vec<_> = hands
        .into_iter()
        .filter(|(_, hands)| hands.from != hands.to)
        .map(|((unique, value), hands)| Handover {
            unique,
            value,
            from: hands.from,
            to: hands.to,
        })
        .collect();
    // Each account comes with its entry of history.
    if 2 * writes.len() + handovers.len() > MOST_ITEMS {
        return Err(Refusal::TooMany);
    }
    Ok(handovers)
}

fn held(account: &Account) -> impl Iterator<Item = (Unique, Cow<'_, str>)> {
    let email = account.value(Canonical::Email).map(|value| (Unique::Email, value));
    let reference = account
        .external_id
        .as_ref()
        .map(|reference| (Unique::Reference, reference.as_str()));
    [email, reference]
        .into_iter()
        .flatten()
        .map(|(unique, value)| (unique, compared(unique, value)))
}
