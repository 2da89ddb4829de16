//! One attribute of the account: where it comes from, and what happens to it on the way.

use std::{borrow::Cow, collections::BTreeSet};

use super::{
    person::{Person, Seen},
    text::Words,
};
use crate::{
    connection::Configuration,
    employee::{Attribute, Canonical},
};

/// Where an attribute of the account comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// From this employee attribute.
    Attribute(Attribute),
    /// The name that the person goes by, else the given name.
    CallName,
    /// The name to show, else the call name or given name and the family name.
    DisplayName,
    /// The person's employment status today.
    Status,
}

/// What becomes of one attribute of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome<'a> {
    /// The attribute stays as the target has it.
    Leave,
    /// The HR system's text of this employee attribute cannot be read: it stays as the target has it.
    Invalid(Attribute),
    /// The attribute is cleared.
    Clear,
    /// The attribute gets this value.
    Write(Cow<'a, str>),
    /// The target has no such value: it stays as the target has it.
    Unknown(Cow<'a, str>),
}

/// One attribute of the account, prepared.
#[derive(Clone, Debug)]
pub(super) struct Output {
    /// The account's attribute.
    pub(super) to: Attribute,
    pub(super) origin: Origin,
    words: Option<Words>,
    /// The values that the target has, where only those may be written.
    pub(super) existing: Option<BTreeSet<Box<str>>>,
}

impl Output {
    fn new(to: Attribute, origin: Origin, configuration: &Configuration) -> Self {
        let source = origin.attribute();
        let words = configuration.values.iter().find(|map| map.attribute == source);
        Self {
            to,
            origin,
            words: words.map(|words| Words::new(&words.map)),
            existing: None,
        }
    }

    /// Returns all attributes of the account but for the manager, in order, each once.
    pub(super) fn all(configuration: &Configuration) -> Vec<Self> {
        let managed = configuration.managed().into_iter();
        managed
            .filter_map(|to| {
                let origin = Origin::of(&to, configuration)?;
                Some(Self::new(to, origin, configuration))
            })
            .collect()
    }

    /// Returns what becomes of the attribute for one person.
    pub(super) fn of<'a>(&'a self, person: &Person<'a>) -> Outcome<'a> {
        let seen = match &self.origin {
            Origin::Attribute(attribute) => person.seen(attribute.as_ref()),
            Origin::CallName => call_name(person),
            Origin::DisplayName => return self.checked(display_name(person)),
            Origin::Status => match person.status() {
                Some(status) => Seen::Value(status.as_str()),
                None => person.canonical(Canonical::EmploymentStatus),
            },
        };
        self.checked(match seen {
            Seen::Nothing => Outcome::Leave,
            Seen::Invalid => Outcome::Invalid(self.origin.attribute()),
            Seen::Empty => Outcome::Clear,
            Seen::Value(text) => Outcome::Write(Cow::Borrowed(text)),
        })
    }

    /// Returns the outcome with words replaced, and with values held back that the target does not have.
    fn checked<'a>(&'a self, outcome: Outcome<'a>) -> Outcome<'a> {
        let Outcome::Write(text) = outcome else {
            return outcome;
        };
        let replacement = self.words.as_ref().and_then(|words| words.replacement(&text));
        let text = replacement.map_or(text, Cow::Borrowed);
        match &self.existing {
            Some(existing) if !existing.contains(text.as_ref()) => Outcome::Unknown(text),
            Some(_) | None => Outcome::Write(text),
        }
    }
}

impl Origin {
    /// Returns where an attribute of the account comes from; `None` for the manager, who is a reference.
    fn of(to: &Attribute, configuration: &Configuration) -> Option<Self> {
        Some(match to {
            Attribute::Canonical(Canonical::Manager) => return None,
            Attribute::Canonical(Canonical::Email) => Self::Attribute(configuration.email.into()),
            Attribute::Canonical(Canonical::Group) => Self::Attribute(configuration.groups.clone()?),
            Attribute::Canonical(Canonical::DisplayName) => Self::DisplayName,
            Attribute::Canonical(Canonical::EmploymentStatus) => Self::Status,
            Attribute::Canonical(Canonical::FirstName) if configuration.first_name == Canonical::KnownAs => {
                Self::CallName
            }
            Attribute::Canonical(canonical) => Self::Attribute((*canonical).into()),
            Attribute::Custom(name) => {
                let custom = configuration
                    .custom_attributes
                    .iter()
                    .find(|custom| custom.to == *name)?;
                Self::Attribute(Attribute::Custom(custom.from.clone()))
            }
        })
    }

    /// Returns the employee attribute that the value comes from.
    pub(super) fn attribute(&self) -> Attribute {
        match self {
            Self::Attribute(attribute) => attribute.clone(),
            Self::CallName => Canonical::KnownAs.into(),
            Self::DisplayName => Canonical::DisplayName.into(),
            Self::Status => Canonical::EmploymentStatus.into(),
        }
    }
}

/// Returns the name that the person goes by, else the given name. Unseen is not empty: then the name is unseen.
fn call_name<'a>(person: &Person<'a>) -> Seen<'a> {
    match person.canonical(Canonical::KnownAs) {
        Seen::Empty => person.canonical(Canonical::FirstName),
        seen @ (Seen::Nothing | Seen::Invalid | Seen::Value(_)) => seen,
    }
}

/// Returns the name to show. It is put together only of names that were seen, so that a lost permission does not
/// shorten it.
fn display_name<'a>(person: &Person<'a>) -> Outcome<'a> {
    match person.canonical(Canonical::DisplayName) {
        Seen::Value(name) => return Outcome::Write(Cow::Borrowed(name)),
        Seen::Invalid => return Outcome::Invalid(Canonical::DisplayName.into()),
        Seen::Nothing | Seen::Empty => {}
    }
    let given = match person.canonical(Canonical::KnownAs) {
        Seen::Value(name) => Seen::Value(name),
        Seen::Nothing | Seen::Invalid | Seen::Empty => person.canonical(Canonical::FirstName),
    };
    match (given, person.canonical(Canonical::LastName)) {
        (Seen::Value(given), Seen::Value(family)) => Outcome::Write(Cow::Owned(format!("{given} {family}"))),
        (Seen::Value(name), Seen::Empty) | (Seen::Empty, Seen::Value(name)) => Outcome::Write(Cow::Borrowed(name)),
        (Seen::Empty, Seen::Empty) => Outcome::Clear,
        (Seen::Nothing | Seen::Invalid, _) | (_, Seen::Nothing | Seen::Invalid) => Outcome::Leave,
    }
}
