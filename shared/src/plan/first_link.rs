//! Finding the account of a person who is not linked yet. Weak evidence is offered as a decision, never used.

use std::{
    cell::OnceCell,
    hash::{DefaultHasher, Hash, Hasher as _},
};

use super::Evidence;
use crate::{
    account::Account,
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

/// What somebody is searched by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Our reference (R02).
    pub(super) reference: &'a str,
    /// The value of the configuration's identifier.
    pub(super) identifier: Option<&'a str>,
    /// The name, folded.
    pub(super) name: Option<&'a str>,
}

/// Positions of accounts by the hash of a value, in order. What is found is compared by value.
type Positions = Vec<(u64, usize)>;

/// Accounts by everything that a first link asks for. Built only where somebody is unlinked.
pub(super) struct Index<'a> {
    accounts: &'a [Account],
    configuration: &'a Configuration,
    by_reference: Positions,
    /// By e-mail and by every attribute that is asked for, each with its attribute in the hash.
    by_value: Positions,
    by_name: OnceCell<Positions>,
}

impl<'a> Index<'a> {
    /// Looks at all accounts once.
    pub(super) fn new(accounts: &'a [Account], configuration: &'a Configuration) -> Self {
        let mut asked: Vec<Canonical> = configuration.create_unless_taken.iter().copied().collect();
        asked.extend([configuration.identifier.attribute(), Canonical::Email]);
        asked.sort_unstable();
        asked.dedup();
        let mut by_reference = Positions::new();
        let mut by_value = Positions::with_capacity(accounts.len() * asked.len());
        for (position, account) in accounts.iter().enumerate() {
            if let Some(external_id) = &account.external_id {
                by_reference.push((hash(external_id.as_str()), position));
            }
            for entry in account.attributes.view() {
                if let crate::employee::AttributeRef::Canonical(canonical) = entry.attribute
                    && asked.contains(&canonical)
                    && let Some(value) = entry.field.value()
                {
                    by_value.push((hash(&(canonical, value)), position));
                }
            }
        }
        by_reference.sort_unstable();
        by_value.sort_unstable();
        Self {
            accounts,
            configuration,
            by_reference,
            by_value,
            by_name: OnceCell::new(),
        }
    }

    /// Searches by reference, then by identifier, then by name, as far as the configuration says so. The reference is
    /// always asked for: it is ours. `is_free` tells accounts that nobody is linked to, `holds` those that keep a value.
    pub(super) fn search(
        &self,
        wanted: &Wanted<'_>,
        is_free: impl Fn(usize) -> bool,
        holds: impl Fn(usize, &str) -> bool,
    ) -> Match {
        let by_reference = with(&self.by_reference, hash(wanted.reference)).filter(|position| {
            let account = self.accounts.get(*position);
            let reference = account.and_then(|account| account.external_id.as_ref());
            reference.is_some_and(|reference| reference.as_str() == wanted.reference)
        });
        let mut found: Vec<usize> = by_reference.collect();
        let mut evidence = Evidence::ExternalId;
        if found.is_empty()
            && self.configuration.first_link.contains(&FirstLink::Identifier)
            && let Some(value) = wanted.identifier
        {
            evidence = Evidence::Identifier;
            found = self.with_value(self.configuration.identifier.attribute(), value);
            found.retain(|position| holds(*position, value));
        }
        match found.as_slice() {
            [] if wanted.name.is_some_and(|name| self.has_namesake(name, is_free)) => Match::ByName,
            [] => Match::None,
            [position] => Match::One(*position, evidence),
            _ => Match::Several,
        }
    }

    /// The attributes of which some account has the given value already, and `holds` on to it.
    pub(super) fn taken(
        &self,
        values: &[(Canonical, Box<str>)],
        holds: impl Fn(Canonical, usize, &str) -> bool,
    ) -> Vec<Canonical> {
        let is_taken = |(canonical, value): &&(Canonical, Box<str>)| {
            let positions = self.with_value(*canonical, value);
            positions.into_iter().any(|position| holds(*canonical, position, value))
        };
        values
            .iter()
            .filter(is_taken)
            .map(|(canonical, _)| *canonical)
            .collect()
    }

    /// Accounts whose attribute has a value: the attribute itself, and the primary e-mail where it is taken from it.
    fn with_value(&self, canonical: Canonical, value: &str) -> Vec<usize> {
        let email = (canonical == self.configuration.email).then_some(Canonical::Email);
        let mut found: Vec<usize> = Vec::new();
        for canonical in [Some(canonical), email].into_iter().flatten() {
            let has_value = |position: &usize| {
                let account = self.accounts.get(*position);
                account.is_some_and(|account| account.value(canonical) == Some(value))
            };
            found.extend(with(&self.by_value, hash(&(canonical, value))).filter(has_value));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn has_namesake(&self, name: &str, is_free: impl Fn(usize) -> bool) -> bool {
        if !self.configuration.first_link.contains(&FirstLink::ExactName) {
            return false;
        }
        let by_name = self.by_name.get_or_init(|| {
            let accounts = self.accounts.iter().enumerate();
            let mut by_name: Positions = accounts
                .filter_map(|(position, account)| {
                    name_in_target(account.attributes.view()).map(|name| (hash(name.as_str()), position))
                })
                .collect();
            by_name.sort_unstable();
            by_name
        });
        with(by_name, hash(name)).any(is_free)
    }
}

/// The positions that stand under a hash.
fn with(positions: &[(u64, usize)], hash: u64) -> impl Iterator<Item = usize> {
    let start = positions.partition_point(|(key, _)| *key < hash);
    let rest = positions.get(start..).unwrap_or_default().iter();
    rest.take_while(move |(key, _)| *key == hash)
        .map(|(_, position)| *position)
}

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The name that an account shows, in the form in which names are compared.
pub(super) fn name_in_target(attributes: View<'_>) -> Option<String> {
    full_name(
        attributes.value(Canonical::FirstName),
        attributes.value(Canonical::LastName),
        attributes.value(Canonical::DisplayName),
    )
}

/// First and last name, else the name to show, in the form in which names are compared.
pub(super) fn full_name(first: Option<&str>, last: Option<&str>, shown: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(fold(&format!("{first} {last}"))),
        (first, last) => shown.or(first).or(last).map(fold),
    }
}
