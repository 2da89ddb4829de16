//! What a connection is told to do: read, tried, put in force.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Route, handler};
use crate::{
    api::{
        context::Context,
        form::Form,
        problem::{Code, Fault, Problem},
        request::Method,
        response::Response,
        route::{Function, Parameter},
        view::{
            Instant,
            plan::{CountsView, HoldView},
        },
    },
    connection::{Configuration, Connection, Document, Invalid, MOST_CONFIGURATION_BYTES, Preset, Submission, parse},
    run::{self, ConfigureRefused, NoOutlook, Outlook},
    store::Versioned,
};

/// A configuration in the shape of the contract. It is checked member by member where it is read.
pub(super) struct AnyConfiguration;

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
            "description": format!(
                "What a connection is told to do; what is left out comes from its preset. At most {MOST_CONFIGURATION_BYTES} \
                 bytes, written out with all its members."
            ),
            "properties": properties,
            "additionalProperties": false,
        })
    }
}

/// Where configuration comes from that is left out.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PresetName {
    Standard,
    Stakeholders,
    Users,
    ExpenseUsers,
    Candidates,
}

impl PresetName {
    pub(super) const fn preset(self) -> Preset {
        match self {
            Self::Standard => Preset::Standard,
            Self::Stakeholders => Preset::Stakeholders,
            Self::Users => Preset::Users,
            Self::ExpenseUsers => Preset::ExpenseUsers,
            Self::Candidates => Preset::Candidates,
        }
    }
}

/// A configuration as it is read, with its version: to be put back as it is, or changed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConfigurationRead {
    /// The version that was read, in place of `If-Match`.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_u64))]
    version: Option<u64>,
    /// Where members come from that are left out; as before where it is left out itself.
    preset: Option<PresetName>,
    /// The configuration.
    #[schemars(with = "AnyConfiguration")]
    config: Value,
}

/// What can be put: a configuration, alone or as it is read.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "for the contract only: the handler looks which of them it is")]
enum ConfigurationBody {
    /// As `GET` answers it.
    Read(ConfigurationRead),
    /// The configuration alone.
    Alone(AnyConfiguration),
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
    /// What it comes to beside the one in force; null before HR was read to its end, and where attributes are `unread`.
    comparison: Option<ComparisonView>,
    /// Attributes that it uses and that were not read, because the one in force does not use them. The next preview after it is put
    /// in force reads them.
    unread: Vec<String>,
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
            "Puts another configuration in force, alone or as it is read. The next plan under it is held once.",
            handler!(put),
        )
        .by_person()
        .versioned()
        .query(&[Parameter::new(
            "dry_run",
            Form::Flag,
            "Only checks it, and answers what the plan would be; nothing is kept.",
        )])
        .body::<ConfigurationBody>()
        .answers::<ConfigurationPut<'_>>(200, "The configuration as it is now in force, or would be.")
        .refuses(&[Code::VersionMismatch, Code::VersionNeeded]),
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

/// A version as a header.
fn etag(version: u64) -> String {
    format!("\"{version}\"")
}

fn answer(configuration: &Configuration) -> Response {
    let view = ConfigurationView {
        version: configuration.version,
        preset: configuration.preset.name().to_owned(),
        config: configuration.document(),
    };
    Response::json(200, &view).with("etag", etag(configuration.version))
}

async fn load(context: &Context<'_>) -> Result<Response, Problem> {
    let connection = context.connection().await?.record;
    Ok(answer(&in_force(context, &connection).await?))
}

/// Reads the configuration in a body; where it stands is what comes before each pointer.
pub(super) fn read_configuration(
    text: &[u8],
    place: &str,
    submission: &Submission<'_>,
) -> Result<Configuration, Problem> {
    parse(text, submission).map_err(|faults| {
        let fault = |fault: Invalid| Fault {
            pointer: format!("{place}{}", fault.pointer),
            detail: fault.detail,
        };
        Problem::faults(faults.into_iter().map(fault).collect())
    })
}

/// What a body says: a configuration as it was read, if it is one. No configuration has a member `config` itself.
fn find_read(context: &Context<'_>) -> Result<Option<ConfigurationRead>, Problem> {
    let whole: Value = context.json()?;
    if whole.get("config").is_some() {
        context.json().map(Some)
    } else {
        Ok(None)
    }
}

async fn put(context: &Context<'_>) -> Result<Response, Problem> {
    let read = find_read(context)?;
    let header = context.request.header("if-match").map(str::to_owned);
    let member = read.as_ref().and_then(|read| read.version).map(etag);
    let named: Vec<String> = header.into_iter().chain(member).collect();
    if named.is_empty() {
        let detail = "send the `ETag` of the configuration that you read as `If-Match`, or its `version` beside it";
        return Err(Problem::new(Code::VersionNeeded, detail));
    }
    let Versioned { record, .. } = context.connection().await?;
    let current = in_force(context, &record).await?;
    let mismatch = || {
        Problem::new(
            Code::VersionMismatch,
            "nothing was changed; read the configuration again",
        )
    };
    if named.iter().any(|named| *named != etag(current.version)) {
        return Err(mismatch());
    }
    let by = context.actor().name();
    let preset = read.as_ref().and_then(|read| read.preset);
    let submission = Submission {
        preset: preset.map_or(current.preset, PresetName::preset),
        version: current.version.saturating_add(1),
        previous: Some(&current),
        labels: &BTreeMap::new(),
        by: &by,
        at: context.now(),
    };
    let next = match &read {
        Some(read) => read_configuration(read.config.to_string().as_bytes(), "/config", &submission)?,
        None => read_configuration(&context.request.body, "", &submission)?,
    };
    if context.flag("dry_run") {
        return compare(context, &record, &next).await;
    }
    let put = run::configure(context.ports(), &context.actor(), &record.id, current.version, next).await;
    let next = put.map_err(|refused| match refused {
        ConfigureRefused::Changed => mismatch(),
        ConfigureRefused::Internal(error) => error.into(),
    })?;
    Ok(answer(&next))
}

/// What a configuration would come to, beside the one in force.
async fn compare(context: &Context<'_>, connection: &Connection, next: &Configuration) -> Result<Response, Problem> {
    let mut unread = Vec::new();
    let comparison = match run::compare_configuration(context.ports(), connection, next).await {
        Ok(comparison) => Some(ComparisonView {
            present: OutlookView::from(&comparison.present),
            proposed: OutlookView::from(&comparison.proposed),
            read_at: comparison.read_at,
            withheld: comparison.withheld,
        }),
        Err(NoOutlook::NoRoster) => None,
        Err(NoOutlook::Unread(attributes)) => {
            unread = attributes
                .iter()
                .map(|attribute| attribute.name().into_owned())
                .collect();
            None
        }
        Err(NoOutlook::Configuration(detail)) => return Err(Problem::invalid("", detail)),
        Err(error @ NoOutlook::Target) => return Err(Problem::unavailable(&error)),
        Err(NoOutlook::Internal(error)) => return Err(error.into()),
    };
    let view = TriedView {
        version: next.version,
        preset: next.preset.name().to_owned(),
        config: next.document(),
        comparison,
        unread,
    };
    Ok(Response::json(200, &view))
}
