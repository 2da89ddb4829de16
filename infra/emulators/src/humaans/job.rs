//! `job-roles`, `compensations` and their types, `bank-accounts`: what belongs to people, each row from a day on.

use super::structure::{company_id, position_in};
use super::{View, names, owners, stamp};
use crate::clock::plus_days;
use crate::company::contract::{SLOTS, Version};
use crate::company::truth::Truth;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from};
use crate::kit::row::Row;
use crate::person::{CANARY, Person};
use jiff::civil::Date;

/// Room for rows of one person: as many salaries as versions, and one bonus.
const ROOM: u64 = SLOTS * 2;
/// The place of the bonus among them.
const BONUS: u64 = SLOTS;
/// Ids of the types of compensation.
const FIRST_TYPE: u64 = 70;
const TYPES: [(&str, &str); 2] = [("Salary", "salary"), ("Yearly bonus", "bonus")];

/// Returns the person of a row, and which of their rows it is.
fn owner<'a>(view: &View<'a>, id: u64) -> Result<(&'a Person, u64), Refusal> {
    let place = id.checked_sub(1).ok_or(Refusal::NotFound)?;
    let person = view.numbered(place / ROOM).ok_or(Refusal::NotFound)?;
    Ok((person, place % ROOM))
}

fn row_id(person: &Person, slot: u64) -> u64 {
    u64::from(person.number) * ROOM + slot + 1
}

/// Returns the terms of a slot, and their last day.
fn terms(view: &View, person: &Person, slot: u64) -> Result<(Version, Option<Date>), Refusal> {
    let mut versions = view.company.versions(person);
    let position = versions.iter().position(|version| version.slot == slot);
    let position = position.ok_or(Refusal::NotFound)?;
    let spell = versions.get(position).map(|version| version.spell);
    let next = versions.get(position + 1).filter(|next| Some(next.spell) == spell);
    let last_day = match next {
        Some(next) => Some(plus_days(next.effective_on, -1)),
        None => spell.and_then(|(_, last_day)| last_day),
    };
    Ok((versions.swap_remove(position), last_day))
}

fn slots(view: &View, person: &Person) -> Vec<u64> {
    let versions = view.company.versions(person).into_iter();
    versions.map(|version| row_id(person, version.slot)).collect()
}

/// What people do.
pub(super) struct Roles;

impl Resource<()> for Roles {
    fn path(&self) -> &'static str {
        "job-roles"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let people = owners(view, query).into_iter();
        let mut ids: Vec<u64> = people.flat_map(|person| slots(view, person)).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (person, slot) = owner(view, id)?;
        let (terms, last_day) = terms(view, person, slot)?;
        row.put("id", id.to_string()).put("personId", person.id.to_string());
        row.put("jobTitle", &terms.job_title);
        row.put("department", view.company.department_of(person));
        row.put("reportingTo", person.manager.map(|manager| manager.to_string()));
        row.put("effectiveDate", terms.effective_on).put("endDate", last_day);
        row.put("createdAt", stamp(person.changed_on))
            .put("updatedAt", stamp(person.changed_on));
        row.put_nulls(&["note"]);
        Ok(())
    }
}

/// What people are paid: salaries, and a bonus for one person in three.
pub(super) struct Compensations;

impl Resource<()> for Compensations {
    fn path(&self) -> &'static str {
        "compensations"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let mut ids = Vec::new();
        for person in owners(view, query) {
            if names(query, "compensationTypeId", Some(&FIRST_TYPE.to_string())) {
                ids.extend(slots(view, person));
            }
            let has_bonus = person.number % 3 == 0;
            if has_bonus && names(query, "compensationTypeId", Some(&(FIRST_TYPE + 1).to_string())) {
                ids.push(row_id(person, BONUS));
            }
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (person, slot) = owner(view, id)?;
        let company = view.company;
        let truth = Truth { company, person };
        row.put("id", id.to_string()).put("personId", person.id.to_string());
        if slot == BONUS {
            row.put("compensationTypeId", (FIRST_TYPE + 1).to_string());
            row.put("amount", "1500.00")
                .put("currency", "EUR")
                .put("period", "annual");
            row.put("effectiveDate", person.starts_on).put_nulls(&["endDate"]);
        } else {
            let (terms, last_day) = terms(view, person, slot)?;
            let period = match truth.value("pay_period").as_deref() {
                Some("yearly") => Some("annual".to_owned()),
                other => other.map(str::to_owned),
            };
            row.put("compensationTypeId", FIRST_TYPE.to_string());
            row.put(
                "amount",
                format!("{}.{:02}", terms.pay_cents / 100, terms.pay_cents % 100),
            );
            row.put("currency", truth.value("pay_currency")).put("period", period);
            row.put("effectiveDate", terms.effective_on).put("endDate", last_day);
        }
        row.put_nulls(&["note", "endReason"]);
        Ok(())
    }
}

/// The types of compensation.
pub(super) struct Types;

impl Resource<()> for Types {
    fn path(&self) -> &'static str {
        "compensation-types"
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(FIRST_TYPE, TYPES.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (name, base_type) = position_in(&TYPES, id, FIRST_TYPE)?;
        row.put("id", id.to_string()).put("companyId", company_id(view));
        row.put("name", name).put("baseType", base_type);
        Ok(())
    }
}

/// Where people are paid to.
pub(super) struct Accounts;

impl Resource<()> for Accounts {
    fn path(&self) -> &'static str {
        "bank-accounts"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let people = owners(view, query).into_iter();
        let mut ids: Vec<u64> = people.map(|person| row_id(person, 0)).collect();
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (person, _) = owner(view, id)?;
        let shown = view.shown(person);
        row.put("id", id.to_string()).put("personId", person.id.to_string());
        row.put("bankName", format!("{CANARY} Bank"))
            .put("nameOnAccount", shown.full_name());
        row.put("accountNumber", shown.bank_number());
        row.put_nulls(&["swiftCode", "sortCode", "routingNumber"]);
        Ok(())
    }
}
