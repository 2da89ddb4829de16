//! What a connection is told to do, and what there is to choose from.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        problem::{Code, Fault, Problem},
        request::Method,
        response::Response,
        route::{Form, Function, Parameter},
        view::{
            Instant,
            plan::{CountsView, HoldView},
            word,
        },
    },
    connection::{Configuration, Connection, Document, Identifier, Submission, parse},
    employee::{Attribute, Canonical, Kind, fold},
    run::{self, NoOutlook, Outlook},
    store::Versioned,
};

/// Of a set of values that is not larger than this, the values are shown.
const SMALL_SET: usize = 20;

/// How many people are named who lack or share an identifier.
const MOST_NAMED: usize = 50;

/// A configuration in the shape of the contract. It is checked member by member where it is read.
struct AnyConfiguration;

impl JsonSchema for AnyConfiguration {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Configuration".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        let members = [
            "identifier",
            "email",
            "first_name",
            "attributes",
            "custom_attributes",
            "values",
            "must_exist",
            "sync_if",
            "require",
            "first_link",
            "create_unless_taken",
            "create_former",
            "groups",
            "leavers",
            "joiners",
            "rehires",
            "exceptions",
            "protected",
            "apply",
            "limits",
            "daily",
            "fallback_time_zone",
        ];
        let properties: serde_json::Map<_, _> = members
            .iter()
            .map(|name| ((*name).to_owned(), serde_json::json!(true)))
            .collect();
        json_schema!({
            "type": "object",
            "description": "What a connection is told to do; what is left out comes from its preset.",
            "properties": properties,
            "additionalProperties": false,
        })
    }
}

/// A configuration with its version.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConfigurationInForce")]
struct ConfigurationView<'a> {
    /// Its version: the `ETag`.
    version: u64,
    /// Where members come from that are left out.
    preset: String,
    /// The configuration, all members.
    #[schemars(with = "AnyConfiguration")]
    config: Document<'a>,
}

/// A configuration that was only tried.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConfigurationTried")]
struct TriedView<'a> {
    /// The version that it would get.
    version: u64,
    /// Where members come from that are left out.
    preset: String,
    /// The configuration, all members.
    #[schemars(with = "AnyConfiguration")]
    config: Document<'a>,
    /// What it comes to beside the one in force; null before HR was read to its end.
    comparison: Option<ComparisonView>,
}

/// Two configurations side by side, on what was last read of HR.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Comparison")]
struct ComparisonView {
    /// The plan under the configuration in force.
    present: OutlookView,
    /// The plan under the other one.
    proposed: OutlookView,
    /// When HR was last read to its end.
    #[schemars(with = "Option<Instant>")]
    read_at: Option<Timestamp>,
    /// People of whom no values are kept; the other scope filter can judge them after the next read only.
    withheld: u32,
}

/// What a plan would come to.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Outlook")]
struct OutlookView {
    /// Who would stand where.
    counts: CountsView,
    /// Why it would be held.
    holds: Vec<HoldView>,
}

impl From<&Outlook> for OutlookView {
    fn from(outlook: &Outlook) -> Self {
        Self {
            counts: CountsView::from(&outlook.counts),
            holds: outlook.holds.iter().map(HoldView::from).collect(),
        }
    }
}

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

