//! One employee, laid out so that attributes are found fast: the packed attributes are walked once.

use std::cell::OnceCell;

use jiff::{ToSpan, civil::Date};

use crate::employee::{AttributeRef, Calendar, Canonical, EmploymentStatus, Field, LastDay, View, parse_date};

/// More than there are codes; a test holds it.
const SLOTS: usize = 40;

/// What a source said of one attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen<'a> {
    /// The source did not show the attribute.
    Nothing,
    /// The source showed a text that is not of the attribute's kind.
    Invalid,
    /// The source showed that there is no value.
    Empty,
    /// The source showed a value.
    Value(&'a str),
}

impl<'a> Seen<'a> {
    /// Returns the value, if there is one.
    pub(crate) const fn value(self) -> Option<&'a str> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Invalid | Self::Empty => None,
        }
    }
}

/// The rules by which people are judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judgement {
    /// When a last day takes effect.
    pub(super) effective: LastDay,
    /// How many days before the first day a person counts as coming.
    pub(super) days_before_start: u16,
}

/// One employee, laid out.
pub(crate) struct Person<'a> {
    id: &'a str,
    canonical: [Seen<'a>; SLOTS],
    custom: View<'a>,
    today: Date,
    judgement: Judgement,
    status: OnceCell<Option<EmploymentStatus>>,
}

const fn slot(canonical: Canonical) -> usize {
    canonical.code().wrapping_sub(b'A') as usize
}

impl<'a> Person<'a> {
    pub(super) fn new(id: &'a str, view: View<'a>, calendar: &mut Calendar, judgement: Judgement) -> Self {
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
        let zone = canonical.get(slot(Canonical::TimeZone)).and_then(|seen| seen.value());
        Self {
            id,
            today: calendar.today_in(zone),
            canonical,
            custom,
            judgement,
            status: OnceCell::new(),
        }
    }

    /// Returns the date at the person's place of work.
    pub(crate) const fn today(&self) -> Date {
        self.today
    }

    /// Returns what the source said of an attribute; the employment status in the provider's own word.
    pub(super) fn seen(&self, attribute: AttributeRef<'_>) -> Seen<'a> {
        match attribute {
            AttributeRef::Canonical(Canonical::EmployeeId) => Seen::Value(self.id),
            AttributeRef::Canonical(canonical) => self.canonical(canonical),
            AttributeRef::Custom(name) => self.custom(name),
        }
    }

    /// Returns what the source said of a canonical attribute.
    pub(crate) fn canonical(&self, canonical: Canonical) -> Seen<'a> {
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

    /// Says what the status is of a person whose dates alone do not tell it. To be said before it is asked for.
    pub(crate) fn count_as(&self, status: EmploymentStatus) {
        // What was asked for already stays as it was answered.
        let _ = self.status.set(Some(status));
    }

    /// Returns the employment status at this instant, in the person's own time zone (R14). `None` where neither a
    /// status nor a last day was seen, and where one that decides cannot be read: then it cannot be judged.
    pub(super) fn status(&self) -> Option<EmploymentStatus> {
        *self.status.get_or_init(|| {
            let said = self.canonical(Canonical::EmploymentStatus).value();
            let last_day = matches!(self.canonical(Canonical::TerminationDate), Seen::Value(_) | Seen::Empty);
            let is_judged = (said.is_some() || last_day) && self.undecided_by().is_none();
            is_judged.then(|| {
                EmploymentStatus::judge(
                    self.today,
                    said.and_then(EmploymentStatus::parse),
                    self.date(Canonical::StartDate),
                    self.date(Canonical::TerminationDate),
                    self.judgement.effective,
                )
            })
        })
    }

    /// Returns the attribute that cannot be read and on which it hangs whether the person is there (R07): their word, where no last day
    /// decides; their last day, where the word does not say that they left; their first day, where it may lie behind the last one,
    /// or where the word does not say that they have begun.
    pub(crate) fn undecided_by(&self) -> Option<Canonical> {
        let word = self.canonical(Canonical::EmploymentStatus);
        let said = word.value().and_then(EmploymentStatus::parse);
        if said == Some(EmploymentStatus::Terminated) {
            return None;
        }
        let is_invalid = |canonical: Canonical| self.canonical(canonical) == Seen::Invalid;
        let last_on = self.date(Canonical::TerminationDate);
        let has_begun = said == Some(EmploymentStatus::Active) && last_on.is_none_or(|last_on| last_on >= self.today);
        let (first_day, last_day) = (Canonical::StartDate, Canonical::TerminationDate);
        if is_invalid(last_day) {
            Some(last_day)
        } else if word == Seen::Invalid && last_on.is_none() {
            Some(Canonical::EmploymentStatus)
        } else {
            Some(first_day).filter(|first_day| is_invalid(*first_day) && !has_begun)
        }
    }

    fn date(&self, canonical: Canonical) -> Option<Date> {
        self.canonical(canonical).value().and_then(parse_date)
    }

    /// Returns whether the first day is still to come, and near enough that an account may be made already (R17).
    pub(super) fn is_about_to_start(&self) -> bool {
        let days = self.judgement.days_before_start;
        if days == 0 || self.status() != Some(EmploymentStatus::Upcoming) {
            return false;
        }
        let Some(start_on) = self.date(Canonical::StartDate) else {
            return false;
        };
        let reached_on = self.today.checked_add(i64::from(days).days());
        reached_on.is_ok_and(|reached_on| start_on <= reached_on)
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
