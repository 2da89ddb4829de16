//! Finding the account of a person who is not linked yet. Weak evidence is offered as a decision, never used.

use std::{
    cell::OnceCell,
    hash::{DefaultHasher, Hash, Hasher as _},
};

use super::Evidence;
use crate::{
    account::Accounts,
    connection::{Configuration, FirstLink},
    employee::{AttributeRef, Canonical, View, fold},
};

/// The result of a search for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// No account.
    None,
    /// One account: its position among the accounts, and the evidence.
    One(usize, Evidence),
    /// Several accounts between which nothing decides.
    Several,
    /// One account has the same name, and nothing else tells.
    ByName,
}

/// What an account is searched by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted<'a> {
    /// Our reference (R02).
    pub(super) reference: &'a str,
    /// The value of the configuration's identifier.
    pub(super) identifier: Option<&'a str>,
    /// The name, folded.
    pub(super) name: Option<&'a str>,
}

/// What tells an address beside the primary one from any attribute, in a hash.
const BESIDE: &str = "beside";

/// Positions of accounts by the hash of a value, in order. What is found is compared by value.
type Positions = Vec<(u64, usize)>;

/// Hashes of all values that accounts will be searched by: few on most nights, while accounts are many.
#[derive(Debug, Default)]
pub(super) struct Asked(Vec<u64>);

impl Asked {
    /// Our reference will be searched for.
    pub(super) fn add_reference(&mut self, reference: &str) {
        self.0.push(hash(reference));
    }

    /// An attribute's value will be searched for, and as the primary e-mail too where that is taken from the attribute.
    pub(super) fn add_value(&mut self, canonical: Canonical, value: &str) {
        self.0
            .extend([canonical, Canonical::Email].map(|canonical| hash(&(canonical, value))));
    }

    /// An address will be searched for among those beside the primary one.
    pub(super) fn add_address(&mut self, address: &str) {
        self.0.push(hash(&(BESIDE, address)));
    }

    fn sort(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
    }

    /// Returns whether a hash will be searched for. To be asked after all were added and sorted.
    fn holds(&self, hash: u64) -> bool {
        self.0.binary_search(&hash).is_ok()
    }
}

/// Accounts by everything that a first link searches by. Built only where a person is not linked.
pub(super) struct Index<'a> {
    accounts: &'a Accounts,
    configuration: &'a Configuration,
    by_reference: Positions,
    /// Accounts by e-mail, by login, and by every attribute that is asked for, each with its attribute in the hash: a login's is
    /// that of the e-mail.
    by_value: Positions,
    by_name: OnceCell<Positions>,
}

impl<'a> Index<'a> {
    /// Returns the index of all accounts that hold a value which is asked for.
    pub(super) fn new(accounts: &'a Accounts, configuration: &'a Configuration, mut asked: Asked) -> Self {
        asked.sort();
        let mut attributes: Vec<Canonical> = configuration.create_unless_taken.iter().copied().collect();
        attributes.extend([configuration.identifier.attribute(), Canonical::Email]);
        let (mut by_reference, mut by_value) = (Positions::new(), Positions::new());
        for (position, account) in accounts.iter().enumerate() {
            let reference = account.external_id.map(hash);
            by_reference.extend(reference.filter(|hash| asked.holds(*hash)).map(|hash| (hash, position)));
            let login = account.login.map(|login| hash(&(Canonical::Email, login)));
            by_value.extend(login.filter(|hash| asked.holds(*hash)).map(|hash| (hash, position)));
            let beside = account.addresses.lines().map(|address| hash(&(BESIDE, address)));
            by_value.extend(beside.filter(|hash| asked.holds(*hash)).map(|hash| (hash, position)));
            for entry in account.attributes {
                let AttributeRef::Canonical(canonical) = entry.attribute else {
                    break;
                };
                if attributes.contains(&canonical)
                    && let Some(value) = entry.field.value()
                {
                    let hash = hash(&(canonical, value));
                    by_value.extend(Some((hash, position)).filter(|_| asked.holds(hash)));
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

    /// Returns the account found by reference, then by identifier, then by name, as far as the configuration says so.
    /// The reference is always asked for, because Rollcall wrote it. `is_free` tells whether no person is linked to an
    /// account; `holds` tells whether an account keeps a value.
    pub(super) fn search(
        &self,
        wanted: &Wanted<'_>,
        is_free: impl Fn(usize) -> bool,
        holds: impl Fn(usize, &str) -> bool,
    ) -> Match {
        let mut found: Vec<usize> = self.with_reference(wanted.reference).collect();
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

    /// Returns the accounts that carry a reference.
    pub(super) fn with_reference(&self, reference: &str) -> impl Iterator<Item = usize> {
        with(&self.by_reference, hash(reference)).filter(move |position| {
            let account = self.accounts.get(*position);
            account.is_some_and(|account| account.external_id == Some(reference))
        })
    }

    /// Returns the accounts that have an address, and neither as the primary one nor as login.
    pub(super) fn with_address_beside(&self, address: &str) -> impl Iterator<Item = usize> {
        with(&self.by_value, hash(&(BESIDE, address))).filter(move |position| {
            let account = self.accounts.get(*position);
            account.is_some_and(|account| account.has_beside(address))
        })
    }

    /// Returns the attributes of which some account has the given value already, and `holds` on to it.
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

    /// Returns accounts whose attribute has a value: the attribute itself, and primary e-mail or login where those are taken
    /// from it.
    fn with_value(&self, canonical: Canonical, value: &str) -> Vec<usize> {
        let email = (canonical == self.configuration.email).then_some(Canonical::Email);
        let mut found: Vec<usize> = Vec::new();
        for canonical in [Some(canonical), email].into_iter().flatten() {
            let has_value = |position: &usize| {
                let account = self.accounts.get(*position);
                let is_login = |login: Option<&str>| canonical == Canonical::Email && login == Some(value);
                account.is_some_and(|account| account.value(canonical) == Some(value) || is_login(account.login))
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
            // An account that a person is linked to does not get free again within one diff.
            let mut by_name: Positions = accounts
                .filter(|(position, _)| is_free(*position))
                .filter_map(|(position, account)| {
                    name_in_target(account.attributes).map(|name| (hash(name.as_str()), position))
                })
                .collect();
            by_name.sort_unstable();
            by_name
        });
        with(by_name, hash(name)).any(is_free)
    }
}

/// Returns the positions that stand under a hash.
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

/// Returns the name that an account shows, in the form in which names are compared.
pub(super) fn name_in_target(attributes: View<'_>) -> Option<String> {
    full_name(
        attributes.value(Canonical::FirstName),
        attributes.value(Canonical::LastName),
        attributes.value(Canonical::DisplayName),
    )
}

/// Returns first and last name, else the name to show, in the form in which names are compared.
pub(super) fn full_name(first: Option<&str>, last: Option<&str>, shown: Option<&str>) -> Option<String> {
    match (first, last) {
        (Some(first), Some(last)) => Some(fold(&format!("{first} {last}"))),
        (first, last) => shown.or(first).or(last).map(fold),
    }
}
