//! Teams, workplaces and legal entities.

use crate::person::job::DEPARTMENTS;
use crate::person::place::{PLACES, Place};

/// A team; teams nest.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) name: String,
    /// Position of the team above.
    pub(crate) parent: Option<u32>,
    /// 0 at the top.
    pub(crate) depth: u32,
}

/// A workplace.
#[derive(Debug, Clone)]
pub(crate) struct Location {
    pub(crate) name: String,
    pub(crate) place: Place,
}

/// An employer in the sense of the law, one per country.
#[derive(Debug, Clone)]
pub(crate) struct LegalEntity {
    pub(crate) legal_name: String,
    /// The legal entity's seat.
    pub(crate) place: Place,
}

const UNITS: [&str; 12] = [
    "Aurora", "Birch", "Cobalt", "Dune", "Ember", "Fjord", "Garnet", "Harbour", "Indigo", "Juniper", "Kestrel",
    "Lagoon",
];

/// Returns departments, units below them and squads below those: about one squad for twelve people.
pub(crate) fn build_teams(people: usize) -> Vec<Team> {
    let mut teams: Vec<Team> = DEPARTMENTS
        .iter()
        .map(|name| Team {
            name: (*name).to_owned(),
            parent: None,
            depth: 0,
        })
        .collect();
    let units = (people / 400).clamp(1, UNITS.len());
    let squads = (people / 12 / DEPARTMENTS.len() / units).clamp(1, 200);
    for (department, title) in (0u32..).zip(DEPARTMENTS) {
        for unit in UNITS.iter().take(units) {
            let above = u32::try_from(teams.len()).unwrap_or_default();
            let name = format!("{title} {unit}");
            teams.extend((1..=squads).map(|squad| Team {
                name: format!("{name} {squad}"),
                parent: Some(above),
                depth: 2,
            }));
            // The unit takes the position its squads already point at.
            if let Ok(position) = usize::try_from(above) {
                teams.insert(
                    position,
                    Team {
                        name,
                        parent: Some(department),
                        depth: 1,
                    },
                );
            }
        }
    }
    teams
}

/// Returns an office in every place.
pub(crate) fn build_locations(company: &str) -> Vec<Location> {
    PLACES
        .iter()
        .map(|place| Location {
            name: format!("{company} {}", place.city),
            place: *place,
        })
        .collect()
}

/// Returns a legal entity in every country.
pub(crate) fn build_entities(company: &str) -> Vec<LegalEntity> {
    let mut entities: Vec<LegalEntity> = Vec::new();
    for place in PLACES {
        if entities.iter().all(|entity| entity.place.country != place.country) {
            entities.push(LegalEntity {
                legal_name: format!("{company} {} Ltd", place.country),
                place,
            });
        }
    }
    entities
}

/// Returns the position of the legal entity of a country; the first one where there is none.
pub(crate) fn entity_for(entities: &[LegalEntity], country: &str) -> u8 {
    entities
        .iter()
        .position(|entity| entity.place.country == country)
        .and_then(|position| u8::try_from(position).ok())
        .unwrap_or_default()
}
