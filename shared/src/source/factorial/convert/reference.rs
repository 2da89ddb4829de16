//! What is read once per run because many people share it: teams, workplaces, currencies, custom fields.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    super::wire::{CustomField, LegalEntity, Location, Team, Text},
    all_rows,
    custom::Fields,
};
use crate::{employee::Places, mapping::Category, source::Error};

/// The texts of all pages of each list; `None` where the credential may not read it.
#[derive(Clone, Debug, Default)]
pub struct ReferenceTexts<'a> {
    /// `teams/teams`.
    pub teams: Option<Vec<&'a str>>,
    /// `locations/locations`.
    pub locations: Option<Vec<&'a str>>,
    /// `companies/legal_entities`.
    pub legal_entities: Option<Vec<&'a str>>,
    /// `custom_fields/fields`.
    pub fields: Option<Vec<&'a str>>,
}

/// What many people share, by id; `None` where the credential may not read it.
#[derive(Debug, Default)]
pub struct References {
    pub(super) teams: Option<ById<Text<'static>>>,
    pub(super) locations: Option<ById<Workplace>>,
    pub(super) currencies: Option<ById<Text<'static>>>,
    pub(super) fields: Fields,
}

/// A place of work.
#[derive(Debug, Default)]
pub(super) struct Workplace {
    pub(super) name: Text<'static>,
    pub(super) city: Text<'static>,
    pub(super) time_zone: Text<'static>,
}

impl References {
    /// Reads the lists. Custom fields of a forbidden category that is not in `allowed` are left out (R34).
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON.
    pub fn read(texts: &ReferenceTexts<'_>, allowed: &BTreeSet<Category>) -> Result<Self, Error> {
        let teams: Vec<Team<'_>> = all_rows("list teams", texts.teams.as_deref())?;
        let locations: Vec<Location<'_>> = all_rows("list locations", texts.locations.as_deref())?;
        let entities: Vec<LegalEntity<'_>> = all_rows("list legal entities", texts.legal_entities.as_deref())?;
        let fields: Vec<CustomField<'_>> = all_rows("list custom fields", texts.fields.as_deref())?;
        let places = locations.into_iter().map(|location| {
            let place = Workplace {
                name: own(location.name),
                city: own(location.city),
                time_zone: own(location.timezone),
            };
            (location.id, place)
        });
        Ok(Self {
            teams: texts
                .teams
                .is_some()
                .then(|| ById::new(teams.into_iter().map(|team| (team.id, own(team.name))))),
            locations: texts.locations.is_some().then(|| ById::new(places)),
            currencies: texts
                .legal_entities
                .is_some()
                .then(|| ById::new(entities.into_iter().map(|entity| (entity.id, own(entity.currency))))),
            fields: Fields::new(&fields, allowed),
        })
    }

    /// Whether any custom field may be read, so that asking for values is of use.
    pub fn has_custom_fields(&self) -> bool {
        self.fields.len() > 0
    }
}

fn own(text: Text<'_>) -> Text<'static> {
    match text {
        Text::Absent => Text::Absent,
        Text::Null => Text::Null,
        Text::Odd => Text::Odd,
        Text::Value(text) => Text::Value(Cow::Owned(text.into_owned())),
    }
}

/// What is found by its id, about once a person.
#[derive(Debug)]
pub(super) struct ById<T> {
    rows: Vec<(String, T)>,
    places: Places,
}

impl<T> ById<T> {
    /// Rows without an id cannot be referred to; of those with the same one the last counts.
    fn new<'a>(rows: impl Iterator<Item = (Text<'a>, T)>) -> Self {
        let rows = rows.filter_map(|(id, value)| Some((id.value()?.to_owned(), value)));
        let rows: Vec<(String, T)> = rows.collect::<BTreeMap<String, T>>().into_iter().collect();
        let places = Places::new(rows.iter().map(|(id, _)| id.as_str()));
        Self { rows, places }
    }

    pub(super) fn get(&self, id: &str) -> Option<&T> {
        let id_at = |place: usize| self.rows.get(place).map(|(id, _)| id.as_str());
        let place = self.places.find(id, id_at)?;
        self.rows.get(place).map(|(_, value)| value)
    }
}
