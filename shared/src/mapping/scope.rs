//! The scope filter: who is in, by the conditions of `sync_if`.

use jiff::civil::Date;

use super::{
    person::{Person, Seen},
    text::FoldedSet,
};
use crate::{
    connection::{Condition, Configuration, Test},
    employee::{Attribute, Canonical, Email, EmploymentStatus, Kind, parse_date},
};

/// Whether one person is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// All conditions hold.
    In,
    /// This condition does not hold.
    Out(usize),
    /// This condition cannot be judged, and none fails.
    Unknown(usize),
}

/// The conditions, prepared.
#[derive(Clone, Debug)]
pub(super) struct Filter(Vec<Prepared>);

#[derive(Clone, Debug)]
struct Prepared {
    field: Attribute,
    test: PreparedTest,
    /// The field is of a forbidden category that no person allowed: it is not looked at.
    closed: bool,
}

#[derive(Clone, Debug)]
enum PreparedTest {
    AnyOf(FoldedSet),
    NoneOf(FoldedSet),
    IsSet(bool),
    Before(Date),
    After(Date),
}

impl Filter {
    pub(super) fn new(configuration: &Configuration, is_closed: impl Fn(&Attribute) -> bool) -> Self {
        let prepare = |condition: &Condition| Prepared {
            field: condition.field.clone(),
            test: match &condition.test {
                Test::AnyOf(texts) => PreparedTest::AnyOf(spelt(&condition.field, texts)),
                Test::NoneOf(texts) => PreparedTest::NoneOf(spelt(&condition.field, texts)),
                Test::IsSet(wanted) => PreparedTest::IsSet(*wanted),
                Test::Before(date) => PreparedTest::Before(*date),
                Test::After(date) => PreparedTest::After(*date),
            },
            closed: is_closed(&condition.field),
        };
        Self(configuration.sync_if.iter().map(prepare).collect())
    }

    /// Returns the field that a condition looks at.
    pub(super) fn field(&self, condition: usize) -> Option<&Attribute> {
        self.0.get(condition).map(|prepared| &prepared.field)
    }

    /// Returns whether a person is in scope. One condition that fails outweighs others that cannot be judged.
    pub(super) fn judge(&self, person: &Person<'_>) -> Scope {
        let mut unknown = None;
        for (position, prepared) in self.0.iter().enumerate() {
            match prepared.holds(person) {
                Some(true) => {}
                Some(false) => return Scope::Out(position),
                None => unknown = unknown.or(Some(position)),
            }
        }
        unknown.map_or(Scope::In, Scope::Unknown)
    }
}

/// Returns the texts that a field is compared with, with addresses spelt as they are kept.
fn spelt<'a>(field: &Attribute, texts: impl IntoIterator<Item = &'a String>) -> FoldedSet {
    let is_address = matches!(field, Attribute::Canonical(canonical) if canonical.kind() == Kind::Email);
    let spelt = |text: &String| {
        Email::parse(text)
            .filter(|_| is_address)
            .map_or_else(|| text.clone(), Email::into_text)
    };
    let texts: Vec<String> = texts.into_iter().map(spelt).collect();
    FoldedSet::new(texts.iter().map(String::as_str))
}

impl Prepared {
    /// Returns whether the condition holds; `None` where the field was not seen, or cannot be read.
    fn holds(&self, person: &Person<'_>) -> Option<bool> {
        if self.closed {
            return None;
        }
        if self.field == Attribute::Canonical(Canonical::EmploymentStatus) {
            return self.test.holds_for_status(person);
        }
        match person.seen(self.field.as_ref()) {
            Seen::Nothing | Seen::Invalid => None,
            Seen::Empty => Some(self.test.holds_for_nothing()),
            Seen::Value(text) => self.test.holds_for(text),
        }
    }
}

impl PreparedTest {
    fn holds_for(&self, text: &str) -> Option<bool> {
        match self {
            Self::AnyOf(texts) => Some(texts.contains(text)),
            Self::NoneOf(texts) => Some(!texts.contains(text)),
            Self::IsSet(wanted) => Some(*wanted),
            Self::Before(limit) => parse_date(text).map(|date| date < *limit),
            Self::After(limit) => parse_date(text).map(|date| date > *limit),
        }
    }

    const fn holds_for_nothing(&self) -> bool {
        match self {
            Self::NoneOf(_) | Self::IsSet(false) => true,
            Self::AnyOf(_) | Self::IsSet(true) | Self::Before(_) | Self::After(_) => false,
        }
    }

    /// Returns whether the condition on the status holds. The status is judged at the instant, not taken from the
    /// provider's word. A person who is about to start counts as active, so that an account is there on the first day.
    fn holds_for_status(&self, person: &Person<'_>) -> Option<bool> {
        let status = person.status()?;
        if let Self::AnyOf(texts) = self
            && texts.contains(EmploymentStatus::Active.as_str())
            && person.is_about_to_start()
        {
            return Some(true);
        }
        self.holds_for(status.as_str())
    }
}
