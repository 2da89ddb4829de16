//! What HR shows, for the admin who configures: attributes, and what could be the identifier.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Route, handler, plan::check_connected};
use crate::{
    api::{
        context::Context,
        problem::{Code, Problem},
        request::Method,
        response::Response,
        route::Function,
        view::{Instant, mask::Mask},
    },
    connection::Connection,
    employee::{Canonical, Kind, fold},
    roster::{Surveyed, Uniqueness},
    run::{self, Asked},
};

/// How many people are named who lack or share an identifier.
const MOST_NAMED: usize = 50;

/// An attribute that HR shows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FieldSeen")]
struct FieldView {
    /// Its name in configuration.
    name: String,
    /// What HR calls it, where it is a custom field.
    label: Option<String>,
    /// What kind of text it holds.
    #[serde(rename = "type")]
    kind: &'static str,
    /// How many people have a value.
    coverage: u32,
    /// The share of people who have a value, in percent.
    percent: u32,
    /// How many different values there are; null where there are many, or where they are a person's own.
    distinct: Option<u32>,
    /// The values that several people have, where there are few, and the caller's role sees them.
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
    /// How many people share theirs.
    sharing: u32,
    /// Employee ids of people who lack it, the first of them; null where the configuration in force does not use the attribute.
    lacking: Option<Vec<String>>,
    /// Employee ids of people who share theirs, the first of them; null as for `lacking`.
    shared: Option<Vec<String>>,
}

/// What HR shows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Fields")]
struct FieldsView {
    /// When HR was read: what follows is as old as that.
    #[schemars(with = "Instant")]
    read_at: Timestamp,
    /// How many people were read.
    people: u32,
    /// Every attribute that was seen or is hidden.
    data: Vec<FieldView>,
    /// What can be chosen as identifier.
    identifiers: Vec<IdentifierView>,
}

/// The run that counts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SurveyStarted")]
struct SurveyStarted {
    /// The run.
    run: String,
}

pub(super) fn reading() -> Vec<Route> {
    vec![
        Route::new(
            Function::Console,
            Method::Get,
            "/v1/connections/{id}/fields",
            "list_fields",
            "Every attribute that HR shows, and which could be the identifier, as the last survey counted.",
            handler!(fields),
        )
        .answers::<FieldsView>(200, "What the last survey counted.")
        .refuses(&[Code::Conflict]),
    ]
}

pub(super) fn asking() -> Vec<Route> {
    vec![
        Route::new(
            Function::Diff,
            Method::Post,
            "/v1/connections/{id}/survey",
            "survey",
            "Reads everything that HR shows and counts it. Values of people are not kept.",
            handler!(survey),
        )
        .answers::<SurveyStarted>(202, "The run that reads HR.")
        .refuses(&[Code::Conflict, Code::Busy]),
    ]
}

async fn survey(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    check_connected(&connection)?;
    let run = run::ask(context.ports(), &context.actor(), &connection, Asked::Survey).await?;
    let view = SurveyStarted {
        run: run.as_str().to_owned(),
    };
    Ok(Response::json(202, &view).with("location", format!("/v1/runs/{run}")))
}

async fn fields(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    let survey = context.ports().store.find_survey(&connection.id).await?;
    let survey = survey.ok_or_else(|| {
        let detail = "HR was not read completely yet; ask for a survey first: `POST /v1/connections/{id}/survey`";
        Problem::new(Code::Conflict, detail)
    })?;
    let mut people = find_people(context, &connection, &survey.identifiers).await?;
    let mask = context.mask(std::slice::from_ref(&connection)).await?;
    let data = survey.attributes.iter().map(|seen| field(seen, survey.people, &mask));
    let identifier = |uniqueness: &Uniqueness| {
        let tally = people.remove(&uniqueness.attribute);
        let (lacking, shared) = tally.map(Tally::named).unzip();
        IdentifierView {
            name: uniqueness.attribute.name().to_owned(),
            usable: uniqueness.is_usable(survey.people),
            present: uniqueness.present,
            sharing: uniqueness.shared,
            lacking,
            shared,
        }
    };
    let view = FieldsView {
        read_at: survey.at,
        people: survey.people,
        data: data.collect(),
        identifiers: survey.identifiers.iter().map(identifier).collect(),
    };
    Ok(Response::json(200, &view))
}

fn field(seen: &Surveyed, people: u32, mask: &Mask) -> FieldView {
    FieldView {
        name: seen.attribute.name().into_owned(),
        label: seen.label.clone(),
        kind: kind(seen.attribute.kind()),
        coverage: seen.coverage,
        percent: seen.coverage.saturating_mul(100).checked_div(people).unwrap_or(0),
        distinct: seen.distinct,
        values: (!seen.words.is_empty() && !mask.hides(&seen.attribute)).then(|| seen.words.clone()),
        hidden: seen.hidden.clone(),
    }
}

/// Returns who has which value of the identifiers that the configuration in force uses: the kept roster holds no others.
async fn find_people(
    context: &Context<'_>,
    connection: &Connection,
    identifiers: &[Uniqueness],
) -> Result<BTreeMap<Canonical, Tally>, Problem> {
    let store = &context.ports().store;
    let Some(current) = store.load_state(&connection.id).await?.roster else {
        return Ok(BTreeMap::new());
    };
    let Some(roster) = store.find_roster(&connection.id, &current.id, context.now()).await? else {
        return Ok(BTreeMap::new());
    };
    let attributes = identifiers.iter().map(|uniqueness| uniqueness.attribute);
    let used = attributes.filter(|attribute| roster.header.wanted.wants_any(&[*attribute]));
    let mut tallies: BTreeMap<Canonical, Tally> = used.map(|attribute| (attribute, Tally::default())).collect();
    roster.each(|row| {
        // Of people outside the scope nothing is kept, and they lack nothing.
        if row.attributes.as_packed().is_empty() {
            return;
        }
        for (attribute, tally) in &mut tallies {
            tally.count(row.id, row.identifier(*attribute));
        }
    })?;
    Ok(tallies)
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
}

impl Tally {
    fn count(&mut self, id: &str, value: Option<&str>) {
        match value {
            Some(value) => self.holders.entry(fold(value)).or_default().push(id.to_owned()),
            None => self.lacking.push(id.to_owned()),
        }
    }

    /// Returns the first people who lack a value, and the first who share theirs.
    fn named(mut self) -> (Vec<String>, Vec<String>) {
        let shared = self.holders.into_values().filter(|holders| holders.len() > 1);
        let mut shared: Vec<String> = shared.flatten().collect();
        shared.truncate(MOST_NAMED);
        self.lacking.truncate(MOST_NAMED);
        (self.lacking, shared)
    }
}
