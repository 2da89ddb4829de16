//! What is read once per run because many people share it: workplaces, departments, employers, custom fields.

use std::collections::BTreeSet;

use super::{
    super::{
        config::Api,
        wire::{DATA_ITEMS, Definition, Establishment, Extension, ITEMS, Named, Workplace as Row},
    },
    custom::{self, Kind},
};
use crate::{
    connector::{ById, Text, custom::Fields, deny, read_list},
    employee::{Canonical, Category},
    roster::Builder,
    source::Error,
};

/// The texts of all pages of each list; `None` where the credential may not read it.
#[derive(Clone, Debug)]
pub(in super::super) enum Texts<T> {
    /// Of the older API.
    Older {
        /// `organization/structure/api/establishments`.
        establishments: Option<Vec<T>>,
        /// `api/v3/extensionuserdefinitions`.
        extensions: Option<Vec<T>>,
    },
    /// Of the newer API.
    Newer {
        /// `lucca-api/business-establishments`.
        workplaces: Option<Vec<T>>,
        /// `lucca-api/departments`.
        departments: Option<Vec<T>>,
        /// `lucca-api/legal-entities`.
        entities: Option<Vec<T>>,
        /// `lucca-api/employee-attribute-definitions`.
        definitions: Option<Vec<T>>,
    },
}

/// What many people share, by id; `None` where the credential may not read it, or where the people say it themselves.
#[derive(Debug, Default)]
pub(in super::super) struct References {
    pub(super) workplaces: Option<ById<Workplace>>,
    pub(super) departments: Option<ById<Text<'static>>>,
    pub(super) entities: Option<ById<Text<'static>>>,
    /// The custom fields that may be read.
    pub(in super::super) fields: Fields<Kind>,
}

/// A place of work.
#[derive(Debug)]
pub(super) struct Workplace {
    pub(super) name: Text<'static>,
    pub(super) city: Text<'static>,
    pub(super) time_zone: Text<'static>,
    /// The employer, where the place says so.
    pub(super) employer: Text<'static>,
}

impl References {
    /// Reads the lists. Custom fields of a forbidden category that is not in `allowed` are left out (R34).
    ///
    /// # Errors
    /// [`Error`] of class `Malformed` where a text is not the documented JSON.
    pub(in super::super) fn read<T: AsRef<str>>(texts: &Texts<T>, allowed: &BTreeSet<Category>) -> Result<Self, Error> {
        match texts {
            Texts::Older {
                establishments,
                extensions,
            } => {
                let places = read_list("list establishments", establishments.as_deref(), ITEMS)?;
                let rows: Option<Vec<Extension<'_>>> =
                    read_list("list custom fields", extensions.as_deref(), DATA_ITEMS)?;
                let rows = rows.unwrap_or_default();
                let defined = rows.iter().filter_map(custom::define_extension).collect();
                Ok(Self {
                    workplaces: places.map(|rows| by_id(rows, |row: &Establishment<'_>| row.id.value(), establishment)),
                    fields: Fields::new(defined, allowed),
                    ..Self::default()
                })
            }
            Texts::Newer {
                workplaces,
                departments,
                entities,
                definitions,
            } => {
                let places = read_list("list workplaces", workplaces.as_deref(), ITEMS)?;
                let rows: Option<Vec<Definition<'_>>> = read_list("list custom fields", definitions.as_deref(), ITEMS)?;
                let rows = rows.unwrap_or_default();
                let defined = rows.iter().filter_map(custom::define_attribute).collect();
                Ok(Self {
                    workplaces: places.map(|rows| by_id(rows, |row: &Row<'_>| row.id.value(), workplace)),
                    departments: names("list departments", departments.as_deref())?,
                    entities: names("list legal entities", entities.as_deref())?,
                    fields: Fields::new(defined, allowed),
                })
            }
        }
    }

    /// Hides what comes from lists that the credential may not read.
    pub(super) fn deny(&self, api: Api, roster: &mut Builder) {
        if self.workplaces.is_none() {
            let own = match api {
                Api::Older => Canonical::Group,
                Api::Newer => Canonical::WorkLocation,
            };
            deny(&[Canonical::TimeZone, Canonical::WorkCity, own], roster);
        }
        if api == Api::Newer && self.departments.is_none() {
            deny(&[Canonical::Department], roster);
        }
        if api == Api::Newer && self.entities.is_none() {
            deny(&[Canonical::Group], roster);
        }
    }
}

/// Returns what a list says of an id. A list that may not be read, and an id that is not in it, say nothing.
pub(super) fn find<'r, V>(list: Option<&'r ById<V>>, id: &Text<'_>, member: fn(&V) -> &Text<'static>) -> Text<'r> {
    match (list, id) {
        (None, _) | (Some(_), Text::Absent | Text::Odd) => Text::Absent,
        (Some(_), Text::Null) => Text::Null,
        (Some(list), Text::Value(id)) => list.get(id).map_or(Text::Absent, |found| member(found).lend()),
    }
}

fn establishment(row: Establishment<'_>) -> Workplace {
    Workplace {
        city: row.address.text("city").keep(),
        employer: row.legal_unit.text("name").keep(),
        time_zone: row.timezone_id.or(&row.time_zone_id).clone().keep(),
        name: row.name.keep(),
    }
}

fn workplace(row: Row<'_>) -> Workplace {
    Workplace {
        city: row.address.text("locality").keep(),
        employer: Text::Absent,
        time_zone: row.timezone_id.keep(),
        name: row.name.keep(),
    }
}

/// Reads a list of names.
fn names<T: AsRef<str>>(operation: &'static str, pages: Option<&[T]>) -> Result<Option<ById<Text<'static>>>, Error> {
    let rows: Option<Vec<Named<'_>>> = read_list(operation, pages, ITEMS)?;
    Ok(rows.map(|rows| by_id(rows, |row| row.id.value(), |row| row.name.keep())))
}

fn by_id<T, V>(rows: Vec<T>, id: impl Fn(&T) -> Option<&str>, value: impl Fn(T) -> V) -> ById<V> {
    ById::new(rows.into_iter().map(|row| (id(&row).map(str::to_owned), value(row))))
}
