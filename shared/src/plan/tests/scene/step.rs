//! What may happen to a tenant between two nights: in HR, in the target by hand, by decision, in the configuration.

use jiff::ToSpan;

use super::{Person, Scene, employee};
use crate::{
    account::{Account, AccountId},
    connection::{Decision, Identifier, LeaverPolicy, RehirePolicy},
    employee::{Canonical, EmployeeId, Field},
};

/// The given names of a company in which some share one.
pub(crate) const NAMES: [&str; 16] = [
    "Ana", "Bo", "Cy", "Di", "Ed", "Fi", "Gus", "Hal", "Ida", "Jo", "Kim", "Lu", "Mo", "Ned", "Oz", "Pia",
];

/// Towns and job titles.
const VALUES: [&str; 5] = ["Oslo", "Rome", "Bern", "Graz", "Zagreb"];

/// One thing that happens. Numbers stand for people, accounts and values, counted around as often as needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// HR hires a person, whose first day is this many days from today.
    Hire(u8, i8),
    /// HR changes a value.
    Move(u8, u8),
    /// HR empties a value.
    Empty(u8, u8),
    /// HR does not show a value any more.
    Hide(u8, u8),
    /// A person gets a telephone number without country code.
    Phone(u8),
    /// A person gets another e-mail address.
    Rename(u8, u8),
    /// A person gets another family name.
    Marry(u8, u8),
    /// Two people swap their addresses.
    Swap(u8, u8),
    /// Each person takes the address of the next one; the last takes a new one.
    Chain(u8, u8),
    /// A person gets the address of another person, who keeps it.
    Share(u8, u8),
    /// The last day is this many days from today.
    Leave(u8, i8),
    /// A person has no last day any more.
    Return(u8),
    /// HR does not show a person's record any more.
    Vanish(u8),
    /// HR shows the same person under a new id; the old record is gone, or ended.
    Renumber(u8, bool),
    /// HR shows a second record of a person, under another start.
    Double(u8),
    /// An employee id now names another person.
    Replace(u8, u8),
    /// A person gets a manager.
    Manage(u8, u8),
    /// A person gets another time zone.
    Zone(u8, u8),
    /// An account is edited by hand.
    Edit(u8, u8),
    /// An account is switched off or on by hand.
    Switch(u8),
    /// An account is made by hand, with the address of an employee.
    Account(u8),
    /// An account is deleted by hand.
    Delete(u8),
    /// A decision about an employee is made.
    Decide(u8, u8),
    /// A decision is taken back.
    Forget(u8),
    /// The configuration is changed.
    Configure(u8),
}

fn pick<T: Clone>(items: impl Iterator<Item = T>, number: u8) -> Option<T> {
    let items: Vec<T> = items.collect();
    items.get(usize::from(number) % items.len().max(1)).cloned()
}

impl Scene {
    fn employee_at(&self, number: u8) -> Option<EmployeeId> {
        pick(self.people.keys().cloned(), number)
    }

    fn mail_of(&self, id: &EmployeeId) -> Option<Field<String>> {
        self.people[id].get(&Canonical::WorkEmail.into()).cloned()
    }

    fn next_id(&mut self) -> String {
        self.made_ids += 1;
        (100 + self.made_ids * 7 % 1000).to_string()
    }

    fn put(&mut self, number: u8, attribute: Canonical, field: Field<String>) {
        if let Some(id) = self.employee_at(number) {
            self.people.get_mut(&id).unwrap().insert(attribute.into(), field);
        }
    }

    fn day(&self, days: i8) -> String {
        self.today().checked_add(i64::from(days).days()).unwrap().to_string()
    }

