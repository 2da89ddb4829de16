//! People who come back: under the id they had, or under a new one.

use super::Company;
use super::edit::{Refused, date, refuse};
use super::seed::set_pay;
use crate::clock::plus_days;
use crate::person::{Person, Spell, Status};
use serde_json::{Map, Value};

impl Company {
    /// A person who left works here again. `{"id": "new"}` gives them a new id, else they keep theirs; `start_date` is today
    /// where it is not given. Returns the id they have now; `Ok(None)` where nobody has this id.
    pub(crate) fn rehire(&mut self, id: u64, members: &Map<String, Value>) -> Result<Option<u64>, Refused> {
        let (mut anew, mut starts_on) = (false, self.today);
        for (name, value) in members {
            match (name.as_str(), value.as_str()) {
                ("id", Some("same")) => anew = false,
                ("id", Some("new")) => anew = true,
                ("id", _) => return refuse(name, "same or new"),
                ("start_date", Some(text)) => starts_on = date(name, text)?,
                ("start_date", None) => return refuse(name, "a date, YYYY-MM-DD"),
                _ => return refuse(name, "id, start_date and nothing else"),
            }
        }
        let today = self.today;
        let newcomer = self.newcomer();
        let Some(person) = self.find_person_mut(id) else {
            return Ok(None);
        };
        if person.status(today) != Status::Terminated {
            return refuse("employee_id", "a person who has left");
        }
        if person.ends_on.is_some_and(|last_day| starts_on <= last_day) {
            return refuse("start_date", "a day after the last day at work");
        }
        self.revision += 1;
        if anew {
            let mut returned = newcomer;
            if let Some(former) = self.find_person(id) {
                returned.take_after(former);
            }
            returned.starts_on = starts_on;
            set_pay(&mut returned);
            let new = returned.id;
            self.people.push(returned);
            return Ok(Some(new));
        }
        if let Some(person) = self.find_person_mut(id) {
            person.earlier.extend(person.ends_on.map(|ends_on| Spell {
                starts_on: person.starts_on,
                ends_on,
            }));
            (person.starts_on, person.ends_on, person.changed_on) = (starts_on, None, today);
        }
        Ok(Some(id))
    }
}

/// Returns an earlier employment of a person who came back long ago.
pub(super) fn earlier_spell(person: &Person, away: i64, worked: i64) -> Spell {
    let ends_on = plus_days(person.starts_on, -30 - away);
    Spell {
        starts_on: plus_days(ends_on, -90 - worked),
        ends_on,
    }
}
