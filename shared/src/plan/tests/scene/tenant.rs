//! What a scene holds: people of HR, accounts, links; and reading HR, well or badly.

use super::{Person, Read, Scene, account, employee};
use crate::{
    account::{Account, AccountId},
    employee::{Attribute, AttributesBuilder, Canonical, CompanyId, EmployeeBuilder, Field},
    roster::{Builder, Proof, Roster},
};

impl Scene {
    /// Adds a person to HR, complete and active.
    pub(crate) fn hire(&mut self, id: &str, name: &str) {
        let mail = format!("{}@acme.test", name.to_lowercase());
        self.people.insert(employee(id), Person::new());
        let known = [
            (Canonical::FirstName, name.to_owned()),
            (Canonical::LastName, format!("{name}son")),
            (Canonical::WorkEmail, mail),
            (Canonical::EmployeeNumber, format!("N{id}")),
            (Canonical::StartDate, "2020-01-01".to_owned()),
            (Canonical::KnownAs, name.to_owned()),
            (Canonical::City, "Oslo".to_owned()),
        ];
        for (attribute, value) in known {
            self.set(id, attribute, &value);
        }
        for attribute in [Canonical::TerminationDate, Canonical::Manager, Canonical::JobTitle] {
            self.clear(id, attribute);
        }
    }

    /// Sets what HR says of an employee.
    pub(crate) fn set(&mut self, id: &str, attribute: Canonical, value: &str) {
        let person = self.people.get_mut(&employee(id)).unwrap();
        person.insert(attribute.into(), Field::Value(value.to_owned()));
    }

    /// HR says that an employee has no such value.
    pub(crate) fn clear(&mut self, id: &str, attribute: Canonical) {
        let person = self.people.get_mut(&employee(id)).unwrap();
        person.insert(attribute.into(), Field::Empty);
    }

    /// HR does not show an employee's value.
    pub(crate) fn hide(&mut self, id: &str, attribute: Canonical) {
        self.people.get_mut(&employee(id)).unwrap().remove(&attribute.into());
    }

    /// HR says that an employee's last day was yesterday.
    pub(crate) fn terminate(&mut self, id: &str) {
        let yesterday = self.today().yesterday().unwrap();
        self.set(id, Canonical::TerminationDate, &yesterday.to_string());
    }

    /// HR does not show an employee any more.
    pub(crate) fn vanish(&mut self, id: &str) {
        self.people.remove(&employee(id)).unwrap();
    }

    /// Adds an account that was made by hand.
    pub(crate) fn add_account(&mut self, id: &str, fields: &[(Canonical, &str)]) {
        let mut attributes = AttributesBuilder::new();
        for (canonical, value) in fields {
            attributes.set_canonical(*canonical, Field::Value(value));
        }
        let made = Account {
            id: account(id),
            external_id: None,
            active: true,
            attributes: attributes.build(),
            login: None,
            addresses: Box::default(),
            version: None,
        };
        self.accounts.insert(account(id), made);
    }

    /// Returns the account that an employee is linked to.
    pub(crate) fn account_of(&self, id: &str) -> &Account {
        &self.accounts[&self.links[&employee(id)].account_id]
    }

    /// Returns the account that an employee is linked to, to be edited by hand.
    pub(crate) fn account_of_mut(&mut self, id: &str) -> &mut Account {
        let account_id = &self.links[&employee(id)].account_id;
        self.accounts.get_mut(account_id).unwrap()
    }

    /// Edits an account by hand.
    pub(crate) fn edit_by_hand(&mut self, id: &AccountId, attribute: Canonical, value: &str) {
        let account = self.accounts.get_mut(id).unwrap();
        let mut attributes = AttributesBuilder::new();
        for entry in account.attributes.view() {
            attributes.set(entry.attribute.to_owned().unwrap(), entry.field);
        }
        attributes.set_canonical(attribute, Field::Value(value));
        account.attributes = attributes.build();
    }

    /// Returns what a read of HR shows.
    pub(crate) fn read(&self, read: &Read) -> Roster {
        let mut company = Self::company();
        if *read == Read::Foreign {
            company.id = CompanyId::parse("8").unwrap();
        }
        let mut builder = Builder::new(company);
        let mut record = EmployeeBuilder::new();
        let hidden: &[Canonical] = if let Read::Narrow(hidden) = read { hidden } else { &[] };
        let most = if let Read::Broken(most) = read {
            *most
        } else {
            usize::MAX
        };
        for (id, person) in self.in_order(self.people.iter().take(most)) {
            for (attribute, field) in person {
                let field = match field {
                    Field::Value(value) => Field::Value(value.as_str()),
                    Field::Empty => Field::Empty,
                    Field::Unseen => Field::Unseen,
                };
                match attribute {
                    Attribute::Canonical(canonical) if hidden.contains(canonical) => {}
                    Attribute::Canonical(canonical) => {
                        record.set(*canonical, field);
                    }
                    Attribute::Custom(name) => {
                        record.set_custom(name, field);
                    }
                }
            }
            builder.push(&record.build(id.clone())).unwrap();
        }
        for attribute in hidden {
            builder.hide((*attribute).into(), "no_permission");
        }
        let total = u64::from(builder.len());
        builder.announce(if *read == Read::Miscounted { total + 1 } else { total });
        builder.end_walk(Proof::LastPage);
        let broken = matches!(read, Read::Broken(_)).then_some("unavailable");
        builder.finish(broken).unwrap()
    }
}
