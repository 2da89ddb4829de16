//! What may happen to the people of a company.

use jiff::Timestamp;
use rollcall::employee::{Canonical, EmployeeId, Field};

use super::{NAMES, Office, Person, VALUES};
use crate::draw::Draw;

/// One thing that happens in HR. Numbers stand for people and values, counted around as often as needed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// A new person, whose first day is so many days from today.
    Hire(u8, i8),
    /// A value changes.
    Move(u8, u8),
    /// A value is emptied.
    Empty(u8, u8),
    /// A value is not shown any more.
    Hide(u8, u8),
    /// A telephone number without country code.
    Phone(u8),
    /// Another e-mail address.
    Rename(u8, u8),
    /// Another family name.
    Marry(u8, u8),
    /// Two people swap their addresses.
    Swap(u8, u8),
    /// Each person takes the address of the next person; the last person takes a new address.
    Chain(u8, u8),
    /// A person gets the address of another person, who keeps it.
    Share(u8, u8),
    /// The last day is so many days from today.
    Leave(u8, i8),
    /// No last day any more.
    Return(u8),
    /// The record is gone.
    Vanish(u8),
    /// A person gets a new id; the old record is gone, or ended.
    Renumber(u8, bool),
    /// A person gets a second record, with another start.
    Double(u8),
    /// The id now names another person.
    Replace(u8, u8),
    /// A manager.
    Manage(u8, u8),
    /// Another time zone.
    Zone(u8, u8),
}

impl Step {
    /// Returns a step that happens; everyday steps are more frequent than strange ones.
    pub(crate) fn draw(draw: &mut Draw) -> Self {
        let (who, what) = (draw.byte(), draw.byte());
        match draw.below(50) {
            0..7 => Self::Hire(who, draw.days()),
            7..14 => Self::Move(who, what),
            14..16 => Self::Empty(who, what),
            16 => Self::Hide(who, what),
            17 => Self::Phone(who),
            18..22 => Self::Rename(who, what),
            22..24 => Self::Marry(who, what),
            24..26 => Self::Swap(who, what),
            26..28 => Self::Chain(who, what),
            28 => Self::Share(who, what),
            29..34 => Self::Leave(who, draw.days()),
            34..37 => Self::Return(who),
            37..39 => Self::Vanish(who),
            39..42 => Self::Renumber(who, what.is_multiple_of(2)),
            42 => Self::Double(who),
            43 => Self::Replace(who, what),
            44..48 => Self::Manage(who, what),
            48 => Self::Zone(who, what),
            _ => Self::Move(what, who),
        }
    }
}

impl Office {
    pub(crate) fn somebody(&self, number: u8) -> Option<EmployeeId> {
        let place = usize::from(number).checked_rem(self.people.len())?;
        self.people.keys().nth(place).cloned()
    }

    fn mail_of(&self, id: &EmployeeId) -> Option<Field<String>> {
        self.people[id].get(&Canonical::WorkEmail.into()).cloned()
    }

    fn put(&mut self, number: u8, attribute: Canonical, field: Field<String>) {
        if let Some(id) = self.somebody(number) {
            self.people.get_mut(&id).unwrap().insert(attribute.into(), field);
        }
    }

    fn put_value(&mut self, number: u8, attribute: Canonical, value: String) {
        self.put(number, attribute, Field::Value(value));
    }

