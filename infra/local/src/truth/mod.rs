//! Whether a directory is what HR says, person by person. The comparison is made straight from the emulator's truth,
//! with rules of its own: nothing of the product's mapping or planning is used, so that a mistake there shows here.
//!
//! The rules. A person who is at work and has a work e-mail address has an active account with the carried attributes.
//! A person who had one and is no longer at work has an inactive account, as it was last. No other person has one. A
//! manager who is not at work, or has no address, changes nothing. A telephone number without a country code is not
//! carried. Invisible characters are not part of a name. Where HR has no display names, an account shows first and last
//! name.

mod compare;
mod user;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::emulator::Person;

pub use compare::{Comparison, Difference};
pub use user::read_users;

/// An account attribute and where the truth has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The account's attribute; custom ones begin with `custom.`.
    pub to: &'static str,
    /// The truth's member.
    pub from: &'static str,
}

/// The account that one person should have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Expected {
    active: bool,
    attributes: BTreeMap<&'static str, String>,
    manager: Option<String>,
}

/// People who came, changed and went since the last look, by employee id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// People who should get an account.
    pub joined: BTreeSet<String>,
    /// People whose account should change.
    pub moved: BTreeSet<String>,
    /// People who should lose their account.
    pub left: BTreeSet<String>,
}

/// What a directory should hold, followed from day to day.
#[derive(Clone, Debug)]
pub struct Truth {
    prefix: String,
    carried: Vec<Carried>,
    expected: BTreeMap<String, Expected>,
}

impl Truth {
    /// Returns an empty directory of a company. References are `<provider>:<company>:<employee id>` (R02).
    pub fn new(provider: &str, company: &str, carried: &[Carried]) -> Self {
        Self {
            prefix: format!("{provider}:{company}:"),
            carried: carried.to_vec(),
            expected: BTreeMap::new(),
        }
    }

    /// Takes in the truth of a day, and returns what it changes.
    pub fn follow(&mut self, people: &[Person]) -> Moves {
        let at_work: BTreeMap<&str, &Person> = people
            .iter()
            .filter(|person| text(person, "status") == Some("active") && text(person, "work_email").is_some())
            .filter_map(|person| Some((text(person, "employee_id")?, person)))
            .collect();
        let mut moves = Moves::default();
        for (id, person) in &at_work {
            let before = self.expected.get(*id);
            let wanted = Expected {
                active: true,
                attributes: self.attributes(person),
                manager: match text(person, "manager") {
                    None => None,
                    Some(manager) if at_work.contains_key(manager) => Some(manager.to_owned()),
                    Some(_) => before.and_then(|before| before.manager.clone()),
                },
            };
            match before {
                None => moves.joined.insert((*id).to_owned()),
                Some(before) if *before != wanted => moves.moved.insert((*id).to_owned()),
                Some(_) => continue,
            };
            self.expected.insert((*id).to_owned(), wanted);
        }
        for person in people
            .iter()
            .filter(|person| text(person, "status") == Some("terminated"))
        {
            let Some(id) = text(person, "employee_id") else {
                continue;
            };
            if let Some(expected) = self.expected.get_mut(id).filter(|expected| expected.active) {
                expected.active = false;
                moves.left.insert(id.to_owned());
            }
        }
        moves
    }

    fn attributes(&self, person: &Person) -> BTreeMap<&'static str, String> {
        let carried = self.carried.iter();
        carried
            .filter_map(|carried| Some((carried.to, plain(carried.to, &seen(person, carried.from)?)?)))
            .collect()
    }
}

/// Returns a member that has a text.
fn text<'a>(person: &'a Person, member: &str) -> Option<&'a str> {
    person.get(member).and_then(Value::as_str)
}

/// Returns what an account should show of a member. Where HR has no display names, it shows the name
/// that a person goes by, or else the first one, and the last name.
fn seen(person: &Person, member: &str) -> Option<String> {
    let shown = text(person, member).map(str::to_owned);
    if member != "display_name" || person.contains_key(member) {
        return shown;
    }
    let given = text(person, "known_as").or_else(|| text(person, "first_name"))?;
    Some(format!("{given} {}", text(person, "last_name")?))
}

/// Returns a text as it should stand in an account; `None`: it is not carried.
fn plain(attribute: &str, text: &str) -> Option<String> {
    if attribute == "mobile_phone" {
        let digits = text.chars().filter(char::is_ascii_digit);
        return text
            .starts_with('+')
            .then(|| std::iter::once('+').chain(digits).collect());
    }
    let seen: String = text.chars().filter(|character| *character != '\u{200b}').collect();
    let seen = seen.trim().to_owned();
    (!seen.is_empty()).then_some(seen)
}

#[cfg(test)]
mod tests;
