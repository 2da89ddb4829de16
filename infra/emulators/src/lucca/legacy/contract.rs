//! Work contracts, one for each time with the company, and the names of their types.

use super::super::{Employment, establishment_of};
use super::{View, Wanted};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::{Resource, ids_from, position_of};
use crate::kit::row::Row;

/// `/directory/api/4.0/work-contracts`.
pub(super) struct Contracts;

impl Resource<Wanted> for Contracts {
    fn path(&self) -> &'static str {
        "work-contracts"
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let owners = query.comma_ids("ownerId");
        let establishments = query.comma_ids("establishmentId");
        let applicable = query.flag("isApplicable")?;
        let is_archived = query
            .commas("isArchived")
            .is_some_and(|states| !states.contains(&"false"));
        let types = query.comma_ids("typeId");
        let today = view.company.today;
        let mut ids = Vec::new();
        for person in view.everybody().filter(|_| !is_archived) {
            let is_in = |ids: &Vec<u64>, id: u64| ids.binary_search(&id).is_ok();
            if owners.as_ref().is_some_and(|owners| !is_in(owners, person.id)) {
                continue;
            }
            let place = establishment_of(person).unwrap_or(0);
            if establishments.as_ref().is_some_and(|places| !is_in(places, place)) {
                continue;
            }
            let own = Employment::applicable(person, today).map(|employment| employment.number);
            for employment in Employment::all(person) {
                let fits = applicable.is_none_or(|wanted| (own == Some(employment.number)) == wanted);
                if fits && types.as_ref().is_none_or(|types| is_in(types, type_of(&employment))) {
                    ids.push(employment.id(person));
                }
            }
        }
        Ok(ids)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let (person, employment) = Employment::find(view, id).ok_or(Refusal::NotFound)?;
        let applicable = Employment::applicable(person, view.company.today);
        row.put("id", id)
            .put("ownerId", person.id)
            .put("typeId", type_of(&employment));
        row.put("startsOn", employment.starts_on)
            .put("endsOn", employment.ends_on);
        row.put(
            "isApplicable",
            applicable.is_some_and(|one| one.number == employment.number),
        );
        row.put("establishmentId", establishment_of(person))
            .put("hiringTypeId", 1);
        row.put("terminationReasonId", employment.ends_on.map(|_| 1));
        row.put("trialPeriodDays", 90).put("renewedTrialPeriodDays", 0);
        row.put("createdAt", format!("{}T08:30:00", employment.starts_on));
        row.put("lastModifiedAt", format!("{}T08:30:00", person.changed_on));
        row.put_nulls(&[
            "externalId",
            "spcId",
            "trialPeriodEndDate",
            "trialPeriodEndDate2",
            "temporaryContractGroundId",
            "internshipSupervisorId",
            "authorId",
            "lastModifierId",
        ]);
        Ok(())
    }
}

/// Fixed-term where the end is known, else permanent.
const fn type_of(employment: &Employment) -> u64 {
    if employment.ends_on.is_some() { 2 } else { 1 }
}

/// Lists of names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Names {
    Types,
    HiringTypes,
    Reasons,
}

impl Names {
    const fn all(self) -> &'static [&'static str] {
        match self {
            Self::Types => &["CDI", "CDD"],
            Self::HiringTypes => &["Recrutement"],
            Self::Reasons => &["Démission"],
        }
    }
}

impl Resource<Wanted> for Names {
    fn path(&self) -> &'static str {
        match self {
            Self::Types => "work-contract-types",
            Self::HiringTypes => "work-contract-hiring-types",
            Self::Reasons => "work-contract-termination-reasons",
        }
    }

    fn select(&self, _: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok(ids_from(1, self.all().len()).collect())
    }

    fn write(&self, _: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let name = self.all().get(position_of(id, 1)?).ok_or(Refusal::NotFound)?;
        row.put("id", id).put("name", name);
        Ok(())
    }
}
