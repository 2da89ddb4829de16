//! The canonical person record and its builder, the only door from a provider's words into it.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    Attributes, AttributesBuilder, Calendar, Canonical, CustomName, EmployeeId, EmploymentStatus, Field, View,
    canonical_text,
};

/// A person as one provider describes them at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The provider's id.
    pub id: EmployeeId,
    /// Everything that was seen of the person, in canonical text.
    pub attributes: Attributes,
}

impl Employee {
    /// Returns the value of a canonical attribute, if it has one.
    pub fn value(&self, canonical: Canonical) -> Option<&str> {
        self.attributes.value(canonical)
    }

    /// Returns the employment status at `now`; see [`status_at`].
    pub fn status_at(&self, now: Timestamp, end: LastDay, fallback: &TimeZone) -> EmploymentStatus {
        status_at(self.attributes.view(), now, end, fallback)
    }
}

/// When a last day takes effect (R14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastDay {
    /// When the last day is over.
    #[default]
    EndOfLastDay,
    /// When the last day begins.
    StartOfLastDay,
}

/// Returns the employment status at an instant, in the person's own time zone, else in `fallback` (R14).
///
/// Dates count for more than the provider's word. A provider's `terminated` without a last day is believed; where there
/// is a last day, that day decides.
pub fn status_at(attributes: View<'_>, now: Timestamp, end: LastDay, fallback: &TimeZone) -> EmploymentStatus {
    Calendar::new(now, fallback).status(attributes, end)
}

/// Builds employees from a provider's texts. Keeps its memory from one person to the next.
#[derive(Clone, Debug, Default)]
pub struct EmployeeBuilder {
    attributes: AttributesBuilder,
    /// Time zones that were looked up, in order: there are few of them and many people.
    zones: Vec<Box<str>>,
}

impl EmployeeBuilder {
    /// Returns a builder for any number of people.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an attribute from the provider's text. Blank is empty; what is not of the attribute's kind is kept as
    /// "seen but invalid", which leaves the attribute unmanaged (R07). `Unseen` sets nothing.
    pub fn set(&mut self, attribute: Canonical, seen: Field<&str>) -> &mut Self {
        match seen {
            Field::Unseen => {}
            Field::Empty => {
                self.attributes.set_canonical(attribute, Field::Empty);
            }
            Field::Value(text) if attribute == Canonical::TimeZone && self.knows_zone(text) => {
                self.attributes.set_canonical(attribute, Field::Value(text));
            }
            Field::Value(text) => match canonical_text(attribute, text) {
                Ok(Some(text)) => {
                    if attribute == Canonical::TimeZone {
                        self.note_zone(&text);
                    }
                    self.attributes.set_canonical(attribute, Field::Value(&text));
                }
                Ok(None) => {
                    self.attributes.set_canonical(attribute, Field::Empty);
                }
                Err(_) => {
                    self.attributes.set_canonical(attribute, Field::Unseen);
                }
            },
        }
        self
    }

    fn knows_zone(&self, name: &str) -> bool {
        self.zones.binary_search_by(|known| known.as_ref().cmp(name)).is_ok()
    }

    fn note_zone(&mut self, name: &str) {
        if let Err(place) = self.zones.binary_search_by(|known| known.as_ref().cmp(name)) {
            self.zones.insert(place, name.into());
        }
    }

    /// Marks an attribute as seen but invalid, where the provider's own shape was already unreadable.
    pub fn set_invalid(&mut self, attribute: Canonical) -> &mut Self {
        self.attributes.set_canonical(attribute, Field::Unseen);
        self
    }

    /// Sets a custom attribute; blank is empty. Cheapest in ascending order of names, after the canonical ones.
    pub fn set_custom(&mut self, name: &CustomName, seen: Field<&str>) -> &mut Self {
        let field = match seen {
            Field::Unseen => return self,
            Field::Empty => Field::Empty,
            Field::Value(text) => match text.trim() {
                "" => Field::Empty,
                text if text.len() <= super::parse::MAX_TEXT_BYTES => Field::Value(text),
                _ => Field::Unseen,
            },
        };
        self.attributes.append_custom(name, field);
        self
    }

    /// Marks a custom attribute as seen but invalid.
    pub fn set_custom_invalid(&mut self, name: &CustomName) -> &mut Self {
        self.attributes.append_custom(name, Field::Unseen);
        self
    }

