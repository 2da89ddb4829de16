//! What is read once per run because many people share it: workplaces, departments, employers, custom fields.

use std::collections::BTreeSet;

use super::{
    super::{
        config::Api,
        wire::{
            DEFINITIONS, DEPARTMENTS, Definition, ESTABLISHMENTS, EXTENSIONS, Establishment, Extension, LEGAL_ENTITIES,
            Named, Place, WORKPLACES,
        },
    },
    custom::{self, Kind},
    newer::NEWER,
    older::OLDER,
};
use crate::{
    connector::{ById, Lists, Text, Workplace, custom::Fields, refused},
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
                    workplaces: lists.by_id(&WORKPLACES, |row: &Place<'_>| &row.id, workplace)?,
                    departments: lists.by_id(&DEPARTMENTS, |row: &Named<'_>| &row.id, |row| row.name.keep())?,
                    entities: lists.by_id(
                        &LEGAL_ENTITIES,
                        |row: &Named<'_>| &row.id,
                        |row| row.legal_name.or(&row.name).clone().keep(),
                    )?,
                    fields: Fields::new(defined, allowed),
                    refused: refused(NEWER, lists),
                })
            }
        }
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

fn workplace(row: Place<'_>) -> Workplace {
    Workplace {
        city: row.address.text("locality").keep(),
        time_zone: row.timezone_id.keep(),
        name: row.name.keep(),
        ..Workplace::default()
    }
}
