//! What a connection was told to do, typed and complete: no member is left to a default once it is made.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{
    Preset,
    rule::{Condition, CustomAttribute, Exception, FirstLink, Identifier, LeaverPolicy, RehirePolicy, ValueMap},
};
use crate::employee::{Attribute, Canonical, Category, LastDay, Wanted};

/// The names that every account has, whatever else was chosen.
pub const NAMES: &[Canonical] = &[
    Canonical::DisplayName,
    Canonical::FirstName,
    Canonical::KnownAs,
    Canonical::LastName,
];

/// What every configuration needs of a person: whether they work for the company, and what tells them from others.
const JUDGED: &[Canonical] = &[
    Canonical::BirthDate,
    Canonical::EmployeeId,
    Canonical::EmploymentStatus,
    Canonical::PersonalEmail,
    Canonical::StartDate,
    Canonical::TerminationDate,
    Canonical::TimeZone,
    Canonical::WorkEmail,
];

/// A connection's configuration. Made by [`Preset::configuration`] or by [`super::parse()`],
/// which checks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// The version, which grows by one with each change; part of every plan's header (R21).
    pub version: u64,
    /// The preset from which left-out members came.
    pub preset: Preset,
    /// The employee attribute of the first match. Changing it matches no person anew (R18).
    pub identifier: Identifier,
    /// Which employee attribute becomes the account's primary e-mail: `work_email` or `personal_email`.
    pub email: Canonical,
    /// Which employee attribute becomes the account's first name: `first_name` or `known_as`.
    pub first_name: Canonical,
    /// The canonical attributes that are carried over beside e-mail, identifier and names.
    pub attributes: BTreeSet<Canonical>,
    /// Custom fields that are carried over, and the names of their attributes in the target.
    pub custom_attributes: Vec<CustomAttribute>,
    /// Words to replace, one entry per employee attribute.
    pub values: Vec<ValueMap>,
    /// Attributes of which only values that exist in the target are written.
    pub must_exist: BTreeSet<Attribute>,
    /// The scope filter: all conditions hold.
    pub sync_if: Vec<Condition>,
    /// Employee attributes without which no account is created or updated (R12). The identifier is among them, unless
    /// it is the employee id, which every employee has.
    pub require: BTreeSet<Canonical>,
    /// The evidence by which existing accounts may be linked for the first time, strongest first, each once.
    pub first_link: Vec<FirstLink>,
    /// No account is created for a person whose value of one of these an account has already.
    pub create_unless_taken: BTreeSet<Canonical>,
    /// Whether people who left long ago are created too (R17).
    pub create_former: bool,
    /// Which employee attribute names the account's group.
    pub groups: Option<Attribute>,
    /// What happens to the accounts of people who left.
    pub leavers: Leavers,
    /// What happens for people who come.
    pub joiners: Joiners,
    /// What happens when a person comes back (R15).
    pub rehires: RehirePolicy,
    /// Forbidden categories that were allowed, each with its reason (R34).
    pub exceptions: Vec<Exception>,
    /// Ids of accounts that are never switched off automatically (R19).
    pub protected: BTreeSet<String>,
    /// Who or what starts an apply.
    pub apply: ApplyMode,
    /// The limits above which a plan is held (R25).
    pub limits: Limits,
    /// Whether the connection runs every morning.
    pub daily: bool,
    /// The IANA time zone of people whose own is not known (R14).
    pub fallback_time_zone: String,
}

impl Configuration {
    /// Returns every attribute of an account that HR decides, in order. `manager` is a reference, all others are text.
    pub fn managed(&self) -> Vec<Attribute> {
        let mut canonical = self.attributes.clone();
        canonical.extend(NAMES);
        canonical.insert(Canonical::Email);
        canonical.insert(self.identifier.attribute());
        if self.groups.is_some() {
            canonical.insert(Canonical::Group);
        }
        let custom: BTreeSet<_> = self.custom_attributes.iter().map(|custom| &custom.to).collect();
        canonical
            .into_iter()
            .map(Attribute::Canonical)
            .chain(custom.into_iter().cloned().map(Attribute::Custom))
            .collect()
    }

