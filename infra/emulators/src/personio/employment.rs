//! `employments` of one person: each a time with the company, the most recent first.

use super::{Base, SLOTS, View, number_of, stamp, structure, uuid};
use crate::clock::plus_days;
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::Person;
use jiff::civil::Date;
use serde_json::{Value, json};

/// What the ids of employments begin with.
const KIND: u64 = 0x0e;

/// An employment: its number among a person's, first and last day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Employment {
    number: u64,
    starts_on: Date,
    ends_on: Option<Date>,
}

impl Employment {
    /// Returns a person's employments, the oldest first. Everybody has one; a person who came back has more. The last ones count.
    pub(super) fn all(person: &Person) -> Vec<Self> {
        let most = usize::try_from(SLOTS).unwrap_or_default();
        let spells = person.spells().skip((person.earlier.len() + 1).saturating_sub(most));
        let one = |(number, (starts_on, ends_on))| Self {
            number,
            starts_on,
            ends_on,
        };
        (0u64..).zip(spells).map(one).collect()
    }

    fn slot(&self, person: &Person) -> u64 {
        u64::from(person.number) * SLOTS + self.number
    }

    /// Its id.
    pub(super) fn id(&self, person: &Person) -> String {
        uuid(KIND, self.slot(person))
    }

    fn status(&self, today: Date) -> &'static str {
        if self.ends_on.is_some_and(|last_day| last_day < today) {
            "INACTIVE"
        } else if self.starts_on > today {
            "ONBOARDING"
        } else {
            "ACTIVE"
        }
    }

    /// The end of it, where that is known.
    fn termination(&self) -> Option<Value> {
        let last_day = self.ends_on?;
        let told = plus_days(last_day, -30);
        Some(json!({
            "termination_date": last_day, "last_working_day": last_day, "terminated_at": told, "type": "EMPLOYEE", "reason": "",
        }))
    }
}

/// The employments of one person.
pub(super) struct Employments {
    pub(super) person: u64,
}

impl Resource<Base> for Employments {
    fn path(&self) -> &'static str {
        "employments"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        if query.has_others(&["limit", "id", "updated_at", "updated_at.gt", "updated_at.lt"]) {
            return Err(Refusal::parameter("query", "parameters of this list only"));
        }
        let people = view.named(&[self.person]);
        let person = people.first().ok_or(Refusal::NotFound)?;
        let wanted = query.commas("id");
        let all = Employment::all(person).into_iter().rev();
        let kept = all.filter(|one| wanted.as_ref().is_none_or(|ids| ids.contains(&one.id(person).as_str())));
        Ok(kept.map(|one| one.slot(person)).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id / SLOTS).ok_or(Refusal::NotFound)?;
        let mut all = Employment::all(person).into_iter();
        let own = all.find(|one| one.number == id % SLOTS).ok_or(Refusal::NotFound)?;
        let is_last = own.number + 1 == Employment::all(person).len() as u64;
        let company = view.company;
        let current = company.current_version(person).filter(|_| is_last);
        let title = current.map_or_else(|| Some(person.job.earlier().title()), |version| version.job_title);
        let hours = if person.working_time() < 10_000 { 20 } else { 40 };
        let refer = |id: Option<String>| id.map(|id| json!({"id": id}));
        row.put("id", own.id(person));
        row.put("position", json!({"title": title}));
        row.put("status", own.status(company.today));
        row.put("weekly_working_hours", hours)
            .put("full_time_weekly_working_hours", 40);
        row.put("employment_start_date", own.starts_on);
        row.put_nulls(&["probation_end_date", "employment_end_date", "contract_end_date"]);
        row.put("type", "INTERNAL");
        row.put("created_at", stamp(own.starts_on.min(company.founded_on)));
        row.put("updated_at", stamp(person.changed_on));
        row.put("supervisor", refer(person.manager.map(|id| id.to_string())));
        row.put("office", refer(structure::workplace_of(person)));
        row.put("org_units", structure::units_of(view, person));
        row.put("person", json!({"id": person.id.to_string()}));
        row.put("termination", own.termination());
        row.put("cost_centers", json!([]));
        row.put("legal_entity", refer(Some(structure::entity_of(person))));
        row.put("job", ());
        row.put("sub_company", refer(Some(structure::entity_of(person))));
        let base = &view.context.0;
        let link = format!("{base}/v2/persons/{}/employments/{}", person.id, own.id(person));
        row.put("_meta", json!({"links": {"self": {"href": link}}}));
        Ok(())
    }
}
