//! Finding the account of a person who is not linked yet. Weak evidence is offered as a decision, never used.

use std::collections::{BTreeMap, BTreeSet};

use super::Evidence;
use crate::{
    account::{Account, Accounts, ExternalId},
    connection::{Configuration, FirstLink},
    employee::{Canonical, View, fold},
};

/// What a search for an account came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// None.
    None,
    /// One, by this evidence; its position among the accounts.
    One(usize, Evidence),
    /// Several that nothing tells apart.
    Several,
    /// One of the same name only.
    ByName,
}

/// Accounts by everything that a first link asks for. Built only where somebody is unlinked and accounts are there.
pub(super) struct Index<'a> {
    accounts: &'a Accounts,
    configuration: &'a Configuration,
    by_reference: BTreeMap<&'a str, usize>,
    by_identifier: BTreeMap<&'a str, Vec<usize>>,
    by_name: BTreeMap<String, Vec<usize>>,
    taken: BTreeSet<(Canonical, &'a str)>,
}

impl<'a> Index<'a> {
    /// Looks at all accounts once.
    pub(super) fn new(accounts: &'a Accounts, configuration: &'a Configuration) -> Self {
        let mut index = Self {
            accounts,
            configuration,
            by_reference: BTreeMap::new(),
            by_identifier: BTreeMap::new(),
            by_name: BTreeMap::new(),
            taken: BTreeSet::new(),
        };
        let names = configuration.first_link.contains(&FirstLink::ExactName);
        for (position, account) in accounts.as_slice().iter().enumerate() {
            if let Some(external_id) = &account.external_id {
                index.by_reference.insert(external_id.as_str(), position);
            }
            for value in identifiers(account, configuration) {
                let positions = index.by_identifier.entry(value).or_default();
                if positions.last() != Some(&position) {
                    positions.push(position);
                }
            }
            if names && let Some(name) = full_name(account.attributes.view()) {
                index.by_name.entry(name).or_default().push(position);
            }
            for canonical in &configuration.create_unless_taken {
                index
                    .taken
                    .extend(held(account, *canonical, configuration).map(|value| (*canonical, value)));
            }
        }
        index
    }

    /// The account at a position.
    pub(super) fn account(&self, position: usize) -> Option<&'a Account> {
        self.accounts.as_slice().get(position)
    }

    /// Searches by reference, then by identifier, then by name, as far as the configuration says so. The reference is
    /// always asked for: it is ours. `is_free` tells accounts that nobody is linked to.
    pub(super) fn search(
        &self,
        reference: &ExternalId,
        identifier: Option<&str>,
        names: View<'_>,
        is_free: impl Fn(usize) -> bool,
    ) -> Match {
        if let Some(position) = self.by_reference.get(reference.as_str()) {
            return Match::One(*position, Evidence::ExternalId);
        }
        if self.configuration.first_link.contains(&FirstLink::Identifier)
            && let Some(positions) = identifier.and_then(|value| self.by_identifier.get(value))
        {
            return match positions.as_slice() {
                [position] => Match::One(*position, Evidence::Identifier),
                _ => Match::Several,
            };
        }
        let by_name = full_name(names).and_then(|name| self.by_name.get(&name));
        if by_name.is_some_and(|positions| positions.iter().any(|position| is_free(*position))) {
            return Match::ByName;
        }
        Match::None
    }

    /// The attributes of `create_unless_taken` whose value some account has already.
    pub(super) fn taken(&self, value: impl Fn(Canonical) -> Option<String>) -> Vec<Canonical> {
        let is_taken = |canonical: &Canonical| {
            value(*canonical).is_some_and(|value| self.taken.contains(&(*canonical, value.as_str())))
        };
        self.configuration
            .create_unless_taken
            .iter()
            .copied()
            .filter(is_taken)
            .collect()
    }
}

/// The values of an account that count as its identifier.
fn identifiers<'a>(account: &'a Account, configuration: &Configuration) -> impl Iterator<Item = &'a str> {
    held(account, configuration.identifier.attribute(), configuration)
}

/// The values of an account that stand for an employee's attribute: itself, and the primary e-mail where it is taken
/// from that attribute.
fn held<'a>(
    account: &'a Account,
    canonical: Canonical,
    configuration: &Configuration,
) -> impl Iterator<Item = &'a str> {
    let email = (canonical == configuration.email)
        .then(|| account.value(Canonical::Email))
        .flatten();
    account.value(canonical).into_iter().chain(email)
}

/// First and last name, else the display name, in the form in which names are compared.
pub(super) fn full_name(attributes: View<'_>) -> Option<String> {
    let (first, last) = (
        attributes.value(Canonical::FirstName),
        attributes.value(Canonical::LastName),
    );
    match (first, last) {
        (Some(first), Some(last)) => Some(fold(&format!("{first} {last}"))),
        (first, last) => first
            .or(last)
            .or_else(|| attributes.value(Canonical::DisplayName))
            .map(fold),
    }
}
