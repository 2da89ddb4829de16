//! What day it is for each person, at one instant. Zones are looked up once each: there are few of them and many
//! people.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Canonical, EmploymentStatus, LastDay, View, parse_date};

/// The days on which people find themselves at one instant.
#[derive(Clone, Debug)]
pub struct Calendar {
    now: Timestamp,
    fallback: Date,
    /// In the order of names.
    zones: Vec<(Box<str>, Date)>,
}

impl Calendar {
    /// Returns the days at `now`; `fallback` is the zone of people whose own is unknown (R14).
    pub fn new(now: Timestamp, fallback: &TimeZone) -> Self {
        Self {
            now,
            fallback: fallback.to_datetime(now).date(),
            zones: Vec::new(),
        }
    }

    /// Returns the instant.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Returns the day in an IANA time zone; where the name is unknown, the day in the fallback zone.
    pub fn today_in(&mut self, zone: Option<&str>) -> Date {
        let Some(name) = zone else { return self.fallback };
        match self.zones.binary_search_by(|(known, _)| known.as_ref().cmp(name)) {
            Ok(place) => self.zones.get(place).map_or(self.fallback, |(_, day)| *day),
            Err(place) => {
                let day = TimeZone::get(name).map_or(self.fallback, |zone| zone.to_datetime(self.now).date());
                self.zones.insert(place, (name.into(), day));
                day
            }
        }
    }

    /// Returns the employment status of a person, in the person's own time zone; see [`super::status_at`].
    pub fn status(&mut self, attributes: View<'_>, end: LastDay) -> EmploymentStatus {
        let today = self.today_in(attributes.value(Canonical::TimeZone));
        let date = |canonical| attributes.value(canonical).and_then(parse_date);
        let said = attributes
            .value(Canonical::EmploymentStatus)
            .and_then(EmploymentStatus::parse);
        EmploymentStatus::judge(
            today,
            said,
            date(Canonical::StartDate),
            date(Canonical::TerminationDate),
            end,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r14_each_zone_has_its_own_day_and_an_unknown_one_the_fallbacks() {
        let mut calendar = Calendar::new(
            "2026-03-31T10:30:00Z".parse().unwrap(),
            &TimeZone::get("Pacific/Kiritimati").unwrap(),
        );
        for _ in 0..2 {
            assert_eq!(calendar.today_in(None).to_string(), "2026-04-01");
            assert_eq!(calendar.today_in(Some("Nowhere/Land")).to_string(), "2026-04-01");
            assert_eq!(calendar.today_in(Some("Europe/Madrid")).to_string(), "2026-03-31");
            assert_eq!(calendar.today_in(Some("Pacific/Pago_Pago")).to_string(), "2026-03-30");
        }
    }
}
