//! `employments` and `bank-info`: what belongs to people. A row of employment has a first day, and no last one.

use super::{Context, View, midnight, number_of, uuid, write_common};
use crate::company::contract::{SLOTS, Version};
use crate::company::truth::Truth;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::{CANARY, Person};
use serde_json::Value;

/// What the ids of employments and accounts begin with.
const EMPLOYMENT: u64 = 0xe0;
const ACCOUNT: u64 = 0xba;

fn row_id(person: &Person, slot: u64) -> u64 {
    u64::from(person.number) * SLOTS + slot
}

/// Returns the id of an employment as it is shown.
pub(super) fn id(row: u64) -> String {
    uuid(EMPLOYMENT, row)
}

/// Returns the rows of a person's employments.
pub(super) fn rows_of(view: &View, person: &Person) -> Vec<u64> {
    let versions = view.company.versions(person).into_iter();
    versions.map(|version| row_id(person, version.slot)).collect()
}

/// The people whom `employee_id` names, or all.
fn owners<'a>(view: &View<'a>, query: &Query) -> Vec<&'a Person> {
    view.people(query, "employee_id")
}

/// The period of pay as Merge calls it.
fn period(word: &str) -> &str {
    match word {
        "yearly" => "YEAR",
        "monthly" => "MONTH",
        "weekly" => "WEEK",
        "daily" => "DAY",
        "hourly" => "HOUR",
        other => other,
    }
}

/// What people do and what they are paid.
pub(super) struct Employments;

impl Employments {
    fn terms(view: &View, person: &Person, slot: u64) -> Result<Version, Refusal> {
        let mut versions = view.company.versions(person).into_iter();
        versions.find(|version| version.slot == slot).ok_or(Refusal::NotFound)
    }
}

impl Resource<Context> for Employments {
    fn path(&self) -> &'static str {
        "employments"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let people = owners(view, query).into_iter();
        let mut rows: Vec<u64> = people.flat_map(|person| rows_of(view, person)).collect();
        rows.sort_unstable();
        Ok(rows)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id / SLOTS).ok_or(Refusal::NotFound)?;
        let terms = Self::terms(view, person, id % SLOTS)?;
        let truth = Truth {
            company: view.company,
            person,
        };
        let rate = format!("{}.{:02}", terms.pay_cents / 100, terms.pay_cents % 100);
        let rate: Value = serde_json::from_str(&rate)?;
        let is_full = person.employment_type() == "full_time";
        row.put("id", self::id(id)).put("employee", person.id.to_string());
        row.put("job_title", &terms.job_title).put("pay_rate", rate);
        row.put("pay_period", truth.value("pay_period").as_deref().map(period));
        row.put("pay_frequency", "MONTHLY")
            .put("pay_currency", truth.value("pay_currency"));
        row.put_nulls(&["pay_group"]).put("flsa_status", "EXEMPT");
        row.put("effective_date", midnight(terms.effective_on));
        row.put("employment_type", if is_full { "FULL_TIME" } else { "PART_TIME" });
        row.put("field_mappings", super::field::nothing());
        write_common(row, id.to_string(), person.changed_on);
        Ok(())
    }
}

/// Where people are paid to.
pub(super) struct Accounts;

impl Resource<Context> for Accounts {
    fn path(&self) -> &'static str {
        "bank-info"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut rows: Vec<u64> = owners(view, query)
            .into_iter()
            .map(|person| person.number.into())
            .collect();
        rows.sort_unstable();
        Ok(rows)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id).ok_or(Refusal::NotFound)?;
        row.put("id", uuid(ACCOUNT, id)).put("employee", person.id.to_string());
        row.put("account_number", view.shown(person).bank_number())
            .put("routing_number", format!("{CANARY}-BIC"));
        row.put("bank_name", format!("{CANARY} Bank"))
            .put("account_type", "CHECKING");
        row.put("remote_created_at", midnight(person.starts_on));
        row.put("field_mappings", super::field::nothing());
        write_common(row, id.to_string(), person.changed_on);
        Ok(())
    }
}
