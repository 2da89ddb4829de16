//! `locations` and `companies`: where people live and work, and who employs them.

use super::{Context, View, number_of, uuid, write_common};
use crate::kit::query::Query;
use crate::kit::refusal::Refusal;
use crate::kit::resource::Resource;
use crate::kit::row::Row;
use crate::person::Person;

/// What the ids of workplaces, homes and companies begin with.
const WORK: u64 = 0x10c;
const HOME: u64 = 0x40e;
const COMPANY: u64 = 0xc0;
/// The first row of a home; those before are workplaces.
const FIRST_HOME: u64 = 1 << 20;

/// The id of the place where a person works.
pub(super) fn workplace_of(person: &Person) -> Option<u64> {
    person.location.map(u64::from)
}

/// The id of the place where a person lives.
pub(super) fn home_of(person: &Person) -> u64 {
    FIRST_HOME + u64::from(person.number)
}

/// Returns the id of a place as it is shown.
pub(super) fn location_id(id: u64) -> String {
    if id < FIRST_HOME {
        uuid(WORK, id)
    } else {
        uuid(HOME, id)
    }
}

/// Returns the id of an employer as it is shown, another one where the token belongs to another company.
pub(super) fn company_id(view: &View, entity: u64) -> String {
    uuid(COMPANY, entity + if view.is_other_company { 5_000 } else { 0 })
}

/// Places of work, and homes.
pub(super) struct Locations;

impl Locations {
    fn write_workplace(view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = usize::try_from(id).map_err(|_| Refusal::NotFound)?;
        let location = view.company.locations.get(position).ok_or(Refusal::NotFound)?;
        let place = location.place;
        row.put("name", &location.name).put_nulls(&["phone_number"]);
        row.put("street_1", place.street(id, 1)).put_nulls(&["street_2"]);
        row.put("city", place.city);
        row.put("state", Some(place.state).filter(|state| !state.is_empty()));
        row.put("zip_code", place.postal_code(id, 5))
            .put("country", place.country);
        row.put("location_type", "WORK");
        Ok(())
    }

    fn write_home(view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let person = view.numbered(id - FIRST_HOME).ok_or(Refusal::NotFound)?;
        let shown = view.shown(person);
        row.put_nulls(&["name", "phone_number"]);
        row.put("street_1", shown.address_line_1())
            .put("street_2", shown.address_line_2());
        row.put("city", shown.city()).put_nulls(&["state"]);
        row.put("zip_code", shown.zip_code()).put("country", shown.country());
        row.put("location_type", "HOME");
        Ok(())
    }
}

impl Resource<Context> for Locations {
    fn path(&self) -> &'static str {
        "locations"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, query: &Query) -> Result<Vec<u64>, Refusal> {
        let (work, home) = match query.one("location_type") {
            None => (true, true),
            Some("WORK") => (true, false),
            Some("HOME") => (false, true),
            Some(_) => return Err(Refusal::parameter("location_type", "HOME or WORK")),
        };
        let workplaces = (0u64..).take(if work { view.company.locations.len() } else { 0 });
        let homes = view.everybody().filter(|_| home).map(home_of);
        let mut all: Vec<u64> = workplaces.chain(homes).collect();
        all.sort_unstable();
        Ok(all)
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        row.put("id", location_id(id));
        if id < FIRST_HOME {
            Self::write_workplace(view, id, row)
        } else {
            Self::write_home(view, id, row)
        }?;
        row.put("field_mappings", super::field::nothing());
        write_common(row, id.to_string(), view.company.founded_on);
        Ok(())
    }
}

/// Employers in the sense of the law.
pub(super) struct Companies;

impl Resource<Context> for Companies {
    fn path(&self) -> &'static str {
        "companies"
    }

    fn id_of(&self, text: &str) -> Option<u64> {
        number_of(text)
    }

    fn select(&self, view: &View, _: &Query) -> Result<Vec<u64>, Refusal> {
        Ok((0u64..).take(view.company.entities.len()).collect())
    }

    fn write(&self, view: &View, id: u64, row: &mut Row) -> Result<(), Refusal> {
        let position = usize::try_from(id).map_err(|_| Refusal::NotFound)?;
        let entity = view.company.entities.get(position).ok_or(Refusal::NotFound)?;
        row.put("id", company_id(view, id));
        row.put("legal_name", &entity.legal_name)
            .put("display_name", view.company_name());
        row.put("eins", [(); 0]).put("field_mappings", super::field::nothing());
        write_common(row, id.to_string(), view.company.founded_on);
        Ok(())
    }
}
