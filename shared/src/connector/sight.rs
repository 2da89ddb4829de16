//! What a credential gets to see: people as they are put together, and which attributes were shown, empty or hidden.
//!
//! * A member that is not there is unseen; `null` and blank text are empty; what is of an unexpected kind is seen but
//!   invalid, and stops nobody else (R07, R31).
//! * What no row has a member for is hidden, and so is what the credential was refused. Where one user's permissions count,
//!   what is empty for everybody is hidden rather than empty.
//! * A user may see a value of some people and not of others. Where an HR system leaves such a member out, it is unseen for those
//!   people. Where it answers `null` or an empty text, as it does where there is no value, that is unseen in what takes a permission: it
//!   empties nothing (R07).

use std::collections::BTreeSet;

use super::{
    answer::malformed,
    custom::{Field, Fields},
    given::Given,
    shown::Shown,
    value::Text,
};
use crate::{
    employee::{self, Attribute, AttributeRef, Canonical, CustomName, EmployeeBuilder, Wanted, id},
    roster::{self, Builder},
    source::{Availability, Class, Error},
};

/// The reason of a hidden attribute that the credential may not read.
const NO_PERMISSION: &str = "no_permission";
/// The reason of a hidden attribute that a company has too many others beside.
const TOO_MANY: &str = "too_many";
/// The reason of a hidden attribute that no row of the answers has a member for.
const NOT_SHOWN: &str = "not_shown";
/// The reason of a hidden attribute of a category that is not carried over (R34).
const FORBIDDEN: &str = "forbidden_category";

/// What a credential lets its holder see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything of the company: `null` means that there is no value.
    Company,
    /// Only what one user sees. What they may not see of a person is left out; `null` for everybody may mean that too.
    User,
    /// Only what one user sees. What they may not see of a person is `null` or an empty text, as what has no value is.
    UserByNull,
}

/// Puts people together, one after another.
#[derive(Debug)]
pub struct Sight {
    operation: &'static str,
    wanted: Wanted,
    reach: Reach,
    /// What takes a permission.
    guarded: BTreeSet<Canonical>,
    person: EmployeeBuilder,
}

impl Sight {
    /// Begins a read of this name. What the provider gives is hidden where nobody is shown with it, and so are custom fields
    /// that are not carried over.
    pub fn begin<K>(
        operation: &'static str,
        reach: Reach,
        given: impl IntoIterator<Item = (Canonical, Availability)>,
        fields: &Fields<K>,
        roster: &mut Builder,
    ) -> Self {
        let empty = (reach != Reach::Company).then_some(NO_PERMISSION);
        let mut guarded = BTreeSet::new();
        let mut had = Vec::new();
        for (attribute, availability) in given {
            match availability {
                Availability::Yes => {}
                Availability::NeedsPermission => drop(guarded.insert(attribute)),
                Availability::Custom | Availability::No => continue,
            }
            had.push(Attribute::Canonical(attribute));
        }
        let custom = fields.iter().map(|field| Attribute::Custom(field.name.clone()));
        for attribute in had.into_iter().chain(custom) {
            roster.expect(attribute, NOT_SHOWN, empty);
        }
        for field in fields.iter() {
            if let Some(label) = &field.label {
                roster.label(&field.name, label);
            }
        }
        for name in fields.forbidden() {
            roster.hide(Attribute::Custom(name.clone()), FORBIDDEN);
        }
        for name in fields.excess() {
            roster.hide(Attribute::Custom(name.clone()), TOO_MANY);
        }
        Self {
            operation,
            wanted: roster.wanted().clone(),
            reach,
            guarded,
            person: EmployeeBuilder::new(),
        }
    }

    /// Sets an attribute of the person as it was shown, where it is wanted. Cheapest in the order in which attributes are packed.
    pub fn put(&mut self, attribute: Canonical, text: &Text<'_>) {
        if !self.wanted.wants(AttributeRef::Canonical(attribute)) {
            return;
        }
        match text {
            said if !says(said) && self.may_be_unseen(attribute) => &mut self.person,
            Text::Absent => &mut self.person,
            Text::Null => self.person.set(attribute, employee::Field::Empty),
            Text::Odd => self.person.set_invalid(attribute),
            Text::Value(value) => self.person.set(attribute, employee::Field::Value(value)),
        };
    }

