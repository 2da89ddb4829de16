//! The comparison of accounts with what they should be.

use std::{collections::BTreeMap, fmt};

use rollcall::{
    account::Account,
    employee::{Attribute, Canonical},
};

use super::{Expected, Truth};

/// One thing that is not as it should be. It names attributes, never values (R38).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The employee that it is about; the account's own id where no employee is known.
    pub who: String,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.who, self.what)
    }
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How many people should have an account.
    pub people: usize,
    /// How many values were compared.
    pub values: usize,
    /// Everything that is not as it should be.
    pub differences: Vec<Difference>,
}

impl Truth {
    /// Returns the comparison of all accounts of a directory with what they should be.
    pub fn compare(&self, accounts: &[Account]) -> Comparison {
        let mut comparison = Comparison {
            people: self.expected.len(),
            ..Comparison::default()
        };
        let mut by_employee: BTreeMap<&str, &Account> = BTreeMap::new();
        let employees: BTreeMap<&str, &str> = accounts
            .iter()
            .filter_map(|account| Some((account.id.as_str(), self.employee(account)?)))
            .collect();
        for account in accounts {
            match self.employee(account).filter(|id| self.expected.contains_key(*id)) {
                None => comparison.note(account.id.as_str(), "an account that nobody should have"),
                Some(id) => {
                    if by_employee.insert(id, account).is_some() {
                        comparison.note(id, "has two accounts");
                    }
                }
            }
        }
        for (id, expected) in &self.expected {
            match by_employee.get(id.as_str()) {
                None => comparison.note(id, "has no account"),
                Some(account) => self.compare_one(id, expected, account, &employees, &mut comparison),
            }
        }
        comparison.differences.sort();
        comparison
    }

    fn compare_one(
        &self,
        id: &str,
        expected: &Expected,
        account: &Account,
        employees: &BTreeMap<&str, &str>,
        comparison: &mut Comparison,
    ) {
        if account.active != expected.active {
            let should = if expected.active {
                "should be active"
            } else {
                "should be inactive"
            };
            comparison.note(id, should);
        }
        for carried in &self.carried {
            comparison.values += 1;
            let value = Attribute::parse(carried.to).and_then(|attribute| account.attributes.field(attribute).value());
            if value != expected.attributes.get(carried.to).map(String::as_str) {
                comparison.note(id, &format!("{} is not what HR says", carried.to));
            }
        }
        comparison.values += 1;
        let manager = account
            .value(Canonical::Manager)
            .map(|manager| employees.get(manager).copied());
        if manager != expected.manager.as_deref().map(Some) {
            comparison.note(id, "manager is not who HR says");
        }
    }

    /// Returns the employee whose reference an account carries, if it is one of this company's.
    fn employee<'a>(&self, account: &'a Account) -> Option<&'a str> {
        account
            .external_id
            .as_ref()?
            .as_str()
            .strip_prefix(self.prefix.as_str())
    }
}

impl Comparison {
    fn note(&mut self, who: &str, what: &str) {
        self.differences.push(Difference {
            who: who.to_owned(),
            what: what.to_owned(),
        });
    }
}
