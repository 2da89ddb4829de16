//! One employee laid out for many looks: the packed attributes are walked once.

use std::cell::OnceCell;

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};

use crate::employee::{AttributeRef, Canonical, EmploymentStatus, Field, LastDay, View, status_at};

/// More than there are codes; a test holds it.
const SLOTS: usize = 64;

/// What a source said of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seen<'a> {
    /// Nothing.
    Nothing,
    /// A text that is not of the attribute's kind.
    Invalid,
    /// That there is no value.
    Empty,
    /// A value.
    Value(&'a str),
}

impl<'a> Seen<'a> {
    /// The value, if there is one.
    pub(super) const fn value(self) -> Option<&'a str> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Invalid | Self::Empty => None,
        }
    }
}

/// By which clock and rules people are judged.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    /// When a last day takes effect.
    pub(super) effective: LastDay,
    /// The zone of people whose own is unknown.
    pub(super) fallback: TimeZone,
    /// How many days before the first day somebody counts as coming.
    pub(super) days_before_start: u16,
}

/// One employee, laid out.
pub(super) struct Person<'a> {
    id: &'a str,
    view: View<'a>,
    canonical: [Seen<'a>; SLOTS],
    custom: View<'a>,
    now: Timestamp,
    judgement: &'a Judgement,
    status: OnceCell<Option<EmploymentStatus>>,
}

const fn slot(canonical: Canonical) -> usize {
    canonical.code().wrapping_sub(b'A') as usize
}

impl<'a> Person<'a> {
    pub(super) fn new(id: &'a str, view: View<'a>, now: Timestamp, judgement: &'a Judgement) -> Self {
        let mut canonical = [Seen::Nothing; SLOTS];
        let mut custom = View::default();
        let mut entries = view.iter();
        let mut position = entries.clone();
        while let Some(entry) = entries.next() {
            let AttributeRef::Canonical(name) = entry.attribute else {
                custom = View::new(position.as_packed());
                break;
            };
            if let Some(place) = canonical.get_mut(slot(name)) {
                *place = match entry.field {
                    Field::Value(value) => Seen::Value(value),
                    Field::Empty => Seen::Empty,
                    Field::Unseen => Seen::Invalid,
                };
            }
            position = entries.clone();
        }
        Self {
            id,
            view,
            canonical,
            custom,
            now,
            judgement,
            status: OnceCell::new(),
        }
    }

    /// What was said of an attribute; the employment status in the provider's own word.
    pub(super) fn seen(&self, attribute: AttributeRef<'_>) -> Seen<'a> {
        match attribute {
            AttributeRef::Canonical(Canonical::EmployeeId) => Seen::Value(self.id),
            AttributeRef::Canonical(canonical) => self.canonical(canonical),
            AttributeRef::Custom(name) => self.custom(name),
        }
    }

    /// What was said of a canonical attribute.
    pub(super) fn canonical(&self, canonical: Canonical) -> Seen<'a> {
        self.canonical.get(slot(canonical)).copied().unwrap_or(Seen::Nothing)
    }

    fn custom(&self, name: &str) -> Seen<'a> {
        for entry in self.custom {
            if entry.attribute == AttributeRef::Custom(name) {
                return match entry.field {
                    Field::Value(value) => Seen::Value(value),
                    Field::Empty => Seen::Empty,
                    Field::Unseen => Seen::Invalid,
                };
            }
        }
        Seen::Nothing
    }

    /// Where the person stands at this instant, in their own time zone (R14). `None` where neither a word nor a last
    /// day was seen: then it cannot be judged.
    pub(super) fn status(&self) -> Option<EmploymentStatus> {
        *self.status.get_or_init(|| {
            let word = self.canonical(Canonical::EmploymentStatus).value().is_some();
            let last_day = matches!(self.canonical(Canonical::TerminationDate), Seen::Value(_) | Seen::Empty);
            (word || last_day).then(|| {
                let Judgement {
                    effective, fallback, ..
                } = self.judgement;
                status_at(self.view, self.now, *effective, fallback)
            })
        })
    }

    /// Whether the person is still to come, and near enough that an account may be made already (R17).
    pub(super) fn is_about_to_start(&self) -> bool {
        let days = self.judgement.days_before_start;
        if days == 0 || self.status() != Some(EmploymentStatus::Upcoming) {
            return false;
        }
        let start = self.canonical(Canonical::StartDate).value();
        let Some(start_on) = start.and_then(|text| text.parse::<Date>().ok()) else {
            return false;
        };
        let zone = self.canonical(Canonical::TimeZone).value();
        let zone = zone.and_then(|name| TimeZone::get(name).ok());
        let zone = zone.unwrap_or_else(|| self.judgement.fallback.clone());
        let today = self.now.to_zoned(zone).date();
        today
            .checked_add(i64::from(days).days())
            .is_ok_and(|reached_on| start_on <= reached_on)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_canonical_attribute_has_a_slot_of_its_own() {
        let slots: std::collections::BTreeSet<usize> =
            Canonical::ALL.iter().map(|canonical| slot(*canonical)).collect();
        assert_eq!(slots.len(), Canonical::ALL.len());
        assert!(slots.iter().all(|slot| *slot < SLOTS));
    }
}