    /// Lets a step happen; a step that is not possible does nothing.
    pub(crate) fn happen(&mut self, step: Step, now: Timestamp) {
        const MOVED: [Canonical; 3] = [Canonical::City, Canonical::JobTitle, Canonical::Department];
        let attribute = |number: u8| MOVED[usize::from(number) % MOVED.len()];
        let value = |number: u8| VALUES[usize::from(number / 3) % VALUES.len()].to_owned();
        match step {
            Step::Hire(number, days) => {
                let id = self.hire(number);
                let start = Self::day(now, days);
                self.set(&id, Canonical::StartDate, &start);
            }
            Step::Move(who, what) => self.put_value(who, attribute(what), value(what)),
            Step::Empty(who, what) => self.put(who, attribute(what), Field::Empty),
            Step::Hide(who, what) => self.put(who, attribute(what), Field::Unseen),
            Step::Phone(who) => self.put_value(who, Canonical::MobilePhone, "600 123".to_owned()),
            Step::Rename(who, what) => {
                let mail = self.made_up("new", what);
                self.put_value(who, Canonical::WorkEmail, mail);
            }
            Step::Marry(who, what) => self.put_value(who, Canonical::LastName, format!("Married{what}")),
            Step::Swap(who, whom) => self.pass_on(&[who, whom], true),
            Step::Chain(who, length) => {
                let people: Vec<u8> = (0..2 + length % 5).map(|offset| who.wrapping_add(offset)).collect();
                self.pass_on(&people, false);
            }
            Step::Share(who, whom) => {
                if let Some(mail) = self.somebody(whom).and_then(|whom| self.mail_of(&whom)) {
                    self.put(who, Canonical::WorkEmail, mail);
                }
            }
            Step::Leave(who, days) => self.put_value(who, Canonical::TerminationDate, Self::day(now, days)),
            Step::Return(who) => self.put(who, Canonical::TerminationDate, Field::Empty),
            Step::Vanish(who) => {
                if let Some(id) = self.somebody(who) {
                    self.people.remove(&id);
                }
            }
            Step::Renumber(who, gone) => self.renumber(who, gone, now),
            Step::Double(who) => {
                if let Some(id) = self.somebody(who) {
                    let second = self.copy(&id);
                    self.set(&second, Canonical::StartDate, &Self::day(now, 0));
                }
            }
            Step::Replace(who, what) => self.replace(who, what),
            Step::Manage(who, whom) => {
                if let Some(manager) = self.somebody(whom) {
                    self.put_value(who, Canonical::Manager, manager.as_str().to_owned());
                }
            }
            Step::Zone(who, what) => {
                let zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Madrid"];
                let zone = zones[usize::from(what) % zones.len()].to_owned();
                self.put_value(who, Canonical::TimeZone, zone);
            }
        }
    }

    /// Returns an address that no person has.
    fn made_up(&mut self, word: &str, what: u8) -> String {
        let number = self.next();
        format!("{word}{what}.{number}@{}.test", self.company.id)
    }

    fn replace(&mut self, who: u8, what: u8) {
        let Some(id) = self.somebody(who) else { return };
        let name = NAMES[usize::from(what) % NAMES.len()];
        let mail = self.made_up("other", what);
        self.set(&id, Canonical::FirstName, &format!("Not{name}"));
        self.set(&id, Canonical::LastName, &format!("Other{what}"));
        self.set(&id, Canonical::WorkEmail, &mail);
        self.mark(&id);
    }

    /// Each person takes the address of the next person. In a circle the last person takes the address of the first.
    fn pass_on(&mut self, numbers: &[u8], in_circle: bool) {
        let mut people: Vec<EmployeeId> = Vec::new();
        for id in numbers.iter().filter_map(|number| self.somebody(*number)) {
            if !people.contains(&id) {
                people.push(id);
            }
        }
        let mut mails: Vec<Option<Field<String>>> = people.iter().map(|id| self.mail_of(id)).collect();
        if mails.len() < 2 {
            return;
        }
        mails.rotate_left(1);
        if !in_circle {
            let free = self.made_up("free", 0);
            *mails.last_mut().unwrap() = Some(Field::Value(free));
        }
        for (id, mail) in people.iter().zip(mails) {
            if let Some(mail) = mail {
                let person: &mut Person = self.people.get_mut(id).unwrap();
                person.insert(Canonical::WorkEmail.into(), mail);
            }
        }
    }

    /// Makes a second record of a person under another id. Returns that id.
    fn copy(&mut self, old: &EmployeeId) -> EmployeeId {
        let id = EmployeeId::parse(&(100 + self.next()).to_string()).unwrap();
        let person = self.people[old].clone();
        self.people.insert(id.clone(), person);
        self.mark(&id);
        id
    }

    fn renumber(&mut self, who: u8, gone: bool, now: Timestamp) {
        let Some(old) = self.somebody(who) else { return };
        let new = self.copy(&old);
        let person = self.people.get_mut(&new).unwrap();
        person.insert(Canonical::TerminationDate.into(), Field::Empty);
        if gone {
            self.people.remove(&old);
        } else {
            self.set(&old, Canonical::TerminationDate, &Self::day(now, -1));
        }
    }

    /// Gives each person an address and a number of their own.
    pub(crate) fn tidy_up(&mut self) {
        let people: Vec<EmployeeId> = self.people.keys().cloned().collect();
        for id in people {
            let company = self.company.id.clone();
            self.set(&id, Canonical::WorkEmail, &format!("own.{id}@{company}.test"));
            self.set(&id, Canonical::EmployeeNumber, &format!("N{company}{id}"));
        }
    }
}
