//! Requests to Factorial: whose a credential is, and which lists a read asks for.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use jiff::civil::Date;
use tokio::sync::OnceCell;

use super::{
    convert::{Converter, FROM_CONTRACT, FROM_LEGAL_ENTITY, FROM_LOCATION, FROM_MEMBERSHIP, References},
    wire::{
        self, CONTRACTS, CREDENTIALS, CUSTOM_FIELDS, CUSTOM_VALUES, EMPLOYEES, LEGAL_ENTITIES, LOCATIONS, MEMBERSHIPS,
        TEAMS,
    },
};
use crate::{
    connector::{
        Ask, Census, Lists, Opened, Reach, Resource, Rows, Text,
        answer::{malformed, not_json},
        company, read_rows,
    },
    employee::{AttributeRef, Canonical, Category, Wanted},
    roster::{Builder, Company, Reading},
    source::{Error, Identity, Source},
};

/// One connection's view of Factorial.
pub(super) struct FactorialSource {
    opened: Opened,
    owner: OnceCell<Owner>,
}

/// The company that a credential belongs to, and what the credential sees.
#[derive(Debug)]
struct Owner {
    company: Company,
    reach: Reach,
}

#[async_trait]
impl Source for FactorialSource {
    async fn identify(&self) -> Result<Identity, Error> {
        Ok(Identity::Known(self.owner().await?.company.clone()))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        let read = Read {
            owner: self.owner().await?,
            allowed: &self.opened.allowed,
            wanted: &reading.wanted().clone(),
            today: self.opened.today,
        };
        self.opened.caller.read(&read, reading).await
    }

    fn calls(&self) -> u64 {
        self.opened.caller.calls()
    }
}

impl FactorialSource {
    /// The source of one connection.
    pub(super) fn new(opened: Opened) -> Self {
        Self {
            opened,
            owner: OnceCell::new(),
        }
    }

    /// Returns the company that the credential belongs to. Factorial is asked for it once.
    async fn owner(&self) -> Result<&Owner, Error> {
        let ask = async || {
            let text = self
                .opened
                .caller
                .get(CREDENTIALS.operation, CREDENTIALS.path, &[])
                .await?;
            read_owner(&text)
        };
        self.owner.get_or_try_init(ask).await
    }
}

/// A read of the company.
struct Read<'r> {
    owner: &'r Owner,
    allowed: &'r BTreeSet<Category>,
    wanted: &'r Wanted,
    today: Date,
}

impl Census for Read<'_> {
    const PAGES_UNDER_WAY: usize = 4;
    type References = References;
    type Converter = Converter;

    fn form(&self) -> u32 {
        1
    }

    fn people(&self) -> Rows {
        EMPLOYEES.all()
    }

    fn shared(&self) -> Vec<Ask> {
        let ask = |of: Resource, gives: &[Canonical]| of.all().wanted_if(self.wanted.wants_any(gives));
        vec![
            ask(TEAMS, FROM_MEMBERSHIP),
            ask(LOCATIONS, FROM_LOCATION),
            ask(LEGAL_ENTITIES, FROM_LEGAL_ENTITY),
            CUSTOM_FIELDS.all().wanted_if(self.wanted.wants_custom()),
        ]
    }

    fn refer(&self, lists: &Lists) -> Result<References, Error> {
        References::of(lists, self.allowed)
    }

    fn belonging(&self, _: &str, people: &[String], references: &References) -> Result<Vec<Ask>, Error> {
        let ids = || people.iter().map(|id| ("employee_ids[]", id.clone())).collect();
        let mut fields = references.fields().iter();
        let has_wanted_field = fields.any(|field| self.wanted.wants(AttributeRef::Custom(field.name.as_str())));
        Ok(vec![
            CONTRACTS.with(ids()).wanted_if(self.wanted.wants_any(FROM_CONTRACT)),
            MEMBERSHIPS
                .with(ids())
                .wanted_if(self.wanted.wants_any(FROM_MEMBERSHIP)),
            CUSTOM_VALUES.with(ids()).wanted_if(has_wanted_field),
        ])
    }

    fn begin(&self, references: Arc<References>, roster: &mut Builder) -> Converter {
        let Owner { company, reach } = self.owner;
        Converter::new(references, *reach, Some(company.id.as_str()), self.today, roster)
    }
}

/// Reads whose a credential is: a user's has an employee or a role, a company's has neither. A user sees less than there is (R07).
fn read_owner(text: &str) -> Result<Owner, Error> {
    let operation = CREDENTIALS.operation;
    let rows: Vec<wire::Credential<'_>> = read_rows(text, wire::ROWS).map_err(|error| not_json(operation, &error))?;
    let row = rows
        .first()
        .ok_or_else(|| malformed(operation, "no credential is listed"))?;
    let company = company(&row.company_id, &[&row.name, &row.legal_name]);
    // What is there and cannot be read is there.
    let has = |text: &Text<'_>| text.value().map_or(*text == Text::Odd, |text| !text.is_empty());
    Ok(Owner {
        company: company.ok_or_else(|| malformed(operation, "company_id is missing"))?,
        reach: if has(&row.employee_id) || has(&row.role) {
            Reach::UserByNull
        } else {
            Reach::Company
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r07_a_credential_with_an_owner_that_cannot_be_read_is_a_users() {
        let reach = |members: &str| {
            let text = format!(r#"{{"data":[{{"company_id":"7","name":"Acme",{members}}}]}}"#);
            read_owner(&text).unwrap().reach
        };
        for company in [r#""employee_id":null,"role":null"#, r#""employee_id":"","role":"""#] {
            assert_eq!(reach(company), Reach::Company, "{company}");
        }
        for user in [
            r#""employee_id":"12","role":null"#,
            r#""employee_id":null,"role":{"id":3}"#,
            r#""employee_id":"1\ud83d","role":null"#,
        ] {
            assert_eq!(reach(user), Reach::UserByNull, "{user}");
        }
    }
}
