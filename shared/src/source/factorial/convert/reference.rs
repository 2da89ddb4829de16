//! What is read once per run because many people share it: teams, workplaces, currencies, custom fields.

use std::collections::BTreeSet;

use super::{
    super::wire::{CUSTOM_FIELDS, CustomField, LEGAL_ENTITIES, LOCATIONS, LegalEntity, Location, ROWS, TEAMS, Team},
    custom::{self, Kind},
};
use crate::{
    connector::{ById, Lists, Text, Workplace, custom::Fields, read_list},
    employee::Category,
    source::Error,
};

/// The texts of all pages of each list; `None` where the credential may not read it.
#[derive(Clone, Debug, Default)]
pub struct ReferenceTexts<T> {
    /// `teams/teams`.
    pub teams: Option<Vec<T>>,
    /// `locations/locations`.
    pub locations: Option<Vec<T>>,
    /// `companies/legal_entities`.
    pub legal_entities: Option<Vec<T>>,
    /// `custom_fields/fields`.
    pub fields: Option<Vec<T>>,
}

/// What many people share, by id; `None` where the credential may not read it.
#[derive(Debug, Default)]
pub struct References {
    pub(super) teams: Option<ById<Text<'static>>>,
    pub(super) locations: Option<ById<Workplace>>,
    pub(super) currencies: Option<ById<Text<'static>>>,
    pub(super) fields: Fields<Kind>,
}

impl References {
    /// Reads the lists. Custom fields of a forbidden category that is not in `allowed` are left out (R34).
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON.
    pub fn read<T: AsRef<str>>(texts: &ReferenceTexts<T>, allowed: &BTreeSet<Category>) -> Result<Self, Error> {
        let teams = read_list("list teams", texts.teams.as_deref(), ROWS)?;
        let locations = read_list("list locations", texts.locations.as_deref(), ROWS)?;
        let entities = read_list("list legal entities", texts.legal_entities.as_deref(), ROWS)?;
        let fields: Option<Vec<CustomField<'_>>> = read_list("list custom fields", texts.fields.as_deref(), ROWS)?;
        let fields = fields.unwrap_or_default();
        let place = |location: Location<'_>| Workplace {
            name: location.name.keep(),
            city: location.city.keep(),
            time_zone: location.timezone.keep(),
            ..Workplace::default()
        };
        Ok(Self {
            teams: teams.map(|rows| ById::of(rows, |row: &Team<'_>| &row.id, |row| row.name.keep())),
            locations: locations.map(|rows| ById::of(rows, |row| &row.id, place)),
            currencies: entities.map(|rows| ById::of(rows, |row: &LegalEntity<'_>| &row.id, |row| row.currency.keep())),
            fields: Fields::new(fields.iter().filter_map(custom::define).collect(), allowed),
        })
    }

    /// Reads the lists of one read, as [`References::read`] does.
    ///
    /// # Errors
    /// As from [`References::read`].
    pub(in super::super) fn of(lists: &Lists, allowed: &BTreeSet<Category>) -> Result<Self, Error> {
        let texts = ReferenceTexts {
            teams: lists.views(&TEAMS),
            locations: lists.views(&LOCATIONS),
            legal_entities: lists.views(&LEGAL_ENTITIES),
            fields: lists.views(&CUSTOM_FIELDS),
        };
        Self::read(&texts, allowed)
    }

    /// The custom fields that may be read.
    pub(in super::super) const fn fields(&self) -> &Fields<Kind> {
        &self.fields
    }
}
