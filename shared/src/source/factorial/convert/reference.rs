//! What is read once per run because many people share it: teams, workplaces, currencies, custom fields.

use std::collections::BTreeSet;

use super::{
    super::wire::{CustomField, LegalEntity, Location, ROWS, Team},
    custom::{self, Kind},
};
use crate::{
    connector::{ById, Text, custom::Fields, read_list},
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

/// A place of work.
#[derive(Debug)]
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
    pub fn read<T: AsRef<str>>(texts: &ReferenceTexts<T>, allowed: &BTreeSet<Category>) -> Result<Self, Error> {
        let teams = read_list("list teams", texts.teams.as_deref(), ROWS)?;
        let locations = read_list("list locations", texts.locations.as_deref(), ROWS)?;
        let entities = read_list("list legal entities", texts.legal_entities.as_deref(), ROWS)?;
        let place = |location: Location<'_>| Workplace {
            name: location.name.keep(),
            city: location.city.keep(),
            time_zone: location.timezone.keep(),
        };
        Ok(Self {
            teams: teams.map(|rows| by_id(rows, |row: &Team<'_>| row.id.value(), |row| row.name.keep())),
            locations: locations.map(|rows| by_id(rows, |row| row.id.value(), place)),
            currencies: entities
                .map(|rows| by_id(rows, |row: &LegalEntity<'_>| row.id.value(), |row| row.currency.keep())),
            fields: read_fields(texts.fields.as_deref(), allowed)?,
        })
    }
}

/// The custom fields that may be read, of these definitions.
///
/// # Errors
/// [`Error`] of class `Malformed` where a text is not the documented JSON.
pub(in super::super) fn read_fields<T: AsRef<str>>(
    texts: Option<&[T]>,
    allowed: &BTreeSet<Category>,
) -> Result<Fields<Kind>, Error> {
    let rows: Option<Vec<CustomField<'_>>> = read_list("list custom fields", texts, ROWS)?;
    let rows = rows.unwrap_or_default();
    Ok(Fields::new(rows.iter().filter_map(custom::define).collect(), allowed))
}

fn by_id<T, V>(rows: Vec<T>, id: impl Fn(&T) -> Option<&str>, value: impl Fn(T) -> V) -> ById<V> {
    ById::new(rows.into_iter().map(|row| (id(&row).map(str::to_owned), value(row))))
}
