//! A configuration, prepared once and asked for every person.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    desired::{Desired, Mapped, Warning},
    output::{Origin, Outcome, Output},
    person::{Judgement, Person, Seen},
    scope::{Filter, Scope},
};
use crate::{
    connection::{Configuration, NAMES},
    employee::{
        Attribute, AttributeRef, AttributesBuilder, Calendar, Canonical, Category, CustomName, Employee, EmployeeId,
        Excess, Field, MOST_PERSON_BYTES, View, classify_label, forbidden::classify,
    },
};

/// Why a configuration cannot be prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The fallback time zone does not exist.
    #[error("the configuration's fallback time zone is no IANA time zone")]
    TimeZone,
}

/// A configuration, prepared. Keeps its memory from one person to the next.
#[derive(Clone, Debug)]
pub struct Mapper {
    judgement: Judgement,
    fallback: TimeZone,
    calendar: Option<Calendar>,
    filter: Filter,
    require: Vec<Canonical>,
    outputs: Vec<Output>,
    manager: bool,
    forbidden: Vec<(Attribute, Category)>,
    attributes: AttributesBuilder,
}

impl Mapper {
    /// Returns a prepared configuration that knows custom fields by their names alone.
    ///
    /// # Errors
    /// [`Error`] where the configuration was not checked.
    pub fn new(configuration: &Configuration) -> Result<Self, Error> {
        Self::with_labels(configuration, &BTreeMap::new())
    }

    /// Returns a prepared configuration that knows what the HR system calls its custom fields today. A field that is or
    /// looks forbidden is neither written nor looked at, unless a person allowed it (R34).
    ///
    /// # Errors
    /// [`Error`] where the configuration was not checked.
    pub fn with_labels(configuration: &Configuration, labels: &BTreeMap<CustomName, String>) -> Result<Self, Error> {
        let fallback = TimeZone::get(&configuration.fallback_time_zone).map_err(|_| Error::TimeZone)?;
        let closed = |attribute: &Attribute| {
            let by_label = match attribute {
                Attribute::Custom(name) => labels.get(name).and_then(|label| classify_label(label)),
                Attribute::Canonical(_) => None,
            };
            by_label
                .or_else(|| classify(attribute))
                .filter(|category| !configuration.allows(*category))
        };
        let mut outputs = Output::all(configuration);
        let mut forbidden = Vec::new();
        outputs.retain(|output| {
            let category = closed(&output.origin.attribute());
            forbidden.extend(category.map(|category| (output.to.clone(), category)));
            category.is_none()
        });
        Ok(Self {
            judgement: Judgement {
                effective: configuration.leavers.effective,
                days_before_start: configuration.joiners.days_before_start,
            },
            fallback,
            calendar: None,
            filter: Filter::new(configuration, |attribute| closed(attribute).is_some()),
            require: configuration.require.iter().copied().collect(),
            outputs,
            manager: configuration.attributes.contains(&Canonical::Manager),
            forbidden,
            attributes: AttributesBuilder::new(),
        })
    }

    /// Names the values of an account attribute that exist in the target; others are held back with a warning. For the
    /// attributes of `must_exist`, where the target can list them.
    #[must_use]
    pub fn with_existing(mut self, attribute: &Attribute, values: impl IntoIterator<Item = String>) -> Self {
        if let Some(output) = self.outputs.iter_mut().find(|output| output.to == *attribute) {
            output.existing = Some(values.into_iter().map(String::into_boxed_str).collect());
        }
        self
    }

    /// Says which employee attributes used to be shown and are not. The name to show is put together of several:
    /// without one of them it would be another name, so that it stays as the target has it (R07).
    #[must_use]
    pub fn with_hidden(mut self, hidden: &BTreeSet<Attribute>) -> Self {
        let is_hidden = |name: &Canonical| hidden.contains(&Attribute::Canonical(*name));
        if NAMES.iter().any(is_hidden) {
            self.outputs.retain(|output| output.origin != Origin::DisplayName);
        }
        self
    }

    /// Returns the account attributes that are not written because their source is or looks forbidden (R34).
    pub fn forbidden(&self) -> &[(Attribute, Category)] {
        &self.forbidden
    }