    /// The account attributes that may be filled from a sensitive employee attribute of another name.
    pub const MAY_BE_SENSITIVE: [Canonical; 2] = [Canonical::Email, Canonical::Group];

    /// Returns those of [`Configuration::MAY_BE_SENSITIVE`] that are sensitive because of the employee attribute that fills them (R39).
    pub fn derived_sensitive(&self) -> BTreeSet<Canonical> {
        let email = self.email.is_sensitive().then_some(Canonical::Email);
        let group = self.groups.as_ref().filter(|from| from.is_sensitive());
        email.into_iter().chain(group.map(|_| Canonical::Group)).collect()
    }

    /// Returns every attribute of employees that this configuration uses, and what judging them takes. Nothing else is asked of the
    /// HR system (R46).
    pub fn wanted(&self) -> Wanted {
        let canonical = self.attributes.iter().chain(NAMES).chain(JUDGED).chain(&self.require);
        let canonical = canonical.chain(&self.create_unless_taken).copied();
        let canonical = canonical.chain([self.email, self.first_name, self.identifier.attribute()]);
        let named = self.values.iter().map(|map| &map.attribute);
        let named = named.chain(self.sync_if.iter().map(|condition| &condition.field));
        let named = named.chain(&self.groups).chain(&self.must_exist).cloned();
        let custom = self.custom_attributes.iter().map(|custom| custom.from.clone());
        let all = canonical.map(Attribute::Canonical).chain(named);
        Wanted::only(all.chain(custom.map(Attribute::Custom)))
    }

    /// Returns the forbidden categories that a person allowed (R34).
    pub fn allowed(&self) -> BTreeSet<Category> {
        self.exceptions.iter().map(|exception| exception.category).collect()
    }

    /// Returns whether a person allowed a forbidden category (R34).
    pub fn allows(&self, category: Category) -> bool {
        self.exceptions.iter().any(|exception| exception.category == category)
    }

    /// Returns whether people are carried from HR to the target at all; the preset `candidates` only sends the other
    /// way.
    pub const fn syncs(&self) -> bool {
        !matches!(self.preset, Preset::Candidates)
    }
}

/// What happens to the accounts of people who left, by the reason for which they count as gone (R11, R13).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leavers {
    /// HR says that people's last day is over.
    pub terminated: LeaverPolicy,
    /// HR does not show people any more.
    pub missing: LeaverPolicy,
    /// People do not meet the scope filter any more.
    pub out_of_scope: LeaverPolicy,
    /// When a last day takes effect (R14).
    pub effective: LastDay,
}

/// What happens for people who come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joiners {
    /// How many days before the first day an account is made (R17).
    pub days_before_start: u16,
    /// Whether the target invites them at once.
    pub invite: bool,
}

/// Who or what starts an apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplyMode {
    /// A person starts it, by the plan's hash.
    Approve,
    /// A plan without holds starts automatically.
    Automatic,
}

/// The limits above which a plan is held. Percents are whole, 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Leavers over 7 days: more than the lesser of `most` and the greater of `count` and `percent`.
    pub leavers: LeaverLimit,
    /// Joiners after the first sync, of the linked people.
    pub joiners: PercentLimit,
    /// Values that would be cleared, of those that are not empty.
    pub cleared_values: PercentLimit,
    /// How far the headcount may fall: more than the greater of the two is held.
    pub headcount_drop: CountLimit,
    /// How far the coverage of an attribute may fall.
    pub coverage_drop: PercentLimit,
}

/// A bound on leavers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaverLimit {
    /// Up to this number of leavers cause no hold, whatever their share.
    pub count: u32,
    /// Leavers up to this share of the linked active accounts cause no hold.
    pub percent: u32,
    /// More leavers than this cause a hold, whatever `count` and `percent` say.
    pub most: u32,
}

/// A bound by number and by share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountLimit {
    /// Up to this number causes no hold, whatever the share.
    pub count: u32,
    /// Up to this share, in percent, causes no hold.
    pub percent: u32,
}

/// A bound by share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PercentLimit {
    /// Up to this share, in percent, causes no hold.
    pub percent: u32,
}