    /// Sets all attributes of a table that are wanted, each by its rule.
    pub fn put_all(&mut self, table: &[Given], one: &Shown<'_>) {
        for given in table {
            if self.wanted.wants(AttributeRef::Canonical(given.attribute)) {
                self.put(given.attribute, &(given.rule)(one, given));
            }
        }
    }

    /// Sets a custom attribute of the person, where it is wanted.
    pub fn put_custom<K>(&mut self, field: &Field<K>, text: &Text<'_>) {
        if !self.wanted.wants(AttributeRef::Custom(field.name.as_str())) {
            return;
        }
        match text {
            // Any custom field may take a permission.
            said if !says(said) && self.reach == Reach::UserByNull => {}
            Text::Absent => {}
            Text::Null => {
                self.person.set_custom(&field.name, employee::Field::Empty);
            }
            Text::Odd => {
                self.person.set_custom_invalid(&field.name);
            }
            Text::Value(value) => {
                self.person.set_custom(&field.name, employee::Field::Value(value));
            }
        }
    }

    /// Returns whether it may mean that a value is not shown if there is none. A day on which a person left is judged by what is shown: a person
    /// without one has not left.
    fn may_be_unseen(&self, attribute: Canonical) -> bool {
        self.reach == Reach::UserByNull && attribute != Canonical::TerminationDate && self.guarded.contains(&attribute)
    }

    /// Puts a person into the roster as `fill` sets them; a row without a readable id is counted.
    ///
    /// # Errors
    /// As from [`Sight::push`].
    pub fn add(&mut self, id: &Text<'_>, roster: &mut Builder, fill: impl FnOnce(&mut Self)) -> Result<(), Error> {
        let Some(id) = id.value().filter(|id| id::check(id).is_ok()) else {
            roster.skip();
            return Ok(());
        };
        fill(self);
        self.push(id, roster)
    }

    /// Ends a person and puts them into the roster; the id was checked.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where there is no more room, `Temporary` for want of memory.
    pub fn push(&mut self, id: &str, roster: &mut Builder) -> Result<(), Error> {
        let pushed = self.person.build_for(|attributes| roster.push_view(id, attributes));
        pushed.map_err(|error| match error {
            roster::Error::TooLarge => malformed(self.operation, error.to_string()),
            roster::Error::Compression(_) | roster::Error::Form => {
                Error::new(Class::Temporary, self.operation, "the roster cannot be kept").because(error)
            }
        })
    }

    /// Closes the read.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where an employee had no id: such a list proves nobody's absence.
    pub fn finish(self, roster: &Builder) -> Result<(), Error> {
        match roster.skipped() {
            0 => Ok(()),
            skipped => Err(malformed(
                self.operation,
                format!("{skipped} people have no readable id"),
            )),
        }
    }
}

/// Returns whether a text says anything, if only what cannot be read.
fn says(text: &Text<'_>) -> bool {
    text.has_text() || *text == Text::Odd
}

/// Hides attributes whose list the credential may not read.
pub fn deny(attributes: &[Canonical], roster: &mut Builder) {
    for attribute in attributes {
        roster.hide((*attribute).into(), NO_PERMISSION);
    }
}

/// Hides the custom fields, whose values the credential may not read.
pub fn deny_custom<K>(fields: &Fields<K>, roster: &mut Builder) {
    for field in fields.iter() {
        roster.hide(Attribute::Custom(field.name.clone()), NO_PERMISSION);
    }
}

/// Hides the custom fields that are wanted and not among these, where the credential may not read which fields there are.
pub fn deny_unknown<K>(fields: &Fields<K>, roster: &mut Builder) {
    let is_known = |name: &CustomName| fields.iter().any(|field| field.name == *name);
    let unknown = roster.wanted().custom().iter().filter(|name| !is_known(name));
    let unknown: Vec<CustomName> = unknown.cloned().collect();
    for name in unknown {
        roster.hide(Attribute::Custom(name), NO_PERMISSION);
    }
}
