//! What a plan is made from: everything that [`super::diff`] may look at, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Fingerprints, Links};
use crate::{
    account::{Abilities, AccountId, Accounts, TargetIdentity},
    connection::{Configuration, DecisionRecord},
    employee::EmployeeId,
    mapping::Mapper,
    roster::{self, Baseline, Certificate, Completeness},
};

/// What a connection did so far, as far as the guards need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Whether a plan was ever applied (R24).
    pub applied_once: bool,
    /// The version of the configuration of the last applied plan.
    pub applied_configuration: u64,
    /// Leavers applied within the last 7 days (R25).
    pub recent_leavers: u32,
}

/// Everything that a plan is made from.
#[derive(Debug)]
pub struct Basis<'a> {
    /// The provider's slug, for references (R02).
    pub provider: &'a str,
    /// Tells whether a word is the slug of a provider: a reference that names no provider is none of Rollcall.
    pub is_provider: fn(&str) -> bool,
    /// What is known as a whole of the people, as HR showed them.
    pub header: &'a roster::Header,
    /// How complete that read was.
    pub completeness: &'a Completeness,
    /// What rosters looked like so far.
    pub baseline: &'a Baseline,
    /// The target's accounts, all of them.
    pub accounts: &'a Accounts,
    /// The links: which employee has which account.
    pub links: &'a Links,
    /// The configuration.
    pub configuration: &'a Configuration,
    /// The configuration, prepared for use on many people.
    pub mapper: &'a Mapper,
    /// The decisions that people made about single employees, and when.
    pub decisions: &'a BTreeMap<EmployeeId, DecisionRecord>,
    /// Who is never switched off automatically beside the configuration's accounts (R19): the person who authorised the
    /// connection, as an employee id, an account id or an e-mail address in lower case.
    pub protected: &'a BTreeSet<String>,
    /// Employees who were erased. They are left out: nothing is done for them, and no value of theirs is kept (R37).
    pub erased: &'a BTreeSet<EmployeeId>,
    /// Accounts that other connections are linked to, as far as this run looked them up (R04).
    pub elsewhere: &'a BTreeSet<AccountId>,
    /// The tenant's fingerprints.
    pub fingerprints: &'a Fingerprints,
    /// The target.
    pub target: &'a TargetIdentity,
    /// What the target can do.
    pub abilities: Abilities,
    /// What happened so far.
    pub past: Past,
    /// When the read of HR began, which may be hours before it is judged: who is missing from it was missing from then on at the
    /// earliest (R13).
    pub read_from: Timestamp,
    /// The instant at which everything is judged.
    pub now: Timestamp,
}

impl Basis<'_> {
    /// Returns the proof that this roster is complete, if there is one; another roster's proves nothing about it
    /// (R05).
    pub fn certificate(&self) -> Option<&Certificate> {
        let certificate = self.completeness.certificate()?;
        (certificate.content_hash() == self.header.content_hash).then_some(certificate)
    }
}
