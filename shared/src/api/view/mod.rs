//! What callers are shown: the shapes of answers, made from records. Ids and words are texts.

pub(super) mod connection;
pub(super) mod door;
pub(super) mod held;
pub(super) mod mask;
pub(super) mod person;
pub(super) mod plan;
pub(super) mod run;
pub(super) mod user;

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::store::RunId;

/// A page of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListOf{T}")]
pub(super) struct Listed<T> {
    /// The entries.
    pub data: Vec<T>,
    /// Where the next page begins; null after the last.
    pub next_cursor: Option<String>,
}

impl<T> Listed<T> {
    /// A list that is one page.
    pub(super) const fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            next_cursor: None,
        }
    }
}

/// The schema of an instant (RFC 3339, UTC).
pub(super) enum Instant {}

impl JsonSchema for Instant {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The word of a value that is one word in documents.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    text.trim_matches('"').to_owned()
}

/// A run that was started.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RunStarted {
    /// Its id, to be asked for under `/v1/runs/{id}`.
    run: String,
}

impl RunStarted {
    /// A run by its id.
    pub(super) fn new(run: &RunId) -> Self {
        Self {
            run: run.as_str().to_owned(),
        }
    }
}
