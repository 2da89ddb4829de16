//! `/remuneration/api/fixed-items`: what people are paid. The item does not say for which period.

use super::super::{Employment, SLOTS, establishment_of, terms_end};
use super::{View, Wanted};
use crate::company::truth::Truth;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use serde_json::{Value, json};

/// The nature of basic pay.
const BASIC: u64 = 1;

/// An amount in major units as a JSON number, written out so that no cent is lost.
fn amount(cents: i64) -> Value {
    let text = format!("{}.{:02}", cents / 100, cents % 100);
    text.parse::<serde_json::Number>().map_or(Value::Null, Value::Number)
}

/// Items of basic pay, one for each change of it.
pub(super) struct FixedItems;

impl Resource<Wanted> for FixedItems {
    fn path(&self) -> &'static str {
        "fixed-items"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let natures = query.comma_ids("natureIds");
        if natures.is_some_and(|natures| !natures.contains(&BASIC)) {
            return Ok(Vec::new());
        }
        let people = match query.comma_ids("ownerIds") {
            Some(owners) => view.named(&owners),
            None => view.everybody().collect(),
        };
        let mut ids = Vec::new();
        for person in people {
            let versions = view.company.versions(person).into_iter();
            ids.extend(versions.map(|version| u64::from(person.number) * SLOTS + version.slot + 1));
        }
        ids.sort_unstable();
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let slot = id.checked_sub(1).ok_or(Refusal::NotFound)?;
        let person = view.numbered(slot / SLOTS).ok_or(Refusal::NotFound)?;
        let versions = view.company.versions(person);
        let position = versions.iter().position(|version| version.slot == slot % SLOTS);
        let position = position.ok_or(Refusal::NotFound)?;
        let terms = versions.get(position).ok_or(Refusal::NotFound)?;
        let company = view.company;
        let currency = Truth { company, person }.value("pay_currency");
        let place = company.location_of(person).map(|location| location.name.as_str());
        let establishment = json!({
            "id": establishment_of(person), "name": place, "currencyCode": currency, "currencySymbol": currency,
        });
        let nature = json!({
            "id": BASIC, "name": "Salaire de base", "category": {"id": 1, "code": "BASIC_SALARY"}, "establishments": [establishment],
        });
        let spells = Employment::all(person).into_iter();
        let contract = spells.rev().find(|employment| employment.starts_on == terms.spell.0);
        let contract_id = contract.map(|employment| employment.id(person));
        row.put("id", id).put("amount", amount(terms.pay_cents));
        row.put("startsOn", terms.effective_on)
            .put("endsOn", terms_end(&versions, position));
        row.put("natureId", BASIC)
            .put("nature", nature)
            .put("workContractId", contract_id);
        let contract = json!({
            "workContractId": contract_id, "ownerId": person.id, "startsOn": terms.spell.0, "endsOn": terms.spell.1,
        });
        row.put("workContract", contract).put_nulls(&["comment"]);
        Ok(())
    }
}
