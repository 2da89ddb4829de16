//! What HR shows, for the admin who configures: attributes, and what could be the identifier.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::Function,
        view::word,
    },
    connection::Identifier,
    employee::{Attribute, Canonical, Kind, fold},
};

/// Of a set of values that is not larger than this, the values are shown.
const SMALL_SET: usize = 20;

/// A set with a longer value than this, in bytes, is none of words to choose from: its values are not shown.
const SHORT_VALUE: usize = 100;

/// How many people are named who lack or share an identifier.
const MOST_NAMED: usize = 50;

/// An attribute that HR shows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FieldSeen")]
struct FieldView {
    /// Its name in configuration.
    name: String,
    /// What kind of text it holds.
    #[serde(rename = "type")]
    kind: &'static str,
    /// How many people have a value.
    coverage: u32,
    /// The share of people who have a value, in percent.
    percent: u32,
    /// All values, where they are few and not sensitive.
    values: Option<Vec<String>>,
    /// Why HR does not show it, as a word.
    hidden: Option<String>,
}

/// How well an attribute tells people apart.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IdentifierSeen")]
struct IdentifierView {
    /// Its name in configuration.
    name: String,
    /// Whether everybody has one, and nobody shares theirs.
    usable: bool,
    /// How many people have one.
    present: u32,
    /// Employee ids of people who lack it, the first of them.
    lacking: Vec<String>,
    /// Employee ids of people who share theirs, the first of them.
    shared: Vec<String>,
}

/// What HR shows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Fields")]
struct FieldsView {
    /// How many people were read.
    people: u32,
    /// Every attribute that was seen or is hidden.
    data: Vec<FieldView>,
    /// What can be chosen as identifier.
    identifiers: Vec<IdentifierView>,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections/{id}/fields",
            "list_fields",
            "Every attribute that HR shows, and which could be the identifier.",
            handler!(fields),
        )
        .answers::<FieldsView>(200, "What the last complete read showed.")
        .refuses(&[Code::Conflict]),
    ]
}

/// What was seen of one attribute.
#[derive(Default)]
struct Seen {
    values: BTreeSet<String>,
    is_large: bool,
}

async fn fields(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let store = &context.ports().store;
    let unread = || Problem::new(Code::Conflict, "HR was not read completely yet; make a preview first");
    let state = store.load_state(&connection.id).await?;
    let current = state.roster.ok_or_else(unread)?;
    let roster = store.find_roster(&connection.id, &current.id, context.now()).await?;
    let roster = roster.ok_or_else(unread)?;
    let mut seen: BTreeMap<Attribute, Seen> = BTreeMap::new();
    let mut identifiers: Vec<(Identifier, Tally)> = Identifier::ALL
        .iter()
        .map(|identifier| (*identifier, Tally::default()))
        .collect();
    roster.each(|row| {
        for entry in row.attributes {
            let (Some(attribute), Some(value)) = (entry.attribute.to_owned(), entry.field.value()) else {
                continue;
            };
            let is_custom = matches!(attribute, Attribute::Custom(_));
            let seen = seen.entry(attribute.clone()).or_default();
            if seen.is_large || (attribute.is_sensitive() && !is_custom) {
                continue;
            }
            let is_long = value.len() > SHORT_VALUE;
            if !is_long {
                seen.values.insert(value.to_owned());
            }
            if is_long || seen.values.len() > SMALL_SET {
                *seen = Seen {
                    is_large: true,
                    ..Seen::default()
                };
            }
        }
        for (identifier, tally) in &mut identifiers {
            let value = if identifier.attribute() == Canonical::EmployeeId {
                Some(row.id)
            } else {
                row.attributes.value(identifier.attribute())
            };
            tally.count(row.id, value);
        }
    })?;
    let header = &roster.header;
    let mut names: BTreeSet<Attribute> = header.visible.clone();
    names.extend(header.hidden.keys().cloned());
    let data = names.into_iter().map(|attribute| {
        let coverage = header.coverage.get(&attribute).copied().unwrap_or(0);
        let small = seen
            .remove(&attribute)
            .filter(|seen| !seen.is_large && !seen.values.is_empty());
        FieldView {
            name: attribute.name().into_owned(),
            kind: kind(attribute.kind()),
            coverage,
            percent: (coverage * 100).checked_div(header.employees).unwrap_or(0),
            values: small.map(|seen| seen.values.into_iter().collect()),
            hidden: header.hidden.get(&attribute).cloned(),
        }
    });
    let view = FieldsView {
        people: header.employees,
        data: data.collect(),
        identifiers: identifiers
            .into_iter()
            .map(|(identifier, tally)| tally.view(identifier))
            .collect(),
    };
    Ok(Response::json(200, &view))
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Country => "country",
        Kind::Date => "date",
        Kind::Decimal => "decimal",
        Kind::Email => "email",
        Kind::Name => "name",
        Kind::Phone => "phone",
        Kind::Reference => "reference",
        Kind::Status => "status",
        Kind::Text => "text",
    }
}

/// Which people have which value of an identifier, and who has none.
#[derive(Default)]
struct Tally {
    holders: BTreeMap<String, Vec<String>>,
    lacking: Vec<String>,
    present: u32,
}

impl Tally {
    fn count(&mut self, id: &str, value: Option<&str>) {
        match value {
            Some(value) => {
                self.present += 1;
                self.holders.entry(fold(value)).or_default().push(id.to_owned());
            }
            None => self.lacking.push(id.to_owned()),
        }
    }

    fn view(mut self, identifier: Identifier) -> IdentifierView {
        let shared = self.holders.into_values().filter(|holders| holders.len() > 1);
        let mut shared: Vec<String> = shared.flatten().collect();
        let usable = shared.is_empty() && self.lacking.is_empty();
        shared.truncate(MOST_NAMED);
        self.lacking.truncate(MOST_NAMED);
        IdentifierView {
            name: word(&identifier),
            usable,
            present: self.present,
            lacking: self.lacking,
            shared,
        }
    }
}
