//! Requests to HiBob, and the order of a read: the fields, the ids of everybody, then everybody as they arrive (vendor documentation,
//! "Search for employees", "Get all company fields").

use std::collections::BTreeSet;

use async_trait::async_trait;

use super::{
    convert::{CustomFields, Everybody, GIVEN, read_fields},
    wire::{FIELDS, IDS, PEOPLE, SEARCH, Search, WHOSE, field_at},
};
use crate::{
    connector::{
        Arriving, ByReport, Given, ID, Lists, Opened, Report as _, Text, answer::not_json, asked_for, company,
        permitted, read_objects, unless_under_way,
    },
    employee::Wanted,
    roster::{Proof, Reading},
    source::{Class, Error, Identity, Source},
};

/// What a search for companies and one for ids are called.
const FIND: &str = "find the company";
const COUNT: &str = "count employees";

/// One connection's view of HiBob.
pub(super) struct HiBobSource(Opened);

#[async_trait]
impl Source for HiBobSource {
    /// People are shown with the id of their company.
    async fn identify(&self) -> Result<Identity, Error> {
        let [people, companies] = self.find(FIND, WHOSE).await?;
        if people.is_empty() {
            let detail = "nobody is shown: give the service user a permission group with access to people's data";
            return Err(Error::new(Class::Forbidden, FIND, detail));
        }
        let mut companies = companies.into_iter().map(|id| Text::Value(id.into()));
        let one = companies.next().filter(|_| companies.next().is_none());
        let named = one.and_then(|id| company(&id, &[]));
        Ok(named.map_or(Identity::Unknown, Identity::Known))
    }

    async fn read(&self, reading: &mut Reading<'_>) -> Result<(), Error> {
        unless_under_way(Everybody::OPERATION, reading)?;
        let wanted = reading.wanted().clone();
        let fields = self.fields(&wanted).await?;
        let [people, _] = self.find(COUNT, IDS).await?;
        let number = people.len() as u64;
        reading.roster.announce(number);
        let given = permitted(GIVEN, &self.0.allowed);
        let none = Lists::from_iter([]);
        let asked = columns(&given, &fields, &wanted);
        let mut converter = ByReport::<Everybody>::new(given, &fields, &none, self.0.today, &mut reading.roster)?;
        let asked = asked.iter().map(String::as_str).collect();
        let mut people = self.search(Everybody::OPERATION, asked).await?;
        while let Some(page) = people.next().await? {
            converter.convert(&page, &mut reading.roster)?;
        }
        converter.finish(&mut reading.roster)?;
        reading.roster.end_walk(Proof::Total(number));
        Ok(())
    }

    fn calls(&self) -> u64 {
        self.0.caller.calls()
    }
}

impl HiBobSource {
    /// The source of one connection.
    pub(super) const fn new(opened: Opened) -> Self {
        Self(opened)
    }

    /// Returns the custom fields that may be read, where any is wanted.
    async fn fields(&self, wanted: &Wanted) -> Result<CustomFields, Error> {
        if !wanted.wants_custom() {
            return Ok(CustomFields::default());
        }
        let (operation, path) = FIELDS;
        let text = self.0.caller.get(operation, path, &[]).await?;
        read_fields(operation, &text, &self.0.allowed)
    }

    /// Searches for these fields of everybody. Returns the ids of people, and of companies, each once.
    async fn find(&self, operation: &'static str, fields: &[&str]) -> Result<[BTreeSet<String>; 2], Error> {
        let mut found = [BTreeSet::new(), BTreeSet::new()];
        let mut people = self.search(operation, fields.to_vec()).await?;
        while let Some(page) = people.next().await? {
            for row in read_objects(&page, &[]).map_err(|error| not_json(operation, &error))? {
                for (ids, member) in found.iter_mut().zip([ID, "companyId"]) {
                    ids.extend(row.text(member).value().map(str::to_owned));
                }
            }
        }
        Ok(found)
    }

    async fn search(&self, operation: &'static str, fields: Vec<&str>) -> Result<Arriving<'static>, Error> {
        let search = Search::everybody(fields);
        self.0.caller.arriving(operation, SEARCH, &[], &search, PEOPLE).await
    }
}

/// Returns the fields by which everybody is asked for, each once: what serves nothing wanted is none of them (R46).
fn columns(given: &[Given], fields: &CustomFields, wanted: &Wanted) -> BTreeSet<String> {
    let own = Everybody::JUDGING.iter().copied().chain(asked_for(given, wanted));
    let own = [ID].into_iter().chain(own).filter_map(field_at).map(str::to_owned);
    own.chain(fields.wanted(wanted).map(|field| field.id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employee::{Canonical, Category};

    fn asked(allowed: &BTreeSet<Category>, wanted: &Wanted) -> Vec<String> {
        let columns = columns(&permitted(GIVEN, allowed), &CustomFields::default(), wanted);
        columns.into_iter().collect()
    }

    #[test]
    fn r46_a_field_that_serves_nothing_wanted_is_not_asked_for() {
        let wanted = Wanted::only([
            Canonical::PayRate.into(),
            Canonical::PayCurrency.into(),
            Canonical::WorkEmail.into(),
        ]);
        assert_eq!(
            asked(&BTreeSet::new(), &wanted),
            [
                "internal.status",
                "internal.terminationDate",
                "payroll.salary.payment",
                "root.email",
                "root.id",
                "work.startDate"
            ]
        );
    }

    #[test]
    fn r34_the_bank_account_is_asked_for_under_an_exception_alone() {
        let has_iban = |allowed| asked(&allowed, &Wanted::everything()).contains(&"financial.iban".to_owned());
        assert!(has_iban(BTreeSet::from([Category::BankDetails])) && !has_iban(BTreeSet::new()));
    }
}
