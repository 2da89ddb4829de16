//! What a credential gets to see: people as they are put together, and which attributes were shown, empty or hidden.
//!
//! * A member that is not there is unseen; `null` and blank text are empty; what is of an unexpected kind is seen but
//!   invalid, and stops nobody else (R07, R31).
//! * What no row has a member for is hidden, and so is what the credential was refused. Where one user's permissions count,
//!   what is empty for everybody is hidden rather than empty.

use std::collections::BTreeSet;

use super::{
    answer::malformed,
    custom::{Field, Fields},
    value::Text,
};
use crate::{
    employee::{Attribute, Canonical, EmployeeBuilder, Field as Shown},
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
    /// Only what one user sees: `null` may mean that there is no value, or that the value is not shown.
    User,
}

/// How many people had something, and how many nothing.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    something: u64,
    nothing: u64,
}

impl Count {
    const fn note(&mut self, has_something: bool) {
        if has_something {
            self.something += 1;
        } else {
            self.nothing += 1;
        }
    }
}

/// Puts people together, one after another, and keeps count of what was shown of them.
#[derive(Debug)]
pub struct Sight {
    operation: &'static str,
    reach: Reach,
    person: EmployeeBuilder,
    people: u64,
    without_id: u64,
    canonical: [Count; 128],
    custom: Vec<Count>,
    denied: BTreeSet<Canonical>,
    is_custom_denied: bool,
}

impl Sight {
    /// What a read is called that sees with these eyes, and finds this many custom fields.
    pub fn new(operation: &'static str, reach: Reach, custom: usize) -> Self {
        Self {
            operation,
            reach,
            person: EmployeeBuilder::new(),
            people: 0,
            without_id: 0,
            canonical: [Count::default(); 128],
            custom: vec![Count::default(); custom],
            denied: BTreeSet::new(),
            is_custom_denied: false,
        }
    }

    /// Sets an attribute of the person as it was shown. Cheapest in the order in which attributes are packed.
    pub fn put(&mut self, attribute: Canonical, text: &Text<'_>) {
        match text {
            Text::Absent => return,
            Text::Null => self.person.set(attribute, Shown::Empty),
            Text::Odd => self.person.set_invalid(attribute),
            Text::Value(value) => self.person.set(attribute, Shown::Value(value)),
        };
        if let Some(count) = self.canonical.get_mut(usize::from(attribute.code())) {
            count.note(is_something(text));
        }
    }

    /// Sets a custom attribute of the person, which stands at this place among the custom fields.
    pub fn put_custom<K>(&mut self, position: usize, field: &Field<K>, text: &Text<'_>) {
        match text {
            Text::Absent => {}
            Text::Null => {
                self.person.set_custom(&field.name, Shown::Empty);
            }
            Text::Odd => {
                self.person.set_custom_invalid(&field.name);
            }
            Text::Value(value) => {
                self.person.set_custom(&field.name, Shown::Value(value));
            }
        }
        if let Some(count) = self.custom.get_mut(position) {
            count.note(is_something(text));
        }
    }

    /// Notes attributes whose list the credential may not read.
    pub fn deny(&mut self, attributes: &[Canonical]) {
        self.denied.extend(attributes);
    }

    /// Notes that the credential may not read the values of custom fields.
    pub const fn deny_custom(&mut self) {
        self.is_custom_denied = true;
    }

    /// Passes over a person who has no readable id.
    pub const fn skip(&mut self) {
        self.without_id += 1;
    }

    /// Ends a person and puts them into the roster; the id was checked.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where there is no more room, `Temporary` for want of memory.
    pub fn push(&mut self, id: &str, roster: &mut Builder) -> Result<(), Error> {
        self.people += 1;
        let pushed = self.person.build_for(|attributes| roster.push_view(id, attributes));
        pushed.map_err(|error| match error {
            roster::Error::TooLarge => malformed(self.operation, error.to_string()),
            roster::Error::Compression(_) | roster::Error::Form => {
                Error::new(Class::Temporary, self.operation, "the roster cannot be kept").because(error)
            }
        })
    }

    /// Closes the read: hides what was not shown of all that a provider gives.
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where an employee had no id: such a list proves nobody's absence.
    pub fn finish<K>(
        self,
        given: &[(Canonical, Availability)],
        fields: &Fields<K>,
        roster: &mut Builder,
    ) -> Result<(), Error> {
        for attribute in &self.denied {
            roster.hide((*attribute).into(), NO_PERMISSION);
        }
        for field in fields.iter().filter(|_| self.is_custom_denied) {
            roster.hide(Attribute::Custom(field.name.clone()), NO_PERMISSION);
        }
        if self.people > 0 {
            self.hide_unshown(given, fields, roster);
        }
        for name in fields.forbidden() {
            roster.hide(Attribute::Custom(name.clone()), FORBIDDEN);
        }
        for name in fields.excess() {
            roster.hide(Attribute::Custom(name.clone()), TOO_MANY);
        }
        if self.without_id > 0 {
            let detail = format!("{} people have no readable id", self.without_id);
            return Err(malformed(self.operation, detail));
        }
        Ok(())
    }

    fn hide_unshown<K>(&self, given: &[(Canonical, Availability)], fields: &Fields<K>, roster: &mut Builder) {
        let given = given
            .iter()
            .filter(|(_, availability)| matches!(availability, Availability::Yes | Availability::NeedsPermission));
        let canonical = given.map(|(attribute, _)| {
            let count = self.canonical.get(usize::from(attribute.code()));
            (Attribute::Canonical(*attribute), count.copied().unwrap_or_default())
        });
        let custom = fields.iter().zip(&self.custom);
        let custom = custom.map(|(field, count)| (Attribute::Custom(field.name.clone()), *count));
        for (attribute, count) in canonical.chain(custom) {
            match (count.something, count.nothing) {
                (0, 0) => roster.hide(attribute, NOT_SHOWN),
                (0, _) if self.reach == Reach::User => roster.hide(attribute, NO_PERMISSION),
                _ => {}
            }
        }
    }
}

/// What is odd is something: it is there.
fn is_something(text: &Text<'_>) -> bool {
    text.has_text() || *text == Text::Odd
}