    /// Finishes a person without keeping a copy: shows the attributes to `visit`, and forgets them.
    pub(crate) fn build_for<T>(&mut self, visit: impl FnOnce(View<'_>) -> T) -> T {
        self.attributes.build_for(visit)
    }

    /// Returns the finished person.
    pub fn build(&mut self, id: EmployeeId) -> Employee {
        Employee {
            id,
            attributes: self.attributes.build(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn employee(fields: &[(Canonical, &str)]) -> Employee {
        let mut builder = EmployeeBuilder::new();
        for (attribute, text) in fields {
            builder.set(*attribute, Field::Value(text));
        }
        builder.build(EmployeeId::parse("1").unwrap())
    }

    fn status(fields: &[(Canonical, &str)], now: &str, end: LastDay) -> EmploymentStatus {
        employee(fields).status_at(now.parse().unwrap(), end, &TimeZone::get("Europe/London").unwrap())
    }

    #[test]
    fn a_builder_reads_a_time_zone_the_same_whenever_it_comes() {
        let mut builder = EmployeeBuilder::new();
        for (text, expected) in [
            ("Europe/Madrid", Field::Value("Europe/Madrid")),
            ("Madrid", Field::Unseen),
            ("Europe/Madrid", Field::Value("Europe/Madrid")),
            (" Europe/Madrid", Field::Value("Europe/Madrid")),
            ("Africa/Tunis", Field::Value("Africa/Tunis")),
            ("Madrid", Field::Unseen),
        ] {
            builder.set(Canonical::TimeZone, Field::Value(text));
            let person = builder.build(EmployeeId::parse("1").unwrap());
            assert_eq!(person.attributes.field(Canonical::TimeZone), expected, "{text}");
        }
    }

    #[test]
    fn r07_an_invalid_text_is_unseen_and_named() {
        let person = employee(&[(Canonical::FirstName, "Ana"), (Canonical::MobilePhone, "600123456")]);
        assert_eq!(person.attributes.field(Canonical::MobilePhone), Field::Unseen);
        assert_eq!(
            person
                .attributes
                .view()
                .invalid()
                .map(|name| name.to_string())
                .collect::<Vec<_>>(),
            ["mobile_phone"]
        );
    }

    #[test]
    fn r14_the_last_day_ends_in_the_persons_own_time_zone() {
        let zones = [
            ("Pacific/Kiritimati", "2026-03-31T09:59:59Z", "2026-03-31T10:00:00Z"),
            ("Pacific/Pago_Pago", "2026-04-01T10:59:59Z", "2026-04-01T11:00:00Z"),
            ("Europe/Madrid", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z"),
        ];
        for (zone, still, gone) in zones {
            let fields = [(Canonical::TerminationDate, "2026-03-31"), (Canonical::TimeZone, zone)];
            assert_eq!(
                status(&fields, still, LastDay::EndOfLastDay),
                EmploymentStatus::Active,
                "{zone}"
            );
            assert_eq!(
                status(&fields, gone, LastDay::EndOfLastDay),
                EmploymentStatus::Terminated,
                "{zone}"
            );
        }
    }

    #[test]
    fn r14_a_last_day_on_a_clock_change_is_a_day_like_any_other() {
        let fields = [
            (Canonical::TerminationDate, "2026-10-25"),
            (Canonical::TimeZone, "Europe/Madrid"),
        ];
        assert_eq!(
            status(&fields, "2026-10-25T22:59:59Z", LastDay::EndOfLastDay),
            EmploymentStatus::Active
        );
        assert_eq!(
            status(&fields, "2026-10-25T23:00:00Z", LastDay::EndOfLastDay),
            EmploymentStatus::Terminated
        );
    }

    #[test]
    fn r14_a_person_without_a_zone_is_judged_in_the_fallback_zone() {
        let fields = [(Canonical::TerminationDate, "2026-07-01")];
        assert_eq!(
            status(&fields, "2026-07-01T22:59:59Z", LastDay::EndOfLastDay),
            EmploymentStatus::Active
        );
        assert_eq!(
            status(&fields, "2026-07-01T23:00:00Z", LastDay::EndOfLastDay),
            EmploymentStatus::Terminated
        );
    }

    #[test]
    fn r14_a_connection_may_count_the_start_of_the_last_day() {
        let fields = [(Canonical::TerminationDate, "2026-07-01")];
        assert_eq!(
            status(&fields, "2026-06-30T22:59:59Z", LastDay::StartOfLastDay),
            EmploymentStatus::Active
        );
        assert_eq!(
            status(&fields, "2026-06-30T23:00:00Z", LastDay::StartOfLastDay),
            EmploymentStatus::Terminated
        );
    }

    #[test]
    fn a_providers_word_counts_where_there_is_no_date() {
        let fields = [(Canonical::EmploymentStatus, "terminated")];
        assert_eq!(
            status(&fields, "2026-07-01T00:00:00Z", LastDay::EndOfLastDay),
            EmploymentStatus::Terminated
        );
        let planned = [
            (Canonical::EmploymentStatus, "active"),
            (Canonical::StartDate, "2026-08-01"),
        ];
        assert_eq!(
            status(&planned, "2026-07-01T00:00:00Z", LastDay::EndOfLastDay),
            EmploymentStatus::Upcoming
        );
    }
}
