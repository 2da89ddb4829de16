//! `compensations`: what people are paid within at most a month.

use super::{Base, SLOTS, View, uuid};
use crate::clock::plus_days;
use crate::company::contract::Version;
use crate::company::truth::Truth;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::Person;
use jiff::civil::Date;
use serde_json::{Value, json};

/// The slot of a payment for once, which one in five has.
const BONUS: u64 = SLOTS - 1;

/// An amount in major units as a JSON number, written out so that no cent is lost.
fn amount(cents: i64) -> Value {
    let text = format!("{}.{:02}", cents / 100, cents % 100);
    text.parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
}

/// First and last day that are asked for; this month where nothing is said.
fn window(view: &View, query: &Query) -> Result<(Date, Date), Refusal> {
    let (from, until) = (query.date("start_date")?, query.date("end_date")?);
    let month = from.or(until).unwrap_or(view.company.today);
    let from = from.unwrap_or_else(|| month.first_of_month());
    let until = until.unwrap_or_else(|| month.last_of_month());
    if from > until || plus_days(from, 31) < until {
        return Err(Refusal::parameter("end_date", "at most a month after start_date"));
    }
    Ok((from, until))
}

/// The terms of a person within some days.
fn within(view: &View, person: &Person, (from, until): (Date, Date)) -> Vec<Version> {
    let versions = view.company.versions(person);
    let ends_on = |position: usize| {
        let next = versions
            .get(position + 1)
            .filter(|next| Some(next.spell) == versions.get(position).map(|own| own.spell));
        next.map(|next| plus_days(next.effective_on, -1))
    };
    let holds = |(position, own): &(usize, Version)| {
        let ends_on = ends_on(*position).or(own.spell.1);
        own.effective_on <= until && ends_on.is_none_or(|last_day| last_day >= from)
    };
    let all = versions.iter().cloned().enumerate();
    all.filter(holds).map(|(_, own)| own).collect()
}

/// What people are paid.
pub(super) struct Compensations;

impl Resource<Base> for Compensations {
    fn path(&self) -> &'static str {
        "compensations"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let window = window(view, query)?;
        let people = match query.comma_ids("person.id") {
            Some(ids) => view.named(&ids),
            None => view.everybody().collect(),
        };
        let mut ids = Vec::new();
        for person in people {
            let first = u64::from(person.number) * SLOTS;
            let terms = within(view, person, window);
            ids.extend(terms.iter().map(|version| first + version.slot));
            ids.extend((!terms.is_empty() && person.number % 5 == 0).then_some(first + BONUS));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id / SLOTS).ok_or(Refusal::NotFound)?;
        let (company, slot) = (view.company, id % SLOTS);
        let versions = company.versions(person);
        let own = versions.iter().find(|version| version.slot == slot);
        let (category, interval) = match person.pay_period().as_deref() {
            _ if slot == BONUS => ("ONE_TIME", None),
            Some("hourly") => ("HOURLY_SALARY", Some("MONTHLY")),
            Some("monthly") => ("FIXED_SALARY", Some("MONTHLY")),
            _ => ("FIXED_SALARY", Some("YEARLY")),
        };
        let (cents, effective_on) = match own {
            Some(own) => (own.pay_cents, own.effective_on),
            None => (50_000, company.today),
        };
        row.put("id", uuid(0x0c, id));
        row.put("person", json!({"id": person.id.to_string()}));
        row.put("type", json!({"id": uuid(0x0d, category.len() as u64)}));
        row.put("category", category).put("value", amount(cents));
        row.put("currency", Truth { company, person }.value("pay_currency"));
        row.put("interval", interval).put("effective_from", effective_on);
        row.put("legal_entity", json!({"id": super::structure::entity_of(person)}));
        Ok(())
    }
}
