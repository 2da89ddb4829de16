//! What is read once per run because many people share it: workplaces, departments, employers, custom fields.

use std::collections::BTreeSet;

use super::{
    super::{
        config::Api,
        wire::{
            DEFINITIONS, DEPARTMENTS, Definition, ESTABLISHMENTS, EXTENSIONS, Establishment, Extension, LEGAL_ENTITIES,
            Named, WORKPLACES, Workplace as Row,
        },
    },
    custom::{self, Kind},
    newer::NEWER,
    older::OLDER,
};
use crate::{
    connector::{ById, Lists, Text, custom::Fields, refused},
    employee::{Canonical, Category},
    source::Error,
};

/// What many people share, by id; `None` where the credential may not read it, or where the people say it themselves.
#[derive(Debug, Default)]
pub(in super::super) struct References {
    pub(super) workplaces: Option<ById<Workplace>>,
    pub(super) departments: Option<ById<Text<'static>>>,
    pub(super) entities: Option<ById<Text<'static>>>,
    /// The custom fields that may be read.
    pub(in super::super) fields: Fields<Kind>,
    /// What comes from lists that the credential may not read.
    pub(super) refused: Vec<Canonical>,
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
    pub(in super::super) fn read(api: Api, lists: &Lists, allowed: &BTreeSet<Category>) -> Result<Self, Error> {
        match api {
            Api::Older => {
                let rows: Vec<Extension<'_>> = lists.rows(&EXTENSIONS)?.unwrap_or_default();
                let defined = rows.iter().filter_map(custom::define_extension).collect();
                Ok(Self {
                    workplaces: lists.by_id(&ESTABLISHMENTS, |row: &Establishment<'_>| &row.id, establishment)?,
                    fields: Fields::new(defined, allowed),
                    refused: refused(OLDER, lists),
                    ..Self::default()
                })
            }
            Api::Newer => {
                let rows: Vec<Definition<'_>> = lists.rows(&DEFINITIONS)?.unwrap_or_default();
                let defined = rows.iter().filter_map(custom::define_attribute).collect();
                Ok(Self {
                    workplaces: lists.by_id(&WORKPLACES, |row: &Row<'_>| &row.id, workplace)?,
                    departments: lists.by_id(&DEPARTMENTS, |row: &Named<'_>| &row.id, |row| row.name.keep())?,
                    entities: lists.by_id(&LEGAL_ENTITIES, |row: &Named<'_>| &row.id, |row| row.name.keep())?,
                    fields: Fields::new(defined, allowed),
                    refused: refused(NEWER, lists),
                })
            }
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