    /// Lets something happen; what is not possible does not.
    pub(crate) fn happen(&mut self, step: Step) {
        const MOVED: [Canonical; 3] = [Canonical::City, Canonical::JobTitle, Canonical::Department];
        let attribute = |number: u8| MOVED[usize::from(number) % MOVED.len()];
        let value = |number: u8| Field::Value(VALUES[usize::from(number / 3) % VALUES.len()].to_owned());
        match step {
            Step::Hire(number, days) => self.hire_new(number, days),
            Step::Move(who, what) => self.put(who, attribute(what), value(what)),
            Step::Empty(who, what) => self.put(who, attribute(what), Field::Empty),
            Step::Hide(who, what) => self.put(who, attribute(what), Field::Unseen),
            Step::Phone(who) => self.put(who, Canonical::MobilePhone, Field::Value("600 123".to_owned())),
            Step::Rename(who, what) => {
                let mail = format!("new{what}.{}@acme.test", self.made_ids);
                self.made_ids += 1;
                self.put(who, Canonical::WorkEmail, Field::Value(mail));
            }
            Step::Marry(who, what) => {
                self.put(who, Canonical::LastName, Field::Value(format!("Married{what}")));
            }
            Step::Swap(who, whom) => self.pass_on(&[who, whom], true),
            Step::Chain(who, length) => {
                let people: Vec<u8> = (0..2 + length % 5).map(|offset| who.wrapping_add(offset)).collect();
                self.pass_on(&people, false);
            }
            Step::Share(who, whom) => {
                if let Some(mail) = self.employee_at(whom).and_then(|whom| self.mail_of(&whom)) {
                    self.put(who, Canonical::WorkEmail, mail);
                }
            }
            Step::Leave(who, days) => {
                let day = self.day(days);
                self.put(who, Canonical::TerminationDate, Field::Value(day));
            }
            Step::Return(who) => self.put(who, Canonical::TerminationDate, Field::Empty),
            Step::Vanish(who) => {
                if let Some(id) = self.employee_at(who) {
                    self.people.remove(&id);
                }
            }
            Step::Renumber(who, gone) => self.renumber(who, gone),
            Step::Double(who) => {
                if let Some(mut person) = self.employee_at(who).map(|id| self.people[&id].clone()) {
                    let start = self.day(0);
                    person.insert(Canonical::StartDate.into(), Field::Value(start));
                    let id = self.next_id();
                    self.people.entry(employee(&id)).or_insert(person);
                }
            }
            Step::Replace(who, what) => self.replace(who, what),
            Step::Manage(who, whom) => {
                if let Some(manager) = self.employee_at(whom) {
                    self.put(who, Canonical::Manager, Field::Value(manager.as_str().to_owned()));
                }
            }
            Step::Zone(who, what) => {
                let zones = ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Madrid"];
                let zone = zones[usize::from(what) % zones.len()].to_owned();
                self.put(who, Canonical::TimeZone, Field::Value(zone));
            }
            Step::Edit(which, what) => {
                if let Some(id) = self.some_account(which) {
                    self.edit_by_hand(&id, Canonical::City, VALUES[usize::from(what) % VALUES.len()]);
                }
            }
            Step::Switch(which) => {
                if let Some(account) = self.some_account(which).and_then(|id| self.accounts.get_mut(&id)) {
                    account.active = !account.active;
                }
            }
            Step::Account(who) => self.make_account_by_hand(who),
            Step::Delete(which) => {
                if let Some(id) = self.some_account(which) {
                    self.accounts.remove(&id);
                }
            }
            Step::Decide(who, what) => self.decide(who, what),
            Step::Forget(who) => {
                if let Some(id) = pick(self.decisions.keys().cloned(), who) {
                    self.decisions.remove(&id);
                }
            }
            Step::Configure(what) => self.configure(what),
        }
    }

    fn hire_new(&mut self, number: u8, days: i8) {
        let id = self.next_id();
        if self.people.contains_key(&employee(&id)) {
            return;
        }
        let name = NAMES[usize::from(number) % NAMES.len()];
        self.hire(&id, name);
        let start = self.day(days);
        self.set(&id, Canonical::StartDate, &start);
        self.set(
            &id,
            Canonical::WorkEmail,
            &format!("{}.{id}@acme.test", name.to_lowercase()),
        );
        self.set(&id, Canonical::LastName, &format!("Of{id}"));
    }

    fn replace(&mut self, who: u8, what: u8) {
        let name = NAMES[usize::from(what) % NAMES.len()];
        for (attribute, text) in [
            (Canonical::FirstName, format!("Not{name}")),
            (Canonical::LastName, format!("Other{what}")),
            (Canonical::WorkEmail, format!("other{what}.{}@acme.test", self.made_ids)),
        ] {
            self.put(who, attribute, Field::Value(text));
        }
        self.made_ids += 1;
    }