    /// Returns what mapping says about an employee.
    pub fn map_employee(&mut self, employee: &Employee, now: Timestamp) -> Mapped {
        self.map(employee.id.as_str(), employee.attributes.view(), now)
    }

    /// Returns what mapping says about an employee, borrowed: first the scope filter, then the required attributes,
    /// then the account.
    pub fn map(&mut self, id: &str, attributes: View<'_>, now: Timestamp) -> Mapped {
        let person = self.lay_out(id, attributes, now);
        self.map_person(&person)
    }

    /// Returns an employee laid out, to be looked at before they are mapped.
    pub(crate) fn lay_out<'a>(&mut self, id: &'a str, attributes: View<'a>, now: Timestamp) -> Person<'a> {
        let same_instant = self.calendar.take().filter(|calendar| calendar.now() == now);
        let calendar = self
            .calendar
            .insert(same_instant.unwrap_or_else(|| Calendar::new(now, &self.fallback)));
        Person::new(id, attributes, calendar, self.judgement)
    }

    /// Returns what mapping says about an employee who is laid out.
    pub(crate) fn map_person(&mut self, person: &Person<'_>) -> Mapped {
        match self.filter.judge(person) {
            Scope::In => {}
            Scope::Out(condition) => {
                if let Some(field) = self.filter.field(condition).cloned() {
                    return Mapped::Filtered { condition, field };
                }
            }
            Scope::Unknown(condition) => {
                if let Some(field) = self.filter.field(condition).cloned() {
                    return Mapped::Unjudged { field };
                }
            }
        }
        let seen = |canonical: &Canonical| person.seen(AttributeRef::Canonical(*canonical));
        let (mut missing, mut invalid) = (Vec::new(), Vec::new());
        for canonical in &self.require {
            match seen(canonical) {
                Seen::Value(_) => {}
                Seen::Invalid => invalid.push(*canonical),
                Seen::Nothing | Seen::Empty => missing.push(*canonical),
            }
        }
        if !missing.is_empty() {
            return Mapped::Skipped { missing };
        }
        let desired = desired(person, &self.outputs, self.manager, &mut self.attributes);
        if invalid.is_empty() {
            Mapped::Desired(desired)
        } else {
            Mapped::Unreadable { invalid, desired }
        }
    }
}

/// Returns the account of a person who is in scope and complete.
fn desired(person: &Person<'_>, outputs: &[Output], manager: bool, attributes: &mut AttributesBuilder) -> Desired {
    let mut warnings = Vec::new();
    for output in outputs {
        match output.of(person) {
            Outcome::Leave => {}
            Outcome::Clear => {
                attributes.append(&output.to, Field::Empty);
            }
            Outcome::Write(text) => {
                attributes.append(&output.to, Field::Value(&text));
            }
            Outcome::Invalid(attribute) => {
                let warning = Warning::Invalid { attribute };
                if !warnings.contains(&warning) {
                    warnings.push(warning);
                }
            }
            Outcome::Unknown(text) => warnings.push(Warning::UnknownValue {
                attribute: output.to.clone(),
                value: Cow::into_owned(text).into(),
            }),
        }
    }
    let manager = if manager {
        manager_of(person, &mut warnings)
    } else {
        Field::Unseen
    };
    let mut wanted = attributes.build();
    // One long field may be written into many attributes.
    if let Some(shortened) = wanted.view().shortened(MOST_PERSON_BYTES, Excess::LeftOut) {
        let excess = shortened.excess.into_iter();
        warnings.extend(excess.map(|attribute| Warning::Invalid { attribute }));
        wanted = shortened.attributes;
    }
    Desired {
        attributes: wanted,
        manager,
        warnings,
    }
}

fn manager_of(person: &Person<'_>, warnings: &mut Vec<Warning>) -> Field<EmployeeId> {
    let id = match person.canonical(Canonical::Manager) {
        Seen::Nothing => return Field::Unseen,
        Seen::Empty => return Field::Empty,
        Seen::Invalid => None,
        Seen::Value(text) => EmployeeId::parse(text).ok(),
    };
    id.map_or_else(
        || {
            warnings.push(Warning::Invalid {
                attribute: Canonical::Manager.into(),
            });
            Field::Unseen
        },
        Field::Value,
    )
}