/// The answer to a configuration that was put, or only tried.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the contract only: handlers write one of them")]
enum ConfigurationPut<'a> {
    /// It is in force.
    InForce(ConfigurationView<'a>),
    /// It was only tried.
    Tried(TriedView<'a>),
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
            "/v1/connections/{id}/config",
            "load_config",
            "The configuration in force, with its version as `ETag`.",
            handler!(load),
        )
        .answers::<ConfigurationView<'_>>(200, "The configuration."),
        Route::new(
            Function::Console,
            Method::Put,
            "/v1/connections/{id}/config",
            "put_config",
            "Puts another configuration in force. The next plan under it is held once.",
            handler!(put),
        )
        .by_person()
        .versioned()
        .query(&[Parameter::new(
            "dry_run",
            Form::Flag,
            "Only checks it, and answers what the plan would be; nothing is kept.",
        )])
        .body::<AnyConfiguration>()
        .answers::<ConfigurationPut<'_>>(200, "The configuration as it is now in force, or would be.")
        .refuses(&[Code::VersionMismatch, Code::VersionNeeded]),
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

async fn in_force(context: &Context<'_>, connection: &Connection) -> Result<Configuration, Problem> {
    let version = connection.configuration_version;
    let found = context
        .ports()
        .store
        .find_configuration(&connection.id, version)
        .await?;
    found.ok_or_else(|| Problem::not_found("configuration"))
}

fn answer(configuration: &Configuration) -> Response {
    let view = ConfigurationView {
        version: configuration.version,
        preset: configuration.preset.name().to_owned(),
        config: configuration.document(),
    };
    Response::json(200, &view).with("etag", format!("\"{}\"", configuration.version))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    Ok(answer(&in_force(context, &connection).await?))
}

async fn put(context: &Context<'_>) -> Result<Response, Problem> {
    let named = context.request.header("if-match").ok_or_else(|| {
        Problem::new(
            Code::VersionNeeded,
            "send the `ETag` of the configuration that you read as `If-Match`",
        )
    })?;
    let Versioned { record, .. } = context.connection().await?;
    let current = in_force(context, &record).await?;
    let mismatch = || {
        Problem::new(
            Code::VersionMismatch,
            "nothing was changed; read the configuration again",
        )
    };
    if named != format!("\"{}\"", current.version) {
        return Err(mismatch());
    }
    let by = context.by();
    let submission = Submission {
        preset: current.preset,
        version: current.version.saturating_add(1),
        previous: Some(&current),
        labels: &BTreeMap::new(),
        by: &by,
        at: context.now(),
    };
    let next = parse(&context.request.body, &submission).map_err(|faults| {
        let fault = |fault: crate::connection::Invalid| Fault {
            pointer: fault.pointer,
            detail: fault.detail,
        };
        Problem::faults(faults.into_iter().map(fault).collect())
    })?;
    if context.flag("dry_run") {
        return compare(context, &record, &next).await;
    }
    let store = &context.ports().store;
    if !store.put_configuration(&record.id, &next).await? {
        // Whoever wrote this version died before it was put in force, or is about to: theirs is not ours.
        return Err(mismatch());
    }
    let set = |connection: &Connection| {
        (connection.configuration_version == current.version).then(|| Connection {
            configuration_version: next.version,
            ..connection.clone()
        })
    };
    let changed = run::change_connection(context.ports(), &record.id, set).await?;
    if changed.is_none_or(|changed| changed.configuration_version != next.version) {
        return Err(mismatch());
    }
    let version = next.version.to_string();
    let details = [("version", version.as_str())];
    context
        .audit(Some(&record.tenant), Some(&record.id), "config.put", &details)
        .await?;
    Ok(answer(&next))
}

/// What a configuration would come to, beside the one in force.
async fn compare(context: &Context<'_>, connection: &Connection, next: &Configuration) -> Result<Response, Problem> {
    let comparison = match run::compare_configuration(context.ports(), connection, next).await {
        Ok(comparison) => Some(ComparisonView {
            present: OutlookView::from(&comparison.present),
            proposed: OutlookView::from(&comparison.proposed),
            read_at: comparison.read_at,
            withheld: comparison.withheld,
        }),
        Err(NoOutlook::NoRoster) => None,
        Err(NoOutlook::Configuration(detail)) => return Err(Problem::invalid("", detail)),
        Err(error @ NoOutlook::Target) => return Err(Problem::unavailable(&error)),
        Err(NoOutlook::Internal(error)) => return Err(error.into()),
    };
    let view = TriedView {
        version: next.version,
        preset: next.preset.name().to_owned(),
        config: next.document(),
        comparison,
    };
    Ok(Response::json(200, &view))
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
            seen.values.insert(value.to_owned());
            if seen.values.len() > SMALL_SET {
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

/// Who has which value of an identifier.
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