    /// Each takes the address of the next one; in a circle the last takes that of the first.
    fn pass_on(&mut self, numbers: &[u8], in_circle: bool) {
        let mut people: Vec<EmployeeId> = Vec::new();
        for id in numbers.iter().filter_map(|number| self.employee_at(*number)) {
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
            self.made_ids += 1;
            let free = format!("free{}@acme.test", self.made_ids);
            *mails.last_mut().unwrap() = Some(Field::Value(free));
        }
        for (id, mail) in people.iter().zip(mails) {
            if let Some(mail) = mail {
                let person: &mut Person = self.people.get_mut(id).unwrap();
                person.insert(Canonical::WorkEmail.into(), mail);
            }
        }
    }

    fn renumber(&mut self, who: u8, gone: bool) {
        let Some(old) = self.employee_at(who) else { return };
        let mut person = self.people[&old].clone();
        person.insert(Canonical::TerminationDate.into(), Field::Empty);
        let id = employee(&self.next_id());
        if self.people.contains_key(&id) {
            return;
        }
        if gone {
            self.people.remove(&old);
        } else {
            self.terminate(old.as_str());
        }
        self.people.insert(id, person);
    }

    fn some_account(&self, number: u8) -> Option<AccountId> {
        pick(self.accounts.keys().cloned(), number)
    }

    /// Makes an account with the address of an employee, if nobody has it.
    fn make_account_by_hand(&mut self, who: u8) {
        let Some(Field::Value(mail)) = self.employee_at(who).and_then(|id| self.mail_of(&id)) else {
            return;
        };
        let is_taken = |held: &Account| held.value(Canonical::Email) == Some(mail.as_str());
        if !self.accounts.values().any(is_taken) {
            self.made += 1;
            let id = format!("h-{}", self.made);
            self.add_account(&id, &[(Canonical::Email, &mail), (Canonical::City, "Ulm")]);
        }
    }

    fn decide(&mut self, who: u8, what: u8) {
        let Some(id) = self.employee_at(who) else { return };
        let decision = match what % 4 {
            0 => match self.some_account(what / 4) {
                Some(account_id) => Decision::Link { account_id },
                None => Decision::NewAccount,
            },
            1 => Decision::Left,
            2 => Decision::Keep,
            _ => Decision::NewAccount,
        };
        self.decisions.insert(id, decision);
        self.decided_at = self.now;
    }

    fn configure(&mut self, what: u8) {
        let configuration = &mut self.configuration;
        configuration.version += 1;
        let policies = [
            LeaverPolicy::Deactivate,
            LeaverPolicy::Wait,
            LeaverPolicy::Ignore,
            LeaverPolicy::Group("Alumni".to_owned()),
        ];
        let policy = policies[usize::from(what / 8) % policies.len()].clone();
        if matches!(policy, LeaverPolicy::Group(_)) && configuration.groups.is_none() {
            configuration.groups = Some(Canonical::Department.into());
        }
        match what % 8 {
            0 => configuration.leavers.terminated = policy,
            1 => configuration.leavers.missing = policy,
            2 => configuration.leavers.out_of_scope = policy,
            3 => {
                let rehires = [RehirePolicy::Reactivate, RehirePolicy::Ignore, RehirePolicy::Wait];
                configuration.rehires = rehires[usize::from(what / 8) % rehires.len()];
            }
            4 => {
                let filters = ["[]", r#"[{"field":"city","none_of":["Rome"]}]"#];
                configuration.sync_if = serde_json::from_str(filters[usize::from(what / 8) % 2]).unwrap();
            }
            5 => {
                let identifiers = [Identifier::WorkEmail, Identifier::EmployeeNumber];
                configuration.identifier = identifiers[usize::from(what / 8) % 2];
            }
            6 => configuration.create_former = !configuration.create_former,
            _ => {
                if !configuration.attributes.remove(&Canonical::JobTitle) {
                    configuration.attributes.insert(Canonical::JobTitle);
                }
            }
        }
    }
}
